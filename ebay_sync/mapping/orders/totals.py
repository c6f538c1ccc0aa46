"""What the sale order must add up to, and how that number comes about.

The parts are taken from the lines and from ``pricingSummary``; their sum is held
against the total that eBay states. What eBay collects for others (remitted tax, its
own charges, import charges) is never part of the sale; whether the stated total
contains it depends on the request (``fieldGroups=TAX_BREAKDOWN``) and is decided here
and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from ..values.money import ZERO
from ..values.reader import Node
from .line import OrderLine
from .tax import RemittedTax, Tax, is_fee

LINE_DISCOUNT = "line"
ORDER_DISCOUNT = "order"
DELIVERY_DISCOUNT = "delivery"

REMITTED_TAX = "remitted_tax"
COLLECTED_CHARGES = "collected_charges"
FORWARDING = "forwarding"


@dataclass(frozen=True, slots=True)
class Discount:
    """A reduction; ``amount`` is negative. ``kind`` is line, order or delivery."""

    kind: str
    amount: Decimal
    line_item_ref: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class ShippingLine:
    """What the buyer pays for delivery, before discount; zero when it is free."""

    amount: Decimal
    carrier_code: str | None
    service_code: str | None


@dataclass(frozen=True, slots=True)
class Totals:
    """The derivation of the total, in the currency of the order.

    ``computed`` is the sum of the parts (items to fee). ``expected`` is what Odoo's
    order must sum to: the total that eBay states without what it collects for others,
    or ``computed`` when eBay states none. The two differ only beside a note
    ``total_mismatch``. ``contained`` names what the stated total contains of the
    amounts that are not the seller's.
    """

    items: Decimal
    line_discounts: Decimal
    order_discount: Decimal
    adjustment: Decimal
    delivery: Decimal
    delivery_discount: Decimal
    tax: Decimal
    fee: Decimal
    computed: Decimal
    expected: Decimal
    ebay_total: Decimal | None
    remitted_tax: Decimal
    collected_charges: Decimal
    forwarding: Decimal
    contained: tuple[str, ...]

    @property
    def steps(self) -> tuple[tuple[str, Decimal], ...]:
        """The parts of ``computed`` that are not zero, in the order of adding."""
        parts = (
            ("items", self.items),
            ("line_discounts", self.line_discounts),
            ("order_discount", self.order_discount),
            ("adjustment", self.adjustment),
            ("delivery", self.delivery),
            ("delivery_discount", self.delivery_discount),
            ("tax", self.tax),
            ("fee", self.fee),
        )
        return tuple((name, amount) for name, amount in parts if amount)


def map_totals(summary: Node, lines: tuple[OrderLine, ...]) -> Totals:
    """Add up the order and compare with ``pricingSummary``."""
    items = _sum(line.subtotal for line in lines)
    _compare(summary, "priceSubtotal", items, "subtotal_mismatch")
    line_discounts = _sum(line.discount for line in lines)
    order_discount = _order_discount(summary, line_discounts)
    adjustment = summary.booked("adjustment") or ZERO
    delivery = _delivery(summary, lines)
    delivery_discount = _delivery_discount(summary, lines)
    tax, fee = _tax_and_fee(summary, lines)
    computed = items + line_discounts + order_discount + adjustment
    computed += delivery + delivery_discount + tax + fee
    others = {
        REMITTED_TAX: _sum(line.taxes.remitted_total for line in lines),
        COLLECTED_CHARGES: _sum(line.collected_charges for line in lines),
        FORWARDING: _sum(line.delivery.forwarding for line in lines),
    }
    documented = (
        (REMITTED_TAX,) if any(line.taxes.broken_down for line in lines) else ()
    )
    ebay_total = summary.booked("total")
    if ebay_total is None:
        summary.note("total_missing", "total")
        contained, expected = documented, computed
    else:
        contained = _contained(summary, ebay_total - computed, others, documented)
        expected = ebay_total - _sum(others[name] for name in contained)
        if expected != computed:
            summary.note("total_mismatch", "total", f"{computed} <> {expected}")
    return Totals(
        items=items,
        line_discounts=line_discounts,
        order_discount=order_discount,
        adjustment=adjustment,
        delivery=delivery,
        delivery_discount=delivery_discount,
        tax=tax,
        fee=fee,
        computed=computed,
        expected=expected,
        ebay_total=ebay_total,
        remitted_tax=others[REMITTED_TAX],
        collected_charges=others[COLLECTED_CHARGES],
        forwarding=others[FORWARDING],
        contained=contained,
    )


def list_discounts(
    totals: Totals, lines: tuple[OrderLine, ...]
) -> tuple[Discount, ...]:
    """Give each discount apart: those of lines, of the order, of the delivery."""
    discounts = [
        Discount(
            LINE_DISCOUNT,
            line.discount,
            line.line_item_ref,
            _descriptions([line]),
        )
        for line in lines
        if line.discount
    ]
    if totals.order_discount:
        undiscounted = [line for line in lines if not line.discount]
        description = _descriptions(undiscounted)
        discounts.append(
            Discount(ORDER_DISCOUNT, totals.order_discount, None, description)
        )
    if totals.delivery_discount:
        discounts.append(Discount(DELIVERY_DISCOUNT, totals.delivery_discount))
    return tuple(discounts)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)


def _compare(summary: Node, key: str, ours: Decimal, code: str) -> None:
    stated = summary.booked(key)
    if stated is not None and stated != ours:
        summary.note(code, key, f"{ours} <> {stated}")


def _negative(summary: Node, key: str) -> Decimal | None:
    """A discount of the summary; eBay documents them as negative numbers."""
    amount = summary.booked(key)
    if amount is not None and amount > 0:
        summary.note("discount_sign", key, amount)
        return -amount
    return amount


def _order_discount(summary: Node, line_discounts: Decimal) -> Decimal:
    """What ``priceDiscount`` reduces beyond the discounts that lines already show."""
    stated = _negative(summary, "priceDiscount")
    if stated is None:
        return ZERO
    rest = stated - line_discounts
    if rest > 0:
        summary.note("discount_mismatch", "priceDiscount", f"{line_discounts}")
    return rest


def _delivery(summary: Node, lines: tuple[OrderLine, ...]) -> Decimal:
    own = _sum(line.delivery.cost for line in lines)
    stated = summary.booked("deliveryCost")
    if stated is None:
        return own
    reduced = own + _sum(line.delivery.discount for line in lines)
    forwarded = own + _sum(line.delivery.forwarding for line in lines)
    if stated not in (own, reduced, forwarded):
        summary.note("delivery_mismatch", "deliveryCost", f"{own} <> {stated}")
    return stated


def _delivery_discount(summary: Node, lines: tuple[OrderLine, ...]) -> Decimal:
    stated = _negative(summary, "deliveryDiscount")
    if stated is not None:
        return stated
    if summary.booked("deliveryCost") is not None:
        # The summary speaks of delivery and of no discount: it is already taken off.
        return ZERO
    return _sum(line.delivery.discount for line in lines)


def _tax_and_fee(
    summary: Node, lines: tuple[OrderLine, ...]
) -> tuple[Decimal, Decimal]:
    """What the seller collects himself: from the lines, else from the summary."""
    own = [tax for line in lines for tax in line.taxes.own]
    if own:
        return _split_fees(own)
    remitted_tax, remitted_fee = _split_fees(
        [tax for line in lines for tax in line.taxes.remitted]
    )
    return (
        max(ZERO, (summary.booked("tax") or ZERO) - remitted_tax),
        max(ZERO, (summary.booked("fee") or ZERO) - remitted_fee),
    )


def _split_fees(taxes: Sequence[Tax | RemittedTax]) -> tuple[Decimal, Decimal]:
    return (
        _sum(tax.amount for tax in taxes if not is_fee(tax.kind)),
        _sum(tax.amount for tax in taxes if is_fee(tax.kind)),
    )


def _contained(
    summary: Node,
    surplus: Decimal,
    others: dict[str, Decimal],
    documented: tuple[str, ...],
) -> tuple[str, ...]:
    """Say which foreign amounts the stated total contains.

    First as eBay documents it (remitted tax is contained when both tax containers
    have types); when only another reading adds up, that one, with a note.
    """
    if surplus == _sum(others[name] for name in documented):
        return documented
    present = [name for name, amount in others.items() if amount]
    for size in range(len(present) + 1):
        for names in combinations(present, size):
            if surplus == _sum(others[name] for name in names):
                summary.note("total_reading", "total", " + ".join(names) or "none")
                return names
    return documented


def _descriptions(lines: list[OrderLine]) -> str | None:
    texts = {
        promotion.description: None
        for line in lines
        for promotion in line.promotions
        if promotion.description
    }
    return ", ".join(texts) or None
