"""Zero: announced before it ends a listing, and what becomes of archived products."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.ebay_sync.ebay_api.errors import Transient

from .fake_shelf import refusal
from .stock_case import StockCase


@tagged("post_install", "-at_install")
class TestStockZero(StockCase):
    def setUp(self):
        super().setUp()
        self.ebay.out_of_stock_control = "false"

    def shelf(self, quantity=5, **values):
        """A listing that eBay shows as the shelf is."""
        sku = values.pop("sku", "Z")
        listing = self.listing(sku, 0, self.storable(sku), f"offer-{sku}", **values)
        self.stock(listing.product_id, quantity)
        self.push()
        self.later()
        return listing

    def sell_out(self, listing):
        self.stock(listing.product_id, -listing.product_id.free_qty)
        return self.push()

    def shown(self, listing):
        return self.ebay.quantity(listing.listing_ref)

    def issue(self, code):
        return self.env["ebay.issue"].search([("code", "=", code)])

    def test_with_control_zero_is_sent(self):
        self.ebay.out_of_stock_control = "true"
        listing = self.shelf()
        self.sell_out(listing)
        self.assertEqual(self.account.out_of_stock_control, "on")
        self.assertEqual(self.shown(listing), 0)
        self.assertFalse(self.issue("zero_waits"))

    def test_the_program_is_control_too(self):
        self.ebay.programs = ["OUT_OF_STOCK_CONTROL"]
        listing = self.shelf()
        self.sell_out(listing)
        self.assertEqual(self.shown(listing), 0)

    def test_without_control_it_is_said_before_and_nothing_is_oversold(self):
        listing = self.shelf()
        self.assertEqual(self.issue("zero_ends_listings").state, "open", "before")
        self.assertEqual(self.shown(listing), 5)
        self.sell_out(listing)
        self.assertEqual(self.shown(listing), 0)
        self.assertFalse(self.issue("zero_waits"))

    def test_by_rule_the_last_piece_stays_and_somebody_is_asked(self):
        self.account.zero_rule = "ask"
        listing = self.shelf()
        self.assertEqual(self.issue("zero_ends_listings").state, "open", "before")
        self.sell_out(listing)
        self.assertEqual(self.shown(listing), 1)
        self.assertIn("last piece", listing.quantity_why)
        issue = self.issue("zero_waits")
        self.assertIn("1 listings", issue.summary)
        self.assertEqual(issue.severity, "danger")
        with self.assertRaises(AccessError):
            issue.with_user(self.user).action_fix()
        issue.with_user(self.manager).action_fix()
        self.later()
        self.push()
        self.assertEqual(self.shown(listing), 0)
        self.assertEqual(issue.state, "done")

    def test_the_question_goes_away_with_new_stock(self):
        self.account.zero_rule = "ask"
        listing = self.shelf()
        self.sell_out(listing)
        self.stock(listing.product_id, 4)
        self.later()
        self.push()
        self.assertEqual(self.shown(listing), 4)
        self.assertEqual(self.issue("zero_waits").state, "done")

    def test_the_question_goes_away_with_control(self):
        self.account.zero_rule = "ask"
        listing = self.shelf()
        self.sell_out(listing)
        self.ebay.out_of_stock_control = "true"
        self.account.out_of_stock_checked_at = False
        self.later()
        self.push()
        self.assertEqual(self.shown(listing), 0)
        self.assertEqual(self.issue("zero_waits").state, "done")

    def test_zero_is_not_raised_to_one(self):
        self.account.zero_rule = "ask"
        listing = self.listing("Z", 0, self.storable("Z"), "offer-Z")
        self.push()
        self.assertEqual(self.shown(listing), 0)
        self.assertEqual(self.ebay.writes, 0)

    def test_a_zero_by_exception_is_meant_so(self):
        self.account.zero_rule = "ask"
        listing = self.shelf()
        self.env["ebay.override"].create(
            {
                "account_id": self.account.id,
                "listing_id": listing.id,
                "kind": "fixed",
                "amount": 0,
            }
        )
        self.push()
        self.assertEqual(self.shown(listing), 0)

    def test_stock_goes_on_when_ebay_does_not_tell(self):
        for trouble in (refusal("21916984"), Transient("eBay is down")):

            def silent(trouble=trouble):
                raise trouble

            self.ebay.trading.get_user_preferences = silent
            self.account.out_of_stock_checked_at = False
            listing = self.shelf(sku=f"Z-{type(trouble).__name__}")
            self.assertEqual(self.shown(listing), 5)
            self.assertFalse(self.account.out_of_stock_checked_at)
        self.assertEqual(self.account.out_of_stock_control, "unknown")
