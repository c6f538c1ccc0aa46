"""What the inbox says about parcels and carriers, and what its buttons do."""

from odoo import api, models


class EbayIssue(models.Model):
    _inherit = "ebay.issue"

    @api.model
    def _words(self):
        """The codes of shipments_out: ``{code: (summary, advice, button, method)}``."""
        _ = self.env._
        delivery = _("Open delivery"), "action_open_delivery"
        parcel = _("Open parcel"), "action_open_record"
        return {
            **super()._words(),
            **self._words_of_tracking(delivery),
            **self._words_of_carriers(),
            "order_cancelled": (
                _(
                    "Order {order_ref} is cancelled, but {delivery} has already "
                    "been shipped"
                ),
                _("Get the parcel back, or send the tracking number anyway."),
                *parcel,
            ),
            "order_refunded": (
                _(
                    "Order {order_ref} is refunded, but {delivery} has already been "
                    "shipped"
                ),
                _("Get the parcel back, or send the tracking number anyway."),
                *parcel,
            ),
            "line_refunded": (
                _(
                    "Order {order_ref}: {articles} is refunded, but {delivery} has "
                    "already been shipped"
                ),
                _("Get it back and do not report it, or send it anyway."),
                *parcel,
            ),
            "returned_before_told": (
                _(
                    "Order {order_ref}: {delivery} came back before it was reported "
                    "to eBay"
                ),
                _("Do not report it, or send it if another parcel is on its way."),
                *parcel,
            ),
            "unknown_line": (
                _("Order {order_ref}: eBay does not know a line of {delivery}"),
                _("Enter the shipment on eBay, then mark the parcel as done."),
                *parcel,
            ),
            "order_gone": (
                _("Order {order_ref}: eBay no longer shows it"),
                _("Look on eBay. Mark the parcel as done, or do not report it."),
                *parcel,
            ),
            "shipment_refused": (
                _("Order {order_ref}: eBay refused the shipment {delivery}"),
                "{reason}",
                *parcel,
            ),
            "shipment_gave_up": (
                _("Order {order_ref}: {delivery} could not be reported to eBay"),
                _("Tried many times. {reason}"),
                *parcel,
            ),
            "shipped_elsewhere": (
                _("Order {order_ref} was shipped on eBay with another number"),
                _(
                    "eBay's number was kept. Open the parcel to send Odoo's "
                    "{number} instead."
                ),
                *parcel,
            ),
        }

    def _words_of_tracking(self, delivery):
        _ = self.env._
        return {
            "tracking_unreadable": (
                _('{delivery}: eBay does not accept "{number}" as a tracking number'),
                _("Letters and digits only. Correct it on the delivery."),
                *delivery,
            ),
            "tracking_too_long": (
                _("{delivery}: the tracking number is too long for eBay"),
                _("At most 50 letters and digits. Correct it on the delivery."),
                *delivery,
            ),
            "tracking_refused": (
                _(
                    "Order {order_ref}: eBay refused tracking number {number} "
                    "({carrier})"
                ),
                _("Correct the number or the delivery method. Then it is sent again."),
                *delivery,
            ),
            "correction_refused": (
                _("Order {order_ref}: eBay refused the new tracking number {number}"),
                "{reason}",
                *delivery,
            ),
            "tracking_left_over": (
                _("{delivery}: there are more tracking numbers than pieces"),
                _("Not sent to eBay: {spare}. Add it there if the buyer needs it."),
                _("Open on eBay"),
                "action_open_on_ebay",
            ),
            "tracking_by_hand": (
                _("Order {order_ref}: enter tracking number {number} on eBay"),
                _(
                    "eBay shows {old}. It accepts corrections only when the "
                    "whole order has been shipped, with one number for each "
                    "parcel."
                ),
                _("Open on eBay"),
                "action_open_on_ebay",
            ),
        }

    def _words_of_carriers(self):
        _ = self.env._
        return {
            "ship_by_near": (
                _("{soon} deliveries are due within {hours} hours, {late} are late"),
                _("Ship them now; the board shows them by deadline."),
                _("Open board"),
                "action_open_ship_by_board",
            ),
            "validate_by_hand": (
                _("{delivery}: shipped on eBay, but it could not be validated"),
                _("Reserve what was sent, then validate the delivery by hand."),
                _("Open delivery"),
                "action_open_record",
            ),
            "carrier_unknown": (
                _('"{method}" is sent to eBay as carrier Other'),
                _("Choose eBay's name for it, so that buyers can track their parcel."),
                _("Open carrier"),
                "action_open_record",
            ),
            "service_unknown": (
                _("There is no delivery method for eBay's service {service}"),
                _("Choose one. Open orders with this service get it at once."),
                _("Open service"),
                "action_open_record",
            ),
        }

    def _holds(self):
        """A parcel that is not reported to eBay before somebody has answered."""
        if self.res_model != "ebay.shipment":
            return super()._holds()
        # sudo: an entry may ask about a parcel whoever looks at it
        parcel = self.env["ebay.shipment"].sudo().browse(self.res_id).exists()
        return parcel.state == "asking"

    @api.model
    def _close_about(self, records):
        """What the inbox says about these records is fixed."""
        self.search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        )._close()

    # -- fixes -----------------------------------------------------------------

    def action_open_on_ebay(self):
        """Button: the order of a parcel in eBay's Seller Hub."""
        self.ensure_one()
        if self.res_model != "ebay.shipment":
            return super().action_open_on_ebay()
        self.check_access("read")
        return self.env["ebay.shipment"].browse(self.res_id).action_open_on_ebay()

    def action_open_ship_by_board(self):
        """Button: the deliveries by deadline."""
        self.check_access("read")
        return self.env["ir.actions.act_window"]._for_xml_id(
            "ebay_sync.ebay_delivery_action"
        )

    def action_open_delivery(self):
        """Button: the delivery that the parcel belongs to."""
        self.ensure_one()
        self.check_access("read")
        if self.res_model != "ebay.shipment":
            return self.action_open_record()
        return self.env[self.res_model].browse(self.res_id).action_open_delivery()
