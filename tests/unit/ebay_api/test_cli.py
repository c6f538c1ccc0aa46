"""scripts/ebay without a network: settings, the token file, sign-in, plain errors."""

import argparse
import io
import json
import re
import stat
from base64 import b64encode
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from scripts.ebay_cli.__main__ import main
from scripts.ebay_cli.settings import SettingsError, read_settings
from scripts.ebay_cli.sign_in import code_of

API = "https://api.sandbox.ebay.com"
TOKEN = f"{API}/identity/v1/oauth2/token"
USER = "https://apiz.sandbox.ebay.com/commerce/identity/v1/user/"
ORDERS = f"{API}/sell/fulfillment/v1/order"
GRANTED = {
    "access_token": "v^1.1#access",
    "expires_in": 7200,
    "refresh_token": "v^1.1#refresh",
    "refresh_token_expires_in": 47304000,
}


@pytest.fixture
def env(tmp_path):
    return {
        "XDG_CONFIG_HOME": str(tmp_path),
        "EBAY_CLIENT_ID": "app",
        "EBAY_CLIENT_SECRET": "hidden",
        "EBAY_RU_NAME": "ru",
    }


@pytest.fixture
def run(env):
    def call(*arguments, ask=None, browser=None):
        out = io.StringIO()
        opened = browser if browser is not None else []
        code = main(
            arguments,
            env=env,
            out=out,
            ask=ask or (lambda question: pytest.fail(question)),
            open_browser=lambda url: opened.append(url) or True,
        )
        return code, out.getvalue()

    return call


@pytest.fixture
def token_file(tmp_path):
    return tmp_path / "ebay_sync" / "tokens-sandbox-main.json"


@pytest.fixture
def signed_in(run, ebay):
    ebay.post(TOKEN, json=GRANTED)
    ebay.get(USER, json={"userId": "u-1", "username": "karina_shop"})
    code, out = run("login", "--code", "abc")
    assert code == 0, out
    return out


def test_signing_in_stores_tokens_that_only_the_owner_can_read(
    signed_in, ebay, token_file
):
    assert "Signed in as karina_shop." in signed_in
    assert stat.S_IMODE(token_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(token_file.parent.stat().st_mode) == 0o700
    stored = json.loads(token_file.read_text())
    assert stored["user"]["refresh_token"] == "v^1.1#refresh"
    assert "hidden" not in token_file.read_text()
    assert "v^1.1" not in signed_in


def test_the_browser_is_sent_to_ebay_and_the_pasted_address_is_read(run, ebay):
    ebay.post(TOKEN, json=GRANTED)
    ebay.get(USER, json={"userId": "u-1"})
    opened = []

    def paste(question):
        state = parse_qs(urlsplit(opened[0]).query)["state"][0]
        return f"https://odoo.test/cb?state={state}&code=v%5E1.1%23x&expires_in=299 "

    code, _ = run("login", "--features", "orders", ask=paste, browser=opened)
    assert code == 0
    assert opened[0].startswith("https://auth.sandbox.ebay.com/oauth2/authorize?")
    assert parse_qs(ebay.calls[0].request.body.decode())["code"] == ["v^1.1#x"]


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("https://odoo.test/cb?state=other&code=x", "another sign-in"),
        ("https://odoo.test/declined?state=mine", "declined"),
        ("https://odoo.test/cb?error=access_denied", "access_denied"),
    ],
)
def test_addresses_of_no_use_are_explained(pasted, words):
    with pytest.raises(SettingsError, match=words):
        code_of(pasted, "mine")


def test_a_bare_code_is_taken_as_it_is():
    assert code_of("v^1.1#i^1#x", "mine") == "v^1.1#i^1#x"


def test_status_refresh_and_logout(run, ebay, signed_in, token_file):
    code, out = run("status")
    assert (code, "karina_shop (u-1)" in out, "547 days" in out) == (0, True, True)

    ebay.replace("POST", TOKEN, json={"access_token": "v^1.1#two", "expires_in": 7200})
    code, out = run("refresh")
    assert (code, "new access token" in out) == (0, True)
    stored = json.loads(token_file.read_text())["user"]
    assert stored["access_token"] == "v^1.1#two"
    assert stored["refresh_token"] == "v^1.1#refresh"

    ebay.post(f"{TOKEN}/revoke", body="")
    assert run("logout")[0] == 0
    assert not token_file.exists()
    assert run("status")[0] == 1


def test_orders_are_listed_without_their_buyers(run, ebay, signed_in):
    order = {
        "orderId": "12-34567-89012",
        "creationDate": "2026-11-20T10:00:00.000Z",
        "lastModifiedDate": "2026-11-20T11:00:00.000Z",
        "orderPaymentStatus": "PAID",
        "orderFulfillmentStatus": "NOT_STARTED",
        "pricingSummary": {"total": {"value": "12.50", "currency": "EUR"}},
        "buyer": {"username": "jan_k"},
        "lineItems": [{}, {}],
    }
    ebay.get(ORDERS, json={"total": 1, "orders": [order]})
    code, out = run("orders")
    assert code == 0
    assert "12-34567-89012" in out
    assert "12.50 EUR" in out
    assert "2 line(s)" in out
    assert "jan_k" not in out
    assert json.loads(run("orders", "--json")[1]) == [order]


def test_ping_names_what_fails_and_why(run, ebay, signed_in):
    refusal = {"errors": [{"errorId": 1100, "message": "Access denied"}]}
    ebay.get(ORDERS, json=refusal, status=403)
    code, out = run("ping", "identity", "fulfillment")
    assert code == 1
    assert "ok  identity" in out
    assert "BAD fulfillment" in out
    assert "consent does not cover" in out


def test_health_names_every_finding(run, ebay, signed_in):
    trading = f"{API}/ws/api.dll"
    long_ago = "2020-01-01T00:00:00.000Z"
    body = (
        '<GetUserPreferencesResponse xmlns="urn:ebay:apis:eBLBaseComponents"><Ack>'
        f"Success</Ack><Timestamp>{long_ago}</Timestamp></GetUserPreferencesResponse>"
    )
    ebay.post(trading, body=body)
    ebay.get(USER, json={"userId": "u-1"})
    media = "https://apim.sandbox.ebay.com/commerce/media/v1_beta/image/0"
    ebay.get(media, json={"errors": [{"errorId": 190200}]}, status=404)
    ebay.get(re.compile(".*"), json={"errors": [{"errorId": 2002}]}, status=404)
    code, out = run("health")
    assert code == 1
    lines = dict(line.split(maxsplit=1)[::-1] for line in out.splitlines())
    assert lines["settings"] == lines["signed in"] == lines["consent"] == "ok"
    assert lines["identity"] == lines["trading"] == lines["media"] == "ok"
    assert "BAD taxonomy: eBay does not know this address" in out
    assert "set this machine's clock" in out


def test_health_says_who_has_to_do_what_first(run, env):
    assert "Run: scripts/ebay login" in run("health")[1]
    del env["EBAY_CLIENT_ID"]
    assert "EBAY_CLIENT_ID" in run("health")[1]


def test_a_rejected_token_is_renewed_and_stored(run, ebay, signed_in, token_file):
    expired = {"errors": [{"errorId": 1001}]}
    ebay.get(ORDERS, json=expired, status=401)
    ebay.get(ORDERS, json={"total": 0})
    ebay.replace("POST", TOKEN, json={"access_token": "v^1.1#two", "expires_in": 7200})
    assert run("orders")[0] == 0
    stored = json.loads(token_file.read_text())["user"]
    assert stored["access_token"] == "v^1.1#two"
    assert stored["refresh_token"] == "v^1.1#refresh"


def test_an_ended_token_is_refreshed_before_it_is_used(
    run, ebay, signed_in, token_file
):
    document = json.loads(token_file.read_text())
    document["user"]["expires_at"] = "2020-01-01T00:00:00+00:00"
    token_file.write_text(json.dumps(document))
    ebay.replace("POST", TOKEN, json={"access_token": "v^1.1#two", "expires_in": 7200})
    ebay.get(ORDERS, json={"total": 0})
    assert run("orders")[0] == 0
    assert ebay.calls[-1].request.headers["Authorization"] == "Bearer v^1.1#two"


def test_stopping_at_the_prompt_is_no_crash(run, ebay):
    def stop(question):
        raise KeyboardInterrupt

    code, out = run("login", "--no-browser", ask=stop)
    assert (code, out.endswith("Stopped.\n")) == (130, True)


def test_limits_show_what_is_used(run, ebay):
    ebay.post(TOKEN, json={"access_token": "app", "expires_in": 7200})
    rates = [{"limit": 100, "remaining": 40, "reset": "2026-11-21T08:00:00.000Z"}]
    ebay.get(
        f"{API}/developer/analytics/v1_beta/rate_limit/",
        json={
            "rateLimits": [
                {
                    "apiName": "Inventory",
                    "resources": [{"name": "sell.inventory", "rates": rates}],
                }
            ]
        },
    )
    code, out = run("limits")
    assert (code, "40 of 100 left" in out) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["orders"], "Nobody is signed in"),
        (["--base-url", "http://ebay.test", "ping"], "must be https"),
        (["--profile", "../x", "status"], "profile"),
        (["ping", "telepathy"], "Unknown API"),
        (["login", "--features", "magic", "--code", "x"], "Unknown feature"),
        (["signature", "--header", "x", "--body", "/no/such/file"], "Cannot read"),
    ],
)
def test_wrong_use_is_answered_with_a_plain_sentence(run, arguments, words):
    code, out = run(*arguments)
    assert code == 2
    assert words in out
    assert "Traceback" not in out


@pytest.mark.parametrize(
    "name", ["EBAY_CLIENT_ID", "EBAY_CLIENT_SECRET", "EBAY_RU_NAME"]
)
def test_a_missing_key_is_named(run, env, name):
    del env[name]
    code, out = run("login", "--code", "x")
    assert (code, name in out) == (2, True)


def test_a_dead_consent_is_explained(run, ebay, signed_in):
    ebay.replace("POST", TOKEN, json={"error": "invalid_grant"}, status=400)
    code, out = run("refresh")
    assert code == 1
    assert "consent is no longer valid" in out
    assert "scripts/ebay login" in out


def test_a_token_file_that_others_can_read_is_not_used(run, signed_in, token_file):
    token_file.chmod(0o644)
    code, out = run("status")
    assert (code, "chmod 600" in out) == (2, True)
    token_file.chmod(0o600)
    token_file.write_text("{")
    assert run("status")[0] == 2


@pytest.mark.parametrize("text", ["[]", '{"user": 7}', '{"user": {"scopes": []}}', ""])
def test_a_damaged_token_file_is_told(run, token_file, text):
    token_file.parent.mkdir(mode=0o700)
    token_file.write_text(text)
    token_file.chmod(0o600)
    code, out = run("status")
    assert (code, "is damaged" in out) == (2, True)


def test_a_place_that_holds_no_token_file_is_told(run, ebay, env, token_file):
    token_file.mkdir(parents=True)
    code, out = run("status")
    assert (code, out.startswith("Cannot read")) == (2, True)
    env["XDG_CONFIG_HOME"] = "/proc/nowhere"
    ebay.post(TOKEN, json=GRANTED)
    code, out = run("login", "--code", "abc")
    assert (code, out.startswith("Cannot write")) == (2, True)


def test_environment_and_simulator_keep_their_tokens_apart(env):
    def file_of(**options):
        given = argparse.Namespace(**options)
        return read_settings(given, env).token_file.name

    assert file_of() == "tokens-sandbox-main.json"
    assert file_of(environment="production") == "tokens-production-main.json"
    assert file_of(base_url="http://127.0.0.1:1") == "tokens-simulator-main.json"
    env["EBAY_ENVIRONMENT"] = "moon"
    with pytest.raises(SettingsError):
        file_of()


def test_the_challenge_of_the_documentation_is_answered(run):
    code = "71745723-d031-455c-bfa5-f90d11b4f20a"
    endpoint = "http://www.testendpoint.com/webhook"
    arguments = ["--code", code, "--token", code, "--endpoint", endpoint]
    expected = "048de9ffd0e35021fefc0388d5c52e0f475324f582f3778ca81a53354ccbbc97"
    assert run("challenge", *arguments) == (0, f"{expected}\n")


@pytest.mark.parametrize("right", [True, False])
def test_a_live_endpoint_is_checked(run, ebay, right):
    endpoint = "https://odoo.test/api/ebay/webhook/1"
    _, expected = run("challenge", "--token", "t", "--endpoint", endpoint)
    answer = {"challengeResponse": expected.strip() if right else "nonsense"}
    ebay.get(endpoint, json=answer)
    code, out = run("challenge", "--token", "t", "--endpoint", endpoint, "--live")
    assert (code, out[:3]) == ((0, "ok ") if right else (1, "BAD"))
    assert ebay.calls[0].request.url.endswith("?challenge_code=0123456789")


def test_an_endpoint_that_does_not_answer_is_not_taken_for_ebay(run, ebay):
    ebay.get("https://shop.example/hook", status=404, body="nothing here")
    code, out = run(
        "challenge", "--live", "--token", "t", "--endpoint", "https://shop.example/hook"
    )
    assert code == 1
    assert out == "BAD The endpoint gave no answer that eBay takes (HTTP 404).\n"


def test_a_signature_is_checked_offline(run, tmp_path):
    private = ec.generate_private_key(ec.SECP256R1())
    key = tmp_path / "key.pem"
    key.write_bytes(
        private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    body = tmp_path / "body.json"
    body.write_bytes(b'{"a":1}')
    header = _header(private.sign(b'{"a":1}', ec.ECDSA(hashes.SHA1())))
    arguments = [
        "signature",
        "--header",
        header,
        "--key",
        str(key),
        "--body",
        str(body),
    ]
    assert run(*arguments)[0] == 0
    body.write_bytes(b'{"a":2}')
    assert run(*arguments) == (1, "BAD The notification's signature is not valid.\n")


def _header(signature):
    fields = {
        "alg": "ecdsa",
        "kid": "00000000-0000-0000-0000-000000000000",
        "signature": b64encode(signature).decode(),
        "digest": "SHA1",
    }
    return b64encode(json.dumps(fields).encode()).decode()
