"""eBay shows what the shelf holds: what is sent, what not, after which trouble."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.ebay_api.errors import RateLimited, Transient

from .fake_shelf import refusal
from .stock_case import StockCase


@tagged("post_install", "-at_install")
class TestStockOut(StockCase):
    def test_ebay_shows_what_the_shelf_holds(self):
        mine = self.listing(on_ebay=3)
        modern = self.listing("SKU-1", on_ebay=3, offer="offer-1")
        log = self.push()
        self.assertEqual(log.state, "done", log.message)
        self.assertEqual(self.ebay.quantity(mine.listing_ref), 1000)
        self.assertEqual(self.ebay.quantity(modern.listing_ref), 1000)
        self.assertEqual(mine.quantity_acked, 1000)
        self.assertEqual(mine.push_request_ref, "ri=9")
        self.assertEqual(log.updated_count, 2)
        self.assertEqual(log.line_ids[0].changes, {"quantity": [3, 1000]})

    def test_a_second_run_sends_nothing(self):
        self.many(3)
        self.push()
        sent = self.ebay.writes
        log = self.push()
        self.assertEqual(self.ebay.writes, sent)
        self.assertEqual(log.request_count, 0)
        self.assertEqual(log.unchanged_count, 3)

    def test_the_batches_are_as_large_as_ebay_takes(self):
        self.many(60)
        self.push()
        self.assertEqual([name for name, _entries in self.ebay.calls], ["bulk"] * 3)
        self.ebay.calls.clear()
        self.many(9, offers=False)
        self.push()
        names = [name for name, _entries in self.ebay.calls]
        self.assertEqual(names, ["revise"] * 3)

    def test_only_what_changed_is_sent(self):
        listings = self.many(30)
        self.push()
        self.ebay.calls.clear()
        self.stock(listings[7].product_id, 2)
        self.push()
        [(_name, entries)] = self.ebay.calls
        self.assertEqual([one["sku"] for one in entries], [listings[7].sku])
        self.assertEqual(self.ebay.quantity(listings[7].listing_ref), 7)

    def test_only_what_odoo_decides_over(self):
        self.listing(stock_master="ebay")
        self.listing(stock_master="nobody")
        self.listing(ignored=True)
        self.listing(active=False, state="ENDED")
        self.listing(format="AUCTION")
        unlinked = self.listing()
        unlinked.product_id = False
        self.push()
        self.assertEqual(self.ebay.writes, 0)

    def test_a_mirror_computes_and_sends_nothing(self):
        listing = self.listing(on_ebay=3)
        self.account.mode = "mirror"
        log = self.push()
        self.assertEqual(log.state, "done", log.message)
        self.assertEqual(listing.quantity_wanted, 1000)
        self.assertEqual(self.ebay.writes, 0)

    def test_a_copied_database_sends_nothing(self):
        self.listing(on_ebay=3)
        self.account.armed_for = "another database"
        self.push()
        self.assertEqual(self.ebay.writes, 0)

    # -- orders first --------------------------------------------------------------

    def test_a_sale_that_odoo_does_not_know_is_fetched_first(self):
        listing = self.listing("M", 10, self.storable("M"), "offer-1")
        self.stock(listing.product_id, 10)
        self.push()
        self.later()
        self.ebay.sell(listing.listing_ref, "M", 3)
        self.stock(listing.product_id, 5)
        self.push()
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 12)

    def test_what_ebay_sold_itself_is_not_sent_back(self):
        listing = self.listing("M", 10, self.storable("M"), "offer-1")
        self.stock(listing.product_id, 12)
        self.push()
        self.later()
        sent = self.ebay.writes
        self.ebay.sell(listing.listing_ref, "M", 3)
        self.run_flow("orders_in")
        self.push()
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 9)
        self.assertEqual(self.ebay.writes, sent, "eBay took it off automatically")

    def test_an_unpaid_order_holds_its_stock(self):
        product = self.storable("M")
        self.stock(product, 10)
        first = self.listing("M", 0, product, "offer-1")
        second = self.listing("M2", 0, product, "offer-2")
        self.push()
        self.later()
        self.ebay.sell(first.listing_ref, "M", 4, orderPaymentStatus="PENDING")
        self.run_flow("orders_in")
        self.push()
        self.assertEqual(self.ebay.quantity(first.listing_ref), 6)
        self.assertEqual(self.ebay.quantity(second.listing_ref), 6)

    def test_what_is_reserved_for_an_unpaid_order_is_not_taken_off_twice(self):
        product = self.storable("M")
        self.stock(product, 10)
        listing = self.listing("M", 0, product, "offer-1")
        other = self.listing("M2", 0, product, "offer-2")
        for days, source in ((0, "free"), (3, "free"), (3, "promised")):
            self.account.write({"hold_days": days, "stock_source": source})
            self.push()
            self.later()
            before = self.ebay.quantity(other.listing_ref)
            self.ebay.sell(listing.listing_ref, "M", 2, orderPaymentStatus="PENDING")
            self.run_flow("orders_in")
            self.push()
            shown = self.ebay.quantity(other.listing_ref)
            self.assertEqual(shown, before - 2, f"{days} days, {source}")

    def test_an_order_that_cannot_be_built_holds_its_stock(self):
        product = self.storable("M")
        self.stock(product, 10)
        first = self.listing("M", 0, product, "offer-1")
        second = self.listing("M2", 0, product, "offer-2")
        self.push()
        self.later()
        broken = {"value": "999.00", "currency": "EUR"}
        self.ebay.sell(first.listing_ref, "M", 4, pricingSummary={"total": broken})
        with mute_logger("odoo.addons.ebay_sync.flows.orders.orders_in"):
            self.run_flow("orders_in")
        self.push()
        self.assertEqual(self.ebay.quantity(second.listing_ref), 6)

    def test_a_cancelled_order_gives_its_stock_back(self):
        product = self.storable("M")
        self.stock(product, 10)
        listing = self.listing("M", 0, product, "offer-1")
        self.push()
        self.later()
        order = self.ebay.sell(
            listing.listing_ref, "M", 4, orderPaymentStatus="PENDING"
        )
        self.run_flow("orders_in")
        self.push()
        order["cancelStatus"] = {"cancelState": "CANCELED", "cancelRequests": []}
        self.ebay.fulfillment.show(order)
        self.later(seconds=0)
        self.run_flow("orders_in")
        self.push()
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 10)

    def test_nothing_is_sent_while_orders_cannot_be_read(self):
        self.listing(on_ebay=3)

        def down(**_window):
            raise Transient("eBay is down")

        self.ebay.fulfillment.order_pages = down
        with mute_logger("odoo.addons.ebay_sync.flows.engine.run"):
            log = self.push()
        self.assertEqual(log.state, "failed")
        self.assertEqual(self.ebay.writes, 0)

    # -- trouble -------------------------------------------------------------------

    def test_a_lost_answer_is_sent_again_whatever_was_believed(self):
        listing = self.listing("M", 0, self.storable("M"), "offer-1")
        self.stock(listing.product_id, 5)
        self.push()
        self.later()
        self.stock(listing.product_id, 5)
        self.ebay.lose = 1
        with mute_logger("odoo.addons.ebay_sync.flows.engine.run"):
            self.assertEqual(self.push().state, "failed")
        self.assertTrue(listing.quantity_unsettled)
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 10)
        self.stock(listing.product_id, -5)
        self.push()
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 5)
        self.assertFalse(listing.quantity_unsettled)

    def test_a_failed_item_in_a_good_answer_is_a_failed_item(self):
        good, bad = self.many(2)
        self.ebay.refuse[bad.sku] = "25003"
        log = self.push()
        self.assertEqual(good.quantity_acked, 5)
        self.assertFalse(bad.quantity_acked_at)
        self.assertIn("25003", bad.push_error)
        self.assertEqual((log.updated_count, log.failed_count), (1, 1))
        issue = self.env["ebay.issue"].search([("code", "=", "push_refused")])
        self.assertEqual(issue.res_id, bad.id)
        self.assertIn("25003", issue.advice)
        calls = self.ebay.writes
        self.push()
        self.assertEqual(self.ebay.writes, calls, "not sent again")
        self.ebay.refuse.clear()
        issue.action_fix()
        self.push()
        self.assertEqual(bad.quantity_acked, 5)
        self.assertEqual(issue.state, "done")

    def test_a_busy_item_is_tried_again_after_a_while(self):
        [listing] = self.many(1)
        self.ebay.refuse[listing.sku] = "25025"
        self.push()
        self.assertTrue(listing.push_next_try_at)
        calls = self.ebay.writes
        self.push()
        self.assertEqual(self.ebay.writes, calls, "not before its time")
        self.ebay.refuse.clear()
        self.later()
        self.push()
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 5)
        self.assertFalse(listing.push_error)

    def test_one_of_four_is_refused_by_trading(self):
        listings = self.many(4, offers=False)
        self.ebay.refuse[listings[2].sku] = "21916799"
        self.push()
        shown = [self.ebay.quantity(one.listing_ref) for one in listings]
        self.assertEqual(shown, [5, 5, 0, 5])
        self.assertIn("21916799", listings[2].push_error)

    def test_a_whole_call_is_refused_for_one_entry(self):
        listings = self.many(3)

        def picky(_name, entries):
            if len(entries) > 1:
                raise refusal("25709")

        self.ebay.trouble = picky
        self.push()
        shown = [self.ebay.quantity(one.listing_ref) for one in listings]
        self.assertEqual(shown, [5, 5, 5])

    def test_a_quota_in_the_middle_keeps_what_was_done(self):
        self.many(100)
        count = []

        def full(_name, entries):
            count.append(1)
            if len(count) == 3:
                raise RateLimited(until=fields.Datetime.now() + timedelta(hours=1))

        self.ebay.trouble = full
        log = self.push()
        self.assertEqual(log.state, "throttled")
        self.assertEqual(log.updated_count, 50)
        self.ebay.trouble = lambda name, entries: None
        self.push()
        shown = {thing["quantity"] for thing in self.ebay.things.values()}
        self.assertEqual(shown, {5})

    def test_a_listing_converted_to_the_other_api(self):
        listing = self.listing("M", 1, self.storable("M"))
        self.stock(listing.product_id, 5)
        self.ebay.things[listing.listing_ref, "M"]["offer"] = "offer-9"
        self.push()
        self.assertEqual(listing.owner, "inventory")
        self.push()
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 5)
        self.assertEqual(listing.offer_ref, "offer-9")

    def test_an_ended_listing_is_left_alone(self):
        listing = self.listing("M", 1, self.storable("M"))
        self.stock(listing.product_id, 5)
        self.ebay.things.clear()
        self.push()
        self.assertTrue(listing.details_wanted)
        self.assertFalse(self.env["ebay.issue"].search([("res_id", "=", listing.id)]))

    def test_the_last_revisions_of_a_day_are_for_showing_less(self):
        listing = self.listing("M", 10, self.storable("M"), "offer-1")
        self.stock(listing.product_id, 20)
        listing.write({"revisions": 200, "revisions_on": fields.Date.today()})
        self.push()
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 10)
        self.assertIn("250", self.env["ebay.issue"].search([]).mapped("advice")[0])
        self.stock(listing.product_id, -17)
        self.later()
        self.push()
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 3)

    def test_variations_of_one_listing_share_its_revisions(self):
        self.account.stock_zero_limit = 100
        rows = self.Listing
        for number in range(5):
            product = self.storable(f"V-{number}")
            self.stock(product, 4)
            rows |= self.listing(
                f"V-{number}",
                9,
                product,
                listing_ref="110000007777",
                is_variation=True,
                revisions=49 if number else 51,
                revisions_on=fields.Date.today(),
            )
        for row in rows:
            row.quantity = 9
        self.push()
        shown = [self.ebay.quantity("110000007777", row.sku) for row in rows]
        self.assertEqual(shown, [4, 4, 4, 9, 9], "247 + 3")
        self.assertEqual(sum(rows.mapped("revisions")), 250)
        self.push()
        self.assertEqual(sum(rows.mapped("revisions")), 250)

    def test_a_slip_of_the_hand_is_no_quantity(self):
        listing = self.listing("M", 10, self.storable("M"), "offer-1")
        self.stock(listing.product_id, 10**9)
        self.push()
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 999_999)
