"""eBay's states of an order in the reader's words.

Known are those of the Fulfillment API: OrderPaymentStatusEnum, OrderFulfillmentStatus
and CancelStateEnum.
"""

from odoo import api, fields, models

from ..engine.status_words import put_into_words

ORDER = ("payment_status", "fulfillment_status", "cancel_state")
SALE_ORDER = tuple(f"ebay_{name}" for name in ORDER)


def _order_words(env):
    _ = env._
    return (
        {
            "PENDING": _("Not paid yet"),
            "PAID": _("Paid"),
            "FAILED": _("Payment failed"),
            "PARTIALLY_REFUNDED": _("Partly refunded"),
            "FULLY_REFUNDED": _("Refunded"),
        },
        {
            "NOT_STARTED": _("Not shipped yet"),
            "IN_PROGRESS": _("Partly shipped"),
            "FULFILLED": _("Shipped"),
        },
        {
            "NONE_REQUESTED": _("None"),
            "IN_PROGRESS": _("Requested"),
            "CANCELED": _("Cancelled"),
        },
    )


class EbayOrder(models.Model):
    _inherit = "ebay.order"

    payment_status_text = fields.Char("Payment", compute="_compute_status_texts")
    fulfillment_status_text = fields.Char("Shipping", compute="_compute_status_texts")
    cancel_state_text = fields.Char("Cancellation", compute="_compute_status_texts")

    @api.depends(*ORDER)
    @api.depends_context("lang")
    def _compute_status_texts(self):
        put_into_words(self, ORDER, _order_words(self.env))


class SaleOrder(models.Model):
    _inherit = "sale.order"

    ebay_payment_status_text = fields.Char(
        "Payment on eBay", compute="_compute_ebay_status_texts"
    )
    ebay_fulfillment_status_text = fields.Char(
        "Shipping on eBay", compute="_compute_ebay_status_texts"
    )
    ebay_cancel_state_text = fields.Char(
        "Cancellation on eBay", compute="_compute_ebay_status_texts"
    )

    @api.depends(*SALE_ORDER)
    @api.depends_context("lang")
    def _compute_ebay_status_texts(self):
        put_into_words(self, SALE_ORDER, _order_words(self.env))
