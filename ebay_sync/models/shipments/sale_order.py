from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..orders.sale_order import APART
from .ebay_shipment import STATES as SHIPMENT_STATES
from .stock_picking import worst

# Confirmed orders of nothing but services, none of them reported yet, as ``so``.
SERVICES_ONLY = SQL(
    """
    so.state = 'sale'
    AND so.ebay_fulfillment_status IS DISTINCT FROM 'FULFILLED'
    AND EXISTS (
          SELECT FROM sale_order_line l
           WHERE l.order_id = so.id AND l.ebay_line_ref IS NOT NULL)
    AND NOT EXISTS (
          SELECT FROM sale_order_line l
            JOIN product_product pp ON pp.id = l.product_id
            JOIN product_template pt ON pt.id = pp.product_tmpl_id
           WHERE l.order_id = so.id AND l.ebay_line_ref IS NOT NULL
             AND pt.type <> 'service')
    AND NOT EXISTS (
          SELECT FROM ebay_shipment s WHERE s.sale_order_id = so.id)
    """
)

# Confirmed orders with goods that eBay waits for and no delivery holds, as ``so``: the
# delivery or the rest of it was cancelled, or goods are still to be bought.
GOODS_NOWHERE = SQL(
    """
    so.state = 'sale' AND NOT COALESCE(so.ebay_ships, FALSE)
    AND so.ebay_fulfillment_status IS DISTINCT FROM 'FULFILLED'
    AND so.ebay_payment_status IS DISTINCT FROM 'FULLY_REFUNDED'
    AND EXISTS (
          SELECT FROM sale_order_line l
            JOIN product_product pp ON pp.id = l.product_id
            JOIN product_template pt ON pt.id = pp.product_tmpl_id
           WHERE l.order_id = so.id AND l.ebay_line_ref IS NOT NULL
             AND pt.type <> 'service'
             AND l.product_uom_qty > l.qty_delivered
             AND l.product_uom_qty > (
                   SELECT COALESCE(SUM(sl.quantity), 0) FROM ebay_shipment_line sl
                    WHERE sl.sale_line_id = l.id)
             AND NOT EXISTS (
                   SELECT FROM stock_move m
                     JOIN stock_location src ON src.id = m.location_id
                          AND src.usage <> 'customer'
                    WHERE m.sale_line_id = l.id
                      AND m.state NOT IN ('done', 'cancel')))
    """
)


class SaleOrder(models.Model):
    """What eBay adds to a sale order about its parcels."""

    _inherit = "sale.order"

    ebay_service_code = fields.Char(
        "Shipping service",
        readonly=True,
        copy=False,
        help="eBay's shippingServiceCode.",
        prefetch=APART,
    )
    ebay_shipped_key = fields.Char(
        readonly=True,
        copy=False,
        help="Which parcels eBay shows for the order.",
        prefetch=APART,
    )
    ebay_parcels_read = fields.Char(
        readonly=True,
        copy=False,
        help="The parcels that were taken over from eBay.",
        prefetch=APART,
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
    ebay_awaits_handover = fields.Boolean(
        compute="_compute_ebay_awaits_handover",
        compute_sudo=True,
        help="Only services or downloads that have not been marked as shipped on "
        "eBay yet.",
    )

    # What the flow goes through: the orders that eBay still has open.
    _ebay_indexes = {
        "sale_order_ebay_open_idx": (
            "(ebay_account_id) WHERE ebay_account_id IS NOT NULL AND "
            "ebay_fulfillment_status IS DISTINCT FROM 'FULFILLED'"
        ),
        "sale_order_ebay_parcels_idx": (
            "(ebay_account_id) WHERE ebay_shipped_key IS NOT NULL AND "
            "ebay_shipped_key IS DISTINCT FROM ebay_parcels_read"
        ),
    }

    @api.depends("ebay_shipment_ids.state")
    def _compute_ebay_shipping_state(self):
        for order in self:
            order.ebay_shipment_count = len(order.ebay_shipment_ids)
            order.ebay_shipping_state = worst(order.ebay_shipment_ids.mapped("state"))

    def _compute_ebay_awaits_handover(self):
        """Whether eBay waits to hear that an order of services is done."""
        found = set()
        if ids := [order.id for order in self if order.ebay_account_id and order.id]:
            self.flush_model()
            rows = self.env.execute_query(
                SQL(
                    "SELECT so.id FROM sale_order so WHERE so.id = ANY(%s) AND %s",
                    ids,
                    SERVICES_ONLY,
                )
            )
            found = {row[0] for row in rows}
        for order in self:
            order.ebay_awaits_handover = order.id in found

    def action_ebay_handed_over(self):
        """Button: the buyer has received services or downloads; report it to eBay."""
        self.env["ebay.shipment"].check_access("write")
        # sudo: it is the account that must be theirs; colleagues' orders are not hidden
        # from the board, and the outbox is filled by flows
        for order_sudo in self.sudo():
            account_sudo = order_sudo.ebay_account_id
            account_sudo.sudo(False).check_access("read")
            if not order_sudo.ebay_awaits_handover:
                raise UserError(
                    self.env._(
                        "%(order)s contains goods, or eBay already knows.",
                        order=order_sudo.name,
                    )
                )
            order_sudo.env["ebay.shipment.services"]._plan(order_sudo)
            account_sudo._wake("shipments_out")
        return True
