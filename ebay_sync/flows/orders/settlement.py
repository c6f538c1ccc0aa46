"""Invoices less credit notes come to what the seller keeps of an order's money.

Where more is invoiced than was kept (a refund, a cancellation, a lower price after
posting), the inbox proposes the credit note; where less is (a higher price after all
was invoiced), an invoice of the difference. Its button makes it.
"""

from collections import Counter
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...compat import SOL_TAXES
from ...mapping.orders.order import map_order
from ...mapping.orders.settlement import kept_amount, line_refunds
from ...mapping.values.errors import MappingError
from ...mapping.values.money import rounded, step
from .tax_shares import TaxShares

ROUNDING = "rounding"  # what a price, a part or a tax leaves of the amount
TOO_MUCH, TOO_LITTLE = "credit_note_due", "invoice_differs"


class EbayOrderSettlement(models.AbstractModel):
    """Proposes credit notes and invoices of a difference, and makes them."""

    _name = "ebay.order.settlement"
    _description = "eBay: settle invoices with what was paid"

    @api.model
    def _propose(self, sale, order=None):
        """Ask for what the sale order's document makes due, if anything.

        ``order`` is the mapped document where the caller has it. Whoever calls this has
        posted an invoice or seen a refund, a cancellation or another amount.
        """
        row = sale.ebay_order_id
        due = self._due(sale, order)
        code = TOO_MUCH if due > 0 else TOO_LITTLE if due < 0 else None
        asked = row.issue_ids.filtered(
            lambda one: one.code in (TOO_MUCH, TOO_LITTLE) and one.state == "open"
        )
        asked.filtered(lambda one: one.code != code)._close()
        if not code:
            return
        currency = sale.currency_id.name
        self.env["ebay.issue"]._raise(
            row.account_id,
            code,
            order=row,
            order_ref=sale.ebay_order_ref,
            amount=f"{rounded(abs(due), currency)} {currency}",
        )

    @api.model
    def _settle(self, account):
        """Close what somebody has settled by hand meanwhile."""
        asked = self.env["ebay.issue"].search(
            [
                ("account_id", "=", account.id),
                ("code", "in", (TOO_MUCH, TOO_LITTLE)),
                ("state", "=", "open"),
            ]
        )
        asked.filtered(
            lambda issue: not self._holds(issue.code, issue.sale_order_id)
        )._close()

    @api.model
    def _holds(self, code, sale):
        """Whether what an entry of this code says of the sale order is still so."""
        due = self._due(sale)
        return due > 0 if code == TOO_MUCH else due < 0

    @api.model
    def _due(self, sale, order=None):
        """What is invoiced beyond what was kept, or below zero what is missing.

        Zero when it is unknown. Missing is only what no invoice will come for: nothing
        is left to deliver or to invoice, and no clerk made the order cheaper.
        """
        sale = sale.sudo()  # sudo: the robot and sellers read no books
        if not sale.invoice_ids:
            return Decimal(0)
        booked = booked_amount(sale)
        order = order or _document(sale)
        if booked is None or order is None:
            return Decimal(0)
        kept = kept_amount(order)
        if booked >= kept:
            return booked - kept
        has_draft = any(move.state == "draft" for move in invoices_of(sale))
        if sale.state != "sale" or has_draft or not is_invoiced(sale):
            return Decimal(0)
        total = Decimal(str(sale.currency_id.round(sale.amount_total)))
        return min(Decimal(0), booked - min(kept, total))

    # -- the button ------------------------------------------------------------

    @api.model
    def _make(self, sale):
        """What is due, posted where the user may post; returns it.

        All of it back: each invoice is reversed as it is. A part: a line for each set
        of taxes of the goods that it was for.
        """
        sale = sale.sudo()  # sudo: the inbox offers this to every eBay user
        draft = invoices_of(sale).filtered(lambda move: move.state == "draft")
        if draft:
            return draft
        order, due = _document(sale), self._due(sale)
        if not due:
            raise UserError(self.env._("There is nothing to settle any more."))
        invoices = _invoices(sale)
        if due < 0:
            made = self._bill(sale, -due, invoices[-1:])
        elif not kept_amount(order) and not _credit_notes(sale):
            number = sale.ebay_order_ref
            made = invoices._reverse_moves(
                [{"ref": number, "payment_reference": number} for _invoice in invoices]
            )
        else:
            made = self._credit(sale, order, due, invoices[-1:])
        if self.env.user.has_group("account.group_account_invoice"):
            made.action_post()
            for move in made:
                self.env["ebay.order.invoices"]._pay(sale.ebay_account_id, move)
            self._propose(sale, order)
        return made

    def _credit(self, sale, order, due, invoice):
        """A credit note of exactly this amount on the last invoice."""
        name = self.env._(
            "Refund on eBay, order %(number)s", number=sale.ebay_order_ref
        )
        product = sale.ebay_account_id.discount_product_id
        lines = [
            {
                "product_id": product.id,
                "name": name,
                "quantity": 1,
                "price_unit": float(_price(sale, taxes, amount)),
                "tax_ids": [Command.set(taxes.ids)],
            }
            for taxes, amount in _shares(sale, order, due)
        ]
        return self._move(sale, invoice, "out_refund", lines, due)

    def _bill(self, sale, due, invoice):
        """An invoice of exactly this amount.

        What was invoiced at another price is taken back and invoiced at the present
        one, so that Odoo counts the same quantities as before. Odd cents come along.
        """
        lines = []
        for line in sale.order_line.filtered(lambda one: not one.display_type):
            if line.qty_to_invoice:
                lines.append(line._prepare_invoice_line())
            for price, quantity in _invoiced_at(line).items():
                if not quantity or price == line.price_unit:
                    continue
                present = line._prepare_invoice_line(quantity=quantity)
                former = {"price_unit": price, "quantity": -quantity}
                lines += [present, present | former]
        return self._move(sale, invoice, "out_invoice", lines, due)

    def _move(self, sale, invoice, kind, lines, due):
        """A draft for the same customer as an invoice, of exactly this amount."""
        values = {
            "move_type": kind,
            "journal_id": invoice.journal_id.id,
            "partner_id": invoice.partner_id.id,
            "partner_shipping_id": invoice.partner_shipping_id.id,
            "currency_id": invoice.currency_id.id,
            "company_id": invoice.company_id.id,
            "fiscal_position_id": invoice.fiscal_position_id.id,
            "reversed_entry_id": kind == "out_refund" and invoice.id,
            "invoice_origin": sale.name,
            "payment_reference": sale.ebay_order_ref,
            "ref": sale.ebay_order_ref,
            "invoice_line_ids": [Command.create(line) for line in lines],
        }
        move = self.env["account.move"].sudo().create(values)  # sudo: see _make
        self._round_off(sale, move, due)
        return move

    def _round_off(self, sale, move, due):
        """Tax on top is rounded apart: a cent for each line, at most."""
        difference = due - _amount(move)
        most = len(move.invoice_line_ids) * step(sale.currency_id.name)
        if not difference:
            return
        if abs(difference) > most:
            raise UserError(
                self.env._(
                    "Odoo cannot make it exactly %(due)s. Make it by hand.", due=due
                )
            )
        move.invoice_line_ids = [
            Command.create(
                {
                    "product_id": sale.ebay_account_id.rounding_product_id.id,
                    "name": self.env._("Rounding of taxes"),
                    "quantity": 1,
                    "price_unit": float(difference),
                    "tax_ids": [Command.clear()],
                }
            )
        ]


def is_invoiced(sale):
    """Whether all of the order is invoiced, but for odd cents that hang on the rest."""
    return all(
        line.display_type
        or line.ebay_part == ROUNDING
        or line.qty_invoiced >= line.product_uom_qty
        for line in sale.order_line
    )


def invoices_of(sale):
    """A sale order's invoices and credit notes, also those made from an invoice."""
    return _invoices(sale, ("draft", "posted")) | _credit_notes(sale)


def booked_amount(sale, draft=None):
    """Posted invoices less posted credit notes, with one ``draft``; in the order's
    currency. None where an invoice is of other orders, too.
    """
    moves = invoices_of(sale)
    if any(line.order_id != sale for line in moves.invoice_line_ids.sale_line_ids):
        return None
    counted = moves.filtered(lambda move: move.state == "posted" or move == draft)
    return sum(
        (
            -_amount(move) if move.move_type == "out_refund" else _amount(move)
            for move in counted
        ),
        Decimal(0),
    )


def _invoices(sale, states=("posted",)):
    return sale.invoice_ids.filtered(
        lambda move: move.move_type == "out_invoice" and move.state in states
    ).sorted("id")


def _credit_notes(sale):
    return (
        sale.env["account.move"]
        .sudo()
        .search(
            [
                ("move_type", "=", "out_refund"),
                ("state", "in", ("draft", "posted")),
                "|",
                ("reversed_entry_id", "in", sale.invoice_ids.ids),
                ("id", "in", sale.invoice_ids.ids),
            ]
        )
    )


def _amount(move):
    return Decimal(str(move.currency_id.round(move.amount_total)))


def _document(sale):
    try:
        return map_order(sale.ebay_order_id.payload)
    except MappingError:
        return None


def _invoiced_at(line):
    """How many pieces of a line are invoiced at which price, as Odoo has it."""
    found = Counter()
    for one in line.invoice_lines:
        if one.move_id.state == "posted":
            sign = -1 if one.move_id.move_type == "out_refund" else 1
            found[one.price_unit] += sign * one.quantity
    return found


def _shares(sale, order, due):
    """The amount by the taxes of the lines that were refunded, else of all goods."""
    of_lines = line_refunds(order)
    goods = sale.order_line.filtered(lambda line: line.ebay_line_ref in of_lines)
    refunded, everything = (
        TaxShares(sale.env, sale.currency_id.name) for _both in range(2)
    )
    for line in goods:
        refunded.add(line[SOL_TAXES], of_lines[line.ebay_line_ref])
    for line in sale.order_line.filtered("ebay_line_ref"):
        everything.add(line[SOL_TAXES], Decimal(str(round(line.price_total, 6))))
    known = sum((of_lines[line.ebay_line_ref] for line in goods), Decimal(0))
    if not known:
        return everything.split(due)
    shared = refunded.split(min(known, due))
    if known < due:
        shared += everything.split(due - known)
    return shared


def _price(sale, taxes, amount):
    """An amount with its taxes as a price of Odoo's."""
    if not taxes or all(tax.price_include for tax in taxes):
        return amount
    parts = taxes.with_context(force_price_include=True).compute_all(
        float(amount), currency=sale.currency_id, handle_price_include=True
    )
    return parts["total_excluded"]
