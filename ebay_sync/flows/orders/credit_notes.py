"""Invoices less credit notes come to what the seller keeps of an order's money.

Where more is invoiced than was kept (a refund, a cancellation after posting), the inbox
proposes the credit note, and its button makes it.
"""

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

CODE = "credit_note_due"


class EbayOrderCreditNotes(models.AbstractModel):
    """Proposes credit notes, and makes the proposed ones."""

    _name = "ebay.order.credit.notes"
    _description = "eBay: credit notes"

    @api.model
    def _propose(self, sale, order=None):
        """Ask for the credit note that the sale order's document makes due, if any.

        ``order`` is the mapped document where the caller has it. Whoever calls this has
        posted an invoice or seen a refund or a cancellation.
        """
        row = sale.ebay_order_id
        due = self._due(sale, order)
        if not due:
            self._open_issues(row)._close()
            return
        currency = sale.currency_id.name
        self.env["ebay.issue"]._raise(
            row.account_id,
            CODE,
            order=row,
            order_ref=sale.ebay_order_ref,
            amount=f"{rounded(due, currency)} {currency}",
        )

    @api.model
    def _settle(self, account):
        """Close what somebody has settled by hand meanwhile."""
        asked = self.env["ebay.issue"].search(
            [
                ("account_id", "=", account.id),
                ("code", "=", CODE),
                ("state", "=", "open"),
            ]
        )
        asked.filtered(lambda issue: not self._due(issue.sale_order_id))._close()

    @staticmethod
    def _open_issues(row):
        return row.issue_ids.filtered(
            lambda one: one.code == CODE and one.state == "open"
        )

    @api.model
    def _due(self, sale, order=None):
        """What is invoiced beyond what was kept; zero when that is unknown."""
        sale = sale.sudo()  # sudo: the robot and sellers read no books
        if not sale.invoice_ids:
            return Decimal(0)
        booked = booked_amount(sale)
        order = order or _document(sale)
        if booked is None or order is None:
            return Decimal(0)
        return max(Decimal(0), booked - kept_amount(order))

    # -- the button ------------------------------------------------------------

    @api.model
    def _make(self, sale):
        """The credit note that is due, posted where the user may post; returns it.

        All of it back: each invoice is reversed as it is. A part: a line for each set
        of taxes of the goods that it was for.
        """
        sale = sale.sudo()  # sudo: the inbox offers this to every eBay user
        draft = _credit_notes(sale).filtered(lambda move: move.state == "draft")
        if draft:
            return draft
        order, due = _document(sale), self._due(sale)
        if not due:
            raise UserError(self.env._("There is nothing to credit any more."))
        invoices = _invoices(sale)
        if not kept_amount(order) and not _credit_notes(sale):
            made = invoices._reverse_moves(
                [{"ref": sale.ebay_order_ref} for _invoice in invoices]
            )
        else:
            made = self._partial(sale, order, due, invoices[-1:])
        if self.env.user.has_group("account.group_account_invoice"):
            made.action_post()
            for move in made:
                self.env["ebay.order.invoices"]._pay(sale.ebay_account_id, move)
            self._propose(sale, order)
        return made

    def _partial(self, sale, order, due, invoice):
        """A credit note of exactly this amount on the last invoice."""
        product = sale.ebay_account_id.discount_product_id
        move = (
            self.env["account.move"]
            .sudo()
            .create(
                {
                    "move_type": "out_refund",
                    "journal_id": invoice.journal_id.id,
                    "partner_id": invoice.partner_id.id,
                    "partner_shipping_id": invoice.partner_shipping_id.id,
                    "currency_id": invoice.currency_id.id,
                    "company_id": invoice.company_id.id,
                    "fiscal_position_id": invoice.fiscal_position_id.id,
                    "reversed_entry_id": invoice.id,
                    "invoice_origin": sale.name,
                    "payment_reference": sale.ebay_order_ref,
                    "ref": sale.ebay_order_ref,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "name": self.env._(
                                    "Refund on eBay, order %(number)s",
                                    number=sale.ebay_order_ref,
                                ),
                                "quantity": 1,
                                "price_unit": float(_price(sale, taxes, amount)),
                                "tax_ids": [Command.set(taxes.ids)],
                            }
                        )
                        for taxes, amount in _shares(sale, order, due)
                    ],
                }
            )
        )
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
                self.env._("The credit note does not come to %(due)s.", due=due)
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
