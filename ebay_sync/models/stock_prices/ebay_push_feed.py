"""A file of new quantities and prices that eBay processes in the background."""

from datetime import timedelta

from odoo import api, fields, models

STATES = [
    ("new", "To be opened"),
    ("opened", "To be uploaded"),
    ("uploading", "Being uploaded"),
    ("sent", "Being processed by eBay"),
    ("reading", "Being read"),
    ("done", "Done"),
    ("failed", "Given up, sent by calls"),
]
OVER = ("done", "failed")
KEEP_DAYS = 30


class EbayPushFeed(models.Model):
    """One upload, and its state: it continues there after any interruption.

    What was sent is kept by place in the file, because eBay answers by place. A listing
    that is in an upload is not changed otherwise before eBay has answered.
    """

    _name = "ebay.push.feed"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay upload of quantities and prices"
    _order = "id desc"
    _rec_name = "task_ref"
    _people_set = {}

    account_id = fields.Many2one(
        "ebay.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    marketplace_id = fields.Many2one("ebay.marketplace", readonly=True)
    state = fields.Selection(STATES, required=True, default="new", readonly=True)
    task_ref = fields.Char("Task", readonly=True, help="eBay's taskId.")
    entries = fields.Json(
        readonly=True, help="Listing, quantity and price of each place in the file."
    )
    total = fields.Integer("Listings", readonly=True)
    read_count = fields.Integer("Answers read", readonly=True)
    reason = fields.Char("Why given up", readonly=True)
    uploaded_at = fields.Datetime("Uploaded", readonly=True)
    ended_at = fields.Datetime("Ended", readonly=True)
    listing_ids = fields.One2many("ebay.listing", "push_feed_id")

    @api.model
    def _under_way(self, account):
        """The account's upload that is not over; there is one at most."""
        return self.search(
            [("account_id", "=", account.id), ("state", "not in", OVER)], limit=1
        )

    @api.model
    def _failed_since(self, account, moment):
        """Whether an upload was given up lately."""
        return bool(
            self.search_count(
                [
                    ("account_id", "=", account.id),
                    ("state", "=", "failed"),
                    ("ended_at", ">", moment),
                ],
                limit=1,
            )
        )

    def _end(self, state, reason=False):
        """It is over: its listings are free again."""
        self.listing_ids.push_feed_id = False
        self.write(
            {
                "state": state,
                "reason": reason,
                "entries": False,
                "ended_at": fields.Datetime.now(),
            }
        )

    @api.autovacuum
    def _gc_feeds(self):
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.search(
            [("state", "in", OVER), ("ended_at", "<", limit)], limit=1000
        ).unlink()
