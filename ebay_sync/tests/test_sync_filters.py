"""Filters of the account: products never sent, orders left to others."""

from collections import Counter
from types import SimpleNamespace
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .orders import OrderCase, simple_order
from .stock_case import StockCase

BAD = (
    "nonsense",
    "[",
    "{}",
    "()",
    "[1]",
    "[('name', '=')]",
    "[('name', '=', 'x', 'y')]",
    "[('name', '~', 'x')]",
    "[('name', 'any', [('id', '=', 1)])]",
    "[('name', '=', __import__('os').name)]",
    "[('name', '=', uid)]",
    "[('name', '=', {'a': 1})]",
    "[(1, '=', 1)]",
    "['&', ('name', '=', 'x')]",
    "['|']",
    "['!']",
    "['x', ('name', '=', 'x')]",
    f"[('name', 'in', {list(range(501))})]",
    "[{}]".format(", ".join(["('name', '=', 'x')"] * 51)),
    "[('name', '=', '%s')]" % ("x" * 3000),
    "[('no_such_field', '=', 1)]",
    "[('create_uid.login', '=', 'admin')]",
    "[('name.x', '=', 1)]",
    "[('', '=', 1)]",
)


def issues(case, code):
    return case.env["ebay.issue"].search([("code", "=", code), ("state", "=", "open")])


@tagged("post_install", "-at_install")
class TestPushFilter(StockCase):
    def setUp(self):
        super().setUp()
        self.kept = self.listing("KEPT", 1, self.storable("KEPT"))
        self.sent = self.listing("SENT", 1, self.storable("SENT"))
        for listing in (self.kept, self.sent):
            self.stock(listing.product_id, 7)

    def filter(self, text):
        self.account.with_user(self.manager).never_push_domain = text

    def test_bad_filters_are_refused(self):
        more = (
            "[('seller_ids.partner_id.email', '=', 'x')]",
            "[('message_ids.body', 'ilike', 'x')]",
            "[('company_id.name', '=', 'x')]",
            "[('image_1920', '!=', False)]",
        )
        for text in (*BAD, *more):
            with self.assertRaises(ValidationError, msg=text):
                self.filter(text)

    def test_products_are_never_sent_and_it_says_so(self):
        self.filter("['|', ('default_code', '=', 'KEPT'), ('list_price', '<', 0)]")
        self.push()
        self.assertEqual(self.ebay.quantity(self.kept.listing_ref), 1)
        self.assertEqual(self.ebay.quantity(self.sent.listing_ref), 7)
        self.assertEqual(self.kept.quantity_wanted, -1)
        self.assertIn("filter says", self.kept.with_context(lang="en_US").quantity_why)
        self.assertNotIn("filter", self.sent.with_context(lang="en_US").quantity_why)
        self.filter(False)
        self.push()
        self.assertEqual(self.ebay.quantity(self.kept.listing_ref), 7)

    def test_by_category_and_what_is_below_it(self):
        parent = self.env["product.category"].create({"name": "Parent"})
        child = parent.create({"name": "Child", "parent_id": parent.id})
        self.kept.product_id.categ_id = child
        self.filter(f"[('categ_id', 'child_of', {parent.id})]")
        self.push()
        self.assertEqual(self.ebay.quantity(self.kept.listing_ref), 1)
        self.assertEqual(self.ebay.quantity(self.sent.listing_ref), 7)

    def test_prices_too(self):
        self.account.company_id.currency_id = self.euro
        self.account.price_move_limit = 1000
        self.env["ebay.price.rule"].create({"account_id": self.account.id})
        both = self.kept | self.sent
        both.write({"price_master": "odoo", "stock_master": "nobody"})
        both.product_id.list_price = 20
        category = self.env["product.category"].create({"name": "Ours"})
        self.filter(f"[('categ_id', '=', {category.id})]")
        self.kept.product_id.categ_id = category
        self.run_flow("prices_out")
        shown = {one.sku: one.price_acked for one in both}
        self.assertEqual(shown, {"KEPT": 0, "SENT": 20})
        self.assertIn("filter says", self.kept.with_context(lang="en_US").price_why)
        # a price that was computed before the product came under the filter
        self.sent.product_id.list_price = 30
        self.env["ebay.flow.prices.out"]._compute_chunk(
            self.fake_run(), self.sent.with_env(self.env)
        )
        self.sent.product_id.categ_id = category
        self.assertFalse(self.env["ebay.flow.prices.out"]._due(self.account))

    def fake_run(self):

        return SimpleNamespace(account=self.account, counts=Counter())

    def test_a_filter_that_breaks_later_sends_nothing_and_asks(self):
        self.filter("[('default_code', '=', 'KEPT')]")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ebay_account SET never_push_domain = %s WHERE id = %s",
            ["[('x_gone', '=', 1)]", self.account.id],
        )
        self.env.invalidate_all()
        for _again in range(2):
            log = self.push()
            self.assertEqual(log.failed_count, 1)
        self.assertEqual(self.ebay.writes, 0)
        issue = issues(self, "push_filter_failed")
        self.assertEqual((issue.count, issue.severity), (2, "danger"))
        self.assertIn("x_gone", issue.advice)
        self.assertIn("x_gone", self.sent.quantity_why)
        self.filter("[('default_code', '=', 'KEPT')]")
        self.assertFalse(issues(self, "push_filter_failed"))
        self.push()
        self.assertEqual(self.ebay.quantity(self.sent.listing_ref), 7)


@tagged("post_install", "-at_install")
class TestOrderFilter(OrderCase):
    def filter(self, text):
        self.account.with_user(self.manager).other_orders_domain = text

    def test_bad_filters_are_refused(self):
        more = (
            "[('payload', 'ilike', 'x')]",
            "[('buyer_username', '=', 'x')]",
            "[('account_id.client_secret', '=', 'x')]",
            "[('amount', '>', 'much')]",
            "[('id', 'child_of', 1)]",
        )
        for text in (*BAD, *more):
            with self.assertRaises(ValidationError, msg=text):
                self.filter(text)

    def test_orders_are_left_to_others_with_the_reason(self):
        self.filter("['&', ('marketplace', '=', 'EBAY_DE'), ('amount', '>', 100)]")
        dear = simple_order("A-2")
        line = dear["lineItems"][0]
        line["lineItemCost"]["value"] = line["total"]["value"] = "200.00"
        line["deliveryCost"] = {}
        dear["pricingSummary"] = {
            "priceSubtotal": {"value": "200.00", "currency": "EUR"},
            "total": {"value": "200.00", "currency": "EUR"},
        }
        self.pull(simple_order("A-1"), dear)
        self.assertEqual(self.sale("A-1").state, "sale")
        self.assertFalse(self.sale("A-2"))
        row = self.stored("A-2")
        self.assertEqual((row.state, row.amount), ("ignored", 200))
        self.assertEqual((row.country_code, row.currency), ("DE", "EUR"))
        self.assertIn("filter", row.message)
        self.filter(False)
        row.with_user(self.user).action_build_now()
        self.run_flow("orders_in")
        self.assertEqual(self.sale("A-2").state, "sale")

    def test_an_order_is_looked_at_again_when_it_changes(self):
        self.filter("[('payment_status', '=', 'PENDING')]")
        order = simple_order("A-1", orderPaymentStatus="PENDING")
        self.pull(order)
        self.assertEqual(self.stored("A-1").state, "ignored")
        self.pull(self.changed(order, orderPaymentStatus="PAID"))
        self.assertEqual(self.sale("A-1").state, "sale")
        self.assertFalse(self.stored("A-1").is_left_to_others)

    def test_what_is_here_stays_here(self):
        order = simple_order("A-1")
        self.pull(order)
        self.filter("[('marketplace', '=', 'EBAY_DE')]")
        self.pull(self.changed(order, orderPaymentStatus="FULLY_REFUNDED"))
        self.assertEqual(self.sale("A-1").ebay_payment_status, "FULLY_REFUNDED")
        self.assertEqual(self.stored("A-1").state, "imported")

    def test_a_filter_that_breaks_later_holds_new_orders_and_asks(self):
        account = type(self.account)
        self.filter("[('marketplace', '=', 'EBAY_US')]")
        with patch.object(account, "_check_order_field", account._check_product_field):
            self.pull(simple_order("A-1"), simple_order("A-2"))
        self.assertEqual(self.stored("A-1").state, "blocked")
        self.assertFalse(self.sale("A-1") | self.sale("A-2"))
        issue = issues(self, "order_filter_failed")
        self.assertEqual((len(issue), issue.severity), (1, "danger"))
        self.filter("[('marketplace', '=', 'EBAY_GB')]")
        self.assertFalse(issues(self, "order_filter_failed"))
        self.stored("A-1").action_build_now()
        self.run_flow("orders_in")
        self.assertEqual(self.sale("A-1").state, "sale")
