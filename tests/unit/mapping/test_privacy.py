"""A forgotten buyer: nothing personal stays in a document, and no amount changes."""

from __future__ import annotations

import pytest

from mapping.orders.order import Order, map_order
from mapping.orders.privacy import map_buyer_tokens, without_person
from mapping.values.errors import MappingError
from unit.mapping.documents import load, names

PERSONAL = {
    "fullName",
    "companyName",
    "addressLine1",
    "addressLine2",
    "city",
    "postalCode",
    "phoneNumber",
    "email",
    "username",
    "buyerCheckoutNotes",
    "message",
    "recipientEmail",
    "senderName",
    "taxpayerId",
    "paymentReferenceId",
    "shipToReferenceId",
}


def _texts(value, key=""):
    """Every text in a document, with the key that it stands under."""
    if isinstance(value, dict):
        for name, entry in value.items():
            yield from _texts(entry, name)
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(entry, key)
    elif isinstance(value, str):
        yield key, value


def _mapped(name) -> Order | None:
    try:
        return map_order(load(name))
    except MappingError:
        return None


MAPPABLE = [name for name in names() if _mapped(name)]


def test_there_are_documents_to_look_at():
    assert len(MAPPABLE) > 60


@pytest.mark.parametrize("name", names())
def test_nothing_personal_is_left(name):
    document = load(name)
    personal = {
        text
        for key, text in _texts(document)
        if key in PERSONAL and len(text.strip()) > 3
    }
    left = without_person(document)
    assert not {key for key, _text in _texts(left)} & PERSONAL
    for _key, text in _texts(left):
        assert text not in personal


@pytest.mark.parametrize("name", MAPPABLE)
def test_amounts_goods_and_states_stay(name):
    before, after = map_order(load(name)), map_order(without_person(load(name)))
    for what in (
        "order_ref",
        "created_at",
        "modified_at",
        "currency",
        "payment_status",
        "fulfillment_status",
        "expected_total",
        "totals",
        "shipping",
        "discounts",
        "collect_and_remit",
    ):
        assert getattr(before, what) == getattr(after, what), what
    assert after.cancel.is_cancelled == before.cancel.is_cancelled
    for line_before, line_after in zip(before.lines, after.lines, strict=True):
        for what in ("line_item_ref", "sku", "quantity", "unit_price"):
            assert getattr(line_before, what) == getattr(line_after, what), what
    assert after.buyer.username is None
    for party in (after.invoice_to, after.fulfillment.deliver_to):
        assert party is None or not (party.is_named or party.has_street or party.email)


@pytest.mark.parametrize("name", MAPPABLE[:5])
def test_a_second_time_changes_nothing(name):
    once = without_person(load(name))
    assert without_person(once) == once


def test_what_ebay_adds_later_is_personal_until_somebody_says_otherwise():
    document = load("de_plain_paid")
    document["buyerBirthday"] = "1990-01-01"
    document["lineItems"][0]["engraving"] = "For Anna"
    left = without_person(document)
    assert "buyerBirthday" not in left
    assert "engraving" not in left["lineItems"][0]


def test_a_strange_shape_is_left_out_rather_than_kept():
    document = {"orderId": "1", "lineItems": "Anna", "paymentSummary": ["Anna"]}
    left = without_person(document)
    assert left == {"orderId": "1", "lineItems": None, "paymentSummary": []}


def test_buyers_are_told_by_order():
    orders = [
        {"OrderID": "1-1", "EIASToken": "nY+x=="},
        {"OrderID": "1-2"},
        {"OrderID": "1-3", "EIASToken": {"odd": True}},
        "nonsense",
    ]
    tokens, notes = map_buyer_tokens({"OrderArray": {"Order": orders}})
    assert tokens == {"1-1": "nY+x=="}
    assert notes
    assert map_buyer_tokens({}) == ({}, [])
