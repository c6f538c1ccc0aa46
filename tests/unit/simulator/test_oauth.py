"""Consent page and token endpoint, from the first click to the revocation."""

from __future__ import annotations

import base64
import re
from urllib.parse import parse_qs, urlsplit

import pytest

TOKEN = "/identity/v1/oauth2/token"
BASE = "https://api.ebay.com/oauth/api_scope"
SCOPES = f"{BASE} {BASE}/sell.fulfillment {BASE}/sell.inventory"
ASKED = {
    "client_id": "SIM-client",
    "redirect_uri": "SIM-RuName",
    "response_type": "code",
    "scope": SCOPES,
    "state": "a b&c#d",
}
BASIC = {
    "Authorization": "Basic " + base64.b64encode(b"SIM-client:SIM-secret").decode()
}


@pytest.fixture(autouse=True)
def runame(shop):
    shop.sim(
        "runame",
        {
            "acceptUrl": "https://odoo.test/ebay/oauth/callback",
            "declineUrl": "https://odoo.test/ebay/oauth/declined?why=1",
        },
    )


def decide(shop, action="agree", **changes):
    form = {**ASKED, "seller": "sim_seller", "action": action, **changes}
    return shop.client.post("/oauth2/authorize", data=form, follow_redirects=False)


def new_code(shop):
    return parse_qs(urlsplit(decide(shop).headers["Location"]).query)["code"][0]


def test_without_an_address_of_its_own_the_code_stands_on_ebays_page(shop):
    shop.sim("runame", {"acceptUrl": None, "declineUrl": None})
    place = decide(shop).headers["Location"]
    assert shop.client.get(place).status_code == 200
    [code] = parse_qs(urlsplit(place).query)["code"]
    assert exchange(shop, code).status_code == 200
    assert "code=" not in decide(shop, "decline").headers["Location"]


def ask(shop, headers=BASIC, **form):
    return shop.client.post(TOKEN, data=form, headers=headers)


def exchange(shop, code, **changes):
    form = {"code": code, "redirect_uri": "SIM-RuName", **changes}
    return ask(shop, grant_type="authorization_code", **form)


def refused(answer):
    document = answer.json()
    assert set(document) == {"error", "error_description"}
    return answer.status_code, document["error"]


def test_the_page_shows_what_is_asked_and_who_may_answer(shop):
    answer = shop.client.get("/oauth2/authorize", params=ASKED)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert f"{BASE}/sell.inventory" in answer.text
    assert re.findall("<option>(.*?)</option>", answer.text) == [
        "sim_seller",
        "sim_other_seller",
    ]
    assert 'value="a b&amp;c#d"' in answer.text


def test_nothing_from_outside_becomes_markup(shop):
    page = shop.client.get(
        "/oauth2/authorize", params={**ASKED, "state": '"><script>x</script>'}
    )
    assert "<script>" not in page.text


def test_agreeing_redirects_with_code_and_state_encoded_once(shop):
    answer = decide(shop)
    assert answer.status_code == 302
    location = answer.headers["Location"]
    assert location.startswith("https://odoo.test/ebay/oauth/callback?state=")
    assert "%23" in location and "%5E" in location and "%25" not in location
    query = parse_qs(urlsplit(location).query)
    assert query["state"] == ["a b&c#d"]
    assert query["expires_in"] == ["299"]
    assert query["code"][0].startswith("v^1.1#i^1#")


def test_declining_goes_to_the_decline_url(shop):
    location = decide(shop, "decline").headers["Location"]
    assert location == "https://odoo.test/ebay/oauth/declined?why=1&state=a%20b%26c%23d"


def test_a_signed_in_browser_is_not_asked_again_unless_told_to(shop):
    decide(shop, seller="sim_other_seller")
    page = shop.client.get("/oauth2/authorize", params=ASKED)
    assert "Signed in as <b>sim_other_seller</b>" in page.text
    again = shop.client.get("/oauth2/authorize", params={**ASKED, "prompt": "login"})
    assert "<option>sim_seller</option>" in again.text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "nobody"}, "unauthorized_client"),
        ({"redirect_uri": "https://odoo.test/callback"}, "invalid_request"),
        ({"response_type": "token"}, "invalid_request"),
        ({"scope": f"{BASE}/no.such.scope"}, "invalid_scope"),
        ({"scope": f"{BASE}/sell.cancellation.read"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
    ],
)
def test_a_wrong_request_gets_no_page(shop, changes, error):
    for answer in (
        shop.client.get("/oauth2/authorize", params={**ASKED, **changes}),
        decide(shop, **changes),
    ):
        assert answer.status_code == 400
        assert answer.json()["error_id"] == error


def test_scopes_on_request_can_be_granted_to_a_keyset(shop):
    shop.sim("keyset", {"refusedScopes": []})
    scope = f"{BASE}/sell.cancellation.read"
    assert decide(shop, scope=scope).status_code == 302


def test_a_code_becomes_tokens_once(shop):
    code = new_code(shop)
    answer = exchange(shop, code)
    document = answer.json()
    assert document["expires_in"] == 7200
    assert document["refresh_token_expires_in"] == 47304000
    assert document["token_type"] == "User Access Token"
    headers = {"Authorization": f"Bearer {document['access_token']}"}
    orders = shop.client.get("/sell/fulfillment/v1/order", headers=headers)
    assert orders.status_code == 200
    assert refused(exchange(shop, code)) == (400, "invalid_grant")


def test_a_code_needs_its_runame_and_dies_young(shop):
    wrong = exchange(shop, new_code(shop), redirect_uri="Other-RuName")
    assert refused(wrong) == (400, "invalid_grant")
    code = new_code(shop)
    shop.sim("clock", {"advance": 300})
    assert refused(exchange(shop, code)) == (400, "invalid_grant")


def test_a_refresh_token_does_not_rotate(shop):
    refresh = exchange(shop, new_code(shop)).json()["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": refresh}
    first, second = ask(shop, **form).json(), ask(shop, **form).json()
    assert set(first) == {"access_token", "expires_in", "token_type"}
    assert first["access_token"] != second["access_token"]
    narrow = ask(shop, **form, scope=f"{BASE}/sell.inventory").json()
    headers = {"Authorization": f"Bearer {narrow['access_token']}"}
    orders = shop.client.get("/sell/fulfillment/v1/order", headers=headers)
    assert orders.status_code == 403


def test_a_refresh_beyond_the_consent_is_invalid_scope(shop):
    refresh = exchange(shop, new_code(shop)).json()["refresh_token"]
    answer = ask(
        shop,
        grant_type="refresh_token",
        refresh_token=refresh,
        scope=f"{SCOPES} {BASE}/sell.finances",
    )
    assert refused(answer) == (400, "invalid_scope")


def test_a_refresh_token_ends_after_eighteen_months(shop):
    refresh = exchange(shop, new_code(shop)).json()["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": refresh}
    shop.sim("clock", {"advance": 47303999})
    assert ask(shop, **form).status_code == 200
    shop.sim("clock", {"advance": 1})
    assert refused(ask(shop, **form)) == (400, "invalid_grant")


def test_an_application_token_has_the_base_scope_only(shop):
    document = ask(shop, grant_type="client_credentials", scope=BASE).json()
    assert document["token_type"] == "Application Access Token"
    assert "refresh_token" not in document
    answer = ask(shop, grant_type="client_credentials", scope=f"{BASE}/sell.inventory")
    assert refused(answer) == (400, "invalid_scope")


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "Bearer x",
        "Basic %%%",
        "Basic " + base64.b64encode(b"SIM-client:wrong").decode(),
        "Basic " + base64.b64encode(b"nobody:SIM-secret").decode(),
    ],
)
def test_wrong_credentials_are_invalid_client(shop, authorization):
    headers = {"Authorization": authorization} if authorization else {}
    answer = ask(shop, headers, grant_type="client_credentials")
    assert refused(answer) == (401, "invalid_client")


def test_malformed_requests_and_unknown_grants(shop):
    assert refused(ask(shop, code="x")) == (400, "invalid_request")
    assert refused(ask(shop, grant_type="authorization_code")) == (
        400,
        "invalid_request",
    )
    assert refused(ask(shop, grant_type="password")) == (400, "unsupported_grant_type")
    as_json = shop.client.post(
        TOKEN, json={"grant_type": "client_credentials"}, headers=BASIC
    )
    assert refused(as_json) == (400, "invalid_request")


def test_too_many_tokens_a_day_are_429_in_the_rest_shape(shop):
    shop.sim("quotas", {"key": "identity/oauth2/v1/client_credentials", "limit": 2})
    for _ in range(2):
        assert ask(shop, grant_type="client_credentials").status_code == 200
    answer = ask(shop, grant_type="client_credentials")
    assert answer.status_code == 429
    assert answer.json()["errors"][0]["errorId"] == 2001
    assert "Retry-After" not in answer.headers


def test_revoking_a_refresh_token_kills_its_access_tokens(shop):
    document = exchange(shop, new_code(shop)).json()

    def introspect(text):
        answer = shop.client.post(
            "/identity/v1/oauth2/introspect", data={"token": text}, headers=BASIC
        )
        return answer.json()

    alive = introspect(document["access_token"])
    assert alive["active"] and alive["username"] == "sim_seller"
    assert introspect(document["refresh_token"])["active"]
    answer = shop.client.post(
        "/identity/v1/oauth2/revoke",
        data={"token": document["refresh_token"]},
        headers=BASIC,
    )
    assert (answer.status_code, answer.content) == (200, b"")
    assert introspect(document["access_token"]) == {"active": False}
    form = {"grant_type": "refresh_token", "refresh_token": document["refresh_token"]}
    assert refused(ask(shop, **form)) == (400, "invalid_grant")
