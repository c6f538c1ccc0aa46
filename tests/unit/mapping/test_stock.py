"""How many pieces eBay should show, and when a quantity is to be sent."""

import random

import pytest

from mapping.orders.units import line_refs, sold_units
from mapping.stock_prices.push import OfferChange, bulk_entry
from mapping.stock_prices.stock import (
    LARGEST_QUANTITY,
    Shown,
    StockRule,
    desired_quantity,
    expected,
    kit_quantity,
    quantity_steps,
)


@pytest.mark.parametrize(
    ("rule", "available", "waiting", "quantity"),
    [
        (StockRule(), 10, 0, 10),
        (StockRule(), 10, 3, 7),
        (StockRule(), 2, 3, 0),
        (StockRule(), -4, 0, 0),
        (StockRule(), 2.9999999, 0, 3),
        (StockRule(), 2.5, 0, 2),
        (StockRule(share=50), 9, 0, 4),
        (StockRule(share=50), 9, 1, 4),
        (StockRule(share=30), 10, 0, 3),
        (StockRule(buffer=2), 10, 0, 8),
        (StockRule(buffer=2), 1, 0, 0),
        (StockRule(cap=5), 10, 0, 5),
        (StockRule(cap=0), 10, 0, 0),
        (StockRule(share=50, buffer=1, cap=3), 10, 2, 3),
        (StockRule(fixed=7), 0, 5, 7),
        (StockRule(fixed=7), None, 0, 7),
        (StockRule(never=True), 10, 0, None),
        (StockRule(never=True, fixed=7), 10, 0, None),
        (StockRule(), None, 0, None),
        (StockRule(), float("nan"), 0, None),
        (StockRule(), 10**9, 0, LARGEST_QUANTITY),
    ],
)
def test_the_rule(rule, available, waiting, quantity):
    assert desired_quantity(rule, available, waiting) == quantity


@pytest.mark.parametrize(
    ("rule", "available", "shown", "quantity"),
    [
        (StockRule(least=1), 0, 3, 1),
        (StockRule(least=1), 0, 1, 1),
        (StockRule(least=1), 0, 0, 0),
        (StockRule(least=1), 5, 3, 5),
        (StockRule(least=1, buffer=5), 3, 3, 1),
        (StockRule(least=1, fixed=0), 0, 3, 0),
        (StockRule(least=1, cap=0), 9, 3, 0),
        (StockRule(least=1, never=True), 0, 3, None),
        (StockRule(), 0, 3, 0),
    ],
)
def test_the_last_piece_stays_where_zero_would_end_it(rule, available, shown, quantity):
    assert desired_quantity(rule, available, 0, shown) == quantity


def test_every_step_is_named():
    rule = StockRule(share=50, buffer=1, cap=3)
    steps = quantity_steps(rule, 11, 2)
    assert [(one.code, one.value) for one in steps] == [
        ("available", 11),
        ("waiting", 9),
        ("share", 4.5),
        ("buffer", 3.5),
        ("whole", 3),
        ("result", 3),
    ]


def test_never_below_zero_and_never_more_than_there_is():
    chance = random.Random(6)
    for _ in range(5000):
        rule = StockRule(
            share=chance.choice([0, 10, 33.3, 100]),
            buffer=chance.randrange(5),
            cap=chance.choice([None, 0, 3, 100]),
        )
        available = chance.uniform(-50, 500)
        waiting = chance.randrange(20)
        quantity = desired_quantity(rule, available, waiting)
        assert 0 <= quantity <= max(available - waiting, 0) + 1e-5


@pytest.mark.parametrize(
    ("components", "kits"),
    [
        ([(10, 2), (9, 3)], 3),
        ([(10, 2), (0, 3)], 0),
        ([(-1, 1)], -1),
        ([], 0),
        ([(0.3, 0.1)], 3),
        ([(5, 0)], 0),
    ],
)
def test_kits(components, kits):
    assert kit_quantity(components) == kits


@pytest.mark.parametrize(
    ("shown", "ebay"),
    [
        (Shown(None, 0, 4, False), 4),
        (Shown(10, 0, 4, False), 10),
        (Shown(10, 3, 4, False), 7),
        (Shown(2, 3, 4, False), 0),
        (Shown(10, 0, 10, True), None),
    ],
)
def test_what_ebay_shows(shown, ebay):
    assert expected(shown) == ebay


def test_the_offers_of_a_sku_travel_together():
    entry = bulk_entry(
        [OfferChange("A", "1", 5, None, "EUR"), OfferChange("A", "2", 3, 9, "GBP")]
    )
    assert entry == {
        "sku": "A",
        "shipToLocationAvailability": {"quantity": 5},
        "offers": [
            {"offerId": "1", "availableQuantity": 5},
            {
                "offerId": "2",
                "availableQuantity": 3,
                "price": {"value": "9", "currency": "GBP"},
            },
        ],
    }
    price_only = bulk_entry([OfferChange("A", "1", None, 9, "EUR")])
    assert "shipToLocationAvailability" not in price_only


def test_units_of_an_order_that_is_no_good_otherwise():
    units = sold_units(
        {
            "creationDate": "2026-01-02T03:04:05.000Z",
            "lineItems": [
                {"legacyItemId": "1", "quantity": 2},
                {
                    "sku": "S",
                    "quantity": "3",
                    "variationAspects": [{"name": "Size", "value": "M"}],
                },
                {"quantity": 4},
                {"legacyItemId": "1", "quantity": 0},
                {"legacyItemId": "1", "quantity": -5},
                {"legacyItemId": "2", "quantity": 10**12},
                "nonsense",
            ],
        }
    )
    told = [
        (one.listing_ref, one.sku, one.variation_ref, one.quantity) for one in units
    ]
    assert told == [("1", "", "", 2), ("", "S", "size=m", 3), ("2", "", "", 10**9)]
    assert units[0].ordered_at.year == 2026
    assert sold_units({}) == []
    assert sold_units({"lineItems": 5}) == []


def test_numbers_of_lines_where_there_are_any():
    lines = [{"lineItemId": "1"}, {"sku": "S"}, "nonsense", {"lineItemId": "2"}]
    assert line_refs({"lineItems": lines}) == ["1", "2"]
    assert line_refs({}) == []
