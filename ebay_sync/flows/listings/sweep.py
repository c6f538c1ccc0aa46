"""A full sweep: everything that is live on eBay, page by page, and what has ended.

Small shops: GetMyeBaySelling, 200 listings a page, which knows titles. Large ones: the
active inventory report, a single file however many there are, and titles only where
they are missing. Then the Inventory API's items; at the end each listing that was not
seen is looked up by itself, because a page may have lost it while the list moved.
"""

import logging
import tempfile
from datetime import timedelta
from itertools import islice

from odoo import fields

from ...ebay_api.errors import Rejected
from ...ebay_api.feed import ACTIVE_INVENTORY_REPORT, has_result, is_finished
from ...ebay_api.feed_files import report_rows, unpacked
from ...ebay_api.trading import (
    LARGEST_PAGE,
    LONGEST_LIST_WINDOW,
    MOST_ACTIVE_ITEMS,
    TooManyChanges,
)
from ...mapping.listings.inventory import map_inventory_items
from ...mapping.listings.listing import (
    AUCTION,
    FULL_FIELDS,
    LIST_FIELDS,
    active_total,
    map_active_page,
    map_item,
    map_items,
)
from ...mapping.listings.report import map_report
from ...mapping.stock_prices.feed import latest_task
from ..engine.run import aware_utc, explain, utcnow

_logger = logging.getLogger(__name__)

# From this number of known listings on, the report is cheaper than pages of a list.
REPORT_FROM = 2_000
REPORT_CHUNK = 500
REPORT_POLL = timedelta(seconds=30)
MOST_ROUNDS = 3
GTC_WINDOW = timedelta(days=31)
A_DAY = timedelta(days=1)
# Up to this number, listings are read one by one; more are faster by the list.
FEW = 20
MOST_CHECKED = 200
ASKED = -1


class ListingSweep:
    """Continues a sweep where it stopped; every page is committed with its position."""

    def __init__(self, run, store, sweep, note):
        self.run = run
        self.env = run.env
        self.store = store
        self.sweep = sweep
        self.note = note

    def go(self):
        """Go stage by stage until the end, or until the time is up."""
        stages = {
            "start": self._start,
            "active": self._active,
            "report": self._report,
            "auctions": self._auctions,
            "titles": self._titles,
            "items": self._items,
            "past": self._past,
            "ended": self._ended,
        }
        while self.sweep.stage != "done":
            if not stages[self.sweep.stage]():
                return

    def _turn(self, processed, page):
        """Commit a page with the place of the next one; true while there is time."""
        self.sweep.page = page
        if not self.run.save(processed):
            self.run.more = True
            return False
        return True

    def _next(self, stage):
        self.sweep._go_to(stage)
        return self._turn(0, 0)

    # -- which way ---------------------------------------------------------------

    def _start(self):
        [(known,)] = self.store.Listing._read_group(
            [("account_id", "=", self.run.account.id), ("active", "=", True)],
            [],
            ["listing_ref:count_distinct"],
        )
        return self._next("report" if known > REPORT_FROM else "active")

    # -- the list of active listings ---------------------------------------------

    def _active(self):
        """GetMyeBaySelling, page by page; again if the list moved in the meantime."""
        while True:
            page = self.sweep.page + 1
            reply = self.run.client.trading.get_my_ebay_selling(
                page, output=LIST_FIELDS
            )
            total, pages = active_total(reply)
            self.sweep.total = total
            if total >= MOST_ACTIVE_ITEMS:  # the list ends there silently
                return self._next("report")
            snapshots, notes = map_active_page(reply)
            self.note(self.run, notes)
            self.sweep._saw(page, self.store.store(snapshots))
            if page >= pages:
                break
            if not self._turn(len(snapshots), page):
                return False
        self.sweep.rounds += 1
        slipped = self._seen_listings() < total or self._moved()
        if slipped and self.sweep.rounds < MOST_ROUNDS:
            return self._turn(len(snapshots), 0)
        return self._next("titles")

    def _seen_listings(self):
        """How many listings (not variations) were seen so far."""
        groups = self.store.Listing._read_group(
            [("id", "in", list(self.sweep._seen_ids()))],
            [],
            ["listing_ref:count_distinct"],
        )
        return groups[0][0]

    def _moved(self):
        """Whether the list moved up during this walk, when nothing is known yet.

        Then a listing may have changed pages and was never shown. Later sweeps need
        not ask: what they miss is known, and is looked up in the end.
        """
        walked_before = self.sweep.search_count(
            [("account_id", "=", self.run.account.id), ("stage", "=", "done")], limit=1
        )
        if walked_before or self.sweep.total <= LARGEST_PAGE:
            return False
        window = aware_utc(self.sweep.started_at), utcnow()
        ended = set()
        try:
            for reply in self.run.client.trading.event_windows(window, LIST_FIELDS):
                snapshots, _notes = map_items(reply)
                ended |= {one.listing_ref for one in snapshots if one.over}
        except TooManyChanges:
            return True
        before, self.sweep.ended_count = self.sweep.ended_count, len(ended)
        return len(ended) > before

    # -- the report --------------------------------------------------------------

    def _report(self):
        """Have eBay write the report, wait for it, read it in chunks."""
        with self.run.part() as tried:
            return self._report_step()
        if not tried.passes:
            self._drop_report(explain(tried.error))
        return False

    def _report_step(self):
        if not self.sweep.task_ref and not self._order_report():
            return False
        task = self.run.client.feed.get_inventory_task(self.sweep.task_ref)
        if not is_finished(task):
            self.run.account._wake(
                "listings_in", at=fields.Datetime.now() + REPORT_POLL
            )
            return False
        if not has_result(task):
            self._drop_report(self.env._("eBay could not make the report."))
            return False
        return self._read_report()

    def _order_report(self):
        """Order the report; after a lost answer see first whether it was ordered."""
        feed = self.run.client.feed
        if self.sweep.page == ASKED:
            self.sweep.task_ref = self._ordered_since(feed)
        if not self.sweep.task_ref:
            self.sweep.page = ASKED
            self.run.save()
            self.sweep.task_ref = feed.create_active_inventory_report().created_id
        return self._turn(0, 0)

    def _ordered_since(self, feed):
        tasks = feed.get_inventory_tasks(ACTIVE_INVENTORY_REPORT).get("tasks") or []
        return latest_task(tasks, aware_utc(self.sweep.started_at)) or False

    def _read_report(self):
        done = max(self.sweep.page, 0)
        with tempfile.TemporaryFile() as file:
            self.run.client.feed.download_result_file(self.sweep.task_ref, file)
            with unpacked(file) as content:
                snapshots = map_report(report_rows(content))
                for number, chunk in enumerate(_chunks(snapshots, REPORT_CHUNK)):
                    if number < done:
                        continue
                    rows = self.store.store(chunk, as_of=self.sweep.started_at)
                    self.sweep._saw(number, rows)
                    if not self._turn(len(chunk), number + 1):
                        return False
        return self._next("auctions")

    def _drop_report(self, reason):
        """A useless report: order another one, but not for ever.

        Then there is the list, unless it was found to be too short.
        """
        self.sweep.write(
            {"task_ref": False, "page": 0, "rounds": self.sweep.rounds + 1}
        )
        self.run.counts["failed"] += 1
        self.run.line("failed", message=reason)
        if self.sweep.rounds >= MOST_ROUNDS and not self.sweep.total:
            self.sweep.rounds = 0
            self.sweep._go_to("active")
        elif self.sweep.rounds >= MOST_ROUNDS:
            self.env["ebay.issue"]._raise(
                self.run.account, "report_useless", reason=reason
            )
            self.sweep._finish()
            self.run.account.listings_swept_at = fields.Datetime.now()
        self.run.save()

    # -- auctions ----------------------------------------------------------------

    def _auctions(self):
        """Auctions, which the report leaves out, where there are any."""
        known = [
            ("account_id", "=", self.run.account.id),
            ("active", "=", True),
            ("format", "=", AUCTION),
        ]
        pages = self.sweep.page + self.store.Listing.search_count(known, limit=1)
        while self.sweep.page < pages:
            page = self.sweep.page + 1
            reply = self.run.client.trading.get_my_ebay_selling(
                page, output=LIST_FIELDS, auctions_only=True
            )
            _total, pages = active_total(reply)
            snapshots, notes = map_active_page(reply)
            self.note(self.run, notes)
            self.sweep._saw(page, self.store.store(snapshots))
            if not self._turn(len(snapshots), page):
                return False
        return self._next("titles")

    # -- titles ------------------------------------------------------------------

    def _titles(self):
        """What the report lacks: titles, marketplaces, categories."""
        bare = self._bare()
        few = self.store.Listing._read_group(bare, ["listing_ref"], limit=FEW + 1)
        if len(few) <= FEW:
            self.store.Listing.search(bare).details_wanted = True
            return self._next("items")
        now = utcnow()
        pages = self.run.client.trading.seller_list_pages(
            end=(now, now + GTC_WINDOW), output=FULL_FIELDS, first=self.sweep.page + 1
        )
        for number, reply in enumerate(pages, self.sweep.page + 1):
            snapshots, notes = map_items(reply)
            self.note(self.run, notes)
            self.sweep._saw(-number, self.store.store(snapshots))
            if not self._turn(len(snapshots), number):
                return False
        return self._next("items")

    def _bare(self):
        """The domain of what only a full answer completes; it may be everything."""
        return [
            ("account_id", "=", self.run.account.id),
            ("active", "=", True),
            "|",
            ("title", "=", False),
            ("marketplace_id", "=", False),
        ]

    # -- the Inventory API's items -----------------------------------------------

    def _items(self):
        """Which SKUs the Inventory API owns, and what it knows of them."""
        first = self.sweep.page
        pages = self.run.client.inventory.item_pages(first=first)
        # One SKU with characters that the API does not allow makes its page fail.
        with self.run.record(self.sweep) as tried:
            for number, reply in enumerate(pages, first + 1):
                items = map_inventory_items(reply)
                self.store.add_item_facts(items)
                if not self._turn(len(items), number):
                    return False
        if tried.passes:
            raise tried.error
        return self._next("past")

    # -- what is gone -------------------------------------------------------------

    def _past(self):
        """Many were not seen: eBay's list of what ended names 200 of them a page."""
        unseen = set(self._unseen().mapped("listing_ref"))
        if len(unseen) <= FEW:
            return self._next("ended")
        pages = self.run.client.trading.seller_list_pages(
            end=(self._last_look(), utcnow()),
            output=LIST_FIELDS,
            first=self.sweep.page + 1,
        )
        for number, reply in enumerate(pages, self.sweep.page + 1):
            snapshots, notes = map_items(reply)
            self.note(self.run, notes)
            self.store.store([one for one in snapshots if one.listing_ref in unseen])
            if not self._turn(len(snapshots), number):
                return False
        return self._next("ended")

    def _last_look(self):
        """From when on a listing may have ended unnoticed."""
        last = self.sweep.search(
            [("account_id", "=", self.run.account.id), ("stage", "=", "done")], limit=1
        )
        since = aware_utc(last.started_at or self.sweep.started_at) - A_DAY
        return max(since, utcnow() - LONGEST_LIST_WINDOW)

    def _ended(self):
        """Ask eBay about each listing that was not seen; only its word ends one."""
        unseen = self._unseen()
        refs = unseen.grouped("listing_ref")
        for checked, (ref, rows) in enumerate(list(refs.items())):
            if checked >= MOST_CHECKED:
                self._too_many(len(refs))
                break
            self._check(ref, rows)
            self.sweep._saw(0, rows)
            if not self._turn(1, 0):
                return False
        return self._finish()

    def _unseen(self):
        rows = self.store.Listing.search(
            [
                ("account_id", "=", self.run.account.id),
                ("active", "=", True),
                ("create_date", "<", self.sweep.started_at),
            ],
            order="id",
        )
        seen = self.sweep._seen_ids()
        unseen = rows.browse(row_id for row_id in rows.ids if row_id not in seen)
        unseen.fetch(["listing_ref"])  # of a whole shop, only what is asked for
        return unseen

    def _check(self, ref, rows):
        with self.run.record() as tried:
            reply = self.run.client.trading.get_item(ref, FULL_FIELDS)
            self.store.store([map_item(reply)])
        error = tried.error
        if isinstance(error, Rejected) and error.not_found:
            self.store.set_ended(rows)
        elif error:
            self.run.failed(rows[:1], error)
        if tried.passes:  # asked again, alone, until there is an answer
            rows.details_wanted = True

    def _too_many(self, count):
        """Many listings gone at once: the rest waits for the next sweep."""
        self.env["ebay.issue"]._raise(
            self.run.account, "listings_vanished", count=count
        )

    def _finish(self):
        self.run.account.listings_swept_at = self.sweep.started_at
        self.sweep._finish()
        self.run.save()
        return True


def _chunks(iterator, size):
    iterator = iter(iterator)
    while chunk := list(islice(iterator, size)):
        yield chunk
