"""One warning before deliveries are late, gone once they are shipped.

It stands in the inbox and, for the person that the account names, among the activities.
"""

from datetime import timedelta

from odoo import api, fields, models

ACTIVITY = "mail.mail_activity_data_todo"


class EbayShipByWatch(models.AbstractModel):
    """The watch over eBay's deadlines."""

    _name = "ebay.ship.by.watch"
    _description = "eBay: watch deadlines"

    @api.model
    def _watch(self, run):
        """Say how many deliveries are to be shipped soon; nothing if none are."""
        account = run.account
        soon, late = self._counts(account)
        Issue = self.env["ebay.issue"]
        standing = Issue.search(
            [
                ("account_id", "=", account.id),
                ("code", "=", "ship_by_near"),
                ("state", "=", "open"),
            ]
        )
        details = {"soon": soon, "late": late, "hours": account.ship_by_warning_hours}
        if standing.details == details:
            return
        self._remind(account, details)
        if not soon and not late:
            standing._close()
        elif bool(late) > (standing.severity == "danger"):
            standing._close()  # from a warning to an alarm: it shows as a new one
            Issue._raise(account, "ship_by_near", severity="danger", **details)
        else:
            severity = "danger" if late else "warning"
            issue = Issue._raise(account, "ship_by_near", severity=severity, **details)
            issue.sudo().severity = severity  # the inbox is filled by flows
        run.save()

    def _remind(self, account, details):
        """The activity of the person who ships, as things stand now."""
        # sudo: the robot must not need rights on everybody's activities
        account_sudo = account.sudo()
        user_sudo = account_sudo.ship_by_user_id
        # Odoo's own search leaves out the to-dos that people made
        standing_sudo = account_sudo.activity_search([ACTIVITY])
        if not (details["soon"] or details["late"]) or not user_sudo.active:
            standing_sudo.unlink()
            return
        words = self.env["ebay.issue"].with_context(lang=user_sudo.lang)._words()
        values = {
            "summary": words["ship_by_near"][0].format_map(details),
            "user_id": user_sudo.id,
            "date_deadline": fields.Date.today(),
        }
        if standing_sudo:
            standing_sudo[0].write(values)
            standing_sudo[1:].unlink()
        else:
            # one reminder is kept in Odoo; no e-mail for each of them
            quiet_sudo = account_sudo.with_context(mail_activity_quick_update=True)
            quiet_sudo.activity_schedule(ACTIVITY, **values)

    def _counts(self, account):
        """How many deliveries are due within the account's hours, and how many late."""
        now = fields.Datetime.now()
        due = self.env["ebay.delivery"].search(
            [
                ("account_id", "=", account.id),
                ("shipment_id", "=", False),
                ("bucket", "!=", "on_ebay"),
                (
                    "ship_by_at",
                    "<=",
                    now + timedelta(hours=account.ship_by_warning_hours),
                ),
            ]
        )
        late = len(due.filtered(lambda one: one.ship_by_at < now))
        return len(due) - late, late
