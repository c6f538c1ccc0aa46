"""The windows in which changed orders are read: whole, overlapping, always forward."""

from datetime import datetime, timedelta, timezone
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .orders import OrderCase, ebay_time, simple_order

FLOW = "odoo.addons.ebay_sync.flows.orders.orders_in"


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

    def test_what_ebay_counts_and_never_shows_stands_in_the_log(self):
        self.shifting(*[[["A-1"], ["A-3"]]] * 3)
        log = self.run_flow("orders_in")
        self.assertEqual((log.state, log.failed_count), ("done", 1))
        self.assertIn("3", log.line_ids.filtered("message").message)
        self.assertTrue(self.account.orders_read_until_at)

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
        with mute_logger("odoo.addons.ebay_sync.flows.engine.flow"):
            log = self.run_flow("orders_in")
        self.assertEqual(log.state, "failed")
        self.assertFalse(self.account.orders_read_until_at)
