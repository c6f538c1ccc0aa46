from datetime import timedelta

from odoo import api, fields, models

STAGES = [
    ("start", "Begin"),
    ("active", "Active listings"),
    ("report", "Active inventory report"),
    ("auctions", "Auctions"),
    ("titles", "Titles"),
    ("items", "Inventory items"),
    ("past", "Listings that ended lately"),
    ("ended", "Ended listings"),
    ("done", "Done"),
]
KEEP_DAYS = 30


class EbayListingSweep(models.Model):
    """One pass through everything that a seller has live on eBay.

    It says how far it has come, so that it resumes there after any interruption: the
    stage, and the page that comes next. The listings seen are kept page by page, which
    tells at the end which listings eBay no longer named, without writing to one
    that is unchanged.
    """

    _name = "ebay.listing.sweep"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay listings: full sweep"
    _order = "id desc"
    _rec_name = "started_at"
    _people_set = {}

    account_id = fields.Many2one(
        "ebay.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    stage = fields.Selection(STAGES, required=True, default="start")
    page = fields.Integer("Next page")
    total = fields.Integer(help="How many listings eBay says there are.")
    rounds = fields.Integer(help="How often all pages were read.")
    ended_count = fields.Integer(
        help="How many listings had ended when all pages were last read."
    )
    task_ref = fields.Char("Report task", help="eBay's inventory task id.")
    started_at = fields.Datetime("Started", default=fields.Datetime.now, required=True)
    ended_at = fields.Datetime("Ended")
    page_ids = fields.One2many(
        "ebay.listing.sweep.page", "sweep_id", groups="ebay_sync.group_ebay_robot"
    )

    def _go_to(self, stage):
        """Begin the next stage at its first page."""
        self.write({"stage": stage, "page": 0})

    def _saw(self, number, listings):
        """Note the listings of a page as seen."""
        self.env["ebay.listing.sweep.page"].create(
            {"sweep_id": self.id, "number": number, "listing_ids": listings.ids}
        )

    def _seen_ids(self):
        """Ids of all listings that eBay named in this sweep."""
        return {
            listing_id
            for page in self.page_ids
            for listing_id in page.listing_ids or ()
        }

    def _finish(self):
        """The sweep is over; its pages are no longer needed."""
        self.page_ids.unlink()
        self.write({"stage": "done", "ended_at": fields.Datetime.now()})

    @api.autovacuum
    def _gc_sweeps(self):
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.search([("started_at", "<", limit)], limit=1000).unlink()


class EbayListingSweepPage(models.Model):
    """The listings of one page of a sweep."""

    _name = "ebay.listing.sweep.page"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay listings: page of a sweep"
    _order = "id"
    _rec_name = "number"
    _account_path = "sweep_id.account_id"
    _people_set = {}

    sweep_id = fields.Many2one(
        "ebay.listing.sweep", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer()
    listing_ids = fields.Json()
