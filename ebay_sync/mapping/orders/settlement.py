"""What of an order's money stays with the seller: what was paid without what went back.

Source: Fulfillment API, PaymentSummary.refunds and LineItem.refunds. A refund of the
whole order stands in the first, one of lines in the second, some in both, under the
same id. The order's status is no proof of a refund: a dispute that the seller won
leaves FULLY_REFUNDED for ever.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from ..values.money import ZERO
from .order import Order

REFUNDED = "REFUNDED"


def refunded_amount(order: Order) -> Decimal:
    """Give what went back to the buyer, each refund counted once; pending ones not."""
    by_ref: dict[str, Decimal] = defaultdict(Decimal)
    open_refs = set()
    for number, one in enumerate(order.refunds):
        ref = one.refund_ref or one.reference or f"order {number}"
        if one.status not in (None, REFUNDED):
            open_refs.add(ref)
        elif one.amount:
            by_ref[ref] += one.amount.value
    of_lines: dict[str, Decimal] = defaultdict(Decimal)
    for line in order.lines:
        for number, one in enumerate(line.refunds):
            ref = one.refund_ref or one.reference or f"{line.line_item_ref} {number}"
            if one.amount and ref not in open_refs:
                of_lines[ref] += one.amount.value
    for ref, amount in of_lines.items():
        # the summary's may be without eBay's fees: the buyer got the greater one
        by_ref[ref] = max(by_ref[ref], amount)
    return sum(by_ref.values(), ZERO)


def line_refunds(order: Order) -> dict[str, Decimal]:
    """Give what went back for each line, by the line's id."""
    return {
        line.line_item_ref: amount
        for line in order.lines
        if (
            amount := sum(
                (one.amount.value for one in line.refunds if one.amount), ZERO
            )
        )
    }


def kept_amount(order: Order) -> Decimal:
    """Give what invoices and credit notes must come to once all is settled."""
    if order.cancel.is_cancelled:
        return ZERO
    return max(ZERO, order.expected_total - refunded_amount(order))
