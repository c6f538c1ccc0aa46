"""Invoices in parts, refunds and cancellations: their sum is what was kept."""

import random
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.ebay_sync.compat import USER_GROUPS
from odoo.addons.ebay_sync.mapping.orders.order import map_order
from odoo.addons.ebay_sync.mapping.orders.settlement import kept_amount

from .invoice_case import InvoiceCase
from .orders import ebay_time, simple_order

ASKED = {"credit_note_due", "invoice_differs", "invoice_failed", "total_differs"}


@tagged("post_install", "-at_install")
class TestInvoices(InvoiceCase):
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

    def test_no_context_chooses_the_account_of_a_payment(self):
        """What a person registers elsewhere is booked as Odoo has it."""
        self.account.payment_journal_id = False
        self.product.invoice_policy = "order"
        self.pull(self.order())
        invoice = self.sale("A-1").invoice_ids
        clerk = new_test_user(self.env, "books", groups="account.group_account_invoice")
        wizard = self.env["account.payment.register"].with_user(clerk)
        payments = wizard.with_context(
            active_model="account.move",
            active_ids=invoice.ids,
            ebay_clearing_account=invoice.line_ids.account_id[:1].id,
        ).create({"journal_id": self.journal.id})
        payment = payments._create_payments()
        self.assertNotIn(payment.outstanding_account_id, invoice.line_ids.account_id)
        self.assertNotEqual(
            payment.outstanding_account_id, self.journal.default_account_id
        )

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


@tagged("post_install", "-at_install")
class TestSettlement(InvoiceCase):
    """Whatever happens on both sides, the books come to what the seller kept."""

    def test_a_price_that_rises_after_the_invoice(self):
        self.product.invoice_policy = "order"
        self.with_books()
        order = self.order()
        self.pull(order)
        self.assertEqual(self.booked(), 24.99)
        self.later(order, line="23.00")
        self.run_flow("orders_in")
        issue = self.issue("A-1", "invoice_differs")
        self.assertIn("3.00", issue.summary)
        issue.action_fix()
        self.assertEqual(self.booked(), 27.99)
        self.assertEqual(issue.state, "done")
        sale = self.sale("A-1")
        goods = sale.order_line.filtered("ebay_line_ref")
        self.assertEqual(goods.qty_invoiced, goods.product_uom_qty)
        self.assertFalse(self.issue("A-1", "credit_note_due"))
        self.assertEqual(self.paid(), 27.99)

    def test_a_price_that_falls_after_the_invoice(self):
        self.product.invoice_policy = "order"
        self.with_books()
        order = self.order()
        self.pull(order)
        self.later(order, line="18.50")
        self.run_flow("orders_in")
        self.issue("A-1", "credit_note_due").action_fix()
        self.assertEqual(self.booked(), 23.49)
        self.assertEqual(self.paid(), 23.49)

    def test_several_parts_are_credited_at_once(self):
        self.with_books()
        order = self.order()
        self.pull(order)
        for _number in range(3):
            self.deliver(1)
            self.run_flow("orders_in")
        order["paymentSummary"]["refunds"] = [self.refund_of(order, "24.99")]
        self.later(order, orderPaymentStatus="FULLY_REFUNDED")
        self.run_flow("orders_in")
        self.issue("A-1", "credit_note_due").action_fix()
        self.assertEqual((self.booked(), self.paid()), (0, 0), self.story())

    def test_any_course_of_things(self):
        self.with_books()
        for seed in range(16):
            with self.subTest(seed=seed):
                self.play(random.Random(seed), f"A-{seed}")

    def play(self, chance, ref):
        """One order with its deliveries, refunds and other prices, at random."""
        self.ref = ref
        self.product.invoice_policy = chance.choice(["order", "delivery"])
        self.top.price_include_override = chance.choice(
            ["tax_excluded", "tax_included"]
        )
        order = self.order(chance.randint(1, 4), amount(chance, 1, 40))
        self.account.orders_read_until_at = False
        self.pull(order)
        self.assertEqual(self.sale(ref).state, "sale", self.stored(ref).message)
        things = (self.some_leave, self.price, self.delivery_cost, self.give_back)
        for _step in range(chance.randint(2, 5)):
            chance.choice((*things, self.settle_now))(chance, order)
            self.run_flow("orders_in")
        self.some_leave(None, order)
        self.run_flow("orders_in")
        self.settle_now(None, order)
        self.run_flow("orders_in")
        kept = float(kept_amount(map_order(order)))
        self.assertEqual((self.booked(), self.paid()), (kept, kept), self.story())
        asked = self.stored(ref).issue_ids.filtered(lambda one: one.state == "open")
        self.assertFalse(set(asked.mapped("code")) & ASKED, self.story())

    def some_leave(self, chance, _order):
        """Some pieces are delivered, or all that are left."""
        goods = self.sale(self.ref).order_line.filtered("ebay_line_ref")
        left = int(sum(line.product_uom_qty - line.qty_delivered for line in goods))
        if left:
            self.deliver(chance.randint(1, left) if chance else left)

    def price(self, chance, order):
        """eBay shows another price."""
        self.later(order, line=amount(chance, 8, 45))

    def delivery_cost(self, chance, order):
        """eBay shows another delivery cost."""
        self.later(order, delivery=amount(chance, 0, 9))

    def give_back(self, chance, order):
        """The seller refunds some of it, once."""
        if not order["paymentSummary"].get("refunds"):
            refund = self.refund_of(order, amount(chance, 0, 4))
            order["paymentSummary"]["refunds"] = [refund]
            self.later(order, orderPaymentStatus="PARTIALLY_REFUNDED")

    def settle_now(self, _chance, _order):
        """Somebody presses the buttons that the inbox has for the books."""
        for code in ("credit_note_due", "invoice_differs"):
            for issue in self.issue(self.ref, code):
                issue.action_fix()

    def with_books(self):
        """The user may post invoices."""
        books = self.env.ref("account.group_account_invoice")
        self.user.write({USER_GROUPS: [Command.link(books.id)]})

    def later(self, order, line=None, delivery=None, **changes):
        """eBay shows the order with other amounts, a second after the last change."""
        goods, summary = order["lineItems"][0], order["pricingSummary"]
        if line:
            for amount in (goods["lineItemCost"], summary["priceSubtotal"]):
                amount["value"] = line
        if delivery:
            cost = goods["deliveryCost"]["shippingCost"]
            for amount in (cost, summary["deliveryCost"]):
                amount["value"] = delivery
        total = str(
            Decimal(goods["lineItemCost"]["value"])
            + Decimal(summary["deliveryCost"]["value"])
        )
        for amount in (goods["total"], summary["total"]):
            amount["value"] = total
        self.moments = getattr(self, "moments", 0) + 1
        moment = datetime.now(timezone.utc) - timedelta(seconds=1800 - self.moments)
        order.update(changes, lastModifiedDate=ebay_time(moment))
        # Odoo remembers numbers until a commit, and tests have none
        self.env.cr.precommit.data.pop("sequence.mixin", None)
        self.account.orders_read_until_at = False
        self.ebay.show(order)

    def paid(self):
        """What lies on the clearing journal for this order."""
        payments = self.env["account.payment"].search(
            [("journal_id", "=", self.journal.id), ("memo", "=", self.ref)]
        )
        return round(sum(payments.mapped("amount_signed")), 2)

    def story(self):
        """What the books say, for whoever reads a failure."""
        moves, asked = self.moves(), self.stored(self.ref).issue_ids
        return [
            *((one.move_type, one.amount_total, one.payment_state) for one in moves),
            *((one.code, one.state, one.summary) for one in asked),
        ]


def amount(chance, least, most):
    """An amount with odd cents."""
    return f"{chance.randint(least, most)}.{chance.randint(1, 99):02}"
