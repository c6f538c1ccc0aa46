"""Large changes of listings outside the Inventory API travel as one file."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.ebay_api.errors import RateLimited, Transient
from odoo.addons.ebay_sync.flows.stock_prices import push_feed

from .fake_shelf import refusal, silence
from .orders import ebay_time
from .stock_case import StockCase

RUN_LOGGER = "odoo.addons.ebay_sync.flows.engine.run"


@tagged("post_install", "-at_install")
class TestPushFeed(StockCase):
    def setUp(self):
        super().setUp()
        self.account.feed_from = 4
        self.feed = self.ebay.feed

    def old(self, count=6, **options):
        return self.many(count, offers=False, **options)

    def shown(self, listings):
        return [self.ebay.quantity(one.listing_ref) for one in listings]

    def uploads(self):
        return self.env["ebay.push.feed"].search(
            [("account_id", "=", self.account.id)], order="id"
        )

    def test_a_large_change_is_one_file(self):
        listings = self.old()
        log = self.push()
        self.assertEqual(log.state, "done", log.message)
        self.assertEqual(self.ebay.writes, 0, "no call for any of them")
        [task] = self.feed.tasks.values()
        self.assertEqual(len(task["entries"]), 6)
        self.assertEqual(self.shown(listings), [5] * 6)
        self.assertEqual(set(listings.mapped("quantity_acked")), {5})
        self.assertFalse(listings.filtered("quantity_unsettled"))
        self.assertFalse(listings.push_feed_id)
        self.assertEqual(set(listings.mapped("push_request_ref")), {"ri=7"})
        self.assertEqual(self.uploads().state, "done")
        self.assertEqual(set(listings.mapped("revisions")), {1})
        self.assertEqual(self.push().updated_count, 0)

    def test_a_small_change_goes_by_calls(self):
        self.old(3)
        self.push()
        self.assertEqual((self.ebay.writes, self.feed.asked), (1, []))

    def test_it_can_be_switched_off(self):
        self.account.feed_from = 0
        self.old(8)
        self.push()
        self.assertEqual((self.ebay.writes, self.feed.asked), (2, []))

    def test_the_inventory_api_takes_its_own_listings(self):
        self.many(8)
        self.push()
        self.assertEqual(self.feed.asked, [])
        self.assertEqual(self.ebay.writes, 1)

    def test_prices_travel_in_the_file(self):
        self.account.company_id.currency_id = self.euro
        self.env["ebay.price.rule"].create({"account_id": self.account.id})
        listings = self.old()
        listings.write({"price_master": "odoo", "stock_master": "nobody"})
        listings.product_id.list_price = 12.34
        self.account.price_move_limit = 1000
        self.run_flow("prices_out")
        self.run_flow("prices_out")
        [task] = self.feed.tasks.values()
        self.assertEqual(
            {(one.quantity, one.price) for one in task["entries"]},
            {(None, Decimal("12.34"))},
        )
        self.assertEqual(set(listings.mapped("price_acked")), {12.34})

    # -- while eBay works on it ------------------------------------------------------

    def test_meanwhile_its_listings_are_left_alone(self):
        listings = self.old()
        self.feed.status = "IN_PROCESS"
        self.push()
        self.assertEqual(len(listings.push_feed_id), 1)
        self.assertIn("upload", listings[0].push_history)
        self.stock(listings[0].product_id, 2)
        self.push()
        self.assertEqual(self.ebay.writes, 0)
        self.assertEqual(len(self.feed.tasks), 1)
        self.finish()
        self.push()
        self.assertEqual(self.shown(listings), [7] + [5] * 5)

    def finish(self):
        """eBay has worked through every file that it has."""
        self.feed.status = "COMPLETED"
        for task in self.feed.tasks.values():
            if task["status"] == "IN_PROCESS":
                task["status"] = "QUEUED"

    def test_meanwhile_less_is_shown_at_once_and_more_waits(self):
        self.feed.status = "IN_PROCESS"
        self.old()
        self.push()
        more = self.listing("more", 1, self.storable("more"))
        self.stock(more.product_id, 3)
        rest = self.Listing
        for number in range(4):
            rest |= self.listing(f"L{number}", 9, self.storable(f"L{number}"))
            self.stock(rest[-1].product_id, 2)
        log = self.push()
        self.assertEqual(self.shown(rest), [2] * 4)
        self.assertEqual(self.shown(more), [1])
        self.assertEqual(log.skipped_count, 1)

    def test_a_sale_while_ebay_holds_the_file(self):
        listings = self.old(on_ebay=3)
        self.feed.status = "IN_PROCESS"
        self.push()
        # sold before eBay comes to that entry: then it sets 5, and 3 are left
        self.ebay.sell(listings[0].listing_ref, listings[0].sku, 2)
        self.finish()
        self.run_flow("orders_in")
        self.push()
        self.push()
        self.assertEqual(self.shown(listings), [3] + [5] * 5)
        self.assertEqual(listings[0].product_id.free_qty, 3)

    def test_a_cancellation_while_ebay_holds_the_file(self):
        """The file set 3, then eBay showed the two pieces again that have left."""
        listings = self.old(on_ebay=4)
        first = listings[0]
        order = self.ebay.sell(first.listing_ref, first.sku, 2)
        self.run_flow("orders_in")
        self.env["sale.order"].search([], limit=1).picking_ids.button_validate()
        self.later()
        self.feed.status = "IN_PROCESS"
        self.push()
        self.finish()
        [task_ref] = self.feed.tasks
        self.feed.get_task(task_ref)
        self.assertEqual(self.ebay.quantity(first.listing_ref), 3)
        self.ebay.things[first.listing_ref, first.sku]["quantity"] += 2
        now = datetime.now(timezone.utc) + timedelta(seconds=1)
        order["creationDate"] = ebay_time(now - timedelta(hours=1))
        order["lastModifiedDate"] = ebay_time(now)
        order["cancelStatus"] = {"cancelState": "CANCELED", "cancelRequests": []}
        self.ebay.fulfillment.show(order)
        self.run_flow("orders_in")
        self.push()
        self.push()
        self.assertEqual(self.shown(listings), [3] + [5] * 5)

    # -- each entry's answer -----------------------------------------------------------

    def test_every_entry_has_its_own_answer(self):
        listings = self.old()
        self.ebay.refuse[listings[1].sku] = "21916799"
        self.ebay.refuse[listings[2].sku] = "10007"
        del self.ebay.things[listings[3].listing_ref, listings[3].sku]
        self.ebay.things[listings[4].listing_ref, listings[4].sku]["offer"] = "o-4"
        self.feed.named = lambda number: number != 5
        self.push()
        good, refused, busy, gone, converted, unnamed = listings
        self.assertFalse(unnamed.quantity_acked_at)
        self.push()
        self.assertEqual(good.quantity_acked, 5)
        self.assertIn("21916799", refused.push_error)
        issue = self.env["ebay.issue"].search([("code", "=", "push_refused")])
        self.assertEqual(issue.res_id, refused.id)
        self.assertTrue(busy.push_next_try_at)
        self.assertTrue(gone.details_wanted)
        self.assertEqual(converted.owner, "inventory")
        self.assertEqual(unnamed.quantity_acked, 5, "sent once more, by a call")
        names = [name for name, _entries in self.ebay.calls]
        self.assertEqual(sorted(set(names)), ["bulk", "revise"])

    # -- killed, and started again -----------------------------------------------------

    def killed_at(self, place):
        """The process dies at ``place``; whoever comes next continues."""
        listings = self.old()

        def die(name):
            if name == place:
                raise SerializationFailure("the transaction is gone")

        self.feed.trouble = die
        with mute_logger(RUN_LOGGER):
            self.assertEqual(self.push().state, "interrupted")
        self.feed.trouble = lambda name: None
        log = self.push()
        self.assertEqual(log.state, "done", log.message)
        self.assertEqual(self.shown(listings), [5] * 6)
        self.assertFalse(listings.filtered("quantity_unsettled"))
        self.assertEqual(self.uploads().mapped("state"), ["done"])
        self.assertEqual(self.ebay.writes, 0)

    def test_killed_before_and_after_each_step(self):
        for place in ("create", "upload", "uploaded", "look", "download"):
            with self.subTest(place=place):
                self.killed_at(place)
                self.assertEqual(len(self.feed.tasks), 1)
                self.ebay.things.clear()
                self.feed.tasks.clear()
                self.uploads().unlink()
                self.Listing.search([]).unlink()
        self.killed_at("created")
        files = [one["entries"] is not None for one in self.feed.tasks.values()]
        self.assertEqual(files, [False, True], "an empty task does nothing")

    def test_killed_in_the_middle_of_the_answers(self):
        listings = self.old()
        real = push_feed.PushFeed._settle

        def second_fails(flow, chunk, *rest):
            if flow.feed.read_count:
                raise SerializationFailure("the transaction is gone")
            return real(flow, chunk, *rest)

        with (
            patch.object(push_feed, "ANSWERS_AT_ONCE", 2),
            patch.object(push_feed.PushFeed, "_settle", second_fails),
            mute_logger(RUN_LOGGER),
        ):
            self.assertEqual(self.push().state, "interrupted")
        self.assertEqual(self.uploads().read_count, 2)
        log = self.push()
        self.assertEqual(log.updated_count, 4)
        self.assertFalse(listings.filtered("quantity_unsettled"))

    # -- when it does not work ---------------------------------------------------------

    def failing(self, place, error):
        def fail(name):
            if name == place:
                raise error

        self.feed.trouble = fail
        return self.old()

    @mute_logger(RUN_LOGGER)
    def test_refused_files_go_by_calls(self):
        for place in ("create", "upload", "look", "download"):
            with self.subTest(place=place):
                listings = self.failing(place, refusal("160022"))
                self.push()
                self.push()
                self.assertEqual(self.shown(listings), [5] * 6)
                self.assertFalse(listings.filtered("quantity_unsettled"))
                self.assertEqual(self.uploads()[-1].state, "failed")
                self.assertTrue(self.uploads()[-1].reason)
                self.uploads().unlink()
                self.Listing.search([]).unlink()

    @mute_logger(RUN_LOGGER)
    def test_after_a_failed_file_calls_for_a_while(self):
        self.failing("create", refusal("160022"))
        self.push()
        asked = len(self.feed.asked)
        listings = self.old()
        self.push()
        self.assertEqual(len(self.feed.asked), asked)
        self.assertEqual(self.shown(listings), [5] * 6)
        self.uploads().ended_at -= timedelta(hours=2)
        self.feed.trouble = lambda name: None
        self.stock_all(listings)
        self.push()
        self.assertEqual(self.shown(listings), [6] * 6)
        self.assertEqual(len(self.uploads()), 2)

    def stock_all(self, listings):
        for listing in listings:
            self.stock(listing.product_id, 1)

    def test_an_expired_task_is_opened_again(self):
        listings = self.old()
        errors = [refusal("160026")]

        def once(name):
            if name == "upload" and errors:
                raise errors.pop()

        self.feed.trouble = once
        self.push()
        self.assertEqual(len(self.feed.tasks), 2)
        self.assertEqual(self.shown(listings), [5] * 6)

    def test_a_file_that_ebay_gives_up(self):
        listings = self.old()
        self.feed.status = "FAILED"
        self.push()
        self.assertEqual(self.uploads().state, "failed")
        self.assertEqual(self.shown(listings), [5] * 6, "by calls, in the same run")

    @mute_logger(RUN_LOGGER)
    def test_no_listing_waits_for_ever(self):
        now = datetime.now(timezone.utc)
        for trouble in (silence(), Transient("down"), RateLimited(until=now)):
            with self.subTest(trouble=type(trouble).__name__):
                listings = self.failing("create", trouble)
                log = self.push()
                self.assertEqual(log.state, "done", "the other pushes continue")
                self.assertEqual(len(listings.push_feed_id), 1)
                self.later_feed()
                self.push()
                self.assertEqual(self.shown(listings), [5] * 6)
                self.uploads().unlink()
        self.feed.trouble = lambda name: None
        self.feed.status = "IN_PROCESS"
        listings = self.old()
        self.push()
        self.later_feed()
        self.push()
        self.assertEqual(self.shown(listings), [5] * 6)

    def later_feed(self):
        """Two hours pass."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ebay_push_feed SET create_date = create_date - interval '2 h', "
            "uploaded_at = uploaded_at - interval '2 h'"
        )
        self.env.invalidate_all()

    def test_an_account_that_may_not_write_waits(self):
        listings = self.old()
        self.feed.status = "IN_PROCESS"
        self.push()
        self.account.mode = "mirror"
        asked = len(self.feed.asked)
        self.push()
        self.assertEqual(len(self.feed.asked), asked)
        self.account.mode = "live"
        self.finish()
        self.push()
        self.assertEqual(set(listings.mapped("quantity_acked")), {5})
