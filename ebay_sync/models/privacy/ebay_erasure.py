from odoo import api, fields, models

KINDS = [
    ("deletion", "eBay account closed"),
    ("unknown", "eBay accounts closed, unknown here"),
    ("request", "Requested by the buyer"),
    ("retention", "Retention ended"),
]
STATES = [
    ("done", "Erased"),
    ("kept", "Partly kept for the books"),
    ("postponed", "Waits for an open order"),
    ("refused", "Needs a decision"),
]


class EbayErasure(models.Model):
    """What was erased and when: the proof, without a name in it.

    Nothing here tells who it was. The parts that the law wants kept point here, so that
    the row can say when the last of them is gone.
    """

    _name = "ebay.erasure"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay erasure"
    _order = "id desc"
    _rec_name = "kind"
    _people_set = {}

    kind = fields.Selection(KINDS, required=True, readonly=True)
    state = fields.Selection(STATES, required=True, default="done", readonly=True)
    account_id = fields.Many2one("ebay.account", ondelete="set null", readonly=True)
    company_id = fields.Many2one("res.company", index=True, readonly=True)
    day = fields.Date(default=fields.Date.context_today, index=True, readonly=True)
    notification_ref = fields.Char(
        "eBay's notification", readonly=True, help="The id of eBay's message."
    )
    count = fields.Integer("eBay users", default=1, readonly=True)
    partner_count = fields.Integer("Contacts erased", readonly=True)
    kept_count = fields.Integer("Contacts kept for the books", readonly=True)
    order_count = fields.Integer("Orders stripped", readonly=True)
    message_count = fields.Integer("Messages and files erased", readonly=True)
    login_count = fields.Integer("Portal users closed", readonly=True)
    keep_until = fields.Date("Kept until", readonly=True)
    finished_at = fields.Datetime("Finished", readonly=True)

    @api.model
    def _count_unknown(self, account, count):
        """Users of whom nothing was found: one row per account and day."""
        row = self.search(
            [
                ("kind", "=", "unknown"),
                ("account_id", "=", account.id),
                ("day", "=", fields.Date.today()),
            ],
            limit=1,
        )
        if row:
            row.count += count
            return
        self._open(account, "unknown", count=count, finished_at=fields.Datetime.now())

    @api.model
    def _open(self, account, kind, **values):
        """A new row of the ledger."""
        return self.create(
            {
                "kind": kind,
                "account_id": account.id,
                "company_id": account.company_id.id,
                "day": fields.Date.today(),
                **values,
            }
        )

    def _settle(self):
        """Set the row's state according to what still points to it."""
        Partner = self.env["res.partner"].with_context(active_test=False)
        for row in self:
            kept = Partner.search([("ebay_erasure_id", "=", row.id)])
            waits = self.env["ebay.order"].search_count(
                [("erasure_id", "=", row.id), ("erased_at", "=", False)]
            )
            state = "postponed" if waits else "kept" if kept else "done"
            row.write(
                {
                    "state": state,
                    "kept_count": 0 if waits else len(kept),
                    "keep_until": not waits
                    and max(filter(None, kept.mapped("ebay_erase_at")), default=False),
                    "finished_at": state == "done" and fields.Datetime.now(),
                }
            )
