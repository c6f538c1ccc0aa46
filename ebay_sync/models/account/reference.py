"""The account's side of the reference data: marketplaces, locations, policies."""

from odoo import fields, models
from odoo.exceptions import UserError

FLOW = "reference_in"


class EbayAccount(models.Model):
    _inherit = "ebay.account"

    location_ids = fields.One2many("ebay.location", "account_id", copy=False)
    policy_ids = fields.One2many("ebay.policy", "account_id", copy=False)
    reference_note = fields.Char(
        readonly=True,
        copy=False,
        help="What is missing at eBay for complete reference data.",
    )
    reference_resume = fields.Char(
        readonly=True,
        copy=False,
        help="The part with which the next run continues after one that ran out of "
        "time.",
    )
    reference_checked_at = fields.Datetime(
        "Last compared with eBay", compute="_compute_reference_checked_at"
    )

    def _compute_reference_checked_at(self):
        last = dict(
            self.env["ebay.sync.log"]._read_group(
                [
                    ("account_id", "in", self.ids),
                    ("flow", "=", FLOW),
                    ("state", "=", "done"),
                ],
                ["account_id"],
                ["ended_at:max"],
            )
        )
        for account in self:
            account.reference_checked_at = last.get(account._origin)

    def _served_marketplaces(self):
        """The marketplaces chosen here; if none, the one of the registration."""
        self.ensure_one()
        return self.marketplace_ids or self.env["ebay.marketplace"].search(
            [("code", "=", self.registration_marketplace or "")]
        )

    def action_refresh_reference(self):
        """Button: compare policies, locations and categories with eBay's."""
        self.check_access("read")
        flow = self.env["ebay.flow"]._flows()[FLOW]
        schedules = self.schedule_ids.filtered(
            lambda schedule: (
                schedule.flow == FLOW
                and schedule.enabled
                and schedule.account_id._flow_may_run(flow)
            )
        )
        if not schedules:
            raise UserError(
                self.env._(
                    "Nothing can be read from eBay now. The account must be "
                    "connected, in mode Mirror or Live, and its schedule for "
                    "%(flow)s must be active.",
                    flow=flow._flow_label(),
                )
            )
        return schedules.action_run_now()
