"""Large changes travel as one file: open -> upload -> wait -> read each answer.

For listings outside the Inventory API, which eBay otherwise takes four at a time out
of a small quota. Every step is committed with its place, so that it resumes there after
any interruption. The numbers are absolute: what is given up is sent again by calls.
"""

import tempfile
from datetime import timedelta
from decimal import Decimal
from itertools import islice

from odoo import fields
from odoo.tools import SQL

from ...compat import advisory_lock
from ...ebay_api.errors import Rejected
from ...ebay_api.feed import has_result, is_finished, waits_for_file
from ...ebay_api.feed_files import unpacked, upload_results
from ..engine.run import explain
from ..orders.fresh_orders import FreshOrders
from ..orders.lines_of_listings import OF_LISTING
from .push_answers import PushAnswers
from .push_change import Change, inventory_status

# A file may have 15 MB; an entry has some 300 bytes.
MOST_ENTRIES = 10_000
ANSWERS_AT_ONCE = 200
POLL = timedelta(seconds=30)
# How long a listing waits for a file to be sent, and for eBay to process it.
UPLOAD_WITHIN = timedelta(minutes=15)
FINISH_WITHIN = timedelta(hours=1)
# After one that was given up, changes go by calls for a while.
REST = timedelta(hours=1)
EXPIRED, HAS_A_FILE = "160026", "160023"


class PushFeed:
    """The upload of one account; there is one at a time."""

    def __init__(self, run):
        self.run = run
        self.env = run.env
        self.account = run.account
        self.Listing = self.env["ebay.listing"]
        self.Feed = self.env["ebay.push.feed"]

    # -- what goes as a file -------------------------------------------------------

    def take(self, rows, by_id, claim):
        """Send what is worth a file as one; returns the rows that go by calls.

        While an upload is under way another large change waits for its turn; only what
        is to show less goes by calls, because somebody may buy it meanwhile.
        """
        least = self.account.feed_from
        if not least or len(rows) < least:
            return rows
        if self.Feed._failed_since(self.account, fields.Datetime.now() - REST):
            return rows
        if not self.Feed._under_way(self.account):
            mine = max(rows.grouped("marketplace_id").values(), key=len)[:MOST_ENTRIES]
            if len(mine) < least:
                return rows
            self._begin(mine, by_id, claim)
            self._walk()
            if self.feed.state != "failed":
                rows -= mine
            if len(rows) < least or not self.Feed._under_way(self.account):
                return rows
        urgent = rows.filtered(lambda row: _is_less(row, by_id[row.id]))[:least]
        self.run.counts["skipped"] += len(rows) - len(urgent)
        return urgent

    def _begin(self, rows, by_id, claim):
        """Record what the file will contain, and which listings it is taken from."""
        changes = [by_id[row.id] for row in rows]
        rows.push_feed_id = self.Feed.create(
            {
                "account_id": self.account.id,
                "marketplace_id": rows.marketplace_id.id,
                "total": len(rows),
                "entries": [_packed(change) for change in changes],
            }
        )
        claim(rows, by_id)

    # -- from step to step -----------------------------------------------------------

    def go_on(self):
        """Continue the upload that is under way, if there is one."""
        if not self.Feed._under_way(self.account):
            return
        with advisory_lock(self.env, "push", self.account.id) as free:
            if free:
                self._walk()

    def _walk(self):
        """As far as possible now. Trouble with a file never stops the other pushes."""
        self.feed = self.Feed._under_way(self.account)
        stages = {
            "new": self._open,
            "opened": self._upload,
            "uploading": self._has_it_arrived,
            "sent": self._is_it_finished,
            "reading": self._read,
        }
        with self.run.part(fails=False) as tried:
            while self.feed.state in stages:
                if not stages[self.feed.state]():
                    return
        if tried.passes:
            self._later(explain(tried.error))
        elif tried.error:
            self._give_up(explain(tried.error))

    def _to(self, state, **values):
        self.feed.write({"state": state, **values})
        self.run.save()
        return True

    def _open(self):
        """A task without a file does nothing: after a lost answer, another one."""
        task_ref = self._client().create_task().created_id
        return self._to("opened", task_ref=task_ref)

    def _upload(self):
        rows = {row.id: row for row in self.feed.listing_ids}
        changes = [one for one in self._changes() if one.listing_id in rows]
        self._to(
            "uploading",
            uploaded_at=fields.Datetime.now(),
            entries=[_packed(change) for change in changes],
        )
        try:
            self._client().upload_inventory_status(
                self.feed.task_ref,
                [inventory_status(rows[one.listing_id], one) for one in changes],
            )
        except Rejected as error:
            if error.has(EXPIRED):
                return self._to("new", task_ref=False)
            if not error.has(HAS_A_FILE):
                raise
        return self._to("sent")

    def _has_it_arrived(self):
        """The upload was begun, and its outcome is unknown."""
        task = self._client().get_task(self.feed.task_ref)
        return self._to("opened" if waits_for_file(task) else "sent")

    def _is_it_finished(self):
        task = self._client().get_task(self.feed.task_ref)
        if not is_finished(task):
            return self._later()
        if not has_result(task):
            return self._give_up(self.env._("eBay could not process the file."))
        return self._to("reading")

    # -- the answers -------------------------------------------------------------------

    def _read(self):
        """Each entry's answer. Orders first: a sale meanwhile makes it doubtful."""
        if not FreshOrders(self.run).are_here():
            return False
        doubtful = self._sold_meanwhile()
        changes = self._changes()
        with tempfile.TemporaryFile() as file:
            answer = self._client().download_result_file(self.feed.task_ref, file)
            with unpacked(file) as content:
                results = islice(upload_results(content), self.feed.read_count, None)
                while chunk := list(islice(results, ANSWERS_AT_ONCE)):
                    self._settle(chunk, changes, doubtful, answer)
                    self.feed.read_count += len(chunk)
                    if not self.run.save(len(chunk)):
                        self.run.more = True
                        return False
        self.feed._end("done")  # what it does not name stays unsettled
        self.run.save()
        return False

    def _settle(self, results, changes, doubtful, answer):
        answers = PushAnswers(self.run)
        for result in results:
            if result.number is None or result.number >= len(changes):
                continue
            change = changes[result.number]
            row = self.Listing.browse(change.listing_id).exists()
            if row.push_feed_id != self.feed:
                continue
            answers.of_upload(row, change, result, answer)
            if row.id in doubtful:
                row.quantity_unsettled = True  # sent once more, with what is left
        answers.write_down()

    def _sold_meanwhile(self):
        """Ids of listings that eBay sold from, or took something back for, while it
        held the file: nobody knows whether before or after it set the quantity."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT listing.id
                  FROM ebay_listing listing
                  JOIN ebay_order_line line ON %(of_listing)s
                  JOIN ebay_order o ON o.id = line.order_id
                 WHERE listing.push_feed_id = %(feed)s
                   AND (line.ordered_at >= %(since)s
                        OR o.cancel_state = 'CANCELED'
                           AND o.ebay_modified_at >= %(since)s)
                """,
                of_listing=OF_LISTING,
                feed=self.feed.id,
                since=self.feed.uploaded_at,
            )
        )
        return {row_id for (row_id,) in rows}

    # -- later, or not at all ------------------------------------------------------

    def _later(self, words=""):
        """Look again later; but no listing waits for ever."""
        sent = self.feed.state in ("sent", "reading")
        since = self.feed.uploaded_at if sent else self.feed.create_date
        if since < fields.Datetime.now() - (FINISH_WITHIN if sent else UPLOAD_WITHIN):
            return self._give_up(words or self.env._("eBay did not finish in time."))
        if words:
            self.run.line("failed", self.feed, message=words)
        at = fields.Datetime.now() + POLL
        self.account._wake(self.run.flow._flow_name, at=at)
        self.run.save()
        return False

    def _give_up(self, reason):
        """Its listings are unsettled still, and are sent by calls now."""
        self.run.counts["failed"] += 1
        self.run.line("failed", self.feed, message=reason)
        self.feed._end("failed", reason[:400])
        self.run.save()
        return False

    # -- helpers ---------------------------------------------------------------------

    def _client(self):
        """The Feed API on the listings' marketplace."""
        client = self.run.client
        if self.feed.marketplace_id:
            client = client.for_marketplace(self.feed.marketplace_id.code)
        return client.feed

    def _changes(self):
        return [_unpacked(entry) for entry in self.feed.entries]


def _packed(change):
    price = None if change.price is None else str(change.price)
    return [change.listing_id, change.quantity, price]


def _unpacked(entry):
    listing_id, quantity, price = entry
    return Change(listing_id, quantity, None if price is None else Decimal(price))


def _is_less(row, change):
    return change.quantity is not None and change.quantity < row.quantity
