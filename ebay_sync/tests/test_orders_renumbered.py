"""eBay gives an order another number when it is paid: it stays one order."""

import copy
from datetime import datetime, timedelta, timezone

from odoo.tests import tagged

from .orders import OrderCase, ebay_time, simple_order


@tagged("post_install", "-at_install")
class TestOrdersRenumbered(OrderCase):
    def sales(self):
        """How many sale orders there are of the account's."""
        domain = [("ebay_account_id", "=", self.account.id)]
        return self.env["sale.order"].search_count(domain)

    def test_an_unpaid_order_waits_and_confirms_when_paid_under_a_new_number(self):
        order = simple_order("U-1", orderPaymentStatus="PENDING")
        self.pull(order)
        sale = self.sale("U-1")
        self.assertEqual(sale.state, "draft")
        paid = copy.deepcopy(order)
        paid.update(
            orderId="P-1",
            orderPaymentStatus="PAID",
            lastModifiedDate=ebay_time(
                datetime.now(timezone.utc) - timedelta(minutes=5)
            ),
        )
        self.pull(paid)
        self.assertEqual(self.sale("P-1"), sale)
        self.assertEqual(sale.state, "sale")
        self.assertFalse(self.sale("U-1"))
        self.assertEqual(self.stored("U-1").state, "ignored")
        self.assertEqual(self.stored("P-1").former_refs, "U-1")
        self.assertEqual(self.stored("P-1").sale_order_id, sale)

    def test_both_numbers_of_an_order_in_one_page_are_one_order(self):
        unpaid = simple_order("U-1", orderPaymentStatus="PENDING")
        paid = {**copy.deepcopy(unpaid), "orderId": "P-1", "orderPaymentStatus": "PAID"}
        self.pull(unpaid, paid)
        sale = self.sale("P-1")
        self.assertEqual(sale.state, "sale")
        self.assertFalse(self.sale("U-1"))
        self.assertEqual(self.stored("U-1").state, "ignored")
        self.assertEqual(self.product.free_qty, 998)

    def test_a_new_number_that_is_unpaid_too_is_taken_over_once(self):
        first = simple_order("U-1", orderPaymentStatus="PENDING")
        self.pull(first)
        sale = self.sale("U-1")
        self.pull(self.changed(first, orderId="U-2"))
        self.pull(self.changed(first, buyerCheckoutNotes="Read again"))
        self.assertEqual(self.sale("U-2"), sale)
        self.assertEqual(self.stored("U-1").state, "ignored")
        self.assertFalse(self.stored("U-1").sale_order_id)

    def test_the_former_number_read_again_with_the_new_one_changes_nothing(self):
        unpaid = simple_order("U-1", orderPaymentStatus="PENDING")
        self.pull(unpaid)
        sale = self.sale("U-1")
        paid = self.changed(unpaid, orderId="P-1", orderPaymentStatus="PAID")
        self.pull(self.changed(unpaid, buyerCheckoutNotes="Please hurry"), paid)
        self.assertEqual(self.sale("P-1"), sale)
        self.assertEqual(sale.state, "sale")
        self.assertEqual(self.stored("U-1").state, "ignored")
        self.assertFalse(self.stored("U-1").sale_order_id)

    def test_an_unpaid_order_without_a_product_keeps_its_quotation(self):
        self.pay_what_has_no_product()

    def test_one_that_is_tried_again_in_the_same_batch_does_too(self):
        self.pay_what_has_no_product(due_again=True)

    def test_one_that_was_confirmed_by_hand_does_too(self):
        """It lacks its line under the new number as well."""
        self.pay_what_has_no_product(by_hand=True)

    def pay_what_has_no_product(self, due_again=False, by_hand=False):
        """Nothing of its lines stands in the quotation yet."""
        unpaid = simple_order("U-1", orderPaymentStatus="PENDING")
        unpaid["lineItems"][0]["sku"] = "UNKNOWN"
        self.pull(unpaid)
        sale = self.sale("U-1")
        self.assertEqual(self.stored("U-1").state, "blocked")
        if by_hand:
            sale.action_confirm()
        if due_again:
            self.stored("U-1").next_try_at = datetime(2020, 1, 1)
        self.pull(self.changed(unpaid, orderId="P-1", orderPaymentStatus="PAID"))
        self.assertEqual(self.sale("P-1"), sale)
        self.assertEqual(self.stored("U-1").state, "ignored")
        self.assertFalse(self.stored("U-1").issue_ids.filtered(_is_open))
        self.assertEqual(self.stored("P-1").state, "blocked")
        self.storable("UNKNOWN")
        self.stored("P-1").action_build_now()
        self.run_flow("orders_in")
        self.assertEqual(sale.state, "sale")
        self.assertTrue(sale.order_line.filtered("ebay_line_ref"))
        self.assertEqual(self.sales(), 1)

    def test_an_unpaid_order_that_is_built_after_the_paid_one(self):
        """It waited for its currency; the other one was tried first."""
        euro = self.env["res.currency"].search([("name", "=", "EUR")])
        euro.active = False
        unpaid = simple_order("U-1", orderPaymentStatus="PENDING")
        self.pull(unpaid)
        self.assertFalse(self.sale("U-1"))
        paid = self.changed(unpaid, orderId="P-1", orderPaymentStatus="PAID")
        self.ebay.orders.clear()
        self.pull(paid)
        self.assertEqual(self.stored("U-1").state, "ignored")
        euro.active = True
        (self.stored("U-1") | self.stored("P-1")).action_build_now()
        self.run_flow("orders_in")
        self.assertEqual(self.sale("P-1").state, "sale")
        self.assertEqual(self.sales(), 1)

    def test_an_unpaid_order_that_vanishes_lets_go_of_its_goods(self):
        """Paid together with others, and its line dropped before anybody looked."""
        self.account.hold_days = 7
        order = simple_order("U-1", orderPaymentStatus="PENDING")
        self.pull(order)
        sale = self.sale("U-1")
        self.assertEqual(self.product.free_qty, 998)
        self.ebay.orders.clear()
        for _miss in range(2):
            self.read_again("U-1")
        self.assertEqual((sale.state, self.product.free_qty), ("draft", 998))
        self.read_again("U-1")
        self.assertEqual((sale.state, self.product.free_qty), ("cancel", 1000))
        self.assertFalse(self.stored("U-1").line_ids)
        self.assertFalse(self.stored("U-1").issue_ids.filtered(_is_open))
        paid = self.changed(order, orderPaymentStatus="PAID")
        self.pull(paid)
        self.assertEqual(
            self.stored("U-1").issue_ids.filtered(_is_open).mapped("code"),
            ["cancelled_here"],
            "eBay was wrong, and nobody is left without what he paid for",
        )

    def test_one_that_is_confirmed_and_vanishes_is_asked_about(self):
        self.account.confirm_rule = "always"
        self.pull(simple_order("U-1", orderPaymentStatus="PENDING"))
        self.assertEqual(self.sale("U-1").state, "sale")
        self.ebay.orders.clear()
        for _miss in range(3):
            self.read_again("U-1")
        issue = self.stored("U-1").issue_ids.filtered(_is_open)
        self.assertEqual(issue.code, "unpaid_order_gone")
        issue.with_user(self.user).action_fix()
        self.assertEqual((self.sale("U-1").state, issue.state), ("cancel", "done"))

    def test_of_several_paid_as_one_some_may_wait_for_a_product(self):
        waits = simple_order("U-1", orderPaymentStatus="PENDING")
        waits["lineItems"][0].update(sku="UNKNOWN", legacyItemId="404404404404")
        other = simple_order("U-2", orderPaymentStatus="PENDING")
        other["buyer"] = copy.deepcopy(waits["buyer"])
        self.pull(waits, other)
        self.assertEqual(self.stored("U-1").state, "blocked")
        paid = self.changed(other, orderId="P-1", orderPaymentStatus="PAID")
        paid["lineItems"] = [*other["lineItems"], *waits["lineItems"]]
        for name, value in (("priceSubtotal", "40.00"), ("deliveryCost", "9.98")):
            paid["pricingSummary"][name]["value"] = value
        paid["pricingSummary"]["total"]["value"] = "49.98"
        self.ebay.orders.clear()
        self.pull(paid)
        self.assertEqual(self.stored("U-1").state, "ignored")
        self.assertEqual(self.stored("U-2").state, "ignored")
        self.assertEqual(self.stored("P-1").state, "blocked")
        self.storable("UNKNOWN")
        self.stored("P-1").action_build_now()
        self.run_flow("orders_in")
        sale = self.sale("P-1")
        self.assertEqual(sale.state, "sale", self.stored("P-1").message)
        self.assertEqual(sale.amount_total, 49.98)
        alive = self.env["sale.order"].search(
            [("ebay_account_id", "=", self.account.id), ("state", "!=", "cancel")]
        )
        self.assertEqual(alive, sale)

    def read_again(self, ref):
        """An hour later the open order is asked for by its number."""
        self.stored(ref).read_at = datetime.now() - timedelta(hours=2)
        self.run_flow("orders_in")


def _is_open(issue):
    return issue.state == "open"
