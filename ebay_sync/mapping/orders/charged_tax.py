"""The tax of an order that the seller charged on top and owes, as one rate of a base.

Source: Fulfillment API, LineItem.taxes and PricingSummary.tax. eBay states the amount
and its kind, never the rate: whether a rate is the one is told by the amount that it
makes of the goods, with or without their delivery.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ..values.money import ZERO
from .order import Order
from .tax import is_fee

HUNDRED = Decimal(100)
SHOWN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ChargedTax:
    """What the seller charged on top of the taxed lines, discounts taken off.

    ``delivery`` is zero unless every line is taxed: only then it is clear whose
    delivery it is.
    """

    line_refs: frozenset[str]
    is_whole_order: bool
    amount: Decimal
    goods: Decimal
    delivery: Decimal

    @property
    def rate(self) -> Decimal:
        """The percentage of the goods, rounded for reading; zero without a price."""
        if not self.goods:
            return ZERO
        return (self.amount * HUNDRED / self.goods).quantize(SHOWN)

    def covers(self, rate: Decimal, unit: Decimal) -> frozenset[str]:
        """What a percentage must be taken of to make the amount.

        ``{"goods"}``, ``{"goods", "delivery"}``, or nothing when neither does.
        ``unit`` is the currency's smallest amount; eBay rounds line by line, so one
        for each line may be off.
        """
        most = unit * len(self.line_refs)
        goods, whole = self._distances(rate)
        if goods <= most:
            return frozenset(("goods",))
        if whole <= most:
            return frozenset(("goods", "delivery"))
        return frozenset()

    def distance(self, rate: Decimal) -> Decimal:
        """How far off the amount a percentage is; of two that cover, take the less."""
        return min(self._distances(rate))

    def _distances(self, rate: Decimal) -> tuple[Decimal, Decimal]:
        bases = (self.goods, self.goods + self.delivery)
        goods, whole = (abs(base * rate / HUNDRED - self.amount) for base in bases)
        return goods, whole


def charged_tax(order: Order) -> ChargedTax | None:
    """Sum up what the seller charged, or None when he charged no tax."""
    if not order.totals.tax:
        return None
    taxed = [
        line
        for line in order.lines
        if any(not is_fee(tax.kind) for tax in line.taxes.own)
    ] or order.lines
    goods = sum((line.subtotal + line.discount for line in taxed), ZERO)
    delivery = ZERO
    is_whole_order = len(taxed) == len(order.lines)
    if is_whole_order:
        goods += order.totals.order_discount
        delivery = order.totals.delivery + order.totals.delivery_discount
    return ChargedTax(
        line_refs=frozenset(line.line_item_ref for line in taxed),
        is_whole_order=is_whole_order,
        amount=order.totals.tax,
        goods=goods,
        delivery=delivery,
    )
