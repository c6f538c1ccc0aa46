from odoo import api, fields, models
from odoo.tools import SQL

from .ebay_shipment import STATES as SHIPMENT_STATES
from .stock_picking import worst


class SaleOrder(models.Model):
    """What eBay adds to a sale order about its parcels."""

    _inherit = "sale.order"

    ebay_service_code = fields.Char(
        "Shipping service",
        readonly=True,
        copy=False,
        help="eBay's shippingServiceCode.",
    )
    ebay_shipped_key = fields.Char(
        readonly=True, copy=False, help="Which parcels eBay shows for the order."
    )
    ebay_parcels_read = fields.Char(
        readonly=True, copy=False, help="The parcels of eBay that were taken over."
    )
    ebay_shipment_ids = fields.One2many(
        "ebay.shipment",
        "sale_order_id",
        "eBay parcels",
        groups="ebay_sync.group_ebay_user,ebay_sync.group_ebay_robot",
    )
    ebay_shipment_count = fields.Integer(
        compute="_compute_ebay_shipping_state", compute_sudo=True
    )
    ebay_shipping_state = fields.Selection(
        SHIPMENT_STATES,
        "Parcels on eBay",
        compute="_compute_ebay_shipping_state",
        compute_sudo=True,  # every seller may see whether the buyer has the tracking
    )

    def init(self):
        """What the flow goes through: the orders that eBay still has open."""
        super().init()
        self.env.cr.execute(
            SQL(
                "CREATE INDEX IF NOT EXISTS sale_order_ebay_open_idx ON sale_order "
                "(ebay_account_id) WHERE ebay_account_id IS NOT NULL "
                "AND ebay_fulfillment_status IS DISTINCT FROM 'FULFILLED'"
            )
        )

        self.env.cr.execute(
            SQL(
                "CREATE INDEX IF NOT EXISTS sale_order_ebay_parcels_idx ON sale_order "
                "(ebay_account_id) WHERE ebay_shipped_key IS NOT NULL "
                "AND ebay_shipped_key IS DISTINCT FROM ebay_parcels_read"
            )
        )

    @api.depends("ebay_shipment_ids.state")
    def _compute_ebay_shipping_state(self):
        for order in self:
            order.ebay_shipment_count = len(order.ebay_shipment_ids)
            order.ebay_shipping_state = worst(order.ebay_shipment_ids.mapped("state"))
