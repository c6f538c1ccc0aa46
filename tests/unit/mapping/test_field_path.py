"""Paths into eBay's documents: what they read, and what bad ones and bad values do."""

from __future__ import annotations

from datetime import date, datetime, timezone
from decimal import Decimal

import pytest

from mapping.orders.field_path import (
    FieldPath,
    PathError,
    Step,
    ValueKindError,
    as_kind,
    parse_path,
    read_path,
)

DOCUMENT = {
    "orderId": "12-1",
    "buyer": {"username": "anna", "taxIdentifier": None},
    "fulfillmentStartInstructions": [
        {"shippingStep": {"shipTo": {"companyName": "Anna GmbH"}}}
    ],
    "lineItems": [
        {"lineItemId": "1", "properties": {"fromBestOffer": True}, "quantity": 2},
        {"lineItemId": "2", "properties": {"fromBestOffer": False}, "quantity": 1},
    ],
    "pricingSummary": {"total": {"value": "24.99", "currency": "EUR"}},
}


def read(path, line_ref=None):
    return read_path(DOCUMENT, parse_path(path), line_ref)


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("orderId", ["12-1"]),
        (" buyer.username ", ["anna"]),
        (
            "fulfillmentStartInstructions[0].shippingStep.shipTo.companyName",
            ["Anna GmbH"],
        ),
        ("fulfillmentStartInstructions[7].shippingStep", []),
        ("lineItems[1].lineItemId", ["2"]),
        ("lineItems[].quantity", [2, 1]),
        ("pricingSummary.total.value", ["24.99"]),
        ("pricingSummary.total", []),
        ("buyer.taxIdentifier.taxpayerId", []),
        ("buyer.username.first", []),
        ("buyer[0].username", []),
        ("lineItems.quantity", []),
        ("nothing.of.this", []),
    ],
)
def test_a_path_reads(path, values):
    assert read(path) == values


def test_of_a_line_every_item_is_its_own():
    assert read("lineItems[].quantity", "2") == [1]
    assert read("lineItems[].quantity", "3") == []
    assert read("buyer.username", "2") == ["anna"]
    assert read("lineItems[0].quantity", "2") == [2]


@pytest.mark.parametrize("document", [None, [], "text", {"lineItems": {"0": 1}}])
def test_a_document_of_another_shape_has_no_value(document):
    assert read_path(document, parse_path("lineItems[].quantity")) == []
    assert read_path(document, parse_path("lineItems[].quantity"), "1") == []


def test_only_so_many_values_are_read():
    many = {"lineItems": [{"sku": str(number)} for number in range(5000)]}
    assert len(read_path(many, parse_path("lineItems[].sku"))) == 100


def test_a_path_knows_what_it_names():
    assert parse_path("a.b[3].c[]") == FieldPath(
        (Step("a"), Step("b", 3), Step("c", -1))
    )
    assert parse_path("lineItems[].sku").is_of_line
    assert not parse_path("lineItems[0].sku").is_of_line
    assert parse_path("a[].b").has_many
    assert not parse_path("a[0].b").has_many


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        (".", "syntax"),
        ("a..b", "syntax"),
        ("a.", "syntax"),
        ("a b", "syntax"),
        ("a[-1]", "syntax"),
        ("a[1000]", "syntax"),
        ("a[x]", "syntax"),
        ("a[0][1]", "syntax"),
        ("[0].a", "syntax"),
        ("__class__", "syntax"),
        ("a.__class__.b", "syntax"),
        ("a'; DROP TABLE x", "syntax"),
        ("$.a", "syntax"),
        ("\u0430", "syntax"),
        ("a[\u0661]", "syntax"),
        ("a\n.b", "syntax"),
        ("a." * 150 + "a", "too_long"),
        (".".join("a" * 13), "too_long"),
    ],
)
def test_bad_paths_say_what_is_wrong(text, code):
    with pytest.raises(PathError) as caught:
        parse_path(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("values", "kind", "size", "wanted"),
    [
        ([], "char", 10, None),
        ([" anna\u202e\x00 "], "char", 10, "anna"),
        (["  "], "char", 10, None),
        (["x" * 50], "char", 10, "x" * 10),
        (["a", "b", "a"], "char", 10, "a, b"),
        ([True, 5], "char", 10, "true, 5"),
        (["a\nb"], "text", 10, "a\nb"),
        (["a\nb"], "char", 10, "a b"),
        ([], "integer", 0, None),
        (["7"], "integer", 0, 7),
        ([7, 7], "integer", 0, 7),
        (["24.99"], "number", 0, Decimal("24.99")),
        ([0.1], "number", 0, Decimal("0.1")),
        ([True], "boolean", 0, True),
        (["FALSE"], "boolean", 0, False),
        (["2026-10-25T00:59:59.999Z"], "date", 0, date(2026, 10, 25)),
        (
            ["2026-10-25T02:00:00+02:00"],
            "datetime",
            0,
            datetime(2026, 10, 25, tzinfo=timezone.utc),
        ),
        ([" "], "date", 0, None),
    ],
)
def test_values_become_what_a_field_holds(values, kind, size, wanted):
    assert as_kind(values, kind, size) == wanted


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["seven"], "integer"),
        (["7.5"], "integer"),
        ([7.5], "integer"),
        ([True], "integer"),
        ([2**40], "integer"),
        (["12,50"], "number"),
        (["NaN"], "number"),
        ([float("inf")], "number"),
        ([True], "number"),
        (["yes"], "boolean"),
        ([1], "boolean"),
        (["25.10.2026"], "date"),
        (["0001-01-01T00:00:00Z"], "datetime"),
        ([20261025], "date"),
        (["1", "2"], "integer"),
    ],
)
def test_what_does_not_fit_is_refused_without_its_value(values, kind):
    with pytest.raises(ValueKindError) as caught:
        as_kind(values, kind)
    assert str(values[0]) not in str(caught.value)
