"""OAuth: the consent page, the grants, what eBay's refusals mean."""

import base64
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from ebay_api.errors import (
    AuthError,
    ContractError,
    InvalidArgument,
    RateLimited,
    Rejected,
    Transient,
)
from ebay_api.hosts import Hosts
from ebay_api.oauth import Keyset, OAuth, Token
from ebay_api.scopes import APP_SCOPE, FEATURE_SCOPES, scopes_for

TOKEN = "https://api.sandbox.ebay.com/identity/v1/oauth2/token"
KEYS = Keyset("Acme-App-SBX-1", "SBX-secret", "Acme-Acme-App-xyz")
GRANTED = {
    "access_token": "v^1.1#i^1#access",
    "expires_in": 7200,
    "refresh_token": "v^1.1#i^1#refresh",
    "refresh_token_expires_in": 47304000,
    "token_type": "User Access Token",
}


@pytest.fixture
def oauth(make_transport):
    return OAuth(Hosts.sandbox(), KEYS, make_transport())


def form(ebay, number=0):
    fields = parse_qs(ebay.calls[number].request.body.decode())
    return {name: values[0] for name, values in fields.items()}


def test_the_consent_url_names_the_runame_and_forces_a_sign_in(oauth):
    url = oauth.consent_url(scopes_for(["orders"]), "a b&c", locale="pl-PL")
    parts = urlsplit(url)
    assert (parts.netloc, parts.path) == ("auth.sandbox.ebay.com", "/oauth2/authorize")
    assert parse_qs(parts.query) == {
        "client_id": ["Acme-App-SBX-1"],
        "redirect_uri": ["Acme-Acme-App-xyz"],
        "response_type": ["code"],
        "scope": [f"{APP_SCOPE} {APP_SCOPE}/sell.fulfillment"],
        "state": ["a b&c"],
        "prompt": ["login"],
        "locale": ["pl-PL"],
    }
    assert "%20" in parts.query
    assert "+" not in parts.query


def test_a_code_becomes_tokens_with_their_ends(oauth, ebay, clock):
    ebay.post(TOKEN, json=GRANTED)
    token = oauth.exchange_code("v^1.1#i^1#code", scopes=["s1"])
    assert token == Token(
        "v^1.1#i^1#access",
        clock.now + timedelta(hours=2),
        "v^1.1#i^1#refresh",
        clock.now + timedelta(seconds=47304000),
        ("s1",),
    )
    assert token.expires_at.tzinfo is not None
    assert form(ebay) == {
        "grant_type": "authorization_code",
        "code": "v^1.1#i^1#code",
        "redirect_uri": "Acme-Acme-App-xyz",
    }
    headers = ebay.calls[0].request.headers
    keys = base64.b64encode(b"Acme-App-SBX-1:SBX-secret").decode()
    assert headers["Authorization"] == f"Basic {keys}"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_secrets_do_not_show_in_a_repr(oauth, ebay):
    ebay.post(TOKEN, json=GRANTED)
    shown = repr(oauth.exchange_code("code")) + repr(KEYS)
    assert "v^1.1" not in shown
    assert "SBX-secret" not in shown


def test_a_single_use_code_is_sent_once_even_if_ebay_fails(oauth, ebay):
    ebay.post(TOKEN, status=503)
    with pytest.raises(Transient):
        oauth.exchange_code("code")
    assert len(ebay.calls) == 1


@pytest.mark.parametrize("code", ["", "x" * 1025])
def test_what_is_no_code_is_not_sent(oauth, code):
    with pytest.raises(InvalidArgument):
        oauth.exchange_code(code)


def test_a_refresh_sends_only_the_scopes_it_is_given(oauth, ebay, clock):
    ebay.post(TOKEN, json={"access_token": "a", "expires_in": "7200"})
    assert oauth.refresh("r") == Token("a", clock.now + timedelta(hours=2))
    assert form(ebay) == {"grant_type": "refresh_token", "refresh_token": "r"}
    assert oauth.refresh("r", ["x", "y"]).scopes == ("x", "y")
    assert form(ebay, 1)["scope"] == "x y"


def test_a_refresh_is_repeated_when_ebay_fails(oauth, ebay):
    ebay.post(TOKEN, status=500)
    ebay.post(TOKEN, json={"access_token": "a", "expires_in": 7200})
    assert oauth.refresh("r").access_token == "a"


def test_an_application_token_asks_for_the_base_scope(oauth, ebay):
    ebay.post(TOKEN, json={"access_token": "app", "expires_in": 7200})
    assert oauth.app_token().scopes == (APP_SCOPE,)
    assert form(ebay) == {"grant_type": "client_credentials", "scope": APP_SCOPE}


def test_revoking_sends_the_token_and_takes_an_empty_answer(oauth, ebay):
    ebay.post(f"{TOKEN}/revoke", body="")
    oauth.revoke("v^1.1#r")
    assert form(ebay) == {"token": "v^1.1#r"}


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (400, "invalid_grant"),
        (401, "invalid_client"),
        (400, "invalid_scope"),
        (400, "unauthorized_client"),
    ],
)
def test_a_dead_consent_or_keyset_means_reconnect(oauth, ebay, status, word):
    ebay.post(TOKEN, json={"error": word, "error_description": "no"}, status=status)
    with pytest.raises(AuthError) as caught:
        oauth.refresh("r")
    assert caught.value.refreshable is False
    assert caught.value.error_ids == (word,)
    assert len(ebay.calls) == 1


def test_a_malformed_token_request_is_our_fault(oauth, ebay):
    ebay.post(TOKEN, json={"error": "invalid_request"}, status=400)
    with pytest.raises(Rejected):
        oauth.refresh("r")


def test_a_rate_limited_token_endpoint_speaks_the_rest_shape(oauth, ebay):
    ebay.post(TOKEN, json={"errors": [{"errorId": 2001}]}, status=429)
    with pytest.raises(RateLimited):
        oauth.app_token()


@pytest.mark.parametrize(
    "document",
    [
        {},
        [],
        {"access_token": "a"},
        {"access_token": "", "expires_in": 7200},
        {"access_token": None, "expires_in": 7200},
        {"access_token": "a", "expires_in": "soon"},
        {"access_token": "a", "expires_in": 0},
        {"access_token": "a", "expires_in": 10**12},
        {"access_token": "zażółć", "expires_in": 7200},
    ],
)
def test_an_unreadable_token_answer_is_no_token_and_is_not_kept(oauth, ebay, document):
    ebay.post(TOKEN, json=document)
    with pytest.raises(ContractError) as caught:
        oauth.refresh("r")
    assert caught.value.body == b""


def test_a_code_without_a_refresh_token_is_no_connection(oauth, ebay):
    ebay.post(TOKEN, json={"access_token": "a", "expires_in": 7200})
    with pytest.raises(ContractError):
        oauth.exchange_code("code")


def test_every_feature_has_full_scopes_and_none_comes_twice():
    scopes = scopes_for(FEATURE_SCOPES)
    assert scopes[0] == APP_SCOPE
    assert len(set(scopes)) == len(scopes)
    assert all(scope.startswith(APP_SCOPE) for scope in scopes)
    with pytest.raises(KeyError):
        scopes_for(["witchcraft"])
