"""eBay's error shapes, the table of known ids, and what each answer turns into."""

import json
from datetime import timedelta

import pytest

from ebay_api.calls import Answer, Call
from ebay_api.error_shapes import read_error_details
from ebay_api.errors import (
    AuthError,
    ContractError,
    EbayError,
    Forbidden,
    InvalidArgument,
    RateLimited,
    Rejected,
    Transient,
    WritesRefused,
)
from ebay_api.known_errors import KNOWN_ERRORS, Fate
from ebay_api.verdict import check_answer

CALL = Call("inventory", "getOffer", "GET", "https://ebay.test/")
TOKEN_CALL = Call("oauth", "refreshTokenGrant", "POST", "https://ebay.test/")

CLASSES = {
    Fate.RETRY: Transient,
    Fate.BUSY: Transient,
    Fate.LIMIT: RateLimited,
    Fate.RENEW: AuthError,
    Fate.RECONNECT: AuthError,
    Fate.FORBID: Forbidden,
    Fate.REJECT: Rejected,
}


def answer(status, body=b"", headers=None):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, headers or {}, raw, "rid-1")


def refused(clock, status, body=b"", call=CALL):
    with pytest.raises(EbayError) as caught:
        check_answer(call, answer(status, body), clock())
    return caught.value


def rest(*ids, **fields):
    return {"errors": [{"errorId": int(i), **fields} for i in ids]}


def test_the_rest_shape_is_read_in_full():
    body = {
        "errors": [
            {
                "errorId": 25002,
                "domain": "API_INVENTORY",
                "subdomain": "Selling",
                "category": "REQUEST",
                "message": "A user error has occurred.",
                "longMessage": "Offer entity already exists.",
                "inputRefIds": ["$.sku"],
                "parameters": [{"name": "offerId", "value": "812345"}],
            }
        ]
    }
    [detail] = read_error_details(json.dumps(body).encode())
    assert detail.error_id == "25002"
    assert detail.parameter("offerId") == "812345"
    assert detail.parameter("other") is None
    assert detail.input_refs == ("$.sku",)
    assert detail.text == "Offer entity already exists."


def test_the_oauth_shape_is_read():
    body = b'{"error":"invalid_grant","error_description":"the refresh token is bad"}'
    [detail] = read_error_details(body)
    assert (detail.error_id, detail.message) == (
        "invalid_grant",
        "the refresh token is bad",
    )


@pytest.mark.parametrize("single", [True, False])
def test_the_post_order_shape_is_read_with_one_error_or_a_list(single):
    entry = {
        "errorId": 1615,
        "message": "Invalid cancel id",
        "parameter": [{"name": "id", "value": "5"}],
    }
    body = {"errorMessage": {"error": entry if single else [entry]}}
    [detail] = read_error_details(json.dumps(body).encode())
    assert (detail.error_id, detail.parameter("id")) == ("1615", "5")


def test_the_trading_shape_is_read_with_its_severities():
    body = b"""<?xml version="1.0"?>
    <GetItemResponse xmlns="urn:ebay:apis:eBLBaseComponents"><Ack>Failure</Ack>
      <Errors><ShortMessage>Invalid item.</ShortMessage><ErrorCode>17</ErrorCode>
        <LongMessage>Item 7 is not there.</LongMessage>
        <SeverityCode>Error</SeverityCode>
        <ErrorParameters ParamID="0"><Value>7</Value></ErrorParameters></Errors>
      <Errors><ErrorCode>99</ErrorCode><SeverityCode>Warning</SeverityCode></Errors>
    </GetItemResponse>"""
    first, second = read_error_details(body)
    assert (first.error_id, first.severity) == ("17", "Error")
    assert first.parameter("0") == "7"
    assert (second.error_id, second.severity) == ("99", "Warning")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Service Unavailable",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
        b"[1, 2]",
        b"{",
        b'{"errors": "none"}',
        b'{"errors": [7, null]}',
        b'{"errorMessage": 5}',
        b'{"errors": null, "error": {}}',
        b"\xff\xfe{",
        pytest.param(b'{"a":' * 100_000, id="deep"),
    ],
)
def test_what_has_no_known_shape_gives_no_details(body):
    assert read_error_details(body) == ()


def test_odd_fields_do_not_break_the_reading():
    body = {"errors": [{"errorId": None, "message": ["x"], "parameters": [1, {}]}]}
    [detail] = read_error_details(json.dumps(body).encode())
    assert (detail.error_id, detail.message) == ("", "")
    assert detail.parameters == (("", ""),)


@pytest.mark.parametrize("error_id", sorted(i for i in KNOWN_ERRORS if i.isdigit()))
def test_every_known_number_has_its_class_and_says_what_happened(error_id, clock):
    known = KNOWN_ERRORS[error_id]
    status = 500 if known.fate is Fate.RETRY else 400
    error = refused(clock, status, rest(error_id, message="eBay's words"))
    assert type(error) is CLASSES[known.fate]
    assert error.error_ids == (error_id,)
    assert error.message.startswith(known.meaning)
    assert 0 < len(known.meaning) <= 60
    if isinstance(error, AuthError):
        assert error.refreshable is (known.fate is Fate.RENEW)
    if isinstance(error, Transient):
        assert error.server_down is (known.fate is Fate.RETRY)


@pytest.mark.parametrize("word", sorted(i for i in KNOWN_ERRORS if not i.isdigit()))
def test_every_known_oauth_word_has_its_class(word, clock):
    body = {"error": word, "error_description": "no"}
    error = refused(clock, 400, body, TOKEN_CALL)
    assert type(error) is CLASSES[KNOWN_ERRORS[word].fate]
    if isinstance(error, AuthError):
        assert error.refreshable is False


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, rest("99999", message="New"), Rejected),
        (404, b"", Rejected),
        (404, b"<html>", Rejected),
        (409, rest("195012"), Rejected),
        (411, b"", Rejected),
        (403, rest("195011"), Rejected),
        (401, b"", AuthError),
        (401, b"<html>", AuthError),
        (403, b"", AuthError),
        (429, b"", RateLimited),
        (429, rest("2001"), RateLimited),
        (500, rest("99999"), Transient),
        (500, b"<html>", Transient),
        (599, b"", Transient),
        (302, b"", ContractError),
    ],
)
def test_without_a_known_id_the_status_decides(clock, status, body, expected):
    error = refused(clock, status, body)
    assert type(error) is expected
    assert (error.status, error.request_id) == (status, "rid-1")
    assert (error.api, error.call) == ("inventory", "getOffer")


def test_an_unknown_error_is_told_in_ebays_words(clock):
    error = refused(
        clock, 400, rest("99999", message="Short", longMessage="Longer words.")
    )
    assert error.message == "Short (99999, getOffer). eBay: Longer words."
    known = refused(clock, 400, rest("25026", "25004", message="Over the limit"))
    assert "Over the limit" in known.message
    assert "and 1 more" in known.message
    assert "Ask eBay" in known.message


def test_ebays_words_are_one_short_line_without_personal_data(clock):
    words = "Line one\nline two for jan@example.com " + "x" * 5000
    error = refused(clock, 400, rest("99999", message=words, longMessage=words + "y"))
    assert "Line one line two for ***" in error.message
    assert "jan@" not in error.message
    assert len(error.message) < 1200


def test_the_token_endpoint_never_asks_for_a_renewal(clock):
    assert refused(clock, 401, b"", TOKEN_CALL).refreshable is False
    limited = refused(clock, 429, rest("2001"), TOKEN_CALL)
    assert limited.until == clock.now + timedelta(hours=1)


def test_success_raises_nothing_even_with_warnings(clock):
    for status in (200, 201, 202, 204, 207):
        check_answer(CALL, answer(status, {"warnings": [{"errorId": 25402}]}), clock())


def test_a_limit_beats_other_errors_of_the_same_answer(clock):
    assert isinstance(refused(clock, 400, rest("25002", "2001")), RateLimited)


def test_not_found_is_seen_by_status_or_id():
    assert Rejected("x", status=404).not_found
    assert not Rejected("x", status=400).not_found
    wrong_address = read_error_details(json.dumps(rest("2002")).encode())
    assert not Rejected("x", status=404, errors=wrong_address).not_found
    details = read_error_details(json.dumps(rest("25713")).encode())
    assert Rejected("x", status=400, errors=details).not_found


def test_all_errors_are_ebay_errors_with_a_plain_default_message():
    for kind in (
        Transient,
        RateLimited,
        AuthError,
        Rejected,
        InvalidArgument,
        ContractError,
        WritesRefused,
    ):
        error = kind()
        assert isinstance(error, EbayError)
        assert 10 < len(error.message) <= 60
    assert issubclass(InvalidArgument, Rejected)
    assert RateLimited().until.tzinfo is not None
    assert len(ContractError(body=b"x" * 10**6).body) == 64 * 1024
