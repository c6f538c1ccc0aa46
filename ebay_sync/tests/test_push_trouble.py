"""Outages, quotas, two workers, listings that change hands: the next runs converge."""

from datetime import datetime, timedelta, timezone

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.compat import advisory_lock
from odoo.addons.ebay_sync.ebay_api.errors import RateLimited, Transient

from .fake_shelf import silence
from .stock_case import StockCase

FLOW = "odoo.addons.ebay_sync.flows.engine.run"


@tagged("post_install", "-at_install")
class TestPushTrouble(StockCase):
    def shown(self):
        return {thing["quantity"] for thing in self.ebay.things.values()}

    def in_an_hour(self):
        return datetime.now(timezone.utc) + timedelta(hours=1)

    def trouble(self, *steps):
        """The writing calls, one after the other: an error, or None for none."""
        left = list(steps)

        def step(_name, _entries):
            error = left.pop(0) if left else None
            if error:
                raise error

        self.ebay.trouble = step

    def test_a_quota_in_the_tenth_of_forty_batches(self):
        listings = self.many(160, offers=False)
        self.trouble(*[None] * 9, RateLimited(until=self.in_an_hour()))
        log = self.push()
        self.assertEqual(log.state, "throttled")
        self.assertEqual((log.updated_count, self.ebay.writes), (36, 9))
        self.assertEqual(len(listings.filtered("quantity_unsettled")), 4)
        log = self.push()
        self.assertEqual((log.state, log.updated_count), ("done", 124))
        self.assertEqual(self.ebay.writes, 9 + 31)
        self.assertEqual(self.shown(), {5})

    def test_an_hour_of_outage(self):
        listings = self.many(30) | self.many_old(4)
        self.ebay.trouble = self.down
        with mute_logger(FLOW):
            for _five_minutes in range(12):
                self.assertEqual(self.push().state, "failed")
                self.later(seconds=300)
        self.assertEqual(self.ebay.writes, 0)
        self.assertFalse(
            self.env["ebay.issue"].search([("res_id", "in", listings.ids)])
        )
        self.ebay.trouble = lambda name, entries: None
        self.stock(listings[3].product_id, -2)
        self.assertEqual(self.push().state, "done")
        self.assertEqual(self.ebay.quantity(listings[3].listing_ref), 3)
        self.assertEqual(self.shown(), {3, 5})
        self.assertFalse(listings.filtered("quantity_unsettled"))
        sent = self.ebay.writes
        self.push()
        self.assertEqual(self.ebay.writes, sent)

    def down(self, _name, _entries):
        raise Transient("eBay is down")

    def many_old(self, count):
        """Listings outside the Inventory API."""
        rows = self.Listing
        for number in range(count):
            product = self.storable(f"OLD-{number}")
            self.stock(product, 5)
            rows |= self.listing(f"OLD-{number}", 0, product)
        return rows

    def test_one_apis_trouble_leaves_the_other_at_work(self):
        for error in (RateLimited(until=self.in_an_hour()), silence()):
            with self.subTest(error=type(error).__name__):
                self.ebay.things.clear()
                self.Listing.search([]).unlink()
                self.many(3)
                old = self.many_old(3)

                def trouble(name, _entries, error=error):
                    if name == "bulk":
                        raise error

                self.ebay.trouble = trouble
                with mute_logger(FLOW):
                    self.assertIn(self.push().state, ("throttled", "failed"))
                self.assertEqual(set(old.mapped("quantity_acked")), {5})
                self.ebay.trouble = lambda name, entries: None
                self.push()
                self.assertEqual(self.shown(), {5})

    def test_two_workers_do_not_write_over_each_other(self):
        self.many(2)
        with advisory_lock(self.env, "push", self.account.id) as free:
            self.assertTrue(free)
            log = self.push()
        self.assertEqual((log.state, self.ebay.writes), ("done", 0))
        trigger = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.account._stock_schedule().cron_id.id)]
        )
        self.assertTrue(trigger, "it comes again")
        self.assertFalse(self.account._stock_schedule().compared_at, "all of it")
        self.run_flow("stock_out")
        self.assertEqual(self.shown(), {5})

    def test_a_listing_that_the_inventory_api_does_not_know_any_more(self):
        [listing] = self.many(1)
        self.ebay.things[listing.listing_ref, listing.sku]["offer"] = None
        listing.offer_ref = False
        self.push()
        self.assertEqual(listing.owner, "trading")
        self.later()
        self.push()
        self.assertEqual(self.shown(), {5})

    def test_an_offer_that_was_made_anew(self):
        [listing] = self.many(1)
        thing = self.ebay.things[listing.listing_ref, listing.sku]
        thing["offer"] = "another"
        self.ebay.refuse[listing.sku] = "25713"
        self.push()
        self.ebay.refuse.clear()
        self.later()
        self.push()
        self.assertEqual((listing.offer_ref, thing["quantity"]), ("another", 5))

    def test_a_sale_between_comparing_and_answering(self):
        """eBay sells while our request is on its way: the sale is not undone."""
        [listing] = self.many(1, on_ebay=3)

        def sells(_name, _entries):
            self.ebay.trouble = lambda name, entries: None
            self.ebay.sell(listing.listing_ref, listing.sku, 2)

        self.ebay.trouble = sells
        self.push()
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 5, "the race")
        self.later(seconds=0)
        self.run_flow("orders_in")
        self.push()
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 3)
        self.assertEqual(listing.product_id.free_qty, 3)

    def test_a_crash_between_answer_and_commit(self):
        [listing] = self.many(1)
        real = self.ebay.inventory.bulk_update_price_quantity

        def dies(entries):
            real(entries)
            raise RuntimeError("killed")

        self.ebay.inventory.bulk_update_price_quantity = dies
        with mute_logger(FLOW):
            self.assertEqual(self.push().state, "failed")
        self.assertTrue(listing.quantity_unsettled)
        self.ebay.inventory.bulk_update_price_quantity = real
        self.stock(listing.product_id, -4)
        self.push()
        self.assertEqual(self.shown(), {1})
        self.assertEqual(listing.quantity_acked, 1)
