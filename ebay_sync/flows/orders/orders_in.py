"""eBay's orders come into Odoo: fetch -> store -> build.

Fetch and store stand here; what is stored becomes sale orders in ``build.py``.
"""

import logging
from datetime import timedelta
from functools import partial
from itertools import chain

from odoo import api, fields, models

from ...mapping.orders.document import document_hash, document_to_store
from ...mapping.orders.due import order_due, units_due
from ...mapping.orders.order import map_order
from ...mapping.orders.page import read_page
from ...mapping.orders.payment import CANCELED
from ...mapping.orders.privacy import without_person
from ...mapping.orders.units import sold_units
from ...mapping.values.errors import MappingError
from ..engine.run import aware_utc, naive_utc, utcnow
from .lines_of_listings import unsettle_quantities
from .odoo_facts import Base
from .order_gaps import OrderGaps
from .vanished_orders import count_misses

_logger = logging.getLogger(__name__)

# eBay advises to look back two minutes; a little more costs nothing, because what has
# not changed is not written. What is younger than this counts as not read yet: eBay
# may show it late.
OVERLAP = timedelta(minutes=10)
SETTLED_AFTER = timedelta(seconds=15)
# A window with more orders than this is cut in two, so that one slice gets through it.
MOST_IN_WINDOW = 2000
SMALLEST_WINDOW = timedelta(minutes=1)
# A window whose pages shifted while they were read is read again, so often in all.
MOST_WALKS = 3
# getOrders takes so many ids at once.
IDS_AT_ONCE = 50
REREAD_OPEN_AFTER = timedelta(hours=1)
# What eBay left open for longer than this is neither read again nor waited for.
OPEN_FOR = timedelta(days=120)
DETAILS_AT_ONCE = 20
GIVE_UP_AFTER_TRIES = 10


class EbayFlowOrdersIn(models.AbstractModel):
    """Changed orders -> ebay.order -> sale.order."""

    _name = "ebay.flow.orders.in"
    _description = "eBay flow: orders in"
    _inherit = "ebay.flow"

    _flow_name = "orders_in"
    _flow_sequence = 10
    _flow_interval = (5, "minutes")

    @api.model
    def _flow_label(self):
        return self.env._("Orders")

    @api.model
    def _work(self, run):
        """Everything that may have changed, from the surest sign to the weakest."""
        for fetch in (
            self._fetch_wanted,
            self._fetch_news,
            self._fetch_range,
            self._fetch_gaps,
            self._fetch_open,
        ):
            with run.part():
                fetch(run)
        build = self.env["ebay.order.build"]
        build._build_due(run)
        self.env["ebay.order.holds"]._release_old(run)
        self.env["ebay.order.invoices"]._invoice_due(run)
        with run.part():
            while self._fetch_details(run):
                build._build_due(run)

    # -- fetch -----------------------------------------------------------------

    def _fetch_wanted(self, run):
        """Orders that somebody asked for by number: a notification or a person."""
        while wanted := self.env["ebay.order"].search(
            [
                ("account_id", "=", run.account.id),
                ("wanted_at", "<=", fields.Datetime.now()),
            ],
            order="wanted_at",
            limit=IDS_AT_ONCE,
        ):
            self._read_by_ref(run, wanted)
            if not run.save():
                run.more = True
                return

    def _fetch_news(self, run):
        run.more |= not self._fetch_changed(run)

    def _fetch_gaps(self, run):
        OrderGaps(run).read_again(partial(self._walk, run))

    def _fetch_changed(self, run):
        """What changed on eBay since the last time, window by window.

        Returns whether all of it is read up to now.
        """
        account = run.account
        end = utcnow() - SETTLED_AFTER
        read_until = account.orders_read_until_at
        start = aware_utc(read_until or account.orders_since_at or end)
        while start < end and run.checkpoint.has_time():
            start = self._fetch_window(run, start, end, OVERLAP, open_end=True)
            account.orders_read_until_at = naive_utc(start)
            run.save()
        return start >= end

    def _fetch_range(self, run):
        """A range that a person wants read again."""
        account = run.account
        if not account.refetch_from_at or not run.checkpoint.has_time():
            return
        latest = utcnow() - SETTLED_AFTER
        end = min(aware_utc(account.refetch_to_at or naive_utc(latest)), latest)
        start = aware_utc(account.refetch_from_at)
        while start < end and run.checkpoint.has_time():
            start = self._fetch_window(run, start, end)
            if start < end:
                account.refetch_from_at = naive_utc(start)
                run.save()
        if start < end:
            run.more = True
        else:
            account.write({"refetch_from_at": False, "refetch_to_at": False})
            run.save()

    def _fetch_window(self, run, start, end, overlap=timedelta(0), open_end=False):
        """Store every page of one window, and of so much before it.

        Returns the time up to which it is read, later than ``start`` however crowded
        the overlap is: only what is new is cut in two. What is not whole stays due.

        With an open end eBay shows what changed after ``end`` as well. Otherwise an
        order of five minutes ago would be missing when it is paid just now, because it
        has left the window.
        """
        since = start - overlap
        first, pages = self._ask(run, since, None if open_end else end)
        while first.get("total", 0) > MOST_IN_WINDOW and end - start > SMALLEST_WINDOW:
            end, open_end = start + (end - start) / 2, False
            first, pages = self._ask(run, since, end)
        until = None if open_end else end
        counted, shown = self._walk(run, since, until, (first, pages))
        if shown < counted:
            OrderGaps(run).note(since, end, counted, shown)
        return end

    def _walk(self, run, since, until, asked=None):
        """Store all pages of a window, again while eBay shows fewer than it counts.

        ``asked`` is its first page with all others, where that was asked for already.
        Returns how many orders eBay counted, and how many it showed.
        """
        for _walk in range(MOST_WALKS):
            first, pages = asked or self._ask(run, since, until)
            asked, counted = None, first.get("total", 0)
            shown = self._store_pages(run, first, pages)
            if shown >= counted:
                break
        return counted, shown

    def _ask(self, run, start, end):
        """The first page of a window, and all others."""
        pages = run.client.fulfillment.order_pages(modified_from=start, modified_to=end)
        return next(pages), pages

    def _store_pages(self, run, first, pages):
        """Store all pages; returns how many different orders there were.

        Fewer than eBay counted, when one changed and the others moved up: the first of
        a later page was then on none.
        """
        refs, nameless = set(), 0
        for page in chain([first], pages):
            if page is not first:
                run.save()  # the page before is committed while the next one is read
            seen = self._store(run, page["orders"])
            refs |= seen
            nameless += len(page["orders"]) - len(seen)
        return len(refs) + nameless

    def _fetch_open(self, run):
        """Read open orders again, the longest unread first: no change stays unseen."""
        now = fields.Datetime.now()
        rows = self.env["ebay.order"].search(
            [
                ("account_id", "=", run.account.id),
                ("state", "=", "imported"),
                ("is_open", "=", True),
                ("read_at", "<", now - REREAD_OPEN_AFTER),
                ("ebay_created_at", ">", now - OPEN_FOR),
            ],
            order="read_at",
            limit=IDS_AT_ONCE,
        )
        if rows and run.checkpoint.has_time():
            self._read_by_ref(run, rows)
            rows.read_at = now
            run.save()

    def _fetch_details(self, run):
        """Orders of which the list does not tell all: cancel requests, tax numbers.

        Returns whether some were read; those that came last may still be waiting.
        """
        rows = self.env["ebay.order"].search(
            [("account_id", "=", run.account.id), ("needs_details", "=", True)],
            limit=DETAILS_AT_ONCE,
        )
        read = False
        for row in rows:
            if not run.checkpoint.has_time():
                run.more = True
                return False
            with run.record(row) as tried:
                self._store(run, [run.client.fulfillment.get_order(row.order_ref)])
            if not tried.passes:
                row.write(
                    {"needs_details": False, "detailed_at": fields.Datetime.now()}
                )
                read = True
            run.save(1)
        return read

    def _read_by_ref(self, run, rows):
        """Read these orders by number; what eBay does not show (yet) is asked again."""
        answer = run.client.fulfillment.get_orders_by_id(rows.mapped("order_ref"))
        seen = self._store(run, answer["orders"])
        rows.filtered(lambda row: row.order_ref in seen).write(
            {"wanted_at": False, "wanted_tries": 0}
        )
        missing = rows.filtered(lambda row: row.order_ref not in seen)
        wanted = missing.filtered("wanted_at")
        for row in wanted:
            self._not_shown(run, row)
        count_misses(run, missing - wanted)

    def _not_shown(self, run, row):
        if row.wanted_tries + 1 < GIVE_UP_AFTER_TRIES:
            wait = timedelta(seconds=15 * 2**row.wanted_tries)
            again = fields.Datetime.now() + wait
            row.write({"wanted_at": again, "wanted_tries": row.wanted_tries + 1})
            run.account._wake("orders_in", at=again)
            return
        row.write({"wanted_at": False, "wanted_tries": 0})
        if not row.payload:
            row.write({"state": "ignored", "message": self.env._("Unknown to eBay")})
            self.env["ebay.issue"]._raise(
                run.account, "order_unknown", order=row, order_ref=row.order_ref
            )

    # -- store -----------------------------------------------------------------

    def _store(self, run, documents):
        """Keep these documents as they came; returns the numbers that were read."""
        snapshots, unreadable = read_page(documents)
        if unreadable:
            run.counts["failed"] += unreadable
            run.line("failed", message=self.env._("An order without a number"))
            self.env["ebay.issue"]._raise(
                run.account, "order_without_number", severity="danger"
            )
        stored = self.env["ebay.order"].search_fetch(
            [
                ("account_id", "=", run.account.id),
                ("order_ref", "in", [one.order_ref for one in snapshots]),
            ],
            ["order_ref", "payload_hash"],
        )
        known = {(row.order_ref, row.payload_hash) for row in stored}
        news = [one for one in snapshots if (one.order_ref, one.digest) not in known]
        run.counts["seen"] += len(snapshots)
        run.counts["unchanged"] += len(snapshots) - len(news)
        if news:
            self._store_news(run, news)
        return {one.order_ref for one in snapshots}

    def _store_news(self, run, news):
        """Store what is new or changed, in rows that are held first."""
        run.save()
        refs = [one.order_ref for one in news]
        rows = run.settle(lambda: self.env["ebay.order"]._hold(run.account, refs))
        cancelled_before = rows.filtered(_is_cancelled)
        by_ref = {row.order_ref: row for row in rows}
        units = {}
        for one in news:
            self._refresh(run, by_ref[one.order_ref], one, units)
        self.env["ebay.order"]._set_lines(units)
        if cancelled := rows.filtered(_is_cancelled) - cancelled_before:
            unsettle_quantities(cancelled)

    def _refresh(self, run, row, one, units):
        """Write a changed document over the stored one, unless it knows less.

        What it takes from stock is added to ``units``, by row.
        """
        document = document_to_store(one.document, row.payload or None)
        if document and row.erased_at:
            document = self._still_erased(row, document)
        if document is None:
            run.counts["unchanged"] += 1
            return
        if row.sale_order_id and not row.applied:
            Base.of(row).hand_over(row)  # as long as the document of before is there
        order = _mapped(document)
        values = self._row_values(document, row, order)
        units[row] = units_due(sold_units(document), order)
        if row.state == "ignored" and row.payload and not row.is_left_to_others:
            values.pop("state")
        row.write({**values, **_facts(one)})

    @staticmethod
    def _still_erased(row, document):
        """A forgotten buyer stays forgotten, whatever eBay still shows."""
        document = without_person(document)
        same = document_hash(document) == document_hash(row.payload)
        return None if same else document

    def _row_values(self, document, row, order):
        """The document and what a list of orders shows of it, as far as it is read."""
        document = document_to_store(document)
        values = {
            "payload": document,
            "payload_hash": document_hash(document),
            "read_at": fields.Datetime.now(),
            "state": "pending",
            "attempts": 0,
            "next_try_at": False,
            "message": False,
        }
        if not order:
            return values
        order = order_due(order)
        detailed_at, modified_at = row.detailed_at, naive_utc(order.modified_at)
        return {
            **values,
            "payment_status": order.payment_status,
            "fulfillment_status": order.fulfillment_status,
            "cancel_state": order.cancel.state,
            "buyer_username": order.buyer.username,
            "total": f"{order.expected_total} {order.currency}",
            "marketplace": order.lines[0].purchase_marketplace,
            "country_code": order.tax_country,
            "amount": float(order.expected_total),
            "currency": order.currency,
            "needs_details": order.needs_details
            and not (detailed_at and detailed_at >= modified_at),
            "is_open": not order.cancel.is_cancelled
            and order.fulfillment_status != "FULFILLED",
        }


def _mapped(document):
    """The order of a document; None where it cannot be read."""
    try:
        return map_order(document)
    except MappingError as error:
        _logger.warning("eBay order not readable at %s", error.path)
        return None


def _is_cancelled(row):
    return row.cancel_state == CANCELED


def _facts(one):
    """What a snapshot says of itself, mapped or not."""
    return {
        "order_ref": one.order_ref,
        "ebay_created_at": one.created_at and naive_utc(one.created_at),
        "ebay_modified_at": one.modified_at and naive_utc(one.modified_at),
    }
