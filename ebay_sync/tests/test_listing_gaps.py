"""What eBay's lists leave out or tell late: nothing ends, and nothing stands still."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.ebay_api.errors import ContractError
from odoo.addons.ebay_sync.ebay_api.trading import TooManyChanges

from .listings_case import SHIRT, ListingsCase

RUN_LOGGER = "odoo.addons.ebay_sync.flows.engine.run"


@tagged("post_install", "-at_install")
class TestListingGaps(ListingsCase):
    def shirt(self):
        """A listing whose variations are all known: red is for sale, blue sold out."""
        self.ebay.add("1002", title="Shirt", **SHIRT)
        self.pull()
        red, blue = self.rows("1002").sorted("sku", reverse=True)
        self.ebay.calls.clear()
        return red, blue

    def asked(self):
        return self.ebay.calls.count("GetItem")

    # -- variations ----------------------------------------------------------------

    def test_a_variation_that_a_list_leaves_out_lives_on_until_ebay_ends_it(self):
        _red, blue = self.shirt()
        self.ebay.idle_shown = False
        self.ebay.change("1002")
        self.pull()
        self.assertEqual((blue.state, blue.active), ("OUT_OF_STOCK", True))
        self.assertEqual(self.asked(), 1)
        self.assertFalse(blue.details_wanted)
        self.ebay.change("1002")
        self.again()
        self.pull()
        self.assertTrue(blue.active)
        self.assertEqual(self.asked(), 1, "asked a moment ago")
        self.rows().doubted_at = fields.Datetime.now() - timedelta(days=4)
        self.ebay.items["1002"]["variations"] = SHIRT["variations"][:1]
        self.again()
        self.pull()
        self.assertEqual((blue.state, blue.active), ("ENDED", False))
        self.assertEqual(self.asked(), 2)

    def test_a_listing_shown_without_its_variations_keeps_them(self):
        red, blue = self.shirt()
        red_gone = [{**one, "quantity": 0} for one in SHIRT["variations"]]
        self.ebay.idle_shown = False
        self.ebay.change("1002", variations=red_gone)
        self.pull()
        self.assertEqual(self.rows("1002"), red | blue)
        self.assertEqual((red | blue).mapped("active"), [True, True])
        self.assertEqual(red.quantity, 0, "its answer in full has come")

    def test_an_ended_listing_ends_with_the_variations_that_are_not_shown(self):
        red, blue = self.shirt()
        self.ebay.idle_shown = False
        gone = [{**one, "quantity": 0} for one in SHIRT["variations"]]
        self.ebay.change("1002", variations=gone, status="Completed")
        self.pull()
        self.assertEqual(self.rows("1002"), red | blue)
        self.assertEqual((red | blue).mapped("state"), ["ENDED", "ENDED"])
        self.assertEqual(self.asked(), 0)

    def test_so_many_doubts_a_run_and_no_more(self):
        for number in range(25):
            self.ebay.add(str(3000 + number), **SHIRT)
        self.pull()
        self.ebay.calls.clear()
        self.ebay.idle_shown = False
        self.again()
        self.pull()
        self.assertEqual(self.asked(), 20)
        self.again()
        self.pull()
        self.assertEqual(self.asked(), 25)
        self.assertEqual(len(self.rows().filtered("active")), 50)

    # -- whose it is ---------------------------------------------------------------

    def test_an_item_without_a_published_offer_does_not_claim_the_listing(self):
        self.ebay.add("1001", "A")
        self.ebay.add("1002", "B")
        for sku in "AB":
            self.ebay.inventory_items[sku] = {"sku": sku, "condition": "NEW"}
        self.pull()
        self.assertEqual(self.rows().mapped("owner"), ["inventory", "inventory"])
        taken = self.rows("1001")  # no offer named it, and Trading took a quantity
        now = fields.Datetime.now()
        taken.write(
            {"owner": "trading", "quantity_sent_at": now, "quantity_acked_at": now}
        )
        self.again()
        log = self.pull()
        self.assertEqual(self.rows().mapped("owner"), ["trading", "inventory"])
        self.assertFalse(log.updated_count)

    def test_more_changes_at_once_than_ebay_lists_are_found_by_reading_all(self):
        self.ebay.add("1001", "SKU-1")
        self.pull()
        self.ebay.items["1001"]["quantity"] = 77
        self.ebay.calls.clear()

        def too_many(modified, output=()):
            raise TooManyChanges("Too many listings changed at once for eBay to list")

        self.ebay.event_windows = too_many
        self.assertEqual(self.pull().state, "done")
        self.assertEqual(self.ebay.calls, ["GetMyeBaySelling", "getInventoryItems"])
        self.assertEqual(self.rows().quantity, 77)

    # -- answers that cannot be read -----------------------------------------------

    def unreadable(self, *refs):
        def fail(item_id, output=()):
            if item_id in refs:
                self.ebay.calls.append("GetItem")
                raise ContractError("eBay's answer is no XML (GetItem)")
            return get_item(item_id, output)

        get_item = self.ebay.get_item
        self.ebay.get_item = fail

    @mute_logger(RUN_LOGGER)
    def test_a_listing_that_ebay_cannot_show_does_not_stop_the_others(self):
        for ref in ("1001", "1002"):
            self.ebay.add(ref, f"S{ref}", details={"ConditionID": "3000"})
        self.pull()
        self.unreadable("1001")
        self.rows().action_read_details()
        log = self.pull()
        self.assertEqual((log.state, log.failed_count), ("done", 1))
        self.assertEqual(self.rows("1002").condition, "USED_EXCELLENT")
        self.assertFalse(self.rows().filtered("details_wanted"))

    @mute_logger(RUN_LOGGER)
    def test_a_missing_listing_that_cannot_be_read_does_not_hold_up_the_sweep(self):
        for ref in ("1001", "1002"):
            self.ebay.add(ref, f"S{ref}")
        self.pull()
        self.env.cr.execute("UPDATE ebay_listing SET create_date = '2020-01-01'")
        self.env.invalidate_all()
        self.ebay.items.clear()
        self.unreadable("1001")
        self.again()
        self.assertEqual(self.pull().state, "done")
        self.assertTrue(self.rows("1001").active, "nobody said that it ended")
        self.assertFalse(self.rows("1002").active)
        self.assertFalse(self.account._open_sweep())

    def test_many_that_ended_unnoticed_are_found_a_page_at_a_time(self):
        for number in range(450):
            self.ebay.add(str(3000 + number), f"S{number}")
        self.pull()
        self.env.cr.execute("UPDATE ebay_listing SET create_date = '2020-01-01'")
        self.env.invalidate_all()
        for number in range(400):
            self.ebay.items[str(3000 + number)]["status"] = "Completed"
        del self.ebay.items["3400"]
        self.ebay.calls.clear()
        self.again()
        self.pull()
        self.assertEqual(self.ebay.calls.count("GetSellerList"), 2)
        self.assertEqual(self.asked(), 1, "the one that eBay does not list")
        self.assertEqual(len(self.rows().filtered("active")), 49)
        self.assertEqual(str(self.rows("3000").ended_at), "2026-01-02 03:04:05")
        self.assertFalse(self.account.issue_ids)

    @mute_logger(RUN_LOGGER)
    def test_items_that_cannot_be_read_do_not_hold_up_the_sweep(self):
        self.ebay.add("1001", "SKU-1")

        def unreadable(name):
            if name == "getInventoryItems":
                raise ContractError("eBay's answer is no JSON (getInventoryItems)")

        self.ebay.before_call = unreadable
        log = self.pull()
        self.assertEqual((log.state, log.failed_count), ("done", 1))
        self.assertFalse(self.account._open_sweep())

    def test_what_is_gone_is_not_asked_about_for_ever(self):
        _red, blue = self.shirt()
        blue.action_read_details()
        self.ebay.items["1002"]["variations"] = SHIRT["variations"][:1]
        self.pull()
        self.assertFalse(blue.active)
        self.pull()
        self.assertEqual(self.asked(), 1)
