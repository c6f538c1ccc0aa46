"""Large shops: one report instead of pages; waited for, cut short, read in chunks."""

import contextlib
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.compat import Checkpoint
from odoo.addons.ebay_sync.ebay_api.errors import ErrorDetail, Rejected, Transient
from odoo.addons.ebay_sync.flows.listings import sweep as listing_sweep

from .fake_listings import gone
from .listings_case import SHIRT, ListingsCase

FLOW_LOGGER = "odoo.addons.ebay_sync.flows.engine.run"


@tagged("post_install", "-at_install")
class TestListingReport(ListingsCase):
    """Large shops: one file instead of pages."""

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(listing_sweep, "REPORT_FROM", 2))
        for number in range(30):
            self.ebay.add(str(5000 + number), f"R{number}", quantity=number)
        self.ebay.add("6000", **SHIRT)

    def test_beyond_ebays_limit_the_report_is_taken_at_once(self):
        self.ebay.list_total = 25000
        log = self.pull()
        self.assertEqual(log.state, "done")
        self.assertEqual(len(self.rows()), 32)
        self.assertEqual(self.rows("5007").title, "Thing 5007")
        self.assertEqual(self.ebay.calls.count("GetSellerList"), 1)
        self.assertEqual(self.ebay.calls.count("createInventoryTask"), 1)

    def test_a_known_shop_is_swept_with_four_requests(self):
        self.pull()
        self.ebay.calls.clear()
        self.again()
        self.ebay.items["5003"]["quantity"] = 99
        log = self.pull()
        self.assertEqual(
            self.ebay.calls,
            [
                "GetSellerEvents",
                "createInventoryTask",
                "getInventoryTask",
                "getResultFile",
                "getInventoryItems",
            ],
        )
        self.assertEqual(self.rows("5003").quantity, 99)
        self.assertEqual((log.updated_count, log.unchanged_count), (1, 31))

    def test_a_report_that_takes_its_time_is_waited_for(self):
        self.ebay.list_total = 25000
        self.ebay.report_status = "IN_PROCESS"
        self.assertEqual(self.pull().state, "done")
        self.assertEqual(self.account._open_sweep().stage, "report")
        self.assertFalse(self.rows())
        self.ebay.report_status = "COMPLETED"
        self.pull()
        self.assertEqual(len(self.rows()), 32)
        self.assertEqual(self.ebay.calls.count("createInventoryTask"), 1)

    def test_a_lost_answer_does_not_order_the_report_twice(self):
        self.ebay.list_total = 25000

        def lose(name):
            if name == "createInventoryTask":
                raise Transient("eBay did not answer", outcome_unknown=True)

        self.ebay.before_call = lose
        with mute_logger(FLOW_LOGGER):
            self.assertEqual(self.pull().state, "failed")
        self.pull()
        self.assertEqual(len(self.rows()), 32)
        self.assertEqual(self.ebay.calls.count("createInventoryTask"), 0)
        self.assertEqual(self.ebay.calls.count("getInventoryTasks"), 1)

    def test_a_file_cut_short_is_no_empty_shop(self):
        self.pull()
        self.again()
        self.ebay.report_bytes = self.ebay.report().encode()[:1500]
        with mute_logger(FLOW_LOGGER):
            log = self.pull()
        self.assertEqual(log.state, "failed")
        self.assertEqual(len(self.rows().filtered("active")), 32)
        self.ebay.report_bytes = None
        self.assertEqual(self.pull().state, "done")
        self.assertEqual(self.ebay.calls.count("createInventoryTask"), 2)
        self.assertFalse(self.account._open_sweep())

    def test_a_report_that_never_works_ends_in_the_inbox(self):
        self.ebay.list_total = 25000
        self.ebay.report_bytes = b"<html>Sorry</html>"
        with mute_logger(FLOW_LOGGER):
            for _try in range(3):
                self.assertEqual(self.pull().state, "failed")
        told = self.account.issue_ids.grouped("code")
        self.assertEqual(set(told), {"report_useless", "answer_unreadable"})
        self.assertFalse(self.account._open_sweep())
        told["report_useless"].with_user(self.manager).action_fix()
        self.assertFalse(self.account.listings_swept_at)

    @mute_logger(FLOW_LOGGER)
    def test_where_ebay_refuses_the_report_the_list_will_do(self):
        self.pull()
        self.again()

        def refuse(name):
            if name == "createInventoryTask":
                detail = ErrorDetail("160025", "The quota is used up", "API_FEED")
                raise Rejected("The quota is used up", errors=[detail], status=409)

        self.ebay.before_call = refuse
        self.ebay.items["5003"]["quantity"] = 99
        for _try in range(3):
            self.assertEqual(self.pull().state, "failed")
        self.assertEqual(self.pull().state, "done")
        self.assertEqual(self.rows("5003").quantity, 99)
        self.assertFalse(self.account._open_sweep())
        self.assertFalse(self.account.issue_ids)

    @mute_logger(FLOW_LOGGER)
    def test_a_report_that_ebay_has_forgotten_is_ordered_again(self):
        self.ebay.list_total = 25000
        self.ebay.report_status = "IN_PROCESS"
        self.pull()
        self.ebay.report_status = "COMPLETED"
        forgotten = [gone("task-1")]

        def forget(name):
            if name == "getInventoryTask" and forgotten:
                raise forgotten.pop()

        self.ebay.before_call = forget
        self.assertEqual(self.pull().state, "failed")
        self.assertEqual(self.pull().state, "done")
        self.assertEqual(self.ebay.calls.count("createInventoryTask"), 2)
        self.assertEqual(len(self.rows()), 32)

    def test_variations_are_not_what_makes_a_shop_large(self):
        self.ebay.items.clear()
        self.ebay.add("6000", **SHIRT)
        self.ebay.add("6001", **SHIRT)
        self.pull()
        self.ebay.calls.clear()
        self.again()
        self.pull()
        self.assertEqual(self.ebay.calls.count("GetMyeBaySelling"), 1)
        self.assertNotIn("createInventoryTask", self.ebay.calls)

    def test_a_killed_reader_goes_on_behind_its_last_chunk(self):
        self.ebay.list_total = 25000
        with patch.object(listing_sweep, "REPORT_CHUNK", 10):
            chunks = listing_sweep._chunks

            def die_after_two(iterator, size):
                for number, chunk in enumerate(chunks(iterator, size)):
                    if number == 2:
                        raise KeyboardInterrupt
                    yield chunk

            with patch.object(listing_sweep, "_chunks", die_after_two):
                with contextlib.suppress(KeyboardInterrupt):
                    self.pull()
            self.env.invalidate_all()
            self.assertEqual(self.account._open_sweep().page, 2)
            log = self.pull()
        self.assertEqual(len(self.rows()), 32)
        self.assertEqual(log.created_count, 12)

    def test_a_sweep_in_many_slices_asks_little_besides(self):
        """Between slices neither what changed, nor all rows at once, are read."""
        self.ebay.list_total = 25000
        self.ebay.per_page = 2
        read = self._rows_read_for_titles()
        self.startPatcher(patch.object(listing_sweep, "FEW", 2))
        slices = 1
        with patch.object(Checkpoint, "has_time", lambda checkpoint: False):
            while self.pull().state == "partial":
                slices += 1
        self.assertGreater(slices, 16)
        self.assertEqual(set(read), {2})
        self.assertLessEqual(self.ebay.calls.count("GetSellerEvents"), 2)
        self.assertEqual(len(self.rows()), 32)
        self.assertTrue(all(self.rows().mapped("title")))

    def _rows_read_for_titles(self):
        """Fills with the number of listings whose fields a statement reads there."""
        read = []
        fetch = type(self.Listing)._fetch_query

        def counted(listings, query, names):
            found = fetch(listings, query, names)
            if names and self.ebay.calls[-1] == "GetSellerList":
                read.append(len(found))
            return found

        self.startPatcher(patch.object(type(self.Listing), "_fetch_query", counted))
        return read

    def test_auctions_are_not_in_the_report_and_are_no_losses(self):
        for number in range(25):
            self.ebay.add(str(7000 + number), quantity=1, type="Chinese")
        self.ebay.list_total = 25000
        self.pull()
        self.assertEqual(len(self.rows()), 57)
        self.env.cr.execute("UPDATE ebay_listing SET create_date = '2020-01-01'")
        self.env.invalidate_all()
        self.ebay.list_total = None
        self.ebay.items["7001"]["price"] = "12.00"  # a bid
        self.ebay.items["7002"]["status"] = "Completed"
        self.ebay.calls.clear()
        self.again()
        self.pull()
        self.assertEqual(self.ebay.calls.count("GetMyeBaySelling"), 1)
        self.assertEqual(self.ebay.calls.count("GetItem"), 1, "the one that has ended")
        self.assertEqual(self.rows("7001").price, 12.0)
        self.assertEqual(self.rows("7002").state, "ENDED")
        self.assertEqual(len(self.rows().filtered("active")), 56)

    def test_variations_without_sku_are_known_by_what_varies(self):
        nameless = [{**one, "sku": None} for one in SHIRT["variations"]]
        self.ebay.add("6001", variations=nameless)
        self.pull()
        self.ebay.calls.clear()
        self.again()
        nameless[0]["quantity"] = 9
        self.pull()
        self.assertEqual(self.rows("6001").mapped("quantity"), [9, 0])
        self.assertEqual(self.ebay.calls.count("GetItem"), 0)

    # -- interrupted everywhere ----------------------------------------------------

    def stumble(self):
        """Run until done, where each call fails once; returns how many runs it took."""
        failed = set()

        def fall(name):
            call = name, self.ebay.calls.count(name)
            if call not in failed:
                failed.add(call)
                raise Transient("eBay did not answer", outcome_unknown=True)

        self.ebay.before_call = fall
        states = []
        with mute_logger(FLOW_LOGGER):
            while states[-1:] != ["done"] or self._is_open():
                states.append(self.pull().state)
                self.assertLess(len(states), 100, "it does not come to an end")
        self.ebay.before_call = lambda name: None
        return len(states)

    def _is_open(self):
        """Whether something is still to be read: what failed alone is asked again."""
        return self.account._open_sweep() or self.rows().filtered("details_wanted")

    def mirrored(self):
        return {
            (row.listing_ref, row.sku, row.title, row.quantity)
            for row in self.rows().filtered("active")
        }

    def on_ebay(self):
        found = set()
        for ref, item in self.ebay.items.items():
            if item["status"] == "Active":
                for unit in item.get("variations") or [item]:
                    found.add((ref, unit["sku"], item["title"], unit["quantity"]))
        return found

    @patch.object(listing_sweep, "REPORT_CHUNK", 10)
    def test_a_sweep_that_is_interrupted_at_every_call_is_whole(self):
        self.ebay.per_page = 10
        self.ebay.list_total = 25000
        for number in range(3):
            sku = f"R{number}"
            self.ebay.inventory_items[sku] = {"sku": sku, "condition": "NEW"}
        runs = self.stumble()
        self.assertGreater(runs, 8)
        self.assertEqual(self.mirrored(), self.on_ebay())
        self.assertEqual(len(self.rows()), 32, "and none twice")
        self.assertLessEqual(self.ebay.calls.count("createInventoryTask"), 1)
        self.assertEqual(self.rows("5001").owner, "inventory")

        self.env.cr.execute("UPDATE ebay_listing SET create_date = '2020-01-01'")
        self.env.invalidate_all()
        for ref in ("5005", "5006"):
            self.ebay.items[ref]["status"] = "Completed"
        del self.ebay.items["5007"]
        self.ebay.items["5008"]["quantity"] = 77
        self.ebay.add("5999", "NEW-1")
        self.ebay.calls.clear()
        self.again()
        self.stumble()
        self.assertEqual(self.mirrored(), self.on_ebay())
        self.assertEqual(len(self.rows()), 33)
        self.assertEqual(self.ebay.calls.count("GetItem"), 4, "three gone, one new")

    # -- a report is older than it looks ---------------------------------------------

    def late_report(self):
        """A report that is ordered now, and can be fetched when more has happened."""
        self.pull()
        self.again()
        self.ebay.report_bytes = self.ebay.report().encode()
        self.ebay.report_status = "IN_PROCESS"
        self.pull()
        ordered = self.account._open_sweep()
        ordered.started_at -= timedelta(minutes=20)  # it was so long ago
        self.account.listings_read_until_at = ordered.started_at
        self.env.cr.execute(
            "UPDATE ebay_listing SET changed_at = changed_at - interval '1 hour'"
        )
        self.env.invalidate_all()
        self.ebay.report_status = "COMPLETED"

    def test_a_report_is_older_than_what_was_heard_since_it_was_ordered(self):
        self.late_report()
        self.ebay.change("5009", quantity=4)
        self.ebay.change("5010", status="Completed")
        self.rows("5011").write(
            {
                "quantity": 3,
                "quantity_acked": 3,
                "quantity_acked_at": fields.Datetime.now(),
            }
        )
        self.rows("5012").quantity = 7  # a slip of ours: there the report is right
        log = self.pull()
        self.assertEqual(log.state, "done")
        self.assertIn("getResultFile", self.ebay.calls)
        self.assertEqual(self.rows("5009").quantity, 4)
        self.assertEqual(self.rows("5010").state, "ENDED")
        self.assertEqual(self.rows("5011").quantity, 3, "eBay took it a moment ago")
        self.assertEqual(self.rows("5012").quantity, 12)
        self.assertEqual(self.ebay.calls.count("GetItem"), 0, "they count as seen")
