from odoo import api, fields, models

from ... import bell
from ..orders.sale_order import APART
from .ebay_shipment import STATES as SHIPMENT_STATES

KEY = "ebay_sync.deliveries_left"
# The state that a delivery shows is that of its parcel with most to do.
WORST_FIRST = ("asking", "sending", "ready", "waiting", "sent", "dropped")


def worst(states):
    """The one of some shipments' states that a person should see."""
    return min(states, key=WORST_FIRST.index, default=False)


class StockPicking(models.Model):
    """What eBay adds to a delivery."""

    _name = "stock.picking"
    _inherit = ["stock.picking", "ebay.access.mixin"]
    _people_set = {}

    ebay_shipment_ids = fields.One2many(
        "ebay.shipment",
        "picking_id",
        "eBay parcels",
        groups="ebay_sync.group_ebay_user,ebay_sync.group_ebay_robot",
    )
    ebay_planned_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="When its parcels were put into the outbox for eBay.",
        prefetch=APART,
    )
    # superuser: who packs needs no right on sale orders to see when it is due
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
        """A shipped delivery wakes the flow, which works out what to report."""
        result = super()._action_done()
        if self:
            self._wake_ebay()
        return result

    def write(self, vals):
        """A tracking number typed or corrected wakes the flow."""
        result = super().write(vals)
        if "carrier_tracking_ref" in vals or "carrier_id" in vals:
            if done := self.filtered(lambda picking: picking.state == "done"):
                done._wake_ebay()
        return result

    def _wake_ebay(self):
        """Wake shipments_out when this transaction is committed.

        Whose orders they are is looked up then, where nobody waits.
        """
        after = self.env.cr.postcommit
        if KEY not in after.data:
            ids = after.data[KEY] = set()
            after.add(lambda: bell.ring(self.env, "_deliveries_have_left", ids))
        after.data[KEY].update(self.ids)
