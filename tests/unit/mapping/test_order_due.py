"""What of an order is still to be sent."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from mapping.orders.due import order_due, refunds_are_lines, units_due
from mapping.orders.facts import CHARGES, NOTHING, PRICE, QUANTITY, facts_of
from mapping.orders.order import map_order
from mapping.orders.units import sold_units

STORY = (
    Path(__file__).resolve().parents[3]
    / "fixtures/cases/orders/line_refunded_before_shipping.json"
)


@pytest.fixture
def refunded():
    """An order of which MUG-2 for 6.00 was refunded before anything left."""
    steps = json.loads(STORY.read_text(encoding="utf-8"))["steps"]
    return steps[2]["load"][0]


def test_a_refunded_line_is_not_sent(refunded):
    order = order_due(map_order(refunded))
    facts = facts_of(order)
    assert [line.quantity for line in order.lines] == [1, 0]
    assert (facts[QUANTITY + "D2"], facts.get(PRICE + "D2")) == (NOTHING, None)
    assert order.expected_total == Decimal("14.00")
    assert order.expected_total == order.totals.computed
    assert facts[CHARGES] == ["shipping 4"]
    assert refunds_are_lines(map_order(refunded))


def test_what_was_given_back_takes_nothing_from_stock(refunded):
    units, order = sold_units(refunded), map_order(refunded)
    assert [one.line_ref for one in units] == ["D1", "D2"]
    assert [one.line_ref for one in units_due(units, order)] == ["D1"]
    assert units_due(units, None) == units, "what cannot be read has taken all"
    refunded["lineItems"][0]["refunds"] = [
        {"refundId": "2", "amount": {"value": "10.00", "currency": "EUR"}}
    ]
    assert units_due(units, map_order(refunded)) == units, "asked about as a whole"


def test_less_than_the_whole_price_may_be_goodwill(refunded):
    refunded["lineItems"][1]["refunds"][0]["amount"]["value"] = "5.99"
    order = map_order(refunded)
    assert order_due(order) == order
    assert not refunds_are_lines(order)


def test_a_refund_that_failed_is_none(refunded):
    refunded["paymentSummary"]["refunds"][0]["refundStatus"] = "FAILED"
    order = map_order(refunded)
    assert order_due(order) == order


def test_what_was_sent_is_due_though_refunded(refunded):
    refunded["lineItems"][1]["lineItemFulfillmentStatus"] = "FULFILLED"
    order = map_order(refunded)
    assert order_due(order) == order
    assert not refunds_are_lines(order)


def test_an_order_refunded_as_a_whole_stays_whole(refunded):
    refunded["lineItems"][0]["refunds"] = [
        {"refundId": "2", "amount": {"value": "10.00", "currency": "EUR"}}
    ]
    order = map_order(refunded)
    assert order_due(order) == order


def test_a_refund_of_the_order_beside_the_lines_is_not_explained(refunded):
    refunded["paymentSummary"]["refunds"].append(
        {"refundId": "77", "amount": {"value": "1.00", "currency": "EUR"}}
    )
    assert not refunds_are_lines(map_order(refunded))


def test_facts_come_back_from_storage_equal(refunded):
    facts = facts_of(order_due(map_order(refunded)))
    assert json.loads(json.dumps(facts)) == facts
