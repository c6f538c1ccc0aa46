"""The sale order that exists for an eBay order, also under a former number.

An order gets another number when it is paid; its lines keep theirs.
"""

from ...mapping.orders.merge import CONFIRMED, QUOTATION
from ...mapping.orders.units import line_refs
from .odoo_facts import Base, phase_of

UNPAID = ("PENDING", "FAILED")


class SaleOrders:
    """Finds them for the plans of one batch, and leaves former numbers behind."""

    def __init__(self, env, account):
        self.env = env
        self.account = account

    def find(self, plans):
        """The plans, each with the sale order that exists for it.

        eBay changes the number when an order is paid: the plan of the former number is
        left out, whether its sale order is there or would come in this batch.
        """
        sales = self.env["sale.order"].search(
            [
                ("ebay_account_id", "=", self.account.id),
                ("ebay_order_ref", "in", [plan.order.order_ref for plan in plans]),
            ]
        )
        by_ref = {sale.ebay_order_ref: sale for sale in sales}
        for plan in plans:
            plan.sale = plan.row.sale_order_id or by_ref.get(plan.order.order_ref)
        self._look_by_lines([plan for plan in plans if not plan.sale])
        self._pair(plans)
        return [plan for plan in plans if plan.row.state != "ignored"]

    def _look_by_lines(self, plans):
        """Take over what exists for the same lines."""
        if not plans:
            return
        by_line, waiting = self._by_line(plans), self._unpaid_and_blocked(plans)
        for plan in plans:
            refs = [line.line_item_ref for line in plan.order.lines]
            former = {waiting[ref] for ref in refs if ref in waiting}
            sales = {by_line[ref] for ref in refs if ref in by_line}
            sales |= {row.sale_order_id for row in former if row.sale_order_id}
            if len(sales) == 1:
                self._adopt(plan, sales.pop())
            elif sales:
                self._combine(plan, self.env["sale.order"].concat(*sales))
            for row in former:
                if row.state != "ignored":
                    self._take_over(plan, row)

    def _by_line(self, plans):
        """Sale orders by the lines of eBay's that stand in them."""
        refs = [line.line_item_ref for plan in plans for line in plan.order.lines]
        lines = self.env["sale.order.line"].search(
            [
                ("ebay_line_ref", "in", refs),
                ("order_id.ebay_account_id", "=", self.account.id),
                ("order_id.ebay_order_id.state", "!=", "ignored"),
            ]
        )
        return {line.ebay_line_ref: line.order_id for line in lines}

    def _unpaid_and_blocked(self, plans):
        """Unpaid orders of these buyers that wait for something, by their lines: their
        sale orders are not there yet, or lack the lines that would tell whose they are.
        """
        rows = self.env["ebay.order"].search(
            [
                ("account_id", "=", self.account.id),
                ("state", "=", "blocked"),
                ("payment_status", "in", UNPAID),
                ("buyer_username", "in", [one.order.buyer.username for one in plans]),
                ("id", "not in", [one.row.id for one in plans]),
            ]
        )
        return {line: row for row in rows for line in line_refs(row.payload)}

    def _pair(self, plans):
        """Both numbers of an order in one batch, in whatever order they came."""
        known = {}
        for plan in plans:
            if plan.row.state == "ignored":
                continue
            for line in plan.order.lines:
                other = known.setdefault(line.line_item_ref, plan)
                if other is not plan and not (other.sale and plan.sale):
                    if self._take_over(plan, other.row):
                        known[line.line_item_ref] = plan
                    else:
                        self._take_over(other, plan.row)

    def _adopt(self, plan, sale):
        """The sale order of the same lines: it is of the number before, or of the next
        one, where this one was blocked meanwhile."""
        other = sale.ebay_order_id
        if other and not self._take_over(plan, other):
            self._renumber(plan.row, other)

    def _combine(self, plan, sales):
        """Several unpaid orders were paid as one: the new one stands for them all.

        One of which something has left or is being picked continues as the new order.
        """
        unpaid = sales.filtered(
            lambda one: one.ebay_order_id.payment_status in UNPAID
        ).sorted("id")
        kept = unpaid.filtered(_is_on_its_way)[:1]
        if kept:
            self._adopt(plan, kept)
        for sale in unpaid - kept:
            if sale.state != "cancel":
                self.env["ebay.order.update"]._cancel_sale(sale)
            sale._message_log(
                body=self.env._(
                    "eBay: paid together with others as order %(number)s",
                    number=plan.order.order_ref,
                )
            )
            plan.combined = (plan.combined or sale) | sale
            former = sale.ebay_order_id
            self._renumber(former, plan.row, keeps_sale=True)

    def _take_over(self, plan, former):
        """The unpaid order of before, under its new number; false when it is none."""
        sale = former.sale_order_id
        base = Base.of(former)
        if not self._renumber(former, plan.row):
            return False
        if sale:
            base.hand_over(plan.row)
            plan.sale = plan.row.sale_order_id = sale
            sale.write(
                {
                    "ebay_order_ref": plan.order.order_ref,
                    "ebay_order_id": plan.row.id,
                    "client_order_ref": plan.order.order_ref,
                }
            )
        return True

    def _renumber(self, former, row, keeps_sale=False):
        """Leave the row of the former number behind; false when it was paid itself."""
        if former == row or former.payment_status not in UNPAID:
            return False
        if row.payment_status in UNPAID and row.id < former.id:
            return False  # of two unpaid ones the number seen first is the former
        known = [row.former_refs] if row.former_refs else []
        row.former_refs = ", ".join([*known, former.order_ref])
        former.write(
            {
                "state": "ignored",
                "sale_order_id": former.sale_order_id.id if keeps_sale else False,
                "message": self.env._("Paid as order %(number)s", number=row.order_ref),
            }
        )
        former.line_ids.unlink()  # sold once, under the new number
        former.issue_ids._close()
        return True


def _is_on_its_way(sale):
    """Whether cancelling the order would not undo what was done with its goods."""
    return sale.state == "sale" and phase_of(sale).order not in (QUOTATION, CONFIRMED)
