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
                _("Order {order_ref} is cancelled, and {delivery} has left"),
                _("Get the parcel back, or send the tracking number anyway."),
                *parcel,
            ),
            "order_refunded": (
                _("Order {order_ref} is refunded, and {delivery} has left"),
                _("Get the parcel back, or send the tracking number anyway."),
                *parcel,
            ),
            "line_refunded": (
                _("Order {order_ref}: {articles} is refunded, and {delivery} has left"),
                _("Get it back and do not tell eBay, or send it anyway."),
                *parcel,
            ),
            "returned_before_told": (
                _("Order {order_ref}: {delivery} came back before eBay was told"),
                _("Do not tell eBay, or send it if another parcel is on the way."),
                *parcel,
            ),
            "unknown_line": (
                _("Order {order_ref}: eBay does not know a line of {delivery}"),
                _("Enter the shipment on eBay, then mark the parcel as done."),
                *parcel,
            ),
            "order_gone": (
                _("Order {order_ref}: eBay does not show it any more"),
                _("Look on eBay. Mark the parcel as done, or do not tell eBay."),
                *parcel,
            ),
            "shipment_refused": (
                _("Order {order_ref}: eBay refused the shipment {delivery}"),
                "{reason}",
                *parcel,
            ),
            "shipment_gave_up": (
                _("Order {order_ref}: eBay could not be told of {delivery}"),
                _("Tried many times. {reason}"),
                *parcel,
            ),
            "shipped_elsewhere": (
                _("Order {order_ref} was shipped on eBay with another number"),
                _("eBay's was left. Open the parcel to send {number} of Odoo instead."),
                *parcel,
            ),
        }

    def _words_of_tracking(self, delivery):
        _ = self.env._
        return {
            "tracking_unreadable": (
                _("{delivery}: “{number}” is no tracking number for eBay"),
                _("Letters and digits only. Correct it on the delivery."),
                *delivery,
            ),
            "tracking_too_long": (
                _("{delivery}: the tracking number is too long for eBay"),
                _("At most 50 letters and digits. Correct it on the delivery."),
                *delivery,
            ),
            "tracking_refused": (
                _("Order {order_ref}: eBay refused tracking {number} ({carrier})"),
                _("Correct the number or the delivery method; it is sent again then."),
                *delivery,
            ),
            "correction_refused": (
                _("Order {order_ref}: eBay refused the new tracking {number}"),
                "{reason}",
                *delivery,
            ),
            "tracking_left_over": (
                _("{delivery}: more tracking numbers than pieces"),
                _("Not sent to eBay: {spare}. Add it there if the buyer needs it."),
                _("Open on eBay"),
                "action_open_on_ebay",
            ),
            "tracking_by_hand": (
                _("Order {order_ref}: enter tracking {number} on eBay"),
                _(
                    "eBay shows {old}. It takes corrections from Odoo only when all of "
                    "the order has left, one number for each parcel."
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
                _("“{method}” is sent to eBay as carrier Other"),
                _("Choose eBay's name for it, so that buyers can follow their parcel."),
                _("Open carrier"),
                "action_open_record",
            ),
            "service_unknown": (
                _("No delivery method for eBay's service {service}"),
                _("Choose one; open orders of this service get it at once."),
                _("Open service"),
                "action_open_record",
            ),
        }

    @api.model
    def _close_about(self, records):
        """What the inbox says about these records is mended."""
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
        return self.env[self.res_model].browse(self.res_id).action_open_delivery()
