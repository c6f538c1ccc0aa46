"""Which price eBay should show: the rule, step by step.

``(base * (1 + markup) + extra) / (1 - fee)``, rounded, not below what it costs with its
margin, within limits. Every step has a name. Amounts are Decimals in the currency of
the listing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from ..values.money import ZERO, rounded, step

ONE, HUNDRED = Decimal(1), Decimal(100)
NINETY_NINE = Decimal("0.99")
FIVE_CENTS = Decimal("0.05")
LARGEST_FEE = Decimal(90)
# Half a cent: a price is stored in the currency's smallest units, so less is noise.
SAME_PRICE = Decimal("0.005")

# Why there is no price to send.
NOT_POSITIVE = "not_positive"
NO_RATE = "no_rate"
NO_RULE = "no_rule"
TOO_LARGE = "too_large"


class PriceProblem(ValueError):
    """There is no price to send; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class PriceRule:
    """What holds for one listing, exceptions included.

    ``markup``, ``fee`` (eBay's share of the price) and ``margin`` (on the cost) are in
    percent. ``rounding``: '' for the currency's own, '99', '0.05' or 'whole'. ``fixed``
    None for not fixed; ``smallest`` and ``largest`` are eBay's limits, 0 for none.
    """

    markup: Decimal = ZERO
    extra: Decimal = ZERO
    fee: Decimal = ZERO
    rounding: str = ""
    margin: Decimal | None = None
    smallest: Decimal = ZERO
    largest: Decimal = ZERO
    fixed: Decimal | None = None
    never: bool = False


@dataclass(frozen=True, slots=True)
class PriceStep:
    """One step of a rule: its code and the price after it."""

    code: str
    value: Decimal


def price_steps(
    rule: PriceRule,
    before: Sequence[PriceStep],
    cost: Decimal,
    currency: str,
) -> list[PriceStep]:
    """From the pricelist's price to eBay's; the last step is the result.

    ``before`` are the steps that Odoo has made (pricelist, currency, tax), ``cost`` is
    what one piece costs, in the same currency. The list is empty where nothing is to
    be sent. Raises PriceProblem.
    """
    if rule.never:
        return []
    if rule.fixed is not None:
        steps = [PriceStep("fixed", _positive(rule.fixed))]
    else:
        steps = _by_rule(rule, before, cost, currency)
    return _limited(steps, rule, currency)


def _by_rule(
    rule: PriceRule, before: Sequence[PriceStep], cost: Decimal, currency: str
) -> list[PriceStep]:
    steps = list(before)
    value = _positive(steps[-1].value)

    def add(code: str, new: Decimal) -> Decimal:
        steps.append(PriceStep(code, new))
        return new

    if rule.markup:
        value = add("markup", value * (ONE + rule.markup / HUNDRED))
    if rule.extra:
        value = add("extra", value + rule.extra)
    _positive(value)  # neither a floor nor eBay's minimum makes a price of what is none
    if rule.fee:
        value = add("fee", _with_fee(value, rule))
    value = add("rounded", round_price(value, rule.rounding, currency))
    if rule.margin is not None and cost > 0:
        floor = _with_fee(cost * (ONE + rule.margin / HUNDRED), rule)
        if value < floor:
            add("floor", round_price(floor, rule.rounding, currency, up=True))
    return steps


def _positive(value: Decimal) -> Decimal:
    if value <= 0:
        raise PriceProblem(NOT_POSITIVE)
    return value


def _with_fee(value: Decimal, rule: PriceRule) -> Decimal:
    """What the buyer pays, so that ``value`` is left when eBay has taken its share."""
    return value / (ONE - min(rule.fee, LARGEST_FEE) / HUNDRED)


def _limited(steps: list[PriceStep], rule: PriceRule, currency: str) -> list[PriceStep]:
    value = rounded(steps[-1].value, currency)
    if rule.smallest and value < rule.smallest:
        value = rounded(rule.smallest, currency)
        steps.append(PriceStep("smallest", value))
    if rule.largest and value > rule.largest:
        raise PriceProblem(TOO_LARGE)
    if value <= 0:
        raise PriceProblem(NOT_POSITIVE)
    steps.append(PriceStep("result", value))
    return steps


def round_price(
    value: Decimal, rounding: str, currency: str, *, up: bool = False
) -> Decimal:
    """Round by a rule: to x.99, to 0.05, to whole, or to the currency's own unit.

    ``up``: never below ``value``. A currency without cents knows no x.99.
    """
    unit = step(currency)
    way = ROUND_CEILING if up else ROUND_HALF_UP
    if rounding == "99" and unit < ONE:
        # the x.99 that is nearest, but never free of charge
        below = (value + ONE - NINETY_NINE).quantize(ONE, ROUND_CEILING) - ONE
        above = below + NINETY_NINE
        lower = above - ONE
        if not up and lower > 0 and value - lower < above - value:
            return lower
        return above
    if rounding == "0.05" and unit < FIVE_CENTS:
        return ((value / FIVE_CENTS).quantize(ONE, way) * FIVE_CENTS).quantize(unit)
    if rounding == "whole":
        return max(value.quantize(ONE, way), ONE)
    return value.quantize(unit, way)
