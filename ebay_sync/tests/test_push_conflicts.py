"""Somebody changes something on eBay itself, or archives what is for sale there."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .stock_case import StockCase


@tagged("post_install", "-at_install")
class TestPushConflicts(StockCase):
    def prepared(self, rule="odoo"):
        """Eight pieces, pushed an hour ago; eBay and orders read up to now."""
        self.account.stock_conflict_rule = rule
        self.account.price_conflict_rule = rule
        listing = self.listing("C", 0, self.storable("C"), "offer-C")
        self.stock(listing.product_id, 8)
        self.push()
        self.later(seconds=3600)
        return listing

    def mirrored(self, listing, minutes=30, **values):
        """The mirror has read this on eBay so many minutes ago, and all since."""
        now = fields.Datetime.now()
        thing = self.ebay.things[listing.listing_ref, listing.sku]
        thing |= {k: v for k, v in values.items() if k in thing}
        listing.write({**values, "changed_at": now - timedelta(minutes=minutes)})
        self.account.write({"listings_read_until_at": now, "orders_read_until_at": now})

    def issue(self, code):
        return self.env["ebay.issue"].search([("code", "=", code)])

    def test_odoos_quantity_is_sent_again(self):
        listing = self.prepared()
        self.mirrored(listing, quantity=3)
        log = self.push()
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 8)
        lines = log.line_ids.mapped("changes")
        self.assertIn({"quantity": [8, 3]}, lines, "both values are reported")

    def test_ebays_quantity_is_taken_over(self):
        listing = self.prepared("ebay")
        self.mirrored(listing, quantity=3)
        calls = self.ebay.writes
        self.push()
        self.assertEqual(listing.product_id.free_qty, 3)
        self.assertEqual(self.ebay.writes, calls)
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 3)

    def agreed(self, rule):
        """Odoo has taken over, and had nothing to send: eight here and eight there."""
        self.account.stock_conflict_rule = rule
        listing = self.listing("C", 8, self.storable("C"), "offer-C")
        self.stock(listing.product_id, 8)
        self.mirrored(listing, minutes=60)
        before = self.ebay.writes
        self.push()
        self.assertEqual(self.ebay.writes, before)
        return listing

    def test_what_was_agreed_at_taking_over_tells_a_hand(self):
        for rule, free, shown in (("odoo", 8, 8), ("ebay", 3, 3), ("ask", 8, 3)):
            with self.subTest(rule), self.cr.savepoint() as savepoint:
                listing = self.agreed(rule)
                self.assertEqual(listing.quantity_acked, 8)
                self.mirrored(listing, quantity=3)
                self.push()
                self.assertEqual(listing.product_id.free_qty, free)
                self.assertEqual(self.ebay.quantity(listing.listing_ref), shown)
                asked = self.issue("quantity_conflict").filtered(
                    lambda one: one.state == "open"
                )
                self.assertEqual(len(asked), rule == "ask")
                savepoint.rollback()
                self.env.invalidate_all()
                self.ebay.things.clear()

    def test_a_sale_close_to_the_look_is_no_agreement(self):
        listing = self.agreed("ebay")
        listing.quantity_acked_at = False
        moment = fields.Datetime.now() - timedelta(minutes=62)
        self.ebay.sell(
            listing.listing_ref,
            "C",
            1,
            creationDate=moment.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        )
        self.run_flow("orders_in")
        self.push()
        self.assertFalse(
            listing.quantity_acked_at and not listing.quantity_sent_at, "agreed"
        )

    def test_what_was_agreed_is_no_push_through_trading(self):
        """From which the mirror tells by whom a listing is managed."""
        listing = self.agreed("odoo")
        self.assertTrue(listing.quantity_acked_at)
        self.assertFalse(listing.quantity_sent_at)

    def test_what_cannot_be_taken_over_is_asked(self):
        listing = self.prepared("ebay")
        self.account.stock_share = 50
        self.mirrored(listing, quantity=3)
        self.push()
        self.assertIn(
            "eBay shows 3, Odoo had sent 8", self.issue("quantity_conflict").summary
        )

    def test_a_sale_before_the_hand_is_not_counted_twice(self):
        listing = self.prepared("ebay")
        moment = fields.Datetime.now() - timedelta(minutes=40)
        self.ebay.sell(
            listing.listing_ref,
            "C",
            2,
            creationDate=moment.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        )
        self.run_flow("orders_in")
        self.assertEqual(listing.product_id.free_qty, 6)
        self.mirrored(listing, quantity=3)
        self.push()
        self.assertEqual(listing.product_id.free_qty, 3)
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 3)
        self.assertFalse(self.issue("quantity_conflict"))

    def test_a_sale_at_the_counter_is_not_forgotten(self):
        listing = self.prepared("ebay")
        self.stock(listing.product_id, -1)
        self.mirrored(listing, quantity=3)
        self.push()
        self.assertEqual(listing.product_id.free_qty, 2)
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 2)

    def test_where_a_quantity_is_no_count_of_pieces_it_is_asked(self):
        def exception():
            self.env["ebay.override"].create(
                {
                    "account_id": self.account.id,
                    "product_id": self.product.id,
                    "kind": "buffer",
                    "amount": 1,
                }
            )

        def second_listing():
            self.listing("C2", 8, self.Listing.search([], limit=1).product_id, "o-C2")

        def elsewhere():
            shelf = self.env["stock.location"].create(
                {"name": "Shop", "location_id": self.warehouse.lot_stock_id.id}
            )
            product = self.Listing.search([], limit=1).product_id
            self.stock(product, -8)
            self.env["stock.quant"]._update_available_quantity(product, shelf, 8)

        def capped():
            self.account.stock_cap = 100

        def expected():
            self.account.stock_source = "forecast"

        for twist in (exception, second_listing, elsewhere, capped, expected):
            with self.subTest(twist=twist.__name__), self.env.cr.savepoint() as point:
                listing = self.prepared("ebay")
                twist()
                self.mirrored(listing, quantity=3)
                self.push()
                self.assertEqual(listing.product_id.free_qty, 8)
                self.assertEqual(len(self.issue("quantity_conflict")), 1)
                point.rollback()
                self.env.invalidate_all()
                self.ebay.things.clear()

    def test_what_was_sent_without_an_answer_is_no_hand(self):
        listing = self.prepared("ask")
        listing.quantity_unsettled = True
        self.mirrored(listing, quantity=3)
        self.push()
        self.assertFalse(self.issue("quantity_conflict"))
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 8)

    def test_only_what_odoo_decides_over(self):
        listing = self.prepared("odoo")
        for master in ("ebay", "nobody"):
            listing.stock_master = master
            self.mirrored(listing, quantity=3)
            self.push()
            self.assertEqual(self.ebay.quantity(listing.listing_ref), 3)

    def test_a_question_and_its_answer(self):
        listing = self.prepared("ask")
        self.mirrored(listing, quantity=9)
        self.push()
        issue = self.issue("quantity_conflict")
        self.assertIn("eBay shows 9, Odoo had sent 8", issue.summary)
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 9, "not before")
        issue.action_fix()
        self.push()
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 8)
        self.assertEqual(issue.state, "done")

    def test_a_sale_is_no_hand(self):
        listing = self.prepared("ask")
        moment = fields.Datetime.now() - timedelta(minutes=31)
        self.ebay.sell(
            listing.listing_ref,
            "C",
            5,
            creationDate=moment.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        )
        self.run_flow("orders_in")
        self.mirrored(listing, quantity=3)
        calls = self.ebay.writes
        self.push()
        self.assertFalse(self.issue("quantity_conflict"))
        self.assertEqual(self.ebay.writes, calls)

    def test_what_orders_have_not_read_yet_is_no_hand(self):
        listing = self.prepared("ask")
        self.mirrored(listing, minutes=0, quantity=3)
        self.push()
        self.assertFalse(self.issue("quantity_conflict"))

    def test_prices(self):
        self.env["ebay.price.rule"].create({"account_id": self.account.id})
        self.account.company_id.currency_id = self.euro
        for rule, result in (("odoo", 12.0), ("ebay", 15.0), ("ask", 15.0)):
            product = self.storable(f"P-{rule}", list_price=12.0)
            listing = self.listing(
                f"P-{rule}", 0, product, f"offer-{rule}", price_master="odoo"
            )
            listing.stock_master = "nobody"
            self.run_flow("prices_out")
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE ebay_listing SET price_acked_at = price_acked_at "
                "- interval '1 hour'"
            )
            self.env.invalidate_all()
            self.account.price_conflict_rule = rule
            self.mirrored(listing, price=15.0)
            self.run_flow("prices_out")
            self.assertEqual(
                self.ebay.things[listing.listing_ref, listing.sku]["price"],
                result,
                rule,
            )
        self.assertIn("on eBay is 15.0", self.issue("price_conflict").summary)

    # -- before it hurts -------------------------------------------------------------

    def test_a_seller_whose_listings_end_at_zero_is_told_before(self):
        self.ebay.out_of_stock_control = "false"
        self.prepared()
        self.assertEqual(self.account.out_of_stock_control, "off")
        self.assertEqual(self.issue("zero_ends_listings").state, "open")
        self.ebay.out_of_stock_control = "true"
        self.account.out_of_stock_checked_at = False
        self.push()
        self.assertEqual(self.issue("zero_ends_listings").state, "done")

    def test_an_archived_product_is_asked_about(self):
        listing = self.prepared()
        listing.product_id.active = False
        self.push()
        issue = self.issue("product_archived")
        self.assertIn("(1 listings)", issue.summary)
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 8)
        issue.with_user(self.user).action_fix()
        self.push()
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 0)
        self.push()
        self.assertEqual(len(self.issue("product_archived")), 1)
