"""The quantity of a listing: what Odoo wants, what was sent, what eBay accepted."""

from odoo import api, fields, models


class EbayListing(models.Model):
    _inherit = "ebay.listing"

    quantity_wanted = fields.Integer(
        "Should show", readonly=True, default=-1, help="-1: there is nothing to send."
    )
    quantity_computed_at = fields.Datetime("Computed", readonly=True)
    quantity_sent = fields.Integer("Last sent", readonly=True)
    quantity_sent_at = fields.Datetime("Sent", readonly=True)
    quantity_acked = fields.Integer("Last accepted by eBay", readonly=True)
    quantity_acked_at = fields.Datetime("Accepted", readonly=True)
    quantity_unsettled = fields.Boolean(
        "Outcome unknown",
        readonly=True,
        help="Sent, but no answer arrived: it will be sent again.",
    )
    quantity_refused = fields.Integer(
        "Refused",
        readonly=True,
        default=-1,
        help="Not sent again while this value is wanted.",
    )
    quantity_why = fields.Html(
        "Why this quantity?", compute="_compute_quantity_why", sanitize=False
    )
    push_history = fields.Html(
        "Sent and answered", compute="_compute_quantity_why", sanitize=False
    )

    @api.depends_context("lang")
    def _compute_quantity_why(self):
        explain = self.env["ebay.push.explain"]
        for listing in self:
            # sudo: whoever may see a listing may see how its number comes about
            listing.quantity_why = explain._quantity(listing.sudo())
            listing.push_history = explain._history(listing.sudo())
