"""The judges of OAuth and Trading see what they should see."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from contract.coverage import Coverage, implemented, trading_calls
from contract.judge import Exchange
from contract.openapi import documents, raw_documents, read_exceptions
from contract.trading_shapes import REQUESTS
from contract.undocumented import judge_undocumented

TOKEN = "https://api.ebay.com/identity/v1/oauth2/token"
BASIC = {
    "Authorization": "Basic YTpi",
    "Content-Type": "application/x-www-form-urlencoded",
}
GRANTED = {"access_token": "t", "expires_in": 7200, "token_type": "User Access Token"}
REFRESH = Exchange(
    "POST",
    TOKEN,
    BASIC,
    b"grant_type=refresh_token&refresh_token=r",
    200,
    {},
    json.dumps(GRANTED).encode(),
)
REFUSED = {"error": "invalid_grant", "error_description": "x"}

NAMESPACE = 'xmlns="urn:ebay:apis:eBLBaseComponents"'
TRADING = {
    "Content-Type": "text/xml",
    "X-EBAY-API-CALL-NAME": "GetItem",
    "X-EBAY-API-SITEID": "77",
    "X-EBAY-API-COMPATIBILITY-LEVEL": "1423",
    "X-EBAY-API-IAF-TOKEN": "t",
}
ASKED = f"<GetItemRequest {NAMESPACE}><ItemID>110001</ItemID></GetItemRequest>"
TOLD = (
    f"<GetItemResponse {NAMESPACE}><Timestamp>2026-11-01T10:20:30.000Z</Timestamp>"
    "<Ack>Success</Ack><Version>1423</Version><Build>E1</Build>"
    '<Item><StartPrice currencyID="EUR">9.90</StartPrice></Item></GetItemResponse>'
)
GET_ITEM = Exchange(
    "POST",
    "https://api.ebay.com/ws/api.dll",
    TRADING,
    ASKED.encode(),
    200,
    {},
    TOLD.encode(),
)


def asked(old, new):
    return replace(GET_ITEM, request_body=ASKED.replace(old, new).encode())


def told(old, new):
    return replace(GET_ITEM, body=TOLD.replace(old, new).encode())


def answered(document, status=200):
    return replace(REFRESH, status=status, body=json.dumps(document).encode())


@pytest.mark.parametrize(
    "exchange", [REFRESH, GET_ITEM, answered(REFUSED, 400)], ids=("OAuth", "XML", "400")
)
def test_a_right_exchange_has_no_findings(exchange):
    assert judge_undocumented(exchange) == []


def test_other_calls_are_left_to_the_documents():
    url = "https://api.ebay.com/sell/fulfillment/v1/order"
    assert judge_undocumented(replace(REFRESH, url=url)) is None


@pytest.mark.parametrize(
    ("exchange", "words"),
    [
        (replace(REFRESH, url=TOKEN + "?grant_type=x"), "?grant_type=x"),
        (replace(REFRESH, url=TOKEN + "s"), "no such path"),
        (replace(REFRESH, request_headers={"Authorization": "Bearer t"}), "no Basic"),
        (replace(REFRESH, request_body=b"grant_type=password"), "unknown grant type"),
        (replace(REFRESH, request_body=b"grant_type=refresh_token"), "with the fields"),
        (
            replace(REFRESH, request_body=REFRESH.request_body + b"&scope="),
            "empty or doubled",
        ),
        (answered({**GRANTED, "refresh_token": "r"}), "answers with the fields"),
        (answered({**GRANTED, "expires_in": "7200"}), "answers with expires_in"),
        (answered({"errors": []}, 400), "refuses with the fields"),
        (answered(REFUSED, 401), "refuses with 401 invalid_grant"),
        (answered(REFUSED, 429), "another shape"),
        (
            replace(REFRESH, url=TOKEN + "/revoke", request_body=b"token=t"),
            "to a revocation",
        ),
        (replace(GET_ITEM, method="GET"), "GET https"),
        (
            replace(GET_ITEM, request_headers={**TRADING, "Authorization": "Bearer t"}),
            "beside the IAF token",
        ),
        (
            replace(GET_ITEM, request_headers={**TRADING, "X-EBAY-API-SITEID": "999"}),
            "site 999",
        ),
        (
            replace(
                GET_ITEM,
                request_headers={**TRADING, "X-EBAY-API-IAF-TOKEN": "Bearer t"},
            ),
            "a scheme before it",
        ),
        (
            replace(GET_ITEM, request_headers={**TRADING, "X-EBAY-API-CALL-NAME": "X"}),
            "no call that we know",
        ),
        (asked("ItemID", "Itemid"), "Itemid: unknown element"),
        (asked("110001", "abc"), "'abc' is no id"),
        (asked("</ItemID>", "</ItemID><ItemID>1</ItemID>"), "ItemID: twice"),
        (asked("GetItemRequest", "GetItem"), "no GetItemRequest"),
        (replace(GET_ITEM, status=400), "answers 400"),
        (told("GetItemResponse", "Envelope"), "no GetItemResponse"),
        (told("<Build>E1</Build>", ""), "lacks Build"),
        (told("Success", "Warning"), "Ack Warning with"),
        (told(' currencyID="EUR"', ""), "currency None"),
        (told("9.90", "9,90"), "'9,90' is no amount"),
        (told("StartPrice", "Price"), "Item.Price: unknown element"),
        (told("<Item>", "<Item><Item/>"), "Item.Item: unknown element"),
    ],
)
def test_a_wrong_exchange_is_found(exchange, words):
    findings = judge_undocumented(exchange)
    assert any(words in finding for finding in findings), findings


def test_what_the_client_implements_is_found_in_its_source(tmp_path):
    (tmp_path / "orders.py").write_text("self._get('getOrders', '/order')")
    (tmp_path / "trading.py").write_text("self._xml('GetItem', {})")
    assert implemented(documents(), tmp_path) == {"sell_fulfillment_v1.getOrders"}
    assert trading_calls(tmp_path) == {"GetItem"}
    coverage = Coverage()
    coverage.seen.add("sell_fulfillment_v1.getOrder")
    report = coverage.report(documents())
    assert "client, judged: getOrder\n" in report
    assert "client, NOT judged: " in report
    assert f"Trading: 0 of {len(REQUESTS)} calls of the client judged" in report


def test_every_trading_call_of_the_client_has_a_shape():
    assert trading_calls() == set(REQUESTS)


def test_every_correction_of_the_documents_is_needed():
    raw = raw_documents()
    for entry in read_exceptions()["schema"]:
        api, schema, name = entry["field"].split(".")
        properties = raw[api]["components"]["schemas"][schema]["properties"]
        assert properties.get(name, {}).get("type") != entry["is"]["type"], entry
    for entry in read_exceptions()["require"]:
        operation = documents().by_key[entry["operation"]]
        place, _, name = entry["what"].partition(":")
        assert not operation.parameters[place, name]["required"], entry


def test_every_exception_has_a_reason():
    entries = [one for listed in read_exceptions().values() for one in listed]
    assert all(len(entry["reason"]) > 20 for entry in entries)
