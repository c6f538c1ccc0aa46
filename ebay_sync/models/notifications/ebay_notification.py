from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...compat import sql_constraints

STATES = [
    ("new", "Waiting"),
    ("done", "Done"),
    ("ignored", "Nothing to do"),
    ("failed", "Failed"),
]
RETRY_MINUTES = (1, 5, 30, 240, 720)


class EbayNotification(models.Model):
    """One push from eBay: stored as it came, acknowledged, worked on later.

    Only what carries eBay's signature gets here. It is a hint: what it speaks of is
    read from eBay.
    """

    _name = "ebay.notification"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay notification"
    _order = "id desc"
    _rec_name = "notification_ref"
    _check_company_auto = True
    _people_set = {}

    locals().update(
        sql_constraints(
            account_notification_uniq=(
                "UNIQUE(account_id, notification_ref)",
                "A notification is stored once per account.",
            )
        )
    )

    account_id = fields.Many2one(
        "ebay.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    notification_ref = fields.Char("Number", required=True, help="eBay's id of it.")
    topic = fields.Char(index=True)
    body = fields.Text(
        "As eBay sent it",
        groups="ebay_sync.group_ebay_manager,ebay_sync.group_ebay_robot",
        help="Text instead of a JSON column, because this is what was signed.",
    )
    received_at = fields.Datetime("Received", default=fields.Datetime.now, index=True)
    event_at = fields.Datetime("Happened", help="When it happened, according to eBay.")
    attempt = fields.Integer("eBay's attempt", help="eBay tries three times.")
    state = fields.Selection(STATES, required=True, default="new", index=True)
    message = fields.Char("Outcome")
    tries = fields.Integer()
    next_try_at = fields.Datetime("Next try")
    done_at = fields.Datetime("Worked on")

    # What the flow looks for: rows that wait, and nothing else.
    _ebay_indexes = {
        "ebay_notification_due_idx": "(account_id, id) WHERE state = 'new'",
    }

    @api.model
    def _store(self, account, values):
        """Store one push; false when it is already stored.

        One statement: the same push may come twice at the same time, and Odoo answers
        a broken constraint with an error, where eBay has to hear that all is well.
        """
        self.env.cr.execute(
            SQL(
                "INSERT INTO ebay_notification (account_id, company_id, "
                "notification_ref, topic, body, event_at, attempt, state, tries, "
                "received_at, create_date, create_uid) "
                "SELECT id, company_id, %s, %s, %s, %s, %s, 'new', 0, "
                "now() at time zone 'UTC', now() at time zone 'UTC', %s "
                "FROM ebay_account WHERE id = %s "
                "ON CONFLICT (account_id, notification_ref) DO NOTHING RETURNING id",
                values["notification_ref"],
                values["topic"],
                values["body"],
                values["event_at"],
                values["attempt"],
                self.env.uid,
                account.id,
            ),
            log_exceptions=False,  # it carries the push; Odoo repeats the request
        )
        return self.env.cr.fetchone() is not None

    # -- what the flow says ----------------------------------------------------

    def _set_done(self, message=False, state="done"):
        """Processed; ``message`` says in a few words with what result."""
        self.write(
            {
                "state": state,
                "message": message,
                "next_try_at": False,
                "done_at": fields.Datetime.now(),
            }
        )

    def _set_failed(self, message):
        """Not processed, for a reason; tried again a few times, later each time."""
        for one in self:
            gives_up = one.tries >= len(RETRY_MINUTES)
            wait = timedelta(minutes=RETRY_MINUTES[min(one.tries, 4)])
            one.write(
                {
                    "state": "failed" if gives_up else "new",
                    "message": message[:500],
                    "tries": one.tries + 1,
                    "next_try_at": not gives_up and fields.Datetime.now() + wait,
                }
            )

    # -- buttons ---------------------------------------------------------------

    def action_try_again(self):
        """Button: work on it again, in the background."""
        self.check_access("write")
        # sudo: checked above
        self.sudo().write({"state": "new", "tries": 0, "next_try_at": False})
        for account in self.account_id:
            account._wake("notifications_in")
