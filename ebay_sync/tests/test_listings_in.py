"""Listings in: backfill, changes, ended ones, interruptions; no change = no write."""

from datetime import datetime, timedelta, timezone
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.sql_db import Cursor
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.ebay_api.errors import RateLimited, Transient
from odoo.addons.ebay_sync.flows.listings import sweep as listing_sweep
from odoo.addons.ebay_sync.flows.listings.listings_in import EbayFlowListingsIn

from .listings_case import SHIRT, ListingsCase

FLOW_LOGGER = "odoo.addons.ebay_sync.flows.engine.run"
RUN_LOGGER = "odoo.addons.ebay_sync.flows.engine.run"


@tagged("post_install", "-at_install")
class TestListingsIn(ListingsCase):
    def test_a_backfill_mirrors_both_kinds_with_their_variations(self):
        self.ebay.add("1001", "SKU-1", quantity=7, price="19.90", title="Lamp")
        self.ebay.add("1002", **SHIRT)
        self.ebay.add("1003", quantity=1)
        self.ebay.inventory_items["SKU-1"] = {
            "sku": "SKU-1",
            "condition": "NEW",
            "product": {"ean": ["4006381333931"], "aspects": {"Brand": ["Lumo"]}},
            "packageWeightAndSize": {"weight": {"value": 1.5, "unit": "KILOGRAM"}},
        }
        log = self.pull()
        self.assertEqual((log.state, log.created_count), ("done", 4))
        lamp = self.rows("1001")
        self.assertRecordValues(
            lamp,
            [
                {
                    "title": "Lamp",
                    "sku": "SKU-1",
                    "quantity": 7,
                    "price": 19.9,
                    "state": "ACTIVE",
                    "owner": "inventory",
                    "barcode": "4006381333931",
                    "weight": 1.5,
                    "marketplace_id": self.germany.id,
                    "format": "FIXED_PRICE",
                    "stock_master": "nobody",
                }
            ],
        )
        self.assertEqual(lamp.currency_id.name, "EUR")
        self.assertEqual(lamp.item_specifics, {"Brand": ["Lumo"]})
        self.assertEqual(lamp.url, "https://www.sandbox.ebay.com/itm/1001")
        red, blue = self.rows("1002").sorted("sku", reverse=True)
        self.assertEqual((red.quantity, red.state), (2, "ACTIVE"))
        self.assertEqual((blue.quantity, blue.state), (0, "OUT_OF_STOCK"))
        self.assertEqual(blue.state_text, "Sold out")
        blue.state = "ON_THE_MOON"
        self.assertEqual(blue.state_text, "ON_THE_MOON")
        self.assertEqual(red.variation_name, "Red, M")
        self.assertEqual(red.variation_ref, "colour=red|size=m")
        self.assertEqual(self.rows("1003").sku, False)
        self.assertEqual(self.account.listing_count, 4)
        self.assertTrue(self.account.listings_swept_at)

    def test_a_quantity_that_was_put_back_by_hand_is_noticed(self):
        """Nine were shown, two of them sold; somebody made it nine again."""
        self.ebay.add("1001", "SKU-1", quantity=9)
        self.pull()
        row = self.rows("1001")
        taken = fields.Datetime.now() - timedelta(hours=2)
        row.write(
            {
                "stock_master": "odoo",
                "changed_at": taken,
                "quantity_acked": 9,
                "quantity_acked_at": taken,
            }
        )
        self.ebay.change("1001")
        self.pull()
        self.assertEqual(row.changed_at, taken, "nothing was sold")
        sold = {
            "account_id": self.account.id,
            "listing_ref": "1001",
            "sku": "SKU-1",
            "quantity": 2,
            "ordered_at": taken + timedelta(hours=1),
        }
        self.env["ebay.order"].create(
            {
                "account_id": self.account.id,
                "order_ref": "A-1",
                "state": "imported",
                "line_ids": [Command.create(sold)],
            }
        )
        self.ebay.change("1001")
        self.pull()
        self.assertGreater(row.changed_at, taken)

    def test_the_cheapest_calls_are_made(self):
        for number in range(450):
            self.ebay.add(str(2000 + number), f"K{number}")
        self.pull()
        self.assertEqual(self.ebay.calls.count("GetMyeBaySelling"), 3)
        self.assertEqual(len(self.ebay.calls), 5, self.ebay.calls)

    def test_nothing_changed_is_nothing_written(self):
        self.ebay.add("1001", "SKU-1", price="0.10")
        self.ebay.add("1002", **SHIRT)
        self.ebay.add(
            "1003",
            price="1234.56",
            details={"PictureDetails": {"GalleryURL": "https://i.ebayimg.com/a.jpg"}},
        )
        self.pull()
        self.again()
        statements = []
        execute = Cursor.execute

        def spy(cursor, query, *args, **kwargs):
            statements.append(str(getattr(query, "code", query)))
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", spy):
            log = self.pull()
        self.assertEqual(log.unchanged_count, 4)
        self.assertEqual((log.created_count, log.updated_count), (0, 0))
        self.assertFalse(log.line_ids)
        updates = [s for s in statements if 'UPDATE "ebay_listing"' in s]
        self.assertEqual(updates, [])
        self.assertTrue([s for s in statements if 'UPDATE "ebay_sync_log"' in s])

    def test_what_changed_is_logged_before_and_after(self):
        self.ebay.add("1001", "SKU-1", quantity=7, price="19.90", title="Lamp")
        self.ebay.add("1002", "SKU-2")
        self.pull()
        self.ebay.change("1001", quantity=5, price="18.50")
        log = self.pull()
        self.assertEqual(self.ebay.calls[-1], "GetSellerEvents")
        self.assertEqual((log.updated_count, log.unchanged_count), (1, 0))
        self.assertEqual(log.line_ids.res_id, self.rows("1001").id)
        self.assertEqual(
            log.line_ids.changes, {"price": [19.9, 18.5], "quantity": [7, 5]}
        )

    def test_a_new_listing_shows_in_the_next_run_with_its_owner(self):
        self.pull()
        self.ebay.add("1005", "NEW-1", details={"ConditionID": "3000"})
        self.ebay.inventory_items["NEW-1"] = {"sku": "NEW-1"}
        self.ebay.change("1005")
        self.pull()
        new = self.rows("1005")
        self.assertEqual((new.owner, new.condition), ("inventory", "USED_EXCELLENT"))

    def test_one_sku_on_two_listings_is_two_rows_with_unknown_owner(self):
        self.ebay.add("1001", "SAME")
        self.ebay.add("1002", "SAME", currency="GBP", site="UK")
        self.ebay.inventory_items["SAME"] = {"sku": "SAME", "condition": "NEW"}
        self.pull()
        rows = self.rows()
        self.assertEqual(rows.mapped("owner"), ["trading", "trading"])
        self.assertEqual(rows.mapped("condition"), ["NEW", "NEW"])

    def test_an_ended_listing_is_noticed_by_what_changed(self):
        self.ebay.add("1001", "SKU-1")
        self.pull()
        self.ebay.change("1001", status="Completed")
        self.pull()
        ended = self.rows("1001")
        self.assertEqual((ended.state, ended.active), ("ENDED", False))
        self.assertEqual(str(ended.ended_at), "2026-01-02 03:04:05")

    def test_an_unseen_listing_is_looked_up_before_it_counts_as_ended(self):
        for ref in ("1001", "1002", "1003"):
            self.ebay.add(ref, f"S{ref}")
        self.pull()
        self.env.cr.execute("UPDATE ebay_listing SET create_date = '2020-01-01'")
        self.env.invalidate_all()
        self.ebay.items["1001"]["status"] = "Completed"
        del self.ebay.items["1002"]
        hidden = self.ebay.items.pop("1003")

        def show_again(name):
            if name == "GetItem":
                self.ebay.items["1003"] = hidden

        self.ebay.before_call = show_again
        self.again()
        self.pull()
        self.assertEqual(self.ebay.calls.count("GetItem"), 3)
        states = {row.listing_ref: row.state for row in self.rows()}
        self.assertEqual(states, {"1001": "ENDED", "1002": "ENDED", "1003": "ACTIVE"})

    def test_when_many_vanish_the_rest_waits_and_the_inbox_says_so(self):
        for number in range(8):
            self.ebay.add(str(3000 + number), f"S{number}")
        self.pull()
        self.env.cr.execute("UPDATE ebay_listing SET create_date = '2020-01-01'")
        self.env.invalidate_all()
        self.ebay.items.clear()
        self.again()
        with patch.object(listing_sweep, "MOST_CHECKED", 5):
            self.pull()
        self.assertEqual(len(self.rows().filtered("active")), 3)
        issue = self.account.issue_ids
        self.assertEqual(issue.code, "listings_vanished")
        self.assertIn("8 listings are missing", issue.summary)

    def test_a_removed_variation_ends_and_a_renamed_one_stays(self):
        item = self.ebay.add("1002", **SHIRT)
        self.pull()
        red, blue = self.rows("1002").sorted("sku", reverse=True)
        item["variations"] = [
            {
                "sku": "S-R",
                "quantity": 2,
                "aspects": {"Colour": "Crimson", "Size": "M"},
            },
        ]
        self.ebay.change("1002")
        log = self.pull()
        self.assertEqual(red.variation_ref, "colour=crimson|size=m")
        self.assertTrue(red.active)
        self.assertEqual((blue.state, blue.active), ("ENDED", False))
        self.assertEqual(log.updated_count, 3, "red is renamed, and read in full")

    def test_a_variation_that_gets_another_sku_stays_the_same_row(self):
        item = self.ebay.add("1002", **SHIRT)
        self.pull()
        red = self.rows("1002").filtered(lambda row: row.sku == "S-R")
        item["variations"] = [
            {"sku": "NEW", "quantity": 2, "aspects": {"Colour": "Red", "Size": "M"}},
            {"sku": "S-B", "quantity": 0, "aspects": {"Colour": "Blue", "Size": "M"}},
        ]
        self.ebay.change("1002")
        self.pull()
        self.assertEqual(red.sku, "NEW")
        self.assertEqual(len(self.rows("1002")), 2)

    def test_a_backfill_goes_on_where_it_was_interrupted(self):
        for number in range(500):
            self.ebay.add(str(2000 + number), f"K{number}")
        pages = iter(range(10))

        def fail_on_third(name):
            if name == "GetMyeBaySelling" and next(pages) == 2:
                raise Transient("eBay did not answer")

        self.ebay.before_call = fail_on_third
        with mute_logger(FLOW_LOGGER):
            log = self.pull()
        self.assertEqual((log.state, log.created_count), ("failed", 400))
        self.assertEqual(self.account._open_sweep().page, 2)
        log = self.pull()
        self.assertEqual((log.state, log.created_count), ("done", 100))
        self.assertEqual(self.ebay.calls.count("GetMyeBaySelling"), 3)
        self.assertEqual(len(self.rows()), 500)

    def test_when_the_budget_is_used_up_the_next_run_goes_on_there(self):
        for number in range(500):
            self.ebay.add(str(2000 + number), f"K{number}")
        until = datetime.now(timezone.utc) + timedelta(minutes=7)
        left = [True, True, False]

        def count(name):
            if name == "GetMyeBaySelling" and left and not left.pop(0):
                raise RateLimited("Our own limit is used up", until=until, local=True)

        self.ebay.before_call = count
        log = self.pull()
        self.assertEqual((log.state, log.created_count), ("throttled", 400))
        cron = self.env["ebay.schedule"].search(
            [("account_id", "=", self.account.id), ("flow", "=", "listings_in")]
        )
        woken = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.cron_id.id)])
        late = max(woken.mapped("call_at")) - until.replace(tzinfo=None)
        self.assertLess(abs(late), timedelta(seconds=2))
        self.ebay.calls.clear()
        log = self.pull()
        self.assertEqual((log.state, log.created_count), ("done", 100))
        self.assertEqual(self.ebay.calls.count("GetMyeBaySelling"), 1)

    def test_when_the_time_is_up_the_next_slice_goes_on(self):
        for number in range(500):
            self.ebay.add(str(2000 + number), f"K{number}")
        work = EbayFlowListingsIn._work

        def hurried(flow, run):
            run.checkpoint.deadline = 0
            work(flow, run)

        states = []
        with patch.object(EbayFlowListingsIn, "_work", hurried):
            while not states or states[-1] == "partial":
                states.append(self.pull().state)
                if len(states) == 2:  # the first page is in
                    self.ebay.change("2000", status="Completed")
                    self.ebay.add("9999", "LATE")
        self.assertEqual(states[-1], "done")
        self.assertGreater(len(states), 4)
        self.assertEqual(len(self.rows()), 501)
        self.assertEqual(self.rows("2000").state, "ENDED", "what changed is known, too")

    def test_listings_that_slip_through_between_pages_are_found(self):
        for number in range(400):
            self.ebay.add(str(2000 + number), f"K{number}")

        def end_one(name):
            if len(self.ebay.calls) == 1 and "2000" in self.ebay.items:
                self.ebay.change("2000", status="Completed")
                self.ebay.add("9999", "LATE")

        self.ebay.before_call = end_one
        self.pull()
        self.assertTrue(self.rows("2200"))
        self.assertEqual(len(self.rows()), 401)
        self.assertEqual(self.ebay.calls.count("GetMyeBaySelling"), 4)

    def test_a_listing_that_cannot_be_read_costs_only_itself(self):
        self.ebay.add("", "NO-REF")
        self.ebay.add("1001", "SKU-1")
        log = self.pull()
        self.assertEqual(self.rows().mapped("listing_ref"), ["1001"])
        self.assertTrue(log.failed_count)

    def test_titles_with_anything_in_them_are_text(self):
        title = "<script>alert(1)</script> \u202eevil\x00 ; DROP TABLE \u2013 😀"
        self.ebay.add("1001", "SKU-1", title=title)
        self.pull()
        self.assertEqual(
            self.rows().title, "<script>alert(1)</script> evil ; DROP TABLE \u2013 😀"
        )

    def test_the_marketplace_is_the_sites_or_the_only_one_with_the_currency(self):
        self.account.marketplace_ids |= self.env["ebay.marketplace"].search(
            [("code", "in", ("EBAY_AT", "EBAY_GB"))]
        )
        self.ebay.add("1001", "EUR-1", site="Austria")
        self.ebay.add("1002", "GBP-1", currency="GBP", site="UK")
        self.pull()
        codes = {row.listing_ref: row.marketplace_id.code for row in self.rows()}
        self.assertEqual(codes, {"1001": "EBAY_AT", "1002": "EBAY_GB"})
        self.assertEqual(self.ebay.calls.count("GetItem"), 1)

    def test_a_currency_that_odoo_does_not_use_is_still_the_listings(self):
        zloty = self.env.ref("base.PLN")
        zloty.active = False
        self.ebay.add("1001", "PLN-1", currency="PLN", price="49.99")
        self.pull()
        self.assertEqual((self.rows().currency_id, self.rows().price), (zloty, 49.99))
        self.assertFalse(zloty.active, "that is for the accountant to decide")
        self.again()
        self.assertFalse(self.pull().updated_count)

    def test_details_that_are_wanted_are_read_once(self):
        self.ebay.add(
            "1001",
            "SKU-1",
            details={
                "PrimaryCategory": {"CategoryID": "20706", "CategoryName": "A:B:C"},
                "PictureDetails": {
                    "PictureURL": ["https://i.ebayimg.com/1.jpg", "http://x/2.jpg"]
                },
                "ProductListingDetails": {"EAN": "4006381333931"},
                "ShippingPackageDetails": {
                    "WeightMajor": {"value": "2", "unit": "kg"},
                    "WeightMinor": {"value": "250", "unit": "gr"},
                },
            },
        )
        self.pull()
        row = self.rows()
        row.with_user(self.manager).action_read_details()
        self.pull()
        self.assertEqual(row.category_path, "A / B / C")
        self.assertEqual(row.picture_urls, ["https://i.ebayimg.com/1.jpg"])
        self.assertEqual((row.barcode, row.weight), ("4006381333931", 2.25))
        self.assertTrue(row.detailed_at)
        self.assertFalse(row.details_wanted)
        calls = len(self.ebay.calls)
        self.pull()
        self.assertEqual(self.ebay.calls[calls:], ["GetSellerEvents"])

    def test_after_a_long_gap_everything_is_read_again(self):
        self.ebay.add("1001", "SKU-1")
        self.pull()
        self.account.listings_read_until_at = fields.Datetime.now() - timedelta(days=9)
        self.ebay.calls.clear()
        self.pull()
        self.assertEqual(self.ebay.calls[0], "GetMyeBaySelling")

    def test_another_accounts_listings_are_left_alone(self):
        _company, other = self.second_company()
        twin = self.Listing.create(
            {"account_id": other.id, "listing_ref": "1001", "sku": "SKU-1"}
        )
        self.ebay.add("1001", "SKU-1")
        self.pull()
        self.assertEqual(len(self.rows()), 1)
        self.assertFalse(twin.title)
