"""What looks like an accident is not sent before a manager has said so."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .stock_case import StockCase


@tagged("post_install", "-at_install")
class TestPushGuard(StockCase):
    def empty(self, listings):
        for listing in listings:
            self.stock(listing.product_id, -5)

    def held(self):
        return self.env["ebay.held.push"].search([])

    def prepared(self, count=20):
        listings = self.many(count)
        self.push()
        self.later()
        self.ebay.calls.clear()
        return listings

    def test_many_zeros_wait_and_the_rest_is_sent(self):
        listings = self.prepared()
        self.empty(listings[:6])
        self.stock(listings[9].product_id, -2)
        log = self.push()
        shown = [self.ebay.quantity(one.listing_ref) for one in listings]
        self.assertEqual(shown, [5] * 9 + [3] + [5] * 10, "the rest is sent at once")
        self.assertIn("ebay.held.push", log.line_ids.mapped("res_model"))
        self.assertEqual(self.held().line_ids.listing_id, listings[:6])
        self.assertEqual(set(self.held().line_ids.mapped("after")), {0})
        issue = self.env["ebay.issue"].search([("code", "=", "held_stock_out")])
        self.assertIn("6 listings", issue.summary)
        self.push()
        self.assertEqual(len(self.held()), 1, "asked once")

    def test_approving_continues_that_list(self):
        listings = self.prepared()
        self.empty(listings[:6])
        self.push()
        with self.assertRaises(AccessError):
            self.held().with_user(self.user).action_approve()
        self.held().with_user(self.manager).action_approve()
        self.assertFalse(
            self.env["ebay.issue"].search(
                [("code", "=", "held_stock_out"), ("state", "=", "open")]
            )
        )
        self.empty(listings[6:9])
        self.push()
        shown = [self.ebay.quantity(one.listing_ref) for one in listings]
        self.assertEqual(shown, [0] * 9 + [5] * 11)
        self.assertEqual(self.held().decided_by_id, self.manager)

    def test_an_approval_is_for_no_other_list(self):
        listings = self.prepared()
        self.empty(listings[:6])
        self.push()
        self.held().with_user(self.manager).action_approve()
        self.empty(listings[6:18])
        self.push()
        shown = [self.ebay.quantity(one.listing_ref) for one in listings]
        self.assertEqual(shown, [0] * 6 + [5] * 14, "only what was approved")
        waiting = self.held().filtered(lambda one: one.state == "waiting")
        self.assertEqual(waiting.line_ids.listing_id, listings[6:18])

    def test_the_question_cannot_be_ignored(self):
        """An ignored stop would leave stock unsent for good, and nobody would see."""
        listings = self.prepared()
        self.empty(listings[:6])
        self.push()
        issue = self.env["ebay.issue"].search([("code", "=", "held_stock_out")])
        issue.ignore_reason = "It is late"
        for person in (self.user, self.manager):
            with self.assertRaisesRegex(UserError, "cannot be ignored"):
                issue.with_user(person).action_ignore()
        self.assertEqual(self.account.health, "attention")
        self.assertIn("6 listings", self.account.health_reason)
        self.assertIn("6 listings", self.account.held_reason)
        issue.state = "ignored"  # of a time when it could be
        self.push()
        self.assertEqual(issue.state, "open")

    def test_an_approval_of_who_left_counts_no_more(self):
        listings = self.prepared()
        self.empty(listings[:6])
        self.push()
        self.held().with_user(self.manager).action_approve()
        self.manager.active = False
        self.push()
        self.assertEqual(self.ebay.quantity(listings[0].listing_ref), 5)
        self.assertIn("waiting", self.held().mapped("state"))

    def test_the_question_goes_away_with_its_cause(self):
        listings = self.prepared()
        self.empty(listings[:6])
        self.push()
        for listing in listings[:6]:
            self.stock(listing.product_id, 5)
        self.push()
        self.assertEqual(self.held().state, "dropped")
        self.assertEqual(self.ebay.writes, 0)

    def test_a_small_shop_may_sell_out(self):
        listings = self.prepared(4)
        self.empty(listings)
        self.push()
        shown = [self.ebay.quantity(one.listing_ref) for one in listings]
        self.assertEqual(shown, [0, 0, 0, 0])

    def test_a_limit_of_a_hundred_asks_nobody(self):
        listings = self.prepared(10)
        self.account.stock_zero_limit = 100
        self.empty(listings)
        self.push()
        self.assertFalse(self.held())
        self.assertEqual(self.ebay.quantity(listings[0].listing_ref), 0)
