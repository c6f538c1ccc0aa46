"""How one order looks: in getOrder and getOrders, with taxes, when it is old."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from simulator.orders.taxes import collected_tax


def value(amount):
    return Decimal(amount["value"])


def only(shop, **query):
    return shop.orders(**query)["orders"][0]


def test_totals_add_up(shop):
    shop.sim("buy", {"count": 25})
    orders = shop.orders()["orders"]
    assert len(orders) == 25
    for order in orders:
        lines = order["lineItems"]
        summary = order["pricingSummary"]
        shipping = sum(value(one["deliveryCost"]["shippingCost"]) for one in lines)
        assert value(summary["total"]) == sum(value(one["total"]) for one in lines)
        assert value(summary["deliveryCost"]) == shipping
        discount = value(summary.get("priceDiscount", {"value": "0"}))
        assert discount <= 0
        assert value(summary["total"]) == (
            value(summary["priceSubtotal"]) + discount + shipping
        )
        fee, due = order["totalMarketplaceFee"], order["paymentSummary"]
        assert value(due["totalDueSeller"]) == value(summary["total"]) - value(fee)
        assert order["orderPaymentStatus"] == "PAID"
        assert due["payments"][0]["paymentDate"] == order["creationDate"]


def test_collected_tax_is_in_the_totals_with_tax_breakdown_only(shop):
    order_id = shop.buy(country="US", lineCount=2, marketplace="EBAY_DE")
    plain = shop.order(order_id)
    full = shop.order(order_id, fieldGroups="TAX_BREAKDOWN")
    assert plain["ebayCollectAndRemitTax"] is True
    tax = Decimal()
    for before, after in zip(plain["lineItems"], full["lineItems"], strict=True):
        entry = before["ebayCollectAndRemitTaxes"][0]
        assert entry["taxType"] == "STATE_SALES_TAX"
        assert entry["collectionMethod"] == "NET"
        assert "taxType" not in before["taxes"][0]
        assert after["taxes"][0]["taxType"] == "STATE_SALES_TAX"
        assert value(after["total"]) - value(before["total"]) == value(entry["amount"])
        tax += value(entry["amount"])
    assert tax > 0
    totals = full["pricingSummary"], plain["pricingSummary"]
    assert value(totals[0]["total"]) - value(totals[1]["total"]) == tax
    assert value(totals[0]["tax"]) == tax
    assert "tax" not in totals[1]


@pytest.mark.parametrize(
    ("origin", "country", "goods", "kind", "reference"),
    [
        ("DE", "GB", 100, "VAT", "IOSS"),
        ("GB", "PL", 150, "VAT", "IOSS"),
        ("GB", "PL", 151, None, None),
        ("DE", "PL", 100, None, None),
        ("US", "US", 9999, "STATE_SALES_TAX", None),
    ],
)
def test_which_tax_ebay_collects(origin, country, goods, kind, reference):
    tax = collected_tax(origin, country, "TX", Decimal(goods))
    assert (tax.kind if tax else None) == kind
    assert (tax.reference[0] if tax and tax.reference else None) == reference


def test_orders_within_the_eu_have_no_collected_tax(shop):
    for country in ("DE", "PL", "FR", "IT", "ES"):
        order = shop.order(shop.buy(country=country, marketplace="EBAY_DE"))
        assert "ebayCollectAndRemitTax" not in order
        assert all("ebayCollectAndRemitTaxes" not in one for one in order["lineItems"])


def test_the_tax_identifier_is_in_get_order_only(shop):
    order_id = shop.buy(country="IT", marketplace="EBAY_DE")
    identifier = shop.order(order_id)["buyer"]["taxIdentifier"]
    assert identifier["taxIdentifierType"] == "CODICE_FISCALE"
    assert "taxIdentifier" not in only(shop)["buyer"]


def test_cancel_requests_are_in_get_order_only(shop):
    order_id = shop.buy()
    shop.sim(f"orders/{order_id}/cancel", {"reason": "ORDER_MISTAKE"})
    single, listed = shop.order(order_id), only(shop)
    assert listed["cancelStatus"] == {
        "cancelState": "IN_PROGRESS",
        "cancelRequests": [],
    }
    request = single["cancelStatus"]["cancelRequests"][0]
    assert request["cancelRequestState"] == "REQUESTED"
    assert request["cancelInitiator"] == "Buyer"


def test_personal_data_fades(shop):
    order_id = shop.buy(country="PL")
    shop.later(14 * 86400 - 1)
    fresh = shop.order(order_id)
    contact = fresh["fulfillmentStartInstructions"][0]["shippingStep"]["shipTo"]
    assert contact["email"].endswith("@members.ebay.com")
    name, street = contact["fullName"], contact["contactAddress"]["addressLine1"]
    shop.later(1)
    older = json.dumps(shop.order(order_id), ensure_ascii=False)
    assert "@members.ebay.com" not in older and name in older
    shop.later(76 * 86400)
    for order in (
        shop.order(order_id),
        shop.orders(filter="creationdate:[2026-06-01T00:00:00Z..]")["orders"][0],
    ):
        text = json.dumps(order, ensure_ascii=False)
        assert name not in text and street not in text
        assert "primaryPhone" not in text and "fullName" not in text
        assert order["buyer"]["username"].startswith("sim_pl_")
        assert order["buyer"]["taxAddress"]["countryCode"] == "PL"


def test_hub_pickup_and_digital_orders(shop):
    hub = shop.order(shop.buy(kind="hub", country="US"))
    instruction = hub["fulfillmentStartInstructions"][0]
    assert instruction["ebaySupportedFulfillment"] is True
    step = instruction["shippingStep"]
    assert step["shipToReferenceId"]
    assert step["shipTo"]["contactAddress"]["countryCode"] == "GB"
    assert instruction["finalDestinationAddress"]["countryCode"] == "US"
    pickup = shop.order(shop.buy(kind="pickup"))["fulfillmentStartInstructions"][0]
    assert pickup["fulfillmentInstructionsType"] == "PREPARE_FOR_PICKUP"
    assert "shippingStep" not in pickup
    digital = shop.order(shop.buy(kind="digital"))["fulfillmentStartInstructions"][0]
    assert digital == {"fulfillmentInstructionsType": "DIGITAL"}


def test_buyers_of_every_country_are_whole(shop):
    for country in ("DE", "PL", "GB", "FR", "IT", "ES", "US"):
        order = shop.order(shop.buy(country=country))
        buyer = order["buyer"]
        for contact in (
            buyer["buyerRegistrationAddress"],
            order["fulfillmentStartInstructions"][0]["shippingStep"]["shipTo"],
        ):
            address = contact["contactAddress"]
            assert address["countryCode"] == country
            assert address["addressLine1"] and address["city"]
            assert address["postalCode"]
            assert contact["fullName"].strip()
            assert "#" not in contact["primaryPhone"]["phoneNumber"]


def test_the_same_buyer_comes_back_as_the_same_person(shop):
    first = shop.order(shop.buy(country="DE", buyer=7))
    second = shop.order(shop.buy(country="DE", buyer=7))
    assert first["buyer"] == second["buyer"]
    assert first["orderId"] != second["orderId"]


def test_a_note_is_there_only_when_given(shop):
    assert "buyerCheckoutNotes" not in shop.order(shop.buy())
    order = shop.order(shop.buy(note="Bitte klingeln: \u00bbWeiß\u00ab"))
    assert order["buyerCheckoutNotes"] == "Bitte klingeln: \u00bbWeiß\u00ab"


def test_unknown_and_malformed_ids(shop):
    path = "/sell/fulfillment/v1/order/"
    unknown = shop.get(path + "00-00000-00000")
    assert unknown.status_code == 404
    malformed = shop.get(path + "a%20b")
    assert malformed.status_code == 400
    for answer in (unknown, malformed):
        assert answer.json()["errors"][0]["errorId"] == 32100
