"""Amounts of money: always Decimal, always with their currency.

eBay sends ``{"value": "4085.0", "currency": "JPY"}``, and for converted amounts also
``convertedFromValue`` and ``convertedFromCurrency`` (the amount before conversion).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

ZERO = Decimal(0)

# ISO 4217, minor units of the currencies that do not have two of them.
_MINOR_UNITS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(),
        0,
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}
_STEPS = {digits: Decimal(1).scaleb(-digits) for digits in (0, 2, 3, 4)}
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,12})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_LARGEST = Decimal(10) ** 15


class AmountError(ValueError):
    """An amount that cannot be read; ``key`` is the field inside the amount."""

    def __init__(self, key: str, value: object, reason: str) -> None:
        super().__init__(reason)
        self.key = key
        self.value = value
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency; ``converted`` is the other side of a conversion."""

    value: Decimal
    currency: str
    converted: Money | None = None


def step(currency: str) -> Decimal:
    """Give the smallest unit of a currency: 0.01 for EUR, 1 for JPY, 0.001 for BHD."""
    return _STEPS[_MINOR_UNITS.get(currency, 2)]


def rounded(value: Decimal, currency: str) -> Decimal:
    """Round half up to the precision of the currency."""
    return value.quantize(step(currency), ROUND_HALF_UP)


def unit_price(cost: Decimal, quantity: int, currency: str) -> tuple[Decimal, Decimal]:
    """Split the cost of a line into a price per unit and what does not divide.

    eBay gives the cost of all units (``lineItemCost``); ``unit * quantity +
    remainder`` is exactly that cost, the remainder is below half a unit each.
    """
    unit = rounded(cost / quantity, currency)
    return unit, cost - unit * quantity


def shares(amount: Decimal, weights: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """Split an amount in proportion to ``weights``, into multiples of ``unit``.

    The parts add up to exactly the amount. What rounding leaves over goes, one unit
    each, to the parts that lost most by it, of equal ones to the first; weights that
    are all zero leave everything with the first.
    """
    total = sum(weights, ZERO)
    if not total:
        return [amount, *(ZERO for _rest in weights[1:])]
    exact = [amount * weight / total for weight in weights]
    parts = [part.quantize(unit, ROUND_DOWN) for part in exact]
    left = amount - sum(parts, ZERO)
    coin = unit.copy_sign(left)
    by_loss = sorted(
        range(len(parts)), key=lambda place: (-abs(exact[place] - parts[place]), place)
    )
    for place in by_loss[: int(abs(left) // unit)]:
        parts[place] += coin
    parts[by_loss[0]] += amount - sum(parts, ZERO)  # finer than the unit
    return parts


def parse_decimal(raw: object) -> Decimal:
    """Read a number of eBay's, text or JSON number; ValueError for anything else.

    A float can only come from a JSON number that was stored and read again; its
    shortest text is exactly what stood in the document (up to 15 digits).
    """
    if isinstance(raw, str):
        text = raw.strip()
        if len(text) <= 32 and _NUMBER.fullmatch(text):
            return Decimal(text)
    elif isinstance(raw, (Decimal, float)) and math.isfinite(raw):
        number = Decimal(repr(raw)) if isinstance(raw, float) else raw
        if abs(number) < _LARGEST and number.adjusted() > -30:
            return number
    elif isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) < _LARGEST:
        return Decimal(raw)
    raise ValueError("not an amount")


def _currency(amount: Mapping[str, object], key: str) -> str:
    raw = amount.get(key)
    text = raw.strip().upper() if isinstance(raw, str) else ""
    if not _CURRENCY.fullmatch(text):
        raise AmountError(key, raw, "not a currency code of three letters")
    return text


def _side(amount: Mapping[str, object], value_key: str, currency_key: str) -> Money:
    try:
        value = parse_decimal(amount.get(value_key))
    except ValueError:
        raise AmountError(
            value_key, amount.get(value_key), "not an amount of money"
        ) from None
    return Money(value, _currency(amount, currency_key))


def parse_amount(amount: Mapping[str, object]) -> Money:
    """Read an ``Amount`` as sent, with both sides of a conversion where present.

    ``value`` is the converted side and ``convertedFromValue`` the original one
    (Fulfillment API, type Amount). Raises AmountError.
    """
    main = _side(amount, "value", "currency")
    if amount.get("convertedFromValue") is None:
        return main
    other = _side(amount, "convertedFromValue", "convertedFromCurrency")
    if other.currency == main.currency:
        return main
    return Money(main.value, main.currency, other)


def in_currency(money: Money, currency: str) -> Decimal | None:
    """Give the side of an amount that is in this currency, or None.

    Nothing is zero in every currency: eBay sends 0.0 unconverted.
    """
    if money.currency == currency:
        return money.value
    if money.converted is not None and money.converted.currency == currency:
        return money.converted.value
    return ZERO if not money.value else None
