"""Hosts, marketplaces, paths, documents, bulk answers, redaction: no HTTP at all."""

import json
import logging
from decimal import Decimal

import pytest

from ebay_api.bulk import bulk_entries, requests_body
from ebay_api.calls import Answer, Call
from ebay_api.documents import (
    Reply,
    amount,
    decimal_text,
    read_document,
    write_document,
)
from ebay_api.errors import ContractError, InvalidArgument
from ebay_api.hosts import API_BASES, Hosts
from ebay_api.marketplaces import MARKETPLACES, marketplace
from ebay_api.multipart import file_form
from ebay_api.paths import path, query
from ebay_api.redaction import RedactingFilter, redact

CALL = Call("inventory", "getOffer", "GET", "https://ebay.test/")


def answer(body, status=200, headers=None):
    return Answer(status, headers or {}, body)


# --- hosts --------------------------------------------------------------------------


def test_each_api_lives_where_ebay_puts_it():
    live, sandbox = Hosts.production(), Hosts.sandbox()
    assert live.url("fulfillment", "/order") == (
        "https://api.ebay.com/sell/fulfillment/v1/order"
    )
    assert live.url("identity", "/user/") == (
        "https://apiz.ebay.com/commerce/identity/v1/user/"
    )
    assert sandbox.url("media").startswith("https://apim.sandbox.ebay.com/")
    assert sandbox.url("trading") == "https://api.sandbox.ebay.com/ws/api.dll"
    assert sandbox.consent_page == "https://auth.sandbox.ebay.com/oauth2/authorize"


def test_a_simulator_serves_all_apis_at_one_address():
    hosts = Hosts.all_at("http://127.0.0.1:8811/")
    for api, (_, base_path) in API_BASES.items():
        assert hosts.url(api, "/x") == f"http://127.0.0.1:8811{base_path}/x"


def test_a_single_api_may_live_elsewhere():
    hosts = Hosts(
        "https://a.test",
        "https://b.test",
        "https://c.test",
        "https://d.test",
        overrides={"media": "https://m.test/"},
    )
    assert hosts.url("media").startswith("https://m.test/commerce/media")
    assert hosts.url("account").startswith("https://a.test/")


@pytest.mark.parametrize(
    "base",
    [
        "http://ebay.test",
        "ftp://127.0.0.1",
        "https://",
        "",
        "127.0.0.1:80",
        "https://user:pw@ebay.test",
        "https://ebay.test?x=1",
        "http://127.0.0.1.evil.test",
        "http://localhost.evil.test",
    ],
)
def test_addresses_that_would_leak_tokens_are_refused(base):
    with pytest.raises(InvalidArgument):
        Hosts.all_at(base)


@pytest.mark.parametrize("base", ["http://localhost:1", "http://[::1]:1"])
def test_this_machine_may_be_called_without_tls(base):
    assert Hosts.all_at(base).api == base


# --- marketplaces -------------------------------------------------------------------


def test_the_marketplaces_of_the_guide_are_there():
    assert len(MARKETPLACES) == 20
    germany = marketplace("EBAY_DE")
    assert (germany.site_id, germany.locale, germany.currency) == (77, "de-DE", "EUR")
    assert MARKETPLACES["EBAY_PL"].site_id == 212
    assert MARKETPLACES["EBAY_TW"].site_id is None
    for key, row in MARKETPLACES.items():
        assert key == row.id
        assert len(row.currency) == 3
        assert row.known
        assert all(len(locale) == 5 for locale in row.locales)
    sites = [row.site_id for row in MARKETPLACES.values()]
    assert len(set(sites)) == len(sites)


def test_sites_with_two_languages_have_two_site_numbers():
    belgium, canada = marketplace("EBAY_BE"), marketplace("EBAY_CA")
    assert (belgium.site_for("nl-BE"), belgium.site_for("fr-BE")) == (123, 23)
    assert (canada.site_for("en-CA"), canada.site_for("fr-CA")) == (2, 210)


def test_an_unknown_marketplace_is_borne():
    unknown = marketplace("EBAY_SE")
    assert (unknown.id, unknown.known, unknown.locale) == ("EBAY_SE", False, "")


# --- paths --------------------------------------------------------------------------


def test_ids_are_quoted_whole():
    assert path("/a/{sku}/b", sku="ä/ö?x=1#y z%") == (
        "/a/%C3%A4%2F%C3%B6%3Fx%3D1%23y%20z%25/b"
    )


def test_a_query_is_quoted_whole_and_leaves_out_none():
    assert query({"a": "x&y=z", "b": None, "c": True, "d": 5}) == (
        "?a=x%26y%3Dz&c=true&d=5"
    )
    assert query({"a": None}) == ""


# --- documents ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("12.50"), "12.50"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.00000001"), "0.00000001"),
        ("9.99", "9.99"),
        (7, "7"),
    ],
)
def test_amounts_are_exact_text(value, text):
    assert decimal_text(value) == text
    assert amount(value, "EUR") == {"value": text, "currency": "EUR"}


@pytest.mark.parametrize(
    "value", [1.5, True, None, "a lot", Decimal("NaN"), "Infinity", b"1"]
)
def test_what_is_no_exact_number_is_no_amount(value):
    with pytest.raises(InvalidArgument):
        decimal_text(value)


def test_a_body_is_compact_utf8_with_exact_money_and_numbers():
    body = {
        "price": {"value": Decimal("10.10"), "currency": "PLN"},
        "weight": {"value": Decimal("1.25"), "unit": "KILOGRAM"},
        "quantity": Decimal("3"),
        "vatPercentage": 23.0,
        "title": "Żółw",
        "list": (1, None, True),
    }
    assert write_document(body) == (
        '{"price":{"value":"10.10","currency":"PLN"},'
        '"weight":{"value":1.25,"unit":"KILOGRAM"},"quantity":3,"vatPercentage":23.0,'
        '"title":"Żółw","list":[1,null,true]}'.encode()
    )


@pytest.mark.parametrize(
    "body",
    [
        {"offers": [{"price": {"value": 9.99, "currency": "EUR"}}]},
        {"price": {"value": Decimal("Infinity"), "currency": "EUR"}},
        {"weight": float("nan")},
        {"weight": Decimal("0.12345678901234567890123")},
        {"when": object()},
        {"text": "\ud800"},
    ],
)
def test_a_body_with_a_float_price_or_without_json_form_is_refused(body):
    with pytest.raises(InvalidArgument):
        write_document(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"<html>Welcome to eBay</html>",
        b"[]",
        b'"text"',
        b"null",
        b'{"a": NaN}',
        b'{"a": 1',
        b"\xff\xfe\x00",
        pytest.param(b'{"a":' * 100_000, id="deep"),
    ],
)
def test_an_unreadable_answer_is_never_an_empty_document(body):
    with pytest.raises(ContractError) as caught:
        read_document(CALL, answer(body))
    assert caught.value.body == body[: 64 * 1024]
    assert "getOffer" in caught.value.message


def test_204_is_an_empty_document():
    assert read_document(CALL, answer(b"", status=204)) == {}


def test_a_reply_is_its_document_and_knows_what_was_around_it():
    raw = Answer(
        201,
        {"Location": "https://x.test/a/b/77/?q=1"},
        b"",
        request_id="rid",
    )
    reply = Reply({"warnings": [{"errorId": 25402, "message": "w"}]}, raw)
    assert (reply.status, reply.request_id, reply.created_id) == (201, "rid", "77")
    assert [w.error_id for w in reply.warnings] == ["25402"]
    assert reply.warnings[0].severity == "Warning"
    assert json.loads(json.dumps(reply)) == reply
    assert Reply({}, answer(b"")).created_id == ""


# --- bulk ---------------------------------------------------------------------------


def test_every_bulk_entry_has_a_verdict_of_its_own():
    responses = [
        {"sku": "A", "statusCode": 200, "warnings": [{"errorId": 25030}]},
        {"sku": "B", "statusCode": 400, "errors": [{"errorId": 25004}]},
        {"sku": "C", "statusCode": 500, "errors": [{"errorId": 25025}]},
        {"offerId": 123, "statusCode": "200", "errors": []},
        {"listingId": "9", "errors": [{"errorId": 25718}]},
        {"sku": "D", "statusCode": 429},
    ]
    entries = bulk_entries(Reply({"responses": responses}, answer(b"", 207)))
    assert [entry.ok for entry in entries] == [True, False, False, True, False, False]
    assert [e.retryable for e in entries] == [False, False, True, False, False, True]
    assert entries[0].warnings[0].error_id == "25030"
    assert entries[1].errors[0].error_id == "25004"
    assert (entries[3].offer_id, entries[4].listing_id) == ("123", "9")


def test_bulk_requests_keep_to_ebays_limits():
    assert requests_body([{"sku": "a"}]) == {"requests": [{"sku": "a"}]}
    for entries in ([], [{"sku": str(n)} for n in range(26)]):
        with pytest.raises(InvalidArgument):
            requests_body(entries)
    with pytest.raises(InvalidArgument):
        requests_body([{"sku": "a"}, {"sku": "a"}], unique="sku")


def test_a_file_form_has_a_plain_name():
    body, content_type = file_form("image", 'ż"\r\n/x.jpg', b"data", "image/jpeg")
    assert content_type.startswith("multipart/form-data; boundary=")
    assert b'name="image"; filename="_x.jpg"' in body
    assert b"data" in body
    with pytest.raises(InvalidArgument):
        file_form("image", "x", b"", "image/jpeg")


# --- redaction ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer v^1.1#i^1#SECRET",
        "Authorization: Basic U0VDUkVUU0VDUkVU",
        "Authorization: IAF v^1.1#SECRET",
        "X-EBAY-API-IAF-TOKEN: v^1.1#i^1#SECRET",
        '{"access_token": "SECRET", "expires_in": 7200}',
        "{'refresh_token': 'SECRET'}",
        "grant_type=refresh_token&refresh_token=SECRET&x=1",
        "https://odoo.test/ebay/oauth/callback?state=1&code=SECRET",
        '{"buyer": {"username": "SECRET"}}',
        '{"fullName": "SECRET \\" SECRET", "city": "Berlin"}',
        '{"phoneNumber":"+49 SECRET"}',
        "buyer_username=SECRET",
        "mail from SECRET.karina+x@members.ebay.com",
        "<eBayAuthToken>SECRET</eBayAuthToken>",
        "-----BEGIN PRIVATE KEY-----\nSECRET\n-----END PRIVATE KEY-----",
    ],
)
def test_secrets_and_personal_data_are_masked(text):
    masked = redact(text)
    assert "SECRET" not in masked
    assert "***" in masked


def test_what_is_no_secret_stays_readable():
    text = "getOrders failed (Transient) [request ri=abc,rci=def] code 25002"
    assert redact(text) == text


def test_the_log_filter_masks_the_finished_message():
    record = logging.LogRecord(
        "x", logging.INFO, "f", 1, "token=%s for %s", ("SECRET", "a@b.de"), None
    )
    assert RedactingFilter().filter(record)
    assert record.getMessage() == "token=*** for ***"
