"""What the internet may call, called with anything: no error that is not meant.

The one meant is 500 for a push whose key cannot be fetched now, so that eBay repeats
it: ids of keys that nobody knows are asked for ten times a minute at most.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scripts.stage import pushing
from scripts.stage.shop import PATIENCE, Shop, wait_for

FUZZ = settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
KEY_UNKNOWN_NOW = 500
# What eBay itself pushes when the account subscribes.
SAMPLES = 1

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)
envelopes = st.fixed_dictionaries(
    {},
    optional={
        "metadata": json_values,
        "notification": st.fixed_dictionaries(
            {},
            optional={
                "notificationId": json_values,
                "eventDate": json_values,
                "data": json_values,
            },
        )
        | json_values,
    },
)
bodies = st.binary(max_size=300) | (envelopes | json_values).map(
    lambda value: json.dumps(value).encode()
)
kids = (
    st.just("00000000-0000-0000-0000-000000000000")
    | st.uuids().map(str)
    | st.text(max_size=60)
    | json_values
)
signatures = st.binary(max_size=90).map(lambda raw: base64.b64encode(raw).decode())
headers = st.one_of(
    st.binary(max_size=80).map(lambda raw: base64.b64encode(raw).decode()),
    st.text(
        st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=200
    ),
    st.fixed_dictionaries(
        {"kid": kids, "signature": signatures | json_values},
        optional={"alg": json_values | st.just("ecdsa"), "digest": json_values},
    ).map(lambda fields: base64.b64encode(json.dumps(fields).encode()).decode()),
)
kinds = st.sampled_from(
    [
        "application/json",
        "application/json; charset=utf-16",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "application/json, application/json",
    ]
)


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    with Shop.open() as shop:
        shop.create_account(mode="mirror")
        shop.connect()
        pushing.set_up(shop)
        wait_for(lambda: rows(shop) == SAMPLES, "eBay's sample, which tells its key")
        yield shop


def rows(shop: Shop) -> int:
    return int(shop.odoo.sql("SELECT count(*) FROM ebay_notification"))


@FUZZ
@given(body=bodies, header=headers, kind=kinds, with_key=st.booleans())
def test_a_push_of_anybody(shop, body, header, kind, with_key):
    address = pushing.address(shop) if with_key else f"{shop.odoo.url}/api/ebay/webhook"
    answer = requests.post(
        address,
        data=body,
        headers={"Content-Type": kind, "x-ebay-signature": header},
        timeout=PATIENCE,
    )
    assert answer.status_code in (400, 404, 411, 412, 413, 415, KEY_UNKNOWN_NOW)
    if answer.status_code == KEY_UNKNOWN_NOW:
        assert not answer.content, "not the intended one"
    assert "Set-Cookie" not in answer.headers
    assert rows(shop) == SAMPLES


@FUZZ
@given(
    key=st.text(max_size=64),
    query=st.dictionaries(
        st.sampled_from(["challenge_code", "key", "db", "debug"]) | st.text(max_size=8),
        st.text(max_size=300),
        max_size=3,
    ),
)
def test_a_challenge_of_anybody(shop, key, query):
    for address in (
        pushing.address(shop),
        f"{shop.odoo.url}/api/ebay/webhook",
        f"{shop.odoo.url}/api/ebay/webhook/{quote(key, safe='')}",
    ):
        answer = requests.get(
            address, params=query, timeout=PATIENCE, allow_redirects=False
        )
        assert answer.status_code < 500


@FUZZ
@given(
    query=st.dictionaries(
        st.sampled_from(["state", "code", "error", "expires_in", "debug"])
        | st.text(max_size=8),
        st.text(max_size=400),
        max_size=4,
    ),
    signed_in=st.booleans(),
)
def test_a_consent_of_anybody(shop, query, signed_in):
    session = shop.person.session if signed_in else requests
    answer = session.get(
        f"{shop.odoo.url}/ebay/oauth/callback",
        params=query,
        timeout=PATIENCE,
        allow_redirects=False,
    )
    assert answer.status_code < 500
    assert shop.account("state")["state"] == "connected"


def test_nothing_broke_on_the_way(shop):
    wanted = ("push not checked", "getPublicKey")
    assert not [
        line
        for line in shop.odoo.warnings()
        if not any(words in line for words in wanted)
    ]
