"""What the inbox says of listings."""

from odoo import api, models


class EbayIssue(models.Model):
    _inherit = "ebay.issue"

    @api.model
    def _words(self):
        _ = self.env._
        return {
            **super()._words(),
            "report_useless": (
                _("eBay's list of all active listings could not be read: {reason}"),
                _(
                    "Listings are still updated when they change. The full list "
                    "is requested again tomorrow. If this persists, contact "
                    "eBay's support."
                ),
                _("Ask again now"),
                "action_sweep",
            ),
            "product_not_created": (
                _("No product could be created from {listing}: {reason}"),
                _("Link a product by hand, or fix the cause and create it again."),
                _("Open the listing"),
                "action_open_record",
            ),
            "quantities_disagree": (
                _("Listings of {product} show different quantities: {quantities}"),
                _(
                    "eBay manages this stock, so Odoo cannot know which is "
                    "right. Make them equal on eBay, or let Odoo manage it."
                ),
                _("Open the product"),
                "action_open_record",
            ),
            "listings_vanished": (
                _("{count} listings are missing from eBay's list of active ones"),
                _(
                    "They are looked up one by one, 200 a day. If you ended "
                    "them yourself, there is nothing to do."
                ),
                False,
                False,
            ),
        }

    def action_sweep(self):
        """Button: read everything that is live on eBay again."""
        self.ensure_one()
        self.account_id.check_access("write")
        self._must_ask_for("action_sweep")
        self.account_id.action_sweep()
        self._close()
