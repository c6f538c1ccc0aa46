"""One warning in the inbox before deliveries are late, gone when they have left."""

from datetime import timedelta

from odoo import api, fields, models


class EbayShipByWatch(models.AbstractModel):
    """The watch over eBay's deadlines."""

    _name = "ebay.ship.by.watch"
    _description = "eBay: watch deadlines"

    @api.model
    def _watch(self, run):
        """Say how many deliveries have to leave soon; nothing when none has."""
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
