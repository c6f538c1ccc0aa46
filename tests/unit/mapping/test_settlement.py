"""What of an order's money stays with the seller, each refund counted once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mapping.orders.order import map_order
from mapping.orders.settlement import kept_amount, line_refunds, refunded_amount
from unit.mapping.documents import load


def refund(amount, ref="5000001", status=None):
    """A refund as eBay shows it."""
    found = {"refundId": ref, "amount": {"value": amount, "currency": "EUR"}}
    return {**found, "refundStatus": status} if status else found


def order(of_order=(), of_line=()):
    document = load("de_plain_paid")
    document["paymentSummary"]["refunds"] = list(of_order)
    document["lineItems"][0]["refunds"] = list(of_line)
    return map_order(document)


@pytest.mark.parametrize(
    ("of_order", "of_line", "amount"),
    [
        ([], [], "0"),
        ([refund("5.00", status="REFUNDED")], [], "5.00"),
        ([refund("5.00", status="PENDING")], [], "0"),
        ([refund("5.00", status="FAILED")], [refund("5.00")], "0"),
        ([], [refund("2.50")], "2.50"),
        ([refund("5.10", status="REFUNDED")], [refund("6.00")], "6.00"),
        ([refund("5.00", "1", "REFUNDED")], [refund("2.50", "2")], "7.50"),
    ],
)
def test_refunds_are_counted_once(of_order, of_line, amount):
    mapped = order(of_order, of_line)
    assert refunded_amount(mapped) == Decimal(amount)
    assert kept_amount(mapped) == mapped.expected_total - Decimal(amount)


def test_more_than_all_cannot_go_back():
    assert kept_amount(order([refund("99999.00", status="REFUNDED")])) == 0


def test_nothing_is_kept_of_a_cancelled_order():
    assert kept_amount(map_order(load("de_cancelled_by_buyer"))) == 0


def test_lines_know_what_went_back_for_them():
    mapped = order(of_line=[refund("2.50"), refund("1.00", "2")])
    assert line_refunds(mapped) == {mapped.lines[0].line_item_ref: Decimal("3.50")}
