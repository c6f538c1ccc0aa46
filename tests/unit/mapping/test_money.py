"""Amounts: read exactly, split without losing a cent, never a binary fraction."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.values.money import (
    AmountError,
    Money,
    in_currency,
    parse_amount,
    parse_decimal,
    rounded,
    shares,
    step,
    unit_price,
)

bounded = settings(max_examples=60)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("4085.0", "4085"),
        ("0.0", "0"),
        (" -3.50 ", "-3.5"),
        (12, "12"),
        (Decimal("0.1"), "0.1"),
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        ("999999999999999.99", "999999999999999.99"),
    ],
)
def test_numbers_of_ebay(raw, value):
    assert parse_decimal(raw) == Decimal(value)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "12,50",
        "1,000.00",
        "NaN",
        "Infinity",
        "1e5",
        "0x10",
        "٣",
        "--1",
        "1.",
        ".5",
        "1" * 16,
        True,
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        Decimal("1e999999"),
        Decimal("1e-999999"),
        10**15,
        -(10**400),
        [],
        {},
    ],
)
def test_what_is_no_amount(raw):
    with pytest.raises(ValueError, match="not an amount"):
        parse_decimal(raw)


@pytest.mark.parametrize(
    ("currency", "smallest"),
    [
        ("EUR", "0.01"),
        ("JPY", "1"),
        ("BHD", "0.001"),
        ("CLF", "0.0001"),
        ("HUF", ".01"),
    ],
)
def test_precision_of_currencies(currency, smallest):
    assert step(currency) == Decimal(smallest)


def test_halves_are_rounded_up():
    assert rounded(Decimal("0.125"), "EUR") == Decimal("0.13")
    assert rounded(Decimal("-0.125"), "EUR") == Decimal("-0.13")


@bounded
@given(
    st.integers(0, 10**12),
    st.integers(1, 10**5),
    st.sampled_from(["EUR", "JPY", "BHD", "CLF"]),
)
def test_unit_price_and_remainder_make_the_cost(units, quantity, currency):
    cost = units * step(currency)
    unit, remainder = unit_price(cost, quantity, currency)
    assert unit * quantity + remainder == cost
    assert unit == rounded(unit, currency)
    assert abs(remainder) <= step(currency) * quantity / 2


def test_both_sides_of_a_conversion():
    money = parse_amount(
        {
            "value": "9.20",
            "currency": "eur",
            "convertedFromValue": "10.00",
            "convertedFromCurrency": "USD",
        }
    )
    assert money == Money(Decimal("9.2"), "EUR", Money(Decimal(10), "USD"))
    assert in_currency(money, "EUR") == Decimal("9.2")
    assert in_currency(money, "USD") == Decimal(10)
    assert in_currency(money, "GBP") is None


def test_nothing_is_nothing_in_every_currency():
    assert in_currency(Money(Decimal("0.00"), "USD"), "EUR") == 0


@pytest.mark.parametrize(
    ("amount", "key"),
    [
        ({"currency": "EUR"}, "value"),
        ({"value": "1.0"}, "currency"),
        ({"value": "1.0", "currency": "euro"}, "currency"),
        ({"value": "1.0", "currency": 978}, "currency"),
        ({"value": "1.0", "currency": "EUR", "convertedFromValue": "x"}, None),
    ],
)
def test_unreadable_amounts_name_their_field(amount, key):
    with pytest.raises(AmountError) as caught:
        parse_amount(amount)
    assert caught.value.key == (key or "convertedFromValue")


@bounded
@given(
    st.decimals(-9999, 9999, places=2),
    st.lists(st.decimals(0, 999, places=2), min_size=1, max_size=6),
)
def test_shares_lose_no_cent_and_no_part_more_than_one(amount, weights):
    parts = shares(amount, weights, Decimal("0.01"))
    assert sum(parts) == amount
    assert len(parts) == len(weights)
    total = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert part == part.quantize(Decimal("0.01"))
        if total:
            assert abs(part - amount * weight / total) < Decimal("0.01")


def test_odd_cents_go_to_who_lost_most_and_then_to_the_first():
    cent = Decimal("0.01")
    thirds = shares(Decimal("1.00"), [Decimal(1)] * 3, cent)
    assert thirds == [Decimal("0.34"), Decimal("0.33"), Decimal("0.33")]
    negative = shares(Decimal("-0.05"), [Decimal(1), Decimal(3)], cent)
    assert negative == [Decimal("-0.01"), Decimal("-0.04")]


def test_without_weights_the_first_has_it_all():
    parts = shares(Decimal("4.99"), [Decimal(0), Decimal(0)], Decimal("0.01"))
    assert parts == [Decimal("4.99"), Decimal(0)]
