"""What the inbox says when eBay does not permit a call, or answers unreadably.

The entry names the calls. It ends when each of them has been answered again, which the
runs see by themselves (``ebay_sync/flows/engine/trouble.py`` decides what is an entry).
"""

from odoo import api, models

PERMISSION = "permission_"
UNREADABLE = "answer_unreadable"
# By API, what stops when it is not permitted; the rest are details of some flow.
PART_OF_API = {
    "fulfillment": "orders",
    "inventory": "listings",
    "trading": "listings",
    "account": "account",
    "notification": "notifications",
}
CODES = [UNREADABLE, *(PERMISSION + part for part in {*PART_OF_API.values(), "other"})]
# Orders that do not come and quantities that do not go are no matter for tomorrow.
URGENT = (f"{PERMISSION}orders", f"{PERMISSION}listings")


class EbayIssue(models.Model):
    _inherit = "ebay.issue"

    @api.model
    def _words(self):
        """The codes of a run's trouble: ``{code: (what, advice, button, method)}``."""
        _ = self.env._
        rest = _("Everything else continues. eBay's words: {reason}")
        reconnect = (_("Reconnect with this permission"), "action_reconnect")
        orders = _("Orders do not come in, and quantities only go down.")
        listings = _("Quantities and prices on eBay may be wrong.")
        pushes = _("Orders still come with the regular runs, only later.")
        return {
            **super()._words(),
            "permission_orders": (
                _("eBay no longer permits access to the orders"),
                f"{orders} {rest}",
                *reconnect,
            ),
            "permission_listings": (
                _("eBay no longer permits access to the listings"),
                f"{listings} {rest}",
                *reconnect,
            ),
            "permission_account": (
                _("eBay does not permit reading the account's policies"),
                rest,
                *reconnect,
            ),
            "permission_notifications": (
                _("eBay does not permit setting up notifications"),
                f"{pushes} {rest}",
                *reconnect,
            ),
            "permission_other": (_("eBay does not permit {call}"), rest, *reconnect),
            "answer_unreadable": (
                _("eBay answered {call} in a way that cannot be read"),
                _(
                    "It is asked again in every run. When it stays, report it with the "
                    "request id {request_ref}. {reason}"
                ),
                _("Open the runs"),
                "action_open_runs",
            ),
        }

    # -- raised and closed by every run ------------------------------------------

    @api.model
    def _raise_trouble(self, account, kind, flow, error):
        """Put into the inbox that a part of a run ended: once for each API that is not
        permitted, once for each call whose answer cannot be read."""
        if kind == "permission":
            code = PERMISSION + PART_OF_API.get(error.api, "other")
            cause = error.api
        else:
            code, cause = UNREADABLE, error.call
        before = self._troubles(account).filtered(
            lambda one: one.code == code and (one.cause or "") == cause
        )[:1]
        urgent = code in URGENT or error.api == "fulfillment"
        issue = self._raise(
            account,
            code,
            cause,
            severity="danger" if urgent else "warning",
            call=error.call,
            calls=sorted({error.call, *_named(before, "calls")}),
            flows=sorted({flow, *_named(before, "flows")}),
            reason=str(error)[:300],
            request_ref=error.request_id,
        )
        if issue and not before and code in URGENT:
            account._tell_managers(issue.summary, issue.advice)
        return issue

    @api.model
    def _end_troubles(self, account, passed):
        """eBay answers the calls named in ``passed``: what waited for them is over."""
        for issue in self._troubles(account):
            left = set(_named(issue, "calls")) - passed
            if not left:
                issue._close()
                issue.state = "done"  # also what was ignored: next time it is news
            elif left != set(_named(issue, "calls")):
                issue.details = {**issue.details, "calls": sorted(left)}

    @api.model
    def _wake_troubled(self, account):
        """The account has a new consent: what was not permitted is tried at once."""
        permissions = self._troubles(account).filtered(
            lambda one: one.code != UNREADABLE
        )
        for flow in {name for one in permissions for name in _named(one, "flows")}:
            account._wake(flow)

    def _troubles(self, account, codes=CODES):
        # sudo: the inbox is looked after by flows, whoever started them
        return self.sudo().search(
            [
                ("account_id", "=", account.id),
                ("code", "in", codes),
                ("state", "in", ("open", "ignored")),
            ]
        )

    # -- buttons -----------------------------------------------------------------

    def action_reconnect(self):
        """Button: eBay's page of consent, which asks for every permission in use."""
        self.ensure_one()
        return self.account_id.action_connect()

    def action_open_runs(self):
        """Button: the account's runs, with eBay's request ids."""
        self.ensure_one()
        return self.account_id.action_view_logs()


def _named(issue, key):
    """The names under a key of the details, whatever else somebody wrote there."""
    details = issue.details if isinstance(issue.details, dict) else {}
    return [one for one in details.get(key) or () if isinstance(one, str)]
