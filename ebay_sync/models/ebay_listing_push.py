"""What eBay said of what was sent for a listing: stock and prices alike."""

from odoo import api, fields, models

ISSUES = ("push_refused", "push_failing", "push_too_often", "push_without_sku")


class EbayListing(models.Model):
    _inherit = "ebay.listing"

    revisions = fields.Integer(
        readonly=True, help="How often it was revised on that day (UTC)."
    )
    revisions_on = fields.Date(readonly=True)
    push_attempts = fields.Integer("Tries", readonly=True)
    push_next_try_at = fields.Datetime("Next try", readonly=True)
    push_error = fields.Char("eBay's words", readonly=True)
    push_request_ref = fields.Char(
        "Request id", readonly=True, help="What eBay's support asks for."
    )

    push_feed_id = fields.Many2one(
        "ebay.push.feed",
        "In an upload",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="It is not changed otherwise before eBay has answered.",
    )

    def action_push_again(self):
        """Button: send again in the next run what eBay refused."""
        self.check_access("write")
        self.write(
            {
                "push_attempts": 0,
                "push_next_try_at": False,
                "push_error": False,
                "quantity_refused": -1,
                "price_refused": 0.0,
            }
        )
        for account in self.account_id:
            account._wake("stock_out")
            account._wake("prices_out")

    @api.private
    def _close_push_issues(self, codes=ISSUES):
        """What stood in the inbox about these listings is done."""
        # sudo: the inbox is closed by flows, whoever started them
        self.env["ebay.issue"].sudo().search(
            [
                ("code", "in", codes),
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "=", "open"),
            ]
        )._close()
