"""Forgetting eBay users: closed accounts, and buyers whose retention has ended.

Found by eBay's user name or id -> nothing needs them: erased -> the books need them:
name and address stay until the year is over -> an open order: it is shipped first.
"""

import logging

from odoo import api, fields, models

from .person import Person

_logger = logging.getLogger(__name__)

RESUMED_AT_ONCE = 100


class EbayErasureWork(models.AbstractModel):
    """Who is known of these users, and what becomes of their data."""

    _name = "ebay.erasure.work"
    _description = "eBay: forget users"

    @api.model
    def _known(self, names):
        """``{name: (partners, orders)}`` of those of these eBay names that are known.

        Two look-ups, however many names: eBay reports some 1,500 users a day, nearly
        all of whom never bought here.
        """
        names = list(names)
        found = {}
        # sudo: a user is forgotten in every company, whoever asks
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        orders = self.env["ebay.order"].sudo()
        for partner in partners.search(
            ["|", ("ebay_username", "in", names), ("ebay_user_ref", "in", names)]
        ):
            for name in {partner.ebay_username, partner.ebay_user_ref} & set(names):
                known, bought = found.get(name, (partners, orders))
                found[name] = known | partner, bought
        for order in orders.search([("buyer_username", "in", names)]):
            known, bought = found.get(order.buyer_username, (partners, orders))
            found[order.buyer_username] = known, bought | order
        return found

    @api.model
    def _erase(self, account, partners, orders, kind, notification_ref=False):
        """Forget one person as far as nothing prevents it; returns the ledger."""
        # sudo: nobody writes the ledger by hand
        ledger = (
            self.env["ebay.erasure"]
            .sudo()
            ._open(account, kind, notification_ref=notification_ref)
        )
        return self._proceed(account, Person(self.env, partners, orders), ledger)

    def _proceed(self, account, person, ledger):
        if person.staff:
            ledger.state = "refused"
            self.env["ebay.issue"]._raise(
                account, "erasure_of_staff", record=person.staff.partner_id[:1]
            )
            return ledger
        if person.is_waited_for:
            person.postpone(ledger)
        else:
            person.forget(ledger)
        ledger._settle()
        return ledger

    @api.model
    def _resume(self, account):
        """Resume where an order was waited for, or the years to keep are over."""
        partners = (
            self.env["res.partner"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("ebay_erase_at", "<=", fields.Date.today()),
                    ("ebay_erasure_id.account_id", "in", (account.id, False)),
                ],
                limit=RESUMED_AT_ONCE,
            )
        )
        waiting = (
            self.env["ebay.order"]
            .sudo()
            .search(
                [
                    ("erasure_id.account_id", "in", (account.id, False)),
                    ("erasure_id", "!=", False),
                    ("erased_at", "=", False),
                ],
                limit=RESUMED_AT_ONCE,
            )
        )
        ledgers = partners.ebay_erasure_id | waiting.erasure_id
        for ledger in ledgers:
            theirs = partners.filtered(
                lambda one, row=ledger: one.ebay_erasure_id == row
            )
            orders = waiting.filtered(lambda one, row=ledger: one.erasure_id == row)
            yield ledger, theirs, orders

    @api.model
    def _continue(self, account, ledger, partners, orders):
        """Try a ledger's row once more; the same rules as the first time."""
        return self._proceed(account, Person(self.env, partners, orders), ledger)
