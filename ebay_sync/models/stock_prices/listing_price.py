"""The price of a listing: what Odoo wants, what was sent, what eBay accepted."""

from odoo import api, fields, models


class EbayListing(models.Model):
    _inherit = "ebay.listing"

    price_wanted = fields.Monetary(
        "Price wanted", readonly=True, help="0: there is nothing to send."
    )
    price_computed_at = fields.Datetime("Price computed", readonly=True)
    price_sent = fields.Monetary("Last price sent", readonly=True)
    price_sent_at = fields.Datetime("Price sent", readonly=True)
    price_acked = fields.Monetary("Last price accepted by eBay", readonly=True)
    price_acked_at = fields.Datetime("Price accepted", readonly=True)
    price_unsettled = fields.Boolean(
        "Price: outcome unknown",
        readonly=True,
        help="Sent, but no answer arrived: it will be sent again.",
    )
    price_refused = fields.Monetary("Price refused", readonly=True)
    price_problem = fields.Char(
        readonly=True, help="Why there is no price to send: a code."
    )
    price_why = fields.Html(
        "Why this price?", compute="_compute_price_why", sanitize=False
    )

    @api.depends_context("lang")
    def _compute_price_why(self):
        explain = self.env["ebay.push.explain"]
        for listing in self:
            # sudo: whoever may see a listing may see how its price comes about
            listing.price_why = explain._price(listing.sudo())
