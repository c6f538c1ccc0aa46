"""eBay's states of an order and of a listing in the reader's words.

What eBay sends is stored as it comes, because eBay adds values when it likes. Known are
those of the Fulfillment API (OrderPaymentStatusEnum, OrderFulfillmentStatus and
CancelStateEnum) and of the Inventory API (ListingStatusEnum and FormatTypeEnum).
"""

from odoo import api, fields, models

FIELDS = {
    "ebay.order": ("payment_status", "fulfillment_status", "cancel_state"),
    "sale.order": (
        "ebay_payment_status",
        "ebay_fulfillment_status",
        "ebay_cancel_state",
    ),
    "ebay.listing": ("state", "format"),
}


def _words(env, model):
    return _listing_words(env) if model == "ebay.listing" else _order_words(env)


def _listing_words(env):
    _ = env._
    return (
        {
            "ACTIVE": _("Active"),
            "OUT_OF_STOCK": _("Sold out"),
            "INACTIVE": _("Inactive"),
            "ENDED": _("Ended"),
            "EBAY_ENDED": _("Ended by eBay"),
            "NOT_LISTED": _("Not listed"),
        },
        {"FIXED_PRICE": _("Fixed price"), "AUCTION": _("Auction")},
    )


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


def _put_into_words(records):
    """Fill ``<field>_text`` of each state; what is not known is shown as it came."""
    tables = _words(records.env, records._name)
    for record in records:
        for name, words in zip(FIELDS[record._name], tables, strict=True):
            record[f"{name}_text"] = words.get(record[name], record[name])


class EbayOrder(models.Model):
    _inherit = "ebay.order"

    payment_status_text = fields.Char("Payment", compute="_compute_status_texts")
    fulfillment_status_text = fields.Char("Shipping", compute="_compute_status_texts")
    cancel_state_text = fields.Char("Cancellation", compute="_compute_status_texts")

    @api.depends(*FIELDS["ebay.order"])
    @api.depends_context("lang")
    def _compute_status_texts(self):
        _put_into_words(self)


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

    @api.depends(*FIELDS["sale.order"])
    @api.depends_context("lang")
    def _compute_ebay_status_texts(self):
        _put_into_words(self)


class EbayListing(models.Model):
    _inherit = "ebay.listing"

    state_text = fields.Char("State of the listing", compute="_compute_status_texts")
    format_text = fields.Char("Kind of sale", compute="_compute_status_texts")

    @api.depends(*FIELDS["ebay.listing"])
    @api.depends_context("lang")
    def _compute_status_texts(self):
        _put_into_words(self)
