"""Sends quantities and prices to eBay: claim -> call -> read each item's answer.

What is sent is written down and committed before the call. When no answer comes (a
time-out, a crash) the listing stays *unsettled*, and the next run sends again, whatever
it believes eBay to show: the numbers are absolute, so once more does no harm.
"""

from collections import Counter
from datetime import timedelta
from itertools import islice

from odoo import fields

from ...compat import advisory_lock
from ...ebay_api.bulk import LARGEST_BATCH, bulk_entries
from ...ebay_api.errors import Rejected
from ...ebay_api.trading import LARGEST_REVISION
from ...mapping.stock_prices.push import bulk_entry
from ..engine.run import naive_utc, utcnow
from ..engine.trouble import may_be_done
from .push_answers import PushAnswers
from .push_change import inventory_status, offer_change
from .push_feed import PushFeed

MOST_REVISIONS = 250
# The last revisions of a day are kept for showing less, never for showing more.
RAISES_END_AT = 200
ANOTHER_PUSH = timedelta(seconds=30)


class ListingPush:
    """Sends changes of one account's listings, in the largest batches eBay accepts."""

    def __init__(self, run):
        self.run = run
        self.env = run.env
        self.account = run.account
        self.Listing = self.env["ebay.listing"]
        self.answers = PushAnswers(run)
        self.skus_at_once = LARGEST_BATCH
        self.claimed = self.Listing  # what is under way to eBay

    def send(self, changes):
        """Send; every batch is committed with its answers.

        Returns whether it was our turn: another push of the account may be under way.
        """
        if not changes:
            return True
        self.run.save()
        with advisory_lock(self.env, "push", self.account.id) as free:
            if not free:  # stock and prices do not write over each other
                at = naive_utc(utcnow() + ANOTHER_PUSH)
                self.account._wake(self.run.flow._flow_name, at=at)
                return False
            self._send(changes)
            return True

    def _send(self, changes):
        by_id = {change.listing_id: change for change in changes}
        rows = self.Listing.browse(by_id).exists()
        rows = self._within_limits(rows, by_id)
        inventory = rows.filtered(lambda row: row.owner == "inventory")
        self._attempt(self._send_inventory, inventory, by_id)
        self._attempt(self._send_trading, rows - inventory, by_id)

    def _attempt(self, send, rows, by_id):
        """Trouble with one API does not stop the other."""
        with self.run.part() as tried:
            send(rows, by_id)
        if tried.error:
            if not may_be_done(tried.error):
                self._count_down()
            self.answers.write_down()
            self.run.save()

    def _count_down(self):
        """eBay has not made the revision: it does not count towards the day's limit."""
        for row in self.claimed:
            row.revisions -= 1

    # -- a day's revisions -------------------------------------------------------

    def _within_limits(self, rows, by_id):
        """Leave for tomorrow what exceeds 250 revisions of a listing.

        Each of its variations counts, because eBay does not say that it would not.
        """
        in_this_run = Counter(rows.mapped("listing_ref"))
        most = max(in_this_run.values(), default=0)
        today = fields.Date.today()
        groups = self.Listing._read_group(
            [
                ("account_id", "=", self.account.id),
                ("revisions_on", "=", today),
                ("revisions", ">=", 1),
            ],
            ["listing_ref"],
            ["revisions:sum"],
            having=[("revisions:sum", ">=", min(RAISES_END_AT, MOST_REVISIONS - most))],
        )
        used = dict(groups)
        if not used:
            return rows
        kept, count = self.Listing, Counter(used)
        for row in rows:
            change, ref = by_id[row.id], row.listing_ref
            less = change.quantity is not None and change.quantity < row.quantity
            limit = MOST_REVISIONS if less else RAISES_END_AT
            if used.get(ref, 0) < limit and count[ref] < MOST_REVISIONS:
                kept |= row
                count[ref] += 1
            else:
                self.answers.too_often(row)
        return kept

    # -- Inventory API -----------------------------------------------------------

    def _with_offer(self, rows):
        """The rows whose offer is known; the others are looked up first."""
        for sku, unknown in (
            rows.filtered(lambda row: not row.offer_ref).grouped("sku").items()
        ):
            self.answers.find_offers(sku, unknown)
            self.run.save()
        return rows.filtered("offer_ref")

    def _send_inventory(self, rows, by_id):
        groups = iter(list(self._with_offer(rows).grouped("sku").values()))
        while batch := list(islice(groups, self.skus_at_once)):
            if not self._inventory_batch(batch, by_id):
                return

    def _inventory_batch(self, batch, by_id):
        """One bulk call; returns whether there is time for more."""
        rows = self.Listing.union(*batch)
        self._claim(rows, by_id)
        entries = [
            bulk_entry(offer_change(row, by_id[row.id]) for row in group)
            for group in batch
        ]
        try:
            reply = self.run.client.inventory.bulk_update_price_quantity(entries)
        except Rejected as error:
            return self._apart(error, [[group] for group in batch], by_id, rows)
        self.answers.of_bulk(rows, by_id, bulk_entries(reply), reply)
        return self._done(rows)

    def _apart(self, error, batches, by_id, rows):
        """eBay refused a whole call: find out which entry was meant, one by one."""
        if len(batches) == 1:
            for row in rows:
                self.answers.refused(row, by_id[row.id], error)
            return self._done(rows)
        self.skus_at_once = 1
        return all(self._inventory_batch(batch, by_id) for batch in batches)

    # -- Trading API -------------------------------------------------------------

    def _send_trading(self, rows, by_id):
        nameless = rows.filtered(lambda row: row.is_variation and not row.sku)
        for row in nameless:
            self.answers.nameless(row)
        rest = iter(PushFeed(self.run).take(rows - nameless, by_id, self._claim))
        while batch := list(islice(rest, LARGEST_REVISION)):
            if not self._trading_batch(self.Listing.union(*batch), by_id):
                return

    def _trading_batch(self, rows, by_id):
        self._claim(rows, by_id)
        entries = [inventory_status(row, by_id[row.id]) for row in rows]
        try:
            reply = self.run.client.trading.revise_inventory_status(entries)
        except Rejected as error:
            if len(rows) > 1:
                return all(self._trading_batch(row, by_id) for row in rows)
            self.answers.refused(rows, by_id[rows.id], error)
            return self._done(rows)
        unnamed = self.answers.of_revision(rows, by_id, reply)
        more = self._done(rows - unnamed)
        if len(rows) > 1:
            return more and all(self._trading_batch(row, by_id) for row in unnamed)
        return more

    # -- each batch ----------------------------------------------------------------

    def _claim(self, rows, by_id):
        """Record what is about to be sent, and commit."""
        now, today = fields.Datetime.now(), fields.Date.today()
        for row in rows:
            change = by_id[row.id]
            first_today = row.revisions_on != today
            values = {
                "revisions_on": today,
                "revisions": 1 if first_today else row.revisions + 1,
            }
            if change.quantity is not None:
                values |= {
                    "quantity_sent": change.quantity,
                    "quantity_sent_at": now,
                    "quantity_unsettled": True,
                }
            if change.price is not None:
                values |= {
                    "price_sent": float(change.price),
                    "price_sent_at": now,
                    "price_unsettled": True,
                }
            row.write(values)
        self.claimed = rows
        self.run.save()

    def _done(self, rows):
        self.claimed = self.Listing
        self.answers.write_down()
        if self.run.save(len(rows)):
            return True
        self.run.more = True
        return False
