"""eBay's pushes come in: verify -> store -> (acknowledged) -> wake what they concern.

A push is a hint. What it speaks of is read from eBay by the flow that it wakes, so one
that is lost, late, repeated or out of order changes nothing but the time it takes.
"""

import logging
from datetime import timedelta
from hashlib import sha256

from odoo import api, fields, models

from ...ebay_api.errors import AuthError
from ...ebay_api.signature import verify_notification
from ...mapping.notifications.notification import (
    ACCOUNT_DELETION,
    ORDER_TOPICS,
    REVOCATION,
    map_notification,
)
from ...mapping.values.errors import MappingError
from ..engine.run import explain, naive_utc

_logger = logging.getLogger(__name__)

AT_ONCE = 500
URGENT = ORDER_TOPICS | {REVOCATION}
# A revocation that is older than this says nothing about today's consent.
REVOCATION_HOLDS = timedelta(days=3)


class EbayFlowNotificationsIn(models.AbstractModel):
    """ebay.notification -> wakes orders_in; revocations and closed accounts."""

    _name = "ebay.flow.notifications.in"
    _description = "eBay flow: notifications in"
    _inherit = "ebay.flow"

    _flow_name = "notifications_in"
    _flow_sequence = 15
    _flow_interval = (5, "minutes")
    _flow_always = True  # a closed eBay account is forgotten, whatever state we are in

    @api.model
    def _flow_label(self):
        return self.env._("Notifications")

    # -- verify and store, in eBay's request -------------------------------------

    @api.model
    def _receive(self, account, body, signature):
        """Keep a push if eBay signed it; a repeat changes nothing.

        What nobody waits for is worked on by the regular run: some 1,500 closed
        accounts a day, a few of them at a time. Raises SignatureInvalid, or another
        EbayError when that cannot be decided now.
        """
        verify_notification(body, signature, account._public_keys())
        values = _values(body)
        is_new = self.env["ebay.notification"]._store(account, values)
        if is_new and values["topic"] in URGENT:
            account._wake(self._flow_name)

    # -- work on what is stored --------------------------------------------------

    @api.model
    def _work(self, run):
        """Until nothing waits; each batch is committed."""
        while self._due(run):
            before = run.counts.copy()
            if not run.settle(lambda counts=before: self._batch(run, counts)):
                run.more = True
                return

    def _batch(self, run, counts):
        """Work on some pushes and commit; again from the start when another transaction
        got in between, because somebody waits. Returns whether there is time for more.
        """
        run.counts = counts.copy()
        rows = self._due(run)
        messages = self._read(run, rows)
        self._forget(run, messages)
        self._revoke(run, messages)
        self._want_orders(run, messages)
        self._leave_the_rest(messages)
        run.counts["seen"] += len(rows)
        return run.save(len(rows))

    def _due(self, run):
        return self.env["ebay.notification"].search(
            [
                ("account_id", "=", run.account.id),
                ("state", "=", "new"),
                "|",
                ("next_try_at", "=", False),
                ("next_try_at", "<=", fields.Datetime.now()),
            ],
            order="id",
            limit=AT_ONCE,
        )

    def _read(self, run, rows):
        """``[(row, message)]``; what eBay signed and nobody can read is kept."""
        messages = []
        for row in rows:
            try:
                messages.append((row, map_notification(row.body or "")))
            except MappingError as error:
                run.counts["failed"] += 1
                row._set_done(str(error), state="failed")
                self.env["ebay.issue"]._raise(
                    run.account, "notification_unreadable", reason=str(error)
                )
        return messages

    def _forget(self, run, messages):
        """Closed eBay accounts, all of the batch at once."""
        closed = [pair for pair in messages if pair[1].topic == ACCOUNT_DELETION]
        if closed:
            names = {name for _row, message in closed for name in message.gone_refs}
            known = self.env["ebay.erasure.work"]._known(names)
            self._acknowledge_unknown(run, closed, known)
            for pair in closed:
                if known.keys() & set(pair[1].gone_refs):
                    self._try(run, [pair], self._forget_one)

    def _acknowledge_unknown(self, run, closed, known):
        """Most closed accounts never bought here: counted, and nothing kept."""
        rows = self.env["ebay.notification"].union(
            *(
                row
                for row, message in closed
                if not known.keys() & set(message.gone_refs)
            )
        )
        if rows:
            rows.body = False  # the names in it are all we had
            rows._set_done(self.env._("Not known here"))
            # sudo: nobody writes the ledger by hand
            self.env["ebay.erasure"].sudo()._count_unknown(run.account, len(rows))

    def _forget_one(self, run, pairs):
        [(row, message)] = pairs
        work = self.env["ebay.erasure.work"]
        found = work._known(message.gone_refs).values()
        partners = self.env["res.partner"].union(*(one[0] for one in found))
        orders = self.env["ebay.order"].union(*(one[1] for one in found))
        ledger = work._erase(
            run.account, partners, orders, "deletion", row.notification_ref
        )
        run.counts["updated"] += 1
        row.body = False
        row._set_done(
            dict(ledger._fields["state"]._description_selection(self.env))[ledger.state]
        )

    def _revoke(self, run, messages):
        """A seller withdrew the consent: stop that account."""
        for pair in messages:
            if pair[1].topic == REVOCATION:
                self._try(run, [pair], self._stop_account)

    def _stop_account(self, run, pairs):
        [(row, message)] = pairs
        account = self._account_of(run.account, message)
        if not self._still_holds(account, row, message):
            row._set_done(
                self.env._("There is no connection that it could end"), "ignored"
            )
            return
        account._connection_lost(
            AuthError(
                self.env._("The seller withdrew the consent on eBay"),
                refreshable=False,
            )
        )
        run.counts["updated"] += 1
        row._set_done(self.env._("The account was stopped"))

    @staticmethod
    def _still_holds(account, row, message):
        """Whether a revocation concerns the account's present consent."""
        if not account or account.state != "connected":
            return False
        at = message.event_at and naive_utc(message.event_at)
        if at is None or row.received_at - at > REVOCATION_HOLDS:
            return False
        return not account.connected_at or at >= account.connected_at

    def _want_orders(self, run, messages):
        """The orders named are read from eBay at once, in orders_in."""
        told = [pair for pair in messages if pair[1].topic in ORDER_TOPICS]
        self._try(run, told, self._wake_orders)

    def _wake_orders(self, run, told):
        refs = {}
        for row, message in told:
            account = self._account_of(run.account, message)
            if account._takes_test(row):
                row._set_done(self.env._("The requested test"))
            elif not account or not message.order_refs:
                row._set_done(self._whose(account), "ignored")
            else:
                refs.setdefault(account, []).extend(message.order_refs)
                run.counts["updated"] += 1
                row._set_done(", ".join(message.order_refs)[:250])
        for account, order_refs in refs.items():
            account._want_orders(order_refs)

    def _whose(self, account):
        if account:
            return self.env._("It does not name an order")
        return self.env._("For a seller who is not connected to this Odoo")

    def _leave_the_rest(self, messages):
        for row, _message in messages:
            if row.state == "new" and not row.next_try_at:
                row._set_done(False, "ignored")

    # -- helpers -----------------------------------------------------------------

    def _try(self, run, pairs, work):
        """Do a part of a batch; if it fails, one by one, so that only one is lost."""
        if not pairs:
            return
        with run.record(savepoint=True) as tried:
            work(run, pairs)
        if not tried.error:
            return
        if len(pairs) > 1:
            for pair in pairs:
                self._try(run, [pair], work)
            return
        [(row, _message)] = pairs
        run.failed(row, tried.error)
        row._set_failed(explain(tried.error))

    def _account_of(self, account, message):
        """The connected account that a push is for: eBay's signature says not whose.

        Empty when it is for a seller of whom there is no account in this database.
        """
        refs = message.user_refs
        if not refs or account.user_ref in refs:
            return account
        # sudo: a keyset may serve accounts of several companies
        return (
            self.env["ebay.account"]
            .sudo()
            .search(
                [
                    ("environment", "=", account.environment),
                    ("user_ref", "in", refs),
                ],
                limit=1,
            )
        )


def _values(body):
    """A push as values of ``ebay.notification``."""
    try:
        message = map_notification(body)
    except MappingError:
        # eBay signed it, so it is kept; a repeat is recognised by its bytes.
        return {
            "notification_ref": f"sha256-{sha256(body).hexdigest()}",
            "topic": None,
            "body": body.decode("utf-8", "replace").replace("\x00", ""),
            "event_at": None,
            "attempt": 0,
        }
    return {
        "notification_ref": message.notification_ref,
        "topic": message.topic,
        "body": body.decode(),
        "event_at": message.event_at and naive_utc(message.event_at),
        "attempt": message.attempt,
    }
