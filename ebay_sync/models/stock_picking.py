from odoo import api, fields, models

from .ebay_shipment import STATES as SHIPMENT_STATES

# The state that a delivery shows is that of its parcel with most to do.
WORST_FIRST = ("asking", "sending", "ready", "waiting", "sent", "dropped")


def worst(states):
    """The one of some shipments' states that a person should see."""
    return min(states, key=WORST_FIRST.index, default=False)


class StockPicking(models.Model):
    """What eBay adds to a delivery."""

    _inherit = "stock.picking"

    ebay_shipment_ids = fields.One2many(
        "ebay.shipment",
        "picking_id",
        "eBay parcels",
        groups="ebay_sync.group_ebay_user,ebay_sync.group_ebay_robot",
    )
    ebay_planned_at = fields.Datetime(
        readonly=True, copy=False, help="When its parcels went to the outbox for eBay."
    )
    ebay_ship_by_at = fields.Datetime(
        "Ship by (eBay)", related="sale_id.ebay_ship_by_at", related_sudo=True
    )
    ebay_shipping_state = fields.Selection(
        SHIPMENT_STATES,
        "eBay",
        compute="_compute_ebay_shipping_state",
        compute_sudo=True,  # every clerk may see whether the buyer has the tracking
    )

    @api.depends("ebay_shipment_ids.state")
    def _compute_ebay_shipping_state(self):
        for picking in self:
            picking.ebay_shipping_state = worst(
                picking.ebay_shipment_ids.mapped("state")
            )

    def _action_done(self):
        """A delivery that has left wakes the flow, which works out what to tell."""
        result = super()._action_done()
        self._wake_ebay()
        return result

    def write(self, vals):
        """A tracking number typed or corrected wakes the flow."""
        result = super().write(vals)
        if "carrier_tracking_ref" in vals or "carrier_id" in vals:
            self.filtered(lambda picking: picking.state == "done")._wake_ebay()
        return result

    def _wake_ebay(self):
        # sudo: who validates a delivery needs no rights on eBay accounts
        # a supplier's delivery may know the sale by its moves only
        picking_sudo = self.sudo()
        sales_sudo = picking_sudo.sale_id | picking_sudo.move_ids.sale_line_id.order_id
        for account_sudo in sales_sudo.ebay_account_id:
            account_sudo._wake("shipments_out")
