"""A shop whose paid orders are invoiced and paid by the account's rule."""

import copy
from decimal import Decimal

from .orders import FixCase, simple_order


class InvoiceCase(FixCase):
    """Orders by ``ref``; SKU-1 has 23 % on top and is invoiced when delivered."""

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
        self.ref = "A-1"

    def order(self, quantity=3, cost="20.00"):
        """Three pieces for 20.00, which no net price divides into, and 4.99."""
        order = simple_order(self.ref)
        line = order["lineItems"][0]
        total = str(Decimal(cost) + Decimal("4.99"))
        line.update(quantity=quantity, lineItemCost={"value": cost, "currency": "EUR"})
        line["total"]["value"] = total
        order["pricingSummary"]["priceSubtotal"]["value"] = cost
        order["pricingSummary"]["total"]["value"] = total
        return order

    def deliver(self, quantity):
        """Have so many pieces leave; the rest stays to be delivered."""
        picking = self.sale(self.ref).picking_ids.filtered(
            lambda one: one.state == "assigned"
        )
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")

    @staticmethod
    def refund_of(order, amount):
        """Money given back, as eBay shows it."""
        return {
            "refundId": f"5{amount.replace('.', '')}",
            "refundDate": order["lastModifiedDate"],
            "amount": {"value": amount, "currency": "EUR"},
            "refundStatus": "REFUNDED",
        }

    def refund(self, order, amount, status="PARTIALLY_REFUNDED"):
        """The order with money given back."""
        order = self.changed(copy.deepcopy(order), orderPaymentStatus=status)
        order["paymentSummary"]["refunds"] = [self.refund_of(order, amount)]
        return order

    def moves(self):
        """The order's invoices and credit notes."""
        sale = self.sale(self.ref)
        return sale.invoice_ids | self.env["account.move"].search(
            [("reversed_entry_id", "in", sale.invoice_ids.ids)]
        )

    def booked(self):
        """What invoices and credit notes come to."""
        moves = self.moves()
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
