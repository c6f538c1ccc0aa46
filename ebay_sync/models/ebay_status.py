"""eBay's states of an order and of a listing in the reader's words.

What eBay sends is stored as it comes, because eBay adds values when it likes. Known are
those of the Fulfillment API (OrderPaymentStatusEnum, OrderFulfillmentStatus and
CancelStateEnum) and of the Inventory API (ListingStatusEnum and FormatTypeEnum).
"""

from odoo import api, fields, models

ORDER = ("payment_status", "fulfillment_status", "cancel_state")
SALE_ORDER = tuple(f"ebay_{name}" for name in ORDER)
LISTING = ("state", "format")


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


def _put_into_words(records, names, tables):
    """Fill ``<field>_text`` of each state; what is not known is shown as it came."""
    for record in records:
        for name, words in zip(names, tables, strict=True):
            record[f"{name}_text"] = words.get(record[name], record[name])


class EbayOrder(models.Model):
    _inherit = "ebay.order"

    payment_status_text = fields.Char("Payment", compute="_compute_status_texts")
    fulfillment_status_text = fields.Char("Shipping", compute="_compute_status_texts")
    cancel_state_text = fields.Char("Cancellation", compute="_compute_status_texts")

    @api.depends(*ORDER)
    @api.depends_context("lang")
    def _compute_status_texts(self):
        _put_into_words(self, ORDER, _order_words(self.env))


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
        _put_into_words(self, SALE_ORDER, _order_words(self.env))


class EbayListing(models.Model):
    _inherit = "ebay.listing"

    state_text = fields.Char("State of the listing", compute="_compute_status_texts")
    format_text = fields.Char("Kind of sale", compute="_compute_status_texts")

    @api.depends(*LISTING)
    @api.depends_context("lang")
    def _compute_status_texts(self):
        _put_into_words(self, LISTING, _listing_words(self.env))
