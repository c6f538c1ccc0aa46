"""After confirmation, by the account's rule: the invoices, and the payments on them.

What is delivered or ordered is invoiced as the products say, in as many parts as there
are; together the parts come to the sale order's total, to the cent.
"""

from decimal import Decimal

from odoo import api, models
from odoo.fields import Command

from ..engine.run import reason
from .settlement import ROUNDING, booked_amount, invoices_of, is_invoiced

AT_ONCE = 50
FAILED_AT_ONCE = 10
# What is refunded in part was paid: a credit note says what went back.
PAID_STATES = ("PAID", "PARTIALLY_REFUNDED")


class EbayOrderInvoices(models.AbstractModel):
    """Invoices what paid orders have to be invoiced."""

    _name = "ebay.order.invoices"
    _description = "eBay: invoice orders"

    @api.model
    def _invoice_due(self, run):
        """Invoice what is confirmed, paid on eBay and to be invoiced.

        What failed before comes last and little by little: it must not keep the others
        waiting.
        """
        self.env["ebay.order.settlement"]._settle(run.account)
        account = run.account
        if account.invoice_rule == "no" or not run.checkpoint.has_time():
            return
        told = self.env["ebay.issue"].search(
            [
                ("account_id", "=", account.id),
                ("code", "=", "invoice_failed"),
                ("state", "in", ("open", "ignored")),
            ],
            order="last_seen_at, id",
        )
        over = told.filtered(lambda issue: not issue._still_holds())
        over._close()
        failed = (told - over).sale_order_id
        done = 0
        for order in self._due(account, [("id", "not in", failed.ids)]):
            if done == AT_ONCE:
                run.more = True
                break
            done += self._invoice_one(run, order)
            if not run.save(1):
                run.more = True
                return
        for order in self._due(account, [("id", "in", failed[:FAILED_AT_ONCE].ids)]):
            self._invoice_one(run, order)
            if not run.save(1):
                run.more = True
                return

    def _due(self, account, which):
        return self.env["sale.order"].search(
            [
                ("ebay_account_id", "=", account.id),
                ("state", "=", "sale"),
                ("invoice_status", "=", "to invoice"),
                ("ebay_payment_status", "in", PAID_STATES),
                *which,
            ],
            order="id",
        )

    def _invoice_one(self, run, order):
        """Invoice what of the order may be; returns whether there was anything."""
        if not self._is_worth_it(order):
            return False
        issues = self.env["ebay.issue"]
        with run.record(order, savepoint=True) as tried:
            self._invoice(run.account, order)
        if tried.error:
            issues._raise(
                run.account,
                "invoice_failed",
                order=order.ebay_order_id,
                order_ref=order.ebay_order_ref,
                reason=reason(tried.error),
            )
        else:
            order.ebay_issue_ids.filtered(
                lambda issue: issue.code == "invoice_failed"
            )._close()
            run.line("updated", order)
        return True

    @staticmethod
    def _is_worth_it(order):
        """Whether something is to be invoiced that comes to more than nothing.

        Discounts of the whole order may be more than what was delivered first, and what
        was taken off the order after its invoice is a credit note's. Odd cents hang on
        goods, or on an invoice of a difference.
        """
        lines = (
            order.sudo()
            ._get_invoiceable_lines()
            .filtered(lambda line: not line.display_type)
        )
        amount = sum(
            line.price_total * line.qty_to_invoice / line.product_uom_qty
            for line in lines
            if line.product_uom_qty
        )
        if all(line.ebay_part == ROUNDING for line in lines):
            return False
        return order.currency_id.compare_amounts(amount, 0) >= 0

    def _invoice(self, account, order):
        # sudo: the robot has no rights in accounting beyond this rule
        order = order.sudo()
        invoice = order._create_invoices()
        invoice.write({"payment_reference": order.ebay_order_ref})
        if is_invoiced(order):
            self._round_off(account, order, invoice)
        invoice.action_post()
        self._pay(account, invoice)
        self.env["ebay.order.settlement"]._propose(order)

    def _round_off(self, account, order, invoice):
        """Parts are rounded one by one: the last one says what their sum lacks."""
        booked = booked_amount(order, invoice)
        if booked is None:
            return
        wanted = Decimal(str(order.currency_id.round(order.amount_total)))
        difference = wanted - booked
        lines = len(invoices_of(order).invoice_line_ids)
        if 0 < abs(difference) <= lines * Decimal(str(order.currency_id.rounding)):
            product = account.sudo().rounding_product_id
            invoice.invoice_line_ids = [
                Command.create(
                    {
                        "product_id": product.id,
                        "name": self.env._("Rounding of partial invoices"),
                        "quantity": 1,
                        "price_unit": float(difference),
                        "tax_ids": [Command.clear()],
                    }
                )
            ]

    @api.model
    def _pay(self, account, move):
        """Register eBay's payment, or its refund, on the clearing account itself.

        That it lands there and not on *Outstanding Receipts* is seen to by
        ``models/orders/account_payment.py``.
        """
        journal = account.sudo().payment_journal_id  # sudo: as above
        if not journal or not move.amount_total:
            return
        self.env["account.payment.register"].sudo().with_context(
            active_model="account.move",
            active_ids=move.ids,
        ).create(
            {"journal_id": journal.id, "communication": move.payment_reference}
        )._create_payments()
