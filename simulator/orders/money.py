"""Amounts as Fulfillment writes them: text, at least one decimal place."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")


def cents(value: Decimal) -> Decimal:
    """Rounded half up to two places."""
    return value.quantize(CENT, ROUND_HALF_UP)


def amount(value: Decimal, currency: str) -> dict[str, str]:
    """``{"value": "12.5", "currency": "EUR"}``: live answers drop the last zero."""
    text = str(cents(value))
    return {"value": text.removesuffix("0"), "currency": currency}


def value_of(given: dict[str, Any] | None) -> Decimal:
    """The value of an Amount; a missing one is zero."""
    return Decimal(str((given or {}).get("value") or "0"))
