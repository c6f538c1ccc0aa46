"""What of an order is still to be sent: without the lines that eBay has given back.

A line whose whole price was refunded before anything of it was sent is not sent. It
stays in the order with quantity nothing, and the total is without it. Less than the
whole price may be goodwill, and after the parcel has left a refund is a matter of the
return.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ..values.money import ZERO
from .line import OrderLine
from .order import Order
from .tax import LineTaxes, is_fee
from .units import SoldUnits

NOT_STARTED = "NOT_STARTED"
FAILED = "FAILED"


def order_due(order: Order) -> Order:
    """The order without what was refunded before shipping; itself when nothing was.

    An order of which every line was refunded stays as it is: it is cancelled or asked
    about as a whole.
    """
    given_back = refunded_lines(order)
    if not given_back or len(given_back) == len(order.lines):
        return order
    refs = {line.line_item_ref for line in given_back}
    taxes = [tax for line in given_back for tax in line.taxes.own]
    items = _sum(line.subtotal for line in given_back)
    discounts = _sum(line.discount for line in given_back)
    tax = _sum(one.amount for one in taxes if not is_fee(one.kind))
    fee = _sum(one.amount for one in taxes if is_fee(one.kind))
    worth = items + discounts + tax + fee
    totals = order.totals
    return replace(
        order,
        lines=tuple(
            _nothing_of(line) if line.line_item_ref in refs else line
            for line in order.lines
        ),
        discounts=tuple(
            one for one in order.discounts if one.line_item_ref not in refs
        ),
        totals=replace(
            totals,
            items=totals.items - items,
            line_discounts=totals.line_discounts - discounts,
            tax=totals.tax - tax,
            fee=totals.fee - fee,
            computed=totals.computed - worth,
            expected=totals.expected - worth,
        ),
    )


def units_due(units: list[SoldUnits], order: Order | None) -> list[SoldUnits]:
    """What the order still takes from stock; all ``units`` where it is not readable."""
    given_back = refunded_lines(order) if order else ()
    if not order or len(given_back) == len(order.lines):
        return units
    refs = {line.line_item_ref for line in given_back}
    return [one for one in units if one.line_ref not in refs]


def refunded_lines(order: Order) -> tuple[OrderLine, ...]:
    """The lines of which nothing was sent and the whole price was refunded."""
    failed = {one.refund_ref for one in order.refunds if one.status == FAILED} - {None}
    return tuple(
        line
        for line in order.lines
        if line.fulfillment_status in (NOT_STARTED, None)
        and replace(
            line,
            refunds=tuple(one for one in line.refunds if one.refund_ref not in failed),
        ).is_fully_refunded
    )


def refunds_are_lines(order: Order) -> bool:
    """Whether whole lines, unsent, are all that was refunded of the order.

    What is left is then known, and paid. Refunds are distinguished by their ids.
    """
    known = {
        one.refund_ref for line in refunded_lines(order) for one in line.refunds
    } - {None}
    refunds = [one.refund_ref for one in order.refunds if one.status != FAILED]
    return bool(known) and all(ref in known for ref in refunds)


def _nothing_of(line: OrderLine) -> OrderLine:
    return replace(
        line,
        quantity=0,
        subtotal=ZERO,
        discount=ZERO,
        rounding=ZERO,
        taxes=LineTaxes(remitted=line.taxes.remitted),
    )


def _sum(amounts) -> Decimal:
    return sum(amounts, ZERO)
