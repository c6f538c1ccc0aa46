"""The stored copy: never older, never poorer, unchanged when nothing changed."""

from __future__ import annotations

import copy
import json
import random
from decimal import Decimal

import pytest

from mapping.orders.document import (
    document_hash,
    document_to_store,
    is_older,
    storable_document,
)
from mapping.orders.order import map_order
from mapping.values.errors import MappingError
from unit.mapping.documents import load, names

EARLIER = "2026-10-05T08:14:10.999Z"
LATER = "2026-10-05T08:14:11.001Z"


def _shuffled(value, rng):
    if isinstance(value, list):
        return [_shuffled(entry, rng) for entry in value]
    if not isinstance(value, dict):
        return value
    items = list(value.items())
    rng.shuffle(items)
    return {key: _shuffled(entry, rng) for key, entry in items}


def _at(document, modified):
    return document | {"lastModifiedDate": modified}


def _blanked(document, fields=("fullName", "email", "primaryPhone")):
    """The same order as eBay shows it after 90 days."""
    document = copy.deepcopy(document)
    step = document["fulfillmentStartInstructions"][0]["shippingStep"]
    for contact in (document["buyer"]["buyerRegistrationAddress"], step["shipTo"]):
        for field in fields:
            contact.pop(field, None)
        contact["contactAddress"].pop("addressLine1", None)
    return document


@pytest.mark.parametrize("name", names())
def test_the_hash_ignores_the_order_of_keys(name):
    document = load(name)
    assert document_hash(_shuffled(document, random.Random(1))) == document_hash(
        document
    )


def test_the_hash_sees_every_change():
    document = load("de_plain_paid")
    seen = {document_hash(document)}
    for change in (
        {"orderPaymentStatus": "FULLY_REFUNDED"},
        {"lastModifiedDate": LATER},
        {"futureField": None},
        {"lineItems": document["lineItems"] * 2},
    ):
        seen.add(document_hash(document | change))
    assert len(seen) == 5


def test_the_hash_ignores_how_a_number_is_spelt():
    variants = ({"n": Decimal("10.50")}, {"n": 10.5}, {"n": Decimal("10.5")})
    assert len({document_hash(variant) for variant in variants}) == 1
    assert document_hash({"n": Decimal("10.0")}) == document_hash({"n": 10})
    assert document_hash({"n": True}) != document_hash({"n": 1})


@pytest.mark.parametrize("name", names())
def test_a_stored_copy_maps_like_the_document(name):
    document = load(name)
    stored = json.loads(json.dumps(storable_document(document)))
    try:
        order = map_order(document)
    except MappingError as error:
        with pytest.raises(MappingError, match=r"^\$"):
            map_order(stored)
        assert error.path
        return
    again = map_order(stored)
    assert again.lines == order.lines
    assert again.fulfillment == order.fulfillment
    assert again.totals == order.totals


def test_storable_takes_out_what_postgresql_refuses():
    document = {"a\x00b": ["x\x00y", "\ud800z", {"n": Decimal("1e400")}, 10**40]}
    stored = storable_document(document)
    assert stored == {"ab": ["xy", "z", {"n": "1E+400"}, hex(10**40)]}


def test_endless_nesting_is_refused():
    document: list = []
    for _ in range(100):
        document = [document]
    with pytest.raises(MappingError, match="nested"):
        storable_document({"deep": document})


def test_a_first_document_is_stored():
    document = load("de_plain_paid")
    assert document_to_store(document) == storable_document(document)


def test_the_same_document_writes_nothing():
    stored = storable_document(load("de_plain_paid"))
    assert document_to_store(load("de_plain_paid"), stored) is None


def test_an_older_document_writes_nothing():
    stored = load("de_plain_paid")
    older = _at(stored, EARLIER) | {"orderPaymentStatus": "PENDING"}
    assert is_older(older, stored)
    assert document_to_store(older, stored) is None


def test_a_newer_document_is_stored():
    stored = load("de_plain_paid")
    newer = _at(stored, LATER) | {"orderPaymentStatus": "FULLY_REFUNDED"}
    assert not is_older(newer, stored)
    assert document_to_store(newer, stored)["orderPaymentStatus"] == "FULLY_REFUNDED"


@pytest.mark.parametrize("modified", [None, "", 7, "soon"])
def test_without_a_readable_time_a_document_counts_as_older(modified):
    stored = load("de_plain_paid")
    assert is_older(_at(stored, modified), stored)
    assert not is_older(stored, _at(stored, modified))


def test_blanked_personal_data_is_kept_from_the_stored_copy():
    stored = load("de_plain_paid")
    blanked = _at(_blanked(stored), LATER) | {"orderPaymentStatus": "FULLY_REFUNDED"}
    kept = document_to_store(blanked, stored)
    assert kept["orderPaymentStatus"] == "FULLY_REFUNDED"
    assert map_order(kept).fulfillment == map_order(stored).fulfillment
    assert map_order(kept).buyer == map_order(stored).buyer
    assert map_order(kept).personal_data_complete


def test_blanking_alone_writes_nothing():
    stored = load("de_plain_paid")
    assert document_to_store(_blanked(stored), stored) is None
    assert document_to_store(_blanked(stored, ("email",)), stored) is None


def test_masked_and_empty_fields_count_as_blanked():
    stored = load("de_plain_paid")
    masked = load("de_plain_paid")
    contact = masked["buyer"]["buyerRegistrationAddress"]
    contact["fullName"] = "*** ***"
    contact["primaryPhone"] = {}
    contact["contactAddress"]["addressLine1"] = ""
    assert document_to_store(masked, stored) is None


def test_a_new_address_takes_nothing_from_the_old_one():
    stored = load("de_plain_paid")
    moved = _at(_blanked(stored), LATER)
    step = moved["fulfillmentStartInstructions"][0]["shippingStep"]
    step["shipTo"]["contactAddress"] |= {"city": "Bonn", "postalCode": "53111"}
    kept = map_order(document_to_store(moved, stored))
    assert kept.fulfillment.deliver_to.name is None
    assert kept.fulfillment.deliver_to.address.street is None
    assert kept.buyer.registration.name == "Jörg Weißmüller"


def test_a_changed_name_and_a_dropped_company_are_believed():
    stored = load("es_company_vat")
    changed = _at(copy.deepcopy(stored), LATER)
    contact = changed["buyer"]["buyerRegistrationAddress"]
    contact["fullName"] = "Another Person"
    del contact["companyName"]
    kept = map_order(document_to_store(changed, stored))
    assert kept.buyer.registration.name == "Another Person"
    assert kept.buyer.registration.company is None


def test_what_only_get_order_tells_survives_get_orders():
    stored = load("it_tax_identifier")
    listed = copy.deepcopy(stored)
    del listed["buyer"]["taxIdentifier"]
    assert document_to_store(listed, stored) is None
    assert map_order(document_to_store(_at(listed, LATER), stored)).buyer.tax_identifier


def test_cancel_requests_survive_only_while_nothing_moved():
    stored = load("de_cancel_requested")
    listed = copy.deepcopy(stored)
    listed["cancelStatus"]["cancelRequests"] = []
    assert document_to_store(listed, stored) is None
    listed["cancelStatus"]["cancelState"] = "NONE_REQUESTED"
    assert document_to_store(listed, stored)["cancelStatus"]["cancelRequests"] == []
    later = document_to_store(_at(listed, LATER), stored)
    assert later["cancelStatus"]["cancelRequests"] == []


def test_gift_data_is_kept_line_by_line():
    stored = load("us_digital_gift_card")
    stored["lineItems"].append(load("de_plain_paid")["lineItems"][0])
    blanked = copy.deepcopy(stored)
    blanked["lineItems"].reverse()
    del blanked["lineItems"][1]["giftDetails"]["message"]
    kept = document_to_store(blanked, stored)
    assert kept["lineItems"][1]["giftDetails"] == stored["lineItems"][0]["giftDetails"]
    assert "giftDetails" not in kept["lineItems"][0]


def test_neither_document_is_touched():
    stored = load("de_plain_paid")
    blanked = _at(_blanked(stored), LATER)
    before = copy.deepcopy((stored, blanked))
    document_to_store(blanked, stored)
    assert (stored, blanked) == before


@pytest.mark.parametrize("odd", [None, [], "x", {}, {"buyer": 1, "lineItems": 2}])
def test_odd_documents_are_compared_without_an_error(odd):
    stored = load("de_plain_paid")
    assert is_older(odd, stored)
    assert not is_older(stored, odd)
    assert document_to_store(stored, odd) == storable_document(stored)


def test_an_answer_of_the_client_is_a_document_like_any_other():
    """getOrder's answer is a dict that knows its request id."""

    class Reply(dict):
        pass

    document = load("de_plain_paid")
    assert document_to_store(Reply(document)) == storable_document(document)
    assert document_hash(storable_document(Reply(document))) == document_hash(document)
