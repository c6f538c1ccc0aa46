"""Rules that need two documents, or a document with something taken away."""

from __future__ import annotations

import time

import pytest

from mapping.orders.order import map_order
from mapping.values.reader import MOST_NOTES
from unit.mapping.documents import load

HUBS = ("gb_global_shipping_hub", "us_international_shipping_hub")


@pytest.mark.parametrize(("name", "country"), [(HUBS[0], "CA"), (HUBS[1], "FR")])
def test_tax_follows_the_parcel_beyond_a_forwarding_hub(name, country):
    document = load(name)
    del document["buyer"]
    assert map_order(document).tax_country == country


def test_the_authenticators_address_says_nothing_about_tax():
    document = load("us_authenticity_hub")
    document["fulfillmentStartInstructions"][0]["finalDestinationAddress"] = {
        "countryCode": "CH"
    }
    del document["buyer"]["taxAddress"]
    assert map_order(document).tax_country == "US"
    del document["buyer"]
    assert map_order(document).tax_country is None


@pytest.mark.parametrize("name", [*HUBS, "us_vault", "gb_click_and_collect"])
def test_a_foreign_address_is_never_invoiced(name):
    document = load(name)
    del document["buyer"]["buyerRegistrationAddress"]
    order = map_order(document)
    assert order.invoice_to.name is None
    assert order.invoice_to.address == order.buyer.tax_address
    del document["buyer"]
    assert map_order(document).invoice_to is None


def test_a_name_without_address_borrows_the_delivery_address():
    document = load("de_plain_paid")
    del document["buyer"]["buyerRegistrationAddress"]["contactAddress"]
    order = map_order(document)
    assert order.invoice_to.address == order.fulfillment.deliver_to.address
    hub = load("us_vault")
    del hub["buyer"]["buyerRegistrationAddress"]["contactAddress"]
    order = map_order(hub)
    assert order.invoice_to.address == order.buyer.tax_address


def test_a_hub_needs_the_buyers_name_too():
    document = load("gb_global_shipping_hub")
    assert map_order(document).personal_data_complete
    del document["buyer"]["buyerRegistrationAddress"]["fullName"]
    assert not map_order(document).personal_data_complete


def test_a_locker_outside_germany_is_a_street():
    document = load("de_packstation")
    step = document["fulfillmentStartInstructions"][0]["shippingStep"]
    step["shipTo"]["contactAddress"]["countryCode"] = "AT"
    order = map_order(document)
    assert order.fulfillment.deliver_to.address.locker is None
    assert order.buyer.registration.address.locker.number == "145"


def test_notes_are_bounded_and_not_repeated():
    document = load("de_plain_paid")
    document["lineItems"][0]["appliedPromotions"] = [None] * 5000
    notes = map_order(document).notes
    assert len(notes) == MOST_NOTES
    assert len(set(notes)) == MOST_NOTES
    assert notes[0].code == "list_truncated"


@pytest.mark.parametrize("letter", ["a", "\u200d", "\n", "e\u0301", "9"])
def test_huge_texts_cost_little(letter):
    document = load("de_plain_paid")
    filler = letter * 10**6

    def swell(value):
        if isinstance(value, dict):
            return {key: swell(entry) for key, entry in value.items()}
        if isinstance(value, list):
            return [swell(entry) for entry in value]
        return value + filler if isinstance(value, str) else value

    needed = {"orderId": "1", "creationDate": document["creationDate"]}
    needed |= {"lineItems": document["lineItems"]}
    swollen = swell({key: document[key] for key in document.keys() - needed.keys()})
    del swollen["pricingSummary"]
    started = time.process_time()
    order = map_order(swollen | needed)
    assert time.process_time() - started < 1
    assert len(order.invoice_to.name or "") <= 128
