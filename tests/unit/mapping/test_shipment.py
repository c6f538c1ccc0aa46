"""What is still to be reported of a parcel, from what eBay shows."""

import copy
from datetime import datetime, timedelta, timezone

import pytest

from mapping.orders.order import map_order
from mapping.shipments.shipment import (
    ASK,
    ELSEWHERE,
    READ,
    SEND,
    TOLD,
    EbayParcel,
    Parcel,
    corrected_numbers,
    fulfillment_document,
    judge,
    map_parcels,
    shipped_key,
)
from mapping.values.errors import MappingError
from unit.mapping.documents import load

SHIPPED = datetime(2026, 11, 20, 12, 30, 15, tzinfo=timezone.utc)


def order(quantity=3, refs=(), status="NOT_STARTED", **changes):
    document = load("de_plain_paid")
    line = document["lineItems"][0]
    line.update(lineItemId="L1", quantity=quantity)
    document["lineItems"] = [line]
    document["fulfillmentHrefs"] = [f"https://x/shipping_fulfillment/{r}" for r in refs]
    document["orderFulfillmentStatus"] = status
    document.update(changes)
    return map_order(document)


def parcel(quantity=3, number="T1", **changes):
    return Parcel({"L1": quantity}, SHIPPED, number, "DHL", **changes)


def there(ref, quantity, number=None, shipped=SHIPPED):
    return EbayParcel(ref, {"L1": quantity}, number, "DHL", shipped)


def test_the_plain_case_is_sent():
    verdict = judge(parcel(), order())
    assert (verdict.what, verdict.quantities) == (SEND, {"L1": 3})


def test_ebay_shows_its_number_already():
    verdict = judge(parcel(), order(refs=["T1"], status="FULFILLED"))
    assert (verdict.what, verdict.fulfillment_ref) == (TOLD, "T1")


@pytest.mark.parametrize(
    ("the_parcel", "the_order"),
    [
        (parcel(claimed=True), order()),
        (parcel(), order(refs=["OTHER"], status="IN_PROGRESS")),
        (parcel(), order(status="FULFILLED")),
        (parcel(), order(status="SOMETHING_NEW")),
    ],
)
def test_in_doubt_ebays_parcels_are_read(the_parcel, the_order):
    assert judge(the_parcel, the_order).what == READ


def test_our_other_parcels_need_no_reading():
    known = order(refs=["OWN"], status="IN_PROGRESS")
    verdict = judge(parcel(2), known, own_refs={"OWN"}, own_told={"L1": 1})
    assert (verdict.what, verdict.quantities) == (SEND, {"L1": 2})


def test_a_claimed_parcel_is_known_again_by_number():
    verdict = judge(parcel(claimed=True), order(), ebay_parcels=[there("T1", 3, "t1")])
    assert (verdict.what, verdict.fulfillment_ref) == (TOLD, "T1")


@pytest.mark.parametrize(
    ("other", "what"),
    [
        (there("999", 3), TOLD),
        (there("999", 3, shipped=SHIPPED + timedelta(milliseconds=400)), TOLD),
        (there("999", 2), SEND),
        (there("999", 3, shipped=SHIPPED + timedelta(minutes=1)), ELSEWHERE),
        (there("999", 3, shipped=None), ELSEWHERE),
    ],
)
def test_without_a_number_lines_quantities_and_second_decide(other, what):
    found = judge(parcel(number="", claimed=True), order(), ebay_parcels=[other])
    assert found.what == what


def test_an_own_parcel_is_never_taken_for_this_one():
    verdict = judge(
        parcel(1, number="", claimed=True),
        order(2),
        own_refs={"999"},
        own_told={"L1": 1},
        ebay_parcels=[there("999", 1)],
    )
    assert (verdict.what, verdict.quantities) == (SEND, {"L1": 1})


def test_only_what_is_left_is_sent():
    verdict = judge(parcel(9), order(3), ebay_parcels=[there("X", 1, "X")])
    assert (verdict.what, verdict.quantities) == (SEND, {"L1": 2})


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"cancelStatus": {"cancelState": "CANCELED"}}, "order_cancelled"),
        ({"cancelStatus": {"cancelState": "IN_PROGRESS"}}, "cancel_requested"),
        ({"orderPaymentStatus": "FULLY_REFUNDED"}, "order_refunded"),
    ],
)
def test_a_person_decides_about_dead_orders(changes, reason):
    verdict = judge(parcel(), order(**changes))
    assert (verdict.what, verdict.reason) == (ASK, reason)
    assert judge(parcel(insisted=True), order(**changes)).what == SEND
    told = judge(parcel(), order(refs=["T1"], **changes))
    assert told.what == TOLD


def test_a_line_that_ebay_does_not_know_is_asked_about():
    verdict = judge(Parcel({"L9": 1}, SHIPPED, "T1"), order())
    assert (verdict.what, verdict.reason) == (ASK, "unknown_line")


def test_the_document_has_carrier_and_number_or_neither():
    with_number = fulfillment_document({"L1": 2}, SHIPPED, "T1", "")
    assert with_number == {
        "lineItems": [{"lineItemId": "L1", "quantity": 2}],
        "shippedDate": "2026-11-20T12:30:15.000Z",
        "shippingCarrierCode": "Other",
        "trackingNumber": "T1",
    }
    without = fulfillment_document({"L1": 2}, SHIPPED.astimezone(), "", "DHL")
    assert set(without) == {"lineItems", "shippedDate"}
    assert without["shippedDate"] == with_number["shippedDate"]


def test_parcels_are_read():
    document = {
        "total": 1,
        "fulfillments": [
            {
                "fulfillmentId": "T1",
                "shipmentTrackingNumber": "T1",
                "shippedDate": "2026-11-20T12:30:15.000Z",
                "lineItems": [
                    {"lineItemId": "L1"},
                    {"lineItemId": "L2", "quantity": 2},
                ],
            }
        ],
    }
    [found] = map_parcels(document)
    assert found.quantities == {"L1": 1, "L2": 2}
    assert (found.carrier_code, found.shipped_at) == (None, SHIPPED)
    assert map_parcels({"total": 0}) == ()


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"fulfillments": "none"},
        {"fulfillments": ["x"]},
        {"fulfillments": [{"lineItems": []}]},
        {"fulfillments": [{"fulfillmentId": "1", "lineItems": [{"quantity": 1}]}]},
        {
            "fulfillments": [
                {
                    "fulfillmentId": "1",
                    "lineItems": [{"lineItemId": "L", "quantity": "many"}],
                }
            ]
        },
    ],
)
def test_what_cannot_be_read_never_looks_like_nothing(document):
    with pytest.raises(MappingError):
        map_parcels(document)


@pytest.mark.parametrize(
    ("parcels", "new", "numbers"),
    [
        ([there("T1", 3, "T1")], {"T1": ("GLS", "N1")}, [("GLS", "N1")]),
        (
            [there("T1", 1, "T1"), there("T2", 2, "T2")],
            {"T2": ("GLS", "N2")},
            [("DHL", "T1"), ("GLS", "N2")],
        ),
        (
            [there("T1", 1, "T1"), there("T2", 2, "T2")],
            {"T1": ("DHL", "N1"), "T2": ("DHL", "N2")},
            [("DHL", "N1"), ("DHL", "N2")],
        ),
        ([there("999", 1), there("T2", 2, "T2")], {"T2": ("DHL", "N")}, [("DHL", "N")]),
        ([there("999", 3)], {None: ("DHL", "N")}, [("DHL", "N")]),
        ([there("999", 1), there("1000", 2)], {None: ("DHL", "N")}, [("DHL", "N")]),
        ([there("HAND", 3, "HAND")], {None: ("DHL", "N")}, [("DHL", "N")]),
        # not all of the order is sent: CompleteSale would say that it is
        ([there("T1", 2, "T1")], {"T1": ("DHL", "N")}, None),
        ([], {"T1": ("DHL", "N")}, None),
        # nobody knows which of eBay's parcels is meant
        ([there("A", 1, "A"), there("B", 2, "B")], {None: ("DHL", "N")}, None),
        ([there("A", 1, "A"), there("B", 2, "B")], {"C": ("DHL", "N")}, None),
    ],
)
def test_a_correction_says_all_numbers_of_the_order(parcels, new, numbers):
    assert corrected_numbers(order(3), parcels, new) == numbers


def refunded_lines(**amounts):
    """An order of two lines, three pieces of L1 for 45 and two of L2 for 20."""
    document = load("de_plain_paid")
    lines = []
    for ref, quantity, cost in (("L1", 3, "45.00"), ("L2", 2, "20.00")):
        line = copy.deepcopy(document["lineItems"][0])
        line.update(lineItemId=ref, quantity=quantity)
        line["lineItemCost"]["value"] = cost
        if ref in amounts:
            refund = {"refundId": "5", "amount": {"value": amounts[ref]}}
            refund["amount"]["currency"] = line["lineItemCost"]["currency"]
            line["refunds"] = [refund]
        lines.append(line)
    document["lineItems"] = lines
    document["orderPaymentStatus"] = "PARTIALLY_REFUNDED"
    return map_order(document)


@pytest.mark.parametrize(
    ("amounts", "going", "held"),
    [
        ({}, {"L1": 3, "L2": 1}, {}),
        ({"L2": "5.00"}, {"L1": 3, "L2": 1}, {}),  # goodwill
        ({"L2": "20.00"}, {"L1": 3}, {"L2": 1}),
        ({"L2": "24.99"}, {"L1": 3}, {"L2": 1}),  # with its delivery
    ],
)
def test_a_fully_refunded_line_is_held_back(amounts, going, held):
    both = Parcel({"L1": 3, "L2": 1}, SHIPPED, "T1", "DHL")
    verdict = judge(both, refunded_lines(**amounts))
    assert (verdict.what, verdict.quantities, verdict.held) == (SEND, going, held)


def test_a_parcel_of_refunded_lines_is_asked_about():
    refunded = refunded_lines(L1="45.00")
    assert judge(parcel(), refunded).reason == "line_refunded"
    assert judge(parcel(insisted=True), refunded).quantities == {"L1": 3}


def test_the_key_says_when_parcels_changed():
    assert shipped_key(order()) == ""
    assert shipped_key(order(refs=["B", "A"], status="FULFILLED")) == "A B"
    assert shipped_key(order(status="FULFILLED")) == "FULFILLED"
