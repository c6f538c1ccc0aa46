"""Which price eBay should show."""

import random
from decimal import Decimal as D

import pytest

from mapping.stock_prices.price import (
    NOT_POSITIVE,
    TOO_LARGE,
    PriceProblem,
    PriceRule,
    PriceStep,
    price_steps,
    round_price,
)


def price(rule, base, cost="0", currency="EUR"):
    steps = price_steps(rule, [PriceStep("pricelist", D(base))], D(cost), currency)
    return str(steps[-1].value) if steps else None


@pytest.mark.parametrize(
    ("rule", "base", "cost", "result"),
    [
        (PriceRule(), "20", "0", "20.00"),
        (PriceRule(), "19.999", "0", "20.00"),
        (PriceRule(markup=D(10)), "20", "0", "22.00"),
        (PriceRule(markup=D(-50)), "20", "0", "10.00"),
        (PriceRule(extra=D("1.5")), "20", "0", "21.50"),
        (PriceRule(fee=D(10)), "18", "0", "20.00"),
        (PriceRule(markup=D(10), extra=D(1), fee=D(10)), "100", "0", "123.33"),
        (PriceRule(margin=D(10)), "20", "30", "33.00"),
        (PriceRule(margin=D(10), fee=D(10)), "20", "30", "36.67"),
        (PriceRule(margin=D(10)), "40", "30", "40.00"),
        (PriceRule(margin=D(0)), "40", "0", "40.00"),
        (PriceRule(margin=D(10), rounding="99"), "20", "30", "33.99"),
        (PriceRule(smallest=D(1)), "0.20", "0", "1.00"),
        (PriceRule(fixed=D("9.5")), "20", "0", "9.50"),
        (PriceRule(never=True), "20", "0", None),
        (PriceRule(never=True), "-20", "0", None),
    ],
)
def test_the_rule(rule, base, cost, result):
    assert price(rule, base, cost) == result


@pytest.mark.parametrize(
    ("rule", "base", "code"),
    [
        (PriceRule(), "0", NOT_POSITIVE),
        (PriceRule(), "-5", NOT_POSITIVE),
        (PriceRule(extra=D(-30)), "20", NOT_POSITIVE),
        (PriceRule(extra=D("-0.5"), smallest=D(1)), "0.01", NOT_POSITIVE),
        (PriceRule(markup=D(-100), smallest=D(1)), "20", NOT_POSITIVE),
        (PriceRule(fixed=D(-1), smallest=D(1)), "20", NOT_POSITIVE),
        (PriceRule(smallest=D(0)), "0.001", NOT_POSITIVE),
        (PriceRule(fixed=D(0)), "20", NOT_POSITIVE),
        (PriceRule(largest=D(1000)), "1000.01", TOO_LARGE),
    ],
)
def test_what_is_no_price(rule, base, code):
    with pytest.raises(PriceProblem) as problem:
        price(rule, base)
    assert problem.value.code == code


@pytest.mark.parametrize(
    ("value", "rounding", "currency", "result"),
    [
        ("123.33", "99", "EUR", "122.99"),
        ("123.60", "99", "EUR", "123.99"),
        ("123.99", "99", "EUR", "123.99"),
        ("124.00", "99", "EUR", "123.99"),
        ("0.10", "99", "EUR", "0.99"),
        ("123.33", "99", "JPY", "123"),
        ("123.32", "0.05", "EUR", "123.30"),
        ("123.33", "0.05", "EUR", "123.35"),
        ("123.33", "whole", "EUR", "123"),
        ("0.20", "whole", "EUR", "1"),
        ("1.2344", "", "KWD", "1.234"),
        ("100.5", "", "JPY", "101"),
    ],
)
def test_rounding(value, rounding, currency, result):
    assert str(round_price(D(value), rounding, currency)) == result


def test_rounding_up_never_goes_below():
    chance = random.Random(3)
    for _ in range(3000):
        value = D(chance.randrange(1, 10**6)).scaleb(-3)
        for rounding in ("", "99", "0.05", "whole"):
            up = round_price(value, rounding, "EUR", up=True)
            assert value <= up <= value + 1
            assert abs(round_price(value, rounding, "EUR") - value) <= 1


def test_every_step_is_named():
    steps = price_steps(
        PriceRule(markup=D(10), rounding="99"),
        [PriceStep("pricelist", D(20)), PriceStep("currency", D(22))],
        D(0),
        "EUR",
    )
    assert [one.code for one in steps] == [
        "pricelist",
        "currency",
        "markup",
        "rounded",
        "result",
    ]
