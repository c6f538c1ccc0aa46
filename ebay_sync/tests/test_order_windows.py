"""The windows in which changed orders are read: whole, overlapping, always forward."""

from datetime import datetime, timedelta, timezone
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.mapping.values.dates import parse_timestamp

from .orders import OrderCase, ebay_time, simple_order

FLOW = "odoo.addons.ebay_sync.flows.orders.orders_in"
LATER = datetime.max.replace(tzinfo=timezone.utc)


@tagged("post_install", "-at_install")
class TestOrderWindows(OrderCase):
    def test_the_next_window_begins_before_the_last_one_ended(self):
        self.pull()
        first_end = self.account.orders_read_until_at
        self.ebay.calls.clear()
        self.run_flow("orders_in")
        _call, start, end = self.ebay.calls[0]
        self.assertEqual(start.replace(tzinfo=None), first_end - timedelta(minutes=10))
        self.assertIsNone(end)
        left_open = datetime.now() - self.account.orders_read_until_at
        self.assertGreater(left_open, timedelta(seconds=14))

    def test_an_order_that_changed_a_moment_ago_is_seen(self):
        """Bought five minutes ago and paid just now: stock must not be sent without."""
        now = ebay_time(datetime.now(timezone.utc))
        self.pull(simple_order("A-1", lastModifiedDate=now))
        self.assertEqual(self.sale("A-1").state, "sale")

    def shifting(self, *walks):
        """Have eBay count three orders, and show these pages at each walk."""
        orders = {ref: simple_order(ref) for ref in ("A-1", "A-2", "A-3")}
        walks = iter(walks)

        def pages(**_window):
            for refs in next(walks):
                yield {"total": 3, "orders": [orders[ref] for ref in refs]}

        self.ebay.order_pages = pages

    def test_an_order_that_slips_between_two_pages_is_not_lost(self):
        """One of the first page has changed, and the others moved up by one."""
        self.shifting([["A-1"], ["A-3"]], [["A-2"], ["A-3", "A-1"]])
        log = self.run_flow("orders_in")
        self.assertEqual((log.state, log.failed_count), ("done", 0))
        self.assertEqual(self.sale("A-2").state, "sale")

    def hiding(self, *refs):
        """Have eBay count these orders in their window, and show them in none."""
        hidden = {ref: simple_order(ref) for ref in refs}
        shown = type(self.ebay).order_pages

        def pages(*, modified_from, modified_to=None, **_filters):
            times = (one["lastModifiedDate"] for one in hidden.values())
            inside = sum(
                modified_from <= parse_timestamp(time) <= (modified_to or LATER)
                for time in times
            )
            asked = {"modified_from": modified_from, "modified_to": modified_to}
            for page in shown(self.ebay, **asked):
                yield {**page, "total": page["total"] + inside}

        self.ebay.order_pages = pages
        return hidden

    def entry(self):
        return self.env["ebay.issue"].search([("code", "=", "orders_not_shown")])

    def due_now(self):
        """The windows that are not whole are due again at once."""
        self.account.order_gaps = [
            {**gap, "next_at": gap["from"]} for gap in self.account.order_gaps or []
        ]

    def test_a_window_that_is_not_whole_stays_due_until_it_is(self):
        hidden = self.hiding("A-2")
        self.pull(simple_order("A-1"))
        self.assertEqual(self.sale("A-1").state, "sale")
        self.assertTrue(self.account.orders_read_until_at, "the others go on")
        self.assertEqual(self.entry().state, "open")
        self.assertIn("2", self.entry().summary)
        self.ebay.calls.clear()
        self.run_flow("orders_in")
        self.assertEqual(len(self.ebay.calls), 1, "not asked for in every run")
        for _ in range(3):
            self.due_now()
            log = self.run_flow("orders_in")
            self.assertEqual(log.state, "done")
            self.assertEqual(self.entry().mapped("state"), ["open"], "one entry")
        del self.ebay.order_pages
        self.ebay.show(*hidden.values())
        self.due_now()
        self.run_flow("orders_in")
        self.assertEqual(self.sale("A-2").state, "sale")
        self.assertFalse(self.account.order_gaps)
        self.assertEqual(self.entry().state, "done")

    def test_what_is_not_whole_becomes_ever_smaller(self):
        """So that asking again and again costs little."""
        [order] = self.hiding("A-2").values()
        self.run_flow("orders_in")
        for _ in range(40):
            self.due_now()
            self.run_flow("orders_in")
        [gap] = self.account.order_gaps
        start, end = parse_timestamp(gap["from"]), parse_timestamp(gap["to"])
        self.assertLessEqual(end - start, timedelta(minutes=1))
        self.assertTrue(start <= parse_timestamp(order["lastModifiedDate"]) <= end)

    def test_an_ebay_that_always_counts_too_many_is_not_asked_without_end(self):
        def pages(**_window):
            yield {"total": 9, "orders": []}

        self.ebay.order_pages = pages
        for _ in range(30):
            before = datetime.now() - timedelta(hours=3)
            self.account.orders_read_until_at = before
            self.due_now()
            self.run_flow("orders_in")
        self.assertLessEqual(len(self.account.order_gaps), 20)
        self.assertEqual(len(self.entry()), 1)

    def test_a_range_read_again_is_no_different(self):
        self.run_flow("orders_in")
        self.hiding("A-2")
        self.account.refetch_from_at = datetime.now() - timedelta(hours=3)
        self.run_flow("orders_in")
        self.assertTrue(self.account.order_gaps)
        self.assertFalse(self.account.refetch_from_at)
        self.assertEqual(self.entry().state, "open")

    def test_a_crowded_window_is_cut(self):
        orders = []
        for number in range(6):
            order = simple_order(f"A-{number}")
            moment = datetime.now(timezone.utc) - timedelta(days=number, hours=1)
            order["lastModifiedDate"] = ebay_time(moment)
            orders.append(order)
        self.startPatcher(patch(f"{FLOW}.MOST_IN_WINDOW", 2))
        self.ebay.page_size = 1
        self.pull(*orders)
        for number in range(6):
            self.assertEqual(len(self.sale(f"A-{number}")), 1)

    def test_a_crowded_overlap_stops_nothing(self):
        """More orders than a window takes, all changed at nearly the same time."""
        self.startPatcher(patch(f"{FLOW}.MOST_IN_WINDOW", 2))
        now = datetime.now(timezone.utc)
        moment = now - timedelta(minutes=30)
        before = moment - timedelta(minutes=1)
        self.account.orders_read_until_at = before.replace(tzinfo=None)
        orders = [
            simple_order(f"A-{number}", lastModifiedDate=ebay_time(moment))
            for number in range(4)
        ]
        orders.append(
            simple_order("A-5", lastModifiedDate=ebay_time(now - timedelta(minutes=1)))
        )
        self.pull(*orders)
        self.assertEqual(len(self.env["ebay.order"].search([])), 5)
        later = moment + timedelta(minutes=25)
        self.assertGreater(
            self.account.orders_read_until_at, later.replace(tzinfo=None)
        )

    def test_a_watermark_never_passes_a_window_that_failed(self):
        def fail(**_filters):
            raise ConnectionError("boom")

        self.ebay.order_pages = fail
        with mute_logger("odoo.addons.ebay_sync.flows.engine.run"):
            log = self.run_flow("orders_in")
        self.assertEqual(log.state, "failed")
        self.assertFalse(self.account.orders_read_until_at)
