"""Invoices in parts, refunds and cancellations: their sum is what was kept."""

import copy
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ebay_sync.compat import USER_GROUPS

from .orders import FixCase, simple_order


@tagged("post_install", "-at_install")
class TestInvoices(FixCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.account.company_id
        cls.has_books = bool(
            cls.env["account.journal"].search(
                [("type", "=", "sale"), ("company_id", "=", company.id)]
            )
        )
        if not cls.has_books:
            return
        cls.journal = cls.env["account.journal"].create(
            {
                "name": "eBay clearing",
                "code": "EBAYC",
                "type": "bank",
                "company_id": company.id,
            }
        )
        cls.account.write(
            {"invoice_rule": "post", "payment_journal_id": cls.journal.id}
        )
        cls.top = cls.env["account.tax"].create(
            {
                "name": "23 % on top",
                "amount": 23,
                "price_include_override": "tax_excluded",
                "company_id": company.id,
            }
        )
        cls.product.write({"taxes_id": cls.top, "invoice_policy": "delivery"})

    def setUp(self):
        super().setUp()
        if not self.has_books:
            self.skipTest("the database has no chart of accounts")

    def order(self, quantity=3, cost="20.00"):
        """Three pieces for 20.00, which no net price divides into, and 4.99."""
        order = simple_order("A-1")
        line = order["lineItems"][0]
        total = str(Decimal(cost) + Decimal("4.99"))
        line.update(quantity=quantity, lineItemCost={"value": cost, "currency": "EUR"})
        line["total"]["value"] = total
        order["pricingSummary"]["priceSubtotal"]["value"] = cost
        order["pricingSummary"]["total"]["value"] = total
        return order

    def deliver(self, quantity):
        """Have so many pieces leave; the rest stays to be delivered."""
        picking = self.sale("A-1").picking_ids.filtered(
            lambda one: one.state == "assigned"
        )
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")

    def refund(self, order, amount, status="PARTIALLY_REFUNDED"):
        """The order with money given back."""
        order = self.changed(copy.deepcopy(order), orderPaymentStatus=status)
        order["paymentSummary"]["refunds"] = [
            {
                "refundId": "5000001",
                "refundDate": order["lastModifiedDate"],
                "amount": {"value": amount, "currency": "EUR"},
                "refundStatus": "REFUNDED",
            }
        ]
        return order

    def booked(self):
        """What invoices and credit notes come to."""
        sale = self.sale("A-1")
        moves = sale.invoice_ids | self.env["account.move"].search(
            [("reversed_entry_id", "in", sale.invoice_ids.ids)]
        )
        self.assertEqual(set(moves.mapped("state")), {"posted"})
        return round(
            sum(
                -move.amount_total
                if move.move_type == "out_refund"
                else move.amount_total
                for move in moves
            ),
            2,
        )

    def test_parts_come_to_the_order_to_the_cent(self):
        self.pull(self.order())
        sale = self.sale("A-1")
        self.assertEqual(sale.state, "sale", self.stored("A-1").message)
        self.assertFalse(sale.invoice_ids)
        for number in range(3):
            self.deliver(1)
            self.run_flow("orders_in")
            self.assertEqual(len(sale.invoice_ids), number + 1)
        self.assertEqual(self.booked(), 24.99)
        self.assertFalse(self.stored("A-1").issue_ids)
        self.run_flow("orders_in")
        self.assertEqual(len(sale.invoice_ids), 3)

    def test_a_discount_of_the_order_waits_for_goods_that_are_worth_more(self):
        order = self.order(quantity=10)
        order["pricingSummary"]["priceDiscount"] = {
            "value": "-15.00",
            "currency": "EUR",
        }
        order["pricingSummary"]["total"]["value"] = "9.99"
        self.pull(order)
        sale = self.sale("A-1")
        self.assertEqual(sale.state, "sale", self.stored("A-1").message)
        self.deliver(2)
        self.run_flow("orders_in")
        self.assertFalse(sale.invoice_ids)
        self.assertFalse(self.stored("A-1").issue_ids)
        self.deliver(8)
        self.run_flow("orders_in")
        self.assertEqual(self.booked(), 9.99)

    def test_payment_lands_on_the_clearing_account_itself(self):
        self.product.invoice_policy = "order"
        self.pull(self.order())
        invoice = self.sale("A-1").invoice_ids
        self.assertEqual(invoice.payment_state, "paid")
        payment = self.env["account.payment"].search(
            [("journal_id", "=", self.journal.id)]
        )
        accounts = payment.move_id.line_ids.account_id
        self.assertIn(self.journal.default_account_id, accounts)
        self.assertEqual(payment.state, "paid")
        balance = sum(
            self.env["account.move.line"]
            .search(
                [
                    ("account_id", "=", self.journal.default_account_id.id),
                    ("parent_state", "=", "posted"),
                ]
            )
            .mapped("balance")
        )
        self.assertAlmostEqual(balance, payment.move_id.amount_total_signed, 2)

    def test_what_is_refunded_in_part_before_is_invoiced_and_credited(self):
        order = self.order()
        self.pull(order)
        self.pull(self.refund(order, "5.00"))
        self.deliver(3)
        self.run_flow("orders_in")
        self.assertEqual(self.booked(), 24.99)
        issue = self.issue("A-1", "credit_note_due")
        self.assertIn("5.00", issue.summary)
        books = self.env.ref("account.group_account_invoice")
        self.user.write({USER_GROUPS: [Command.link(books.id)]})
        issue.action_fix()
        self.assertEqual(self.booked(), 19.99)
        self.assertEqual(issue.state, "done")
        balance = sum(
            self.env["account.payment"]
            .search([("journal_id", "=", self.journal.id)])
            .mapped("amount_signed")
        )
        self.assertAlmostEqual(balance, 19.99, 2)
        with self.assertRaises(UserError):
            issue.action_fix()

    def test_a_cancellation_after_posting_is_credited_as_a_whole(self):
        self.product.invoice_policy = "order"
        order = self.order()
        self.pull(order)
        self.assertEqual(self.booked(), 24.99)
        cancelled = self.refund(order, "24.99", "FULLY_REFUNDED")
        cancelled["cancelStatus"] = {
            "cancelState": "CANCELED",
            "cancelledDate": ebay_time_of(cancelled),
            "cancelRequests": [],
        }
        self.pull(cancelled)
        sale = self.sale("A-1")
        self.assertEqual(sale.state, "cancel")
        issue = self.issue("A-1", "credit_note_due")
        self.assertIn("24.99", issue.summary)
        issue.action_fix()  # without rights in the books: a draft
        credit = self.env["account.move"].search(
            [("reversed_entry_id", "in", sale.invoice_ids.ids)]
        )
        self.assertEqual((len(credit), credit.state), (1, "draft"))
        issue.action_fix()
        self.assertEqual(
            self.env["account.move"].search_count(
                [("reversed_entry_id", "in", sale.invoice_ids.ids)]
            ),
            1,
        )
        credit.action_post()
        self.assertEqual(self.booked(), 0)
        self.run_flow("orders_in")
        self.assertEqual(issue.state, "done")

    def test_an_invoice_of_several_orders_is_left_to_people(self):
        self.account.invoice_rule = "no"
        self.product.invoice_policy = "order"
        order = self.order()
        other = simple_order("B-1")
        other["buyer"]["username"] = order["buyer"]["username"]
        self.pull(order, other)
        both = self.sale("A-1") | self.sale("B-1")
        both.partner_invoice_id = self.sale("A-1").partner_id
        invoice = both._create_invoices()
        self.assertEqual(len(invoice), 1)
        invoice.action_post()
        self.pull(self.refund(order, "5.00"))
        self.assertFalse(self.issue("A-1", "credit_note_due"))


def ebay_time_of(order):
    """When the order changed last."""
    return order["lastModifiedDate"]
