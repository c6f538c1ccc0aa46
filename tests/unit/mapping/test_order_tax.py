"""What the seller charged as tax, and which rate it was."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mapping.orders.charged_tax import charged_tax
from mapping.orders.order import map_order
from unit.mapping.documents import load

CENT = Decimal("0.01")
GOODS, BOTH, NEITHER = {"goods"}, {"goods", "delivery"}, set()


@pytest.mark.parametrize("name", ["us_sales_tax_by_seller", "us_tax_only_in_summary"])
def test_a_tax_is_told_by_the_amount_that_it_makes(name):
    charged = charged_tax(map_order(load(name)))
    assert (charged.amount, charged.goods) == (Decimal("8.85"), Decimal(100))
    assert charged.rate == Decimal("8.85")
    assert charged.is_whole_order
    for rate, covered in (
        ("8.85", GOODS),
        ("8.86", GOODS),
        ("8.875", NEITHER),
        ("8.045", BOTH),
        ("19", NEITHER),
        ("0", NEITHER),
    ):
        assert charged.covers(Decimal(rate), CENT) == covered, rate
    assert charged.distance(Decimal("8.85")) < charged.distance(Decimal("8.86"))


@pytest.mark.parametrize("name", ["de_plain_paid", "fr_ioss", "us_recycling_fee_own"])
def test_what_ebay_pays_and_fees_are_no_tax_of_the_seller(name):
    assert charged_tax(map_order(load(name))) is None


def test_only_the_rest_of_what_ebay_pays_in_part_is_the_sellers():
    order = map_order(load("us_tax_partly_remitted"))
    assert charged_tax(order).amount == order.totals.tax > 0


def test_lines_without_tax_are_no_part_of_the_base():
    document = load("us_sales_tax_by_seller")
    second = {**document["lineItems"][0], "lineItemId": "2", "taxes": []}
    document["lineItems"].append(second)
    charged = charged_tax(map_order(document))
    assert charged.line_refs == {document["lineItems"][0]["lineItemId"]}
    assert (charged.goods, charged.delivery) == (Decimal(100), Decimal(0))
    assert not charged.is_whole_order


def test_discounts_are_taken_off_the_base():
    document = load("us_tax_only_in_summary")
    line = document["lineItems"][0]
    line["discountedLineItemCost"] = {"value": "90.0", "currency": "USD"}
    document["pricingSummary"]["priceDiscount"] = {"value": "-10", "currency": "USD"}
    assert charged_tax(map_order(document)).goods == Decimal(90)
