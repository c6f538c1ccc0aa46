"""eBay's states of a listing in the reader's words.

Known are those of the Inventory API: ListingStatusEnum and FormatTypeEnum.
"""

from odoo import api, fields, models

from ..engine.status_words import put_into_words

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


class EbayListing(models.Model):
    _inherit = "ebay.listing"

    state_text = fields.Char("State of the listing", compute="_compute_status_texts")
    format_text = fields.Char("Kind of sale", compute="_compute_status_texts")

    @api.depends(*LISTING)
    @api.depends_context("lang")
    def _compute_status_texts(self):
        put_into_words(self, LISTING, _listing_words(self.env))
