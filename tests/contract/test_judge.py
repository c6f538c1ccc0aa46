"""The judge sees what it should see: every kind of finding can occur."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from types import SimpleNamespace

import pytest

from contract.judge import Exchange, Judge
from contract.openapi import documents

JSON = {"Content-Type": "application/json"}
BEARER = {"Authorization": "Bearer t", "Accept": "application/json"}
ORDERS = "https://api.ebay.com/sell/fulfillment/v1/order"
GOOD = Exchange("GET", f"{ORDERS}?limit=50&offset=0", BEARER, b"", 200, JSON, b"")
PAGE = {"href": ORDERS, "total": 0, "limit": 50, "offset": 0, "orders": []}
SHIP = Exchange(
    "POST",
    f"{ORDERS}/12-34567-89012/shipping_fulfillment",
    {**BEARER, **JSON},
    b'{"lineItems":[{"lineItemId":"1","quantity":1}]}',
    201,
    {"Location": f"{ORDERS}/12-34567-89012/shipping_fulfillment/9"},
    b"",
)
REFUSED = {"errors": [{"errorId": 30800, "domain": "API_FULFILLMENT", "message": "x"}]}


@lru_cache(maxsize=1)
def judge() -> Judge:
    return Judge(documents())


def answered(document, status=200):
    return replace(GOOD, status=status, body=json.dumps(document).encode())


def order(**fields):
    return answered({**PAGE, "orders": [{"orderId": "1", **fields}]})


def test_a_right_exchange_has_no_findings():
    operation, findings = judge().judge(answered(PAGE))
    assert operation.key == "sell_fulfillment_v1.getOrders"
    assert findings == []
    assert judge().judge(SHIP)[1] == []
    assert judge().judge(answered(REFUSED, 400))[1] == []


def test_the_wrong_kind_of_token_is_found():
    app = SimpleNamespace(user="u", app="t")
    assert judge().judge(answered(PAGE), app)[1] == [
        "sell_fulfillment_v1.getOrders: sent with the app token"
    ]
    user = SimpleNamespace(user="t", app="a")
    assert judge().judge(answered(PAGE), user)[1] == []


def test_literal_paths_win_over_placeholders():
    base = "https://api.ebay.com/sell/inventory/v1/offer"
    for path, name in (
        ("/get_listing_fees", "getListingFees"),
        ("/publish_by_inventory_item_group", "publishOfferByInventoryItemGroup"),
        ("/123/publish", "publishOffer"),
    ):
        found = documents().match("POST", base + path)
        assert found is not None and found.name == name


@pytest.mark.parametrize(
    ("exchange", "words"),
    [
        (replace(GOOD, url=ORDERS + "s"), "no such call"),
        (replace(GOOD, method="DELETE"), "no such call"),
        (replace(GOOD, url=ORDERS.replace("api.", "auth.")), "no such call"),
        (
            replace(GOOD, url=f"{ORDERS}?foo=1"),
            "unknown query parameter foo",
        ),
        (replace(GOOD, url=f"{ORDERS}?limit=abc"), "limit is 'abc'"),
        (replace(GOOD, url=f"{ORDERS}?filter="), "filter empty"),
        (replace(GOOD, url=f"{ORDERS}/None"), "empty part"),
        (replace(GOOD, url=f"{ORDERS}/"), "end differently"),
        (replace(GOOD, request_headers={}), "Authorization"),
        (
            replace(GOOD, request_headers={**BEARER, "X-EBAY-FOO": "1"}),
            "unknown header parameter x-ebay-foo",
        ),
        (
            replace(GOOD, request_headers={**BEARER, "Accept-Language": "*"}),
            "no locale",
        ),
        (replace(SHIP, request_body=b""), "sends no body"),
        (replace(SHIP, request_body=b"{"), "request is not JSON"),
        (replace(SHIP, request_body=b'{"lineItem":[]}'), "$.lineItem: unknown field"),
        (
            replace(SHIP, request_body=b'{"lineItems":[{"quantity":"1"}]}'),
            "not of type 'integer'",
        ),
        (
            replace(SHIP, request_headers={**BEARER, "Content-Type": "text/plain"}),
            "body of type text/plain",
        ),
        (replace(SHIP, request_headers=BEARER), "lacks the header"),
        (replace(SHIP, headers={}), "answers without Location"),
        (replace(SHIP, status=202), "answers 202"),
        (replace(GOOD, body=b""), "without a body"),
        (answered({**PAGE, "more": 1}), "$.more: unknown field"),
        (order(buyer={"nick": "x"}), "$.orders[].buyer.nick: unknown field"),
        (
            replace(answered(PAGE), headers={"Content-Type": "text/html"}),
            "answers with text/html",
        ),
        (order(creationDate="2026-01-01 10:00"), "creationDate"),
        (
            order(pricingSummary={"total": {"value": "1,50", "currency": "EUR"}}),
            "does not match",
        ),
        (order(pricingSummary={"total": {"value": 1.5}}), "not of type 'string'"),
        (answered({}, 400), "without errors"),
        (
            answered({"errors": [{"errorId": 25002, "message": "x"}]}, 400),
            "error 25002, not listed",
        ),
        (
            answered({"errors": [{"errorId": "30800"}]}, 400),
            "not of type 'integer'",
        ),
    ],
)
def test_a_wrong_exchange_is_found(exchange, words):
    assert any(words in finding for finding in judge().judge(exchange)[1])
