"""What holds for every call: headers, compression, unknown paths, the journal."""

from __future__ import annotations

import json

from simulator import pipeline
from simulator.app import Application, create_app
from simulator.seed import CLIENT_ID, SELLER
from simulator.settings import Settings
from simulator.tokens import full_scope, issue_access

from .in_process import new_client

USER = "/commerce/identity/v1/user"


def test_every_answer_has_tracing_headers(shop):
    for path in (USER, "/nowhere", "/_sim/health", "/oauth2/authorize"):
        answer = shop.client.get(path)
        assert answer.headers["X-EBAY-C-REQUEST-ID"].startswith("ri=")
        assert answer.headers["rlogid"]


def test_a_trailing_slash_makes_no_difference(shop):
    assert shop.get(USER + "/").json() == shop.get(USER).json()


def test_unknown_paths_and_methods_are_refused_in_ebays_shape(shop):
    lost = shop.get("/sell/fulfillment/v1/ordr")
    assert (lost.status_code, lost.json()["errors"][0]["errorId"]) == (404, 2002)
    assert shop.get("/nowhere").status_code == 404
    wrong = shop.client.put(USER, headers=shop.seller)
    assert wrong.status_code == 405
    assert wrong.json()["errors"][0]["domain"] == "ACCESS"


def test_large_answers_are_compressed_for_who_accepts_it(shop):
    shop.sim("buy", {"count": 3})
    zipped = shop.get("/sell/fulfillment/v1/order")
    assert zipped.headers["Content-Encoding"] == "gzip"
    plain = shop.client.get(
        "/sell/fulfillment/v1/order",
        headers={**shop.seller, "Accept-Encoding": "identity"},
    )
    assert "Content-Encoding" not in plain.headers
    assert plain.json() == zipped.json()


def test_malformed_json_is_2004(shop):
    order_id = shop.buy()
    answer = shop.client.post(
        f"/sell/fulfillment/v1/order/{order_id}/shipping_fulfillment",
        content=b'{"lineItems": [',
        headers=shop.seller,
    )
    assert (answer.status_code, answer.json()["errors"][0]["errorId"]) == (400, 2004)


def test_a_bug_in_a_handler_is_an_internal_error(shop, monkeypatch):
    sellers = shop.world.collection("seller")
    monkeypatch.setattr(sellers, "get", lambda key: 1 / 0)
    answer = shop.get(USER)
    assert (answer.status_code, answer.json()["errors"][0]["errorId"]) == (500, 2003)


def test_the_journal_tells_calls_apart(shop):
    shop.client.delete("/_sim/journal")
    shop.get(USER)
    shop.client.get(USER)
    shop.get("/sell/fulfillment/v1/order", limit=5)
    found = shop.look("journal", operation="getUser")
    assert [one["status"] for one in found["entries"]] == [200, 400]
    assert found["total"] == 2
    page = shop.look("journal", operation="getOrders")["entries"][0]
    assert page["query"] == "limit=5"
    assert page["seller"] == "sim_seller"
    assert page["milliseconds"] >= 0
    later = shop.look("journal", after=page["number"])
    assert later["entries"] == []
    assert shop.look("journal", status=400)["total"] == 1


def test_the_journal_holds_no_secrets(shop):
    token = shop.seller["Authorization"].partition(" ")[2]
    shop.get(USER)
    shop.client.get("/oauth2/authorize", params={"state": "very-secret-state"})
    text = json.dumps(shop.look("journal"))
    assert token not in text
    assert "very-secret-state" not in text


def test_the_base_url_can_be_fixed(loop):
    app = create_app(Settings(catalogue=2, base_url="https://api.ebay.test/"))
    scopes = [full_scope("sell.fulfillment")]
    token = issue_access(app.world, CLIENT_ID, scopes, SELLER)
    answer = new_client(app, loop).get(
        "/sell/fulfillment/v1/order", headers={"Authorization": f"Bearer {token}"}
    )
    base = "https://api.ebay.test/sell/fulfillment/v1/order?"
    assert answer.json()["href"].startswith(base)
    app.world.close()


def test_a_request_that_breaks_off_does_nothing(shop, loop):
    order_id = shop.buy()
    path = f"/sell/fulfillment/v1/order/{order_id}/shipping_fulfillment"
    told = []
    asked = [
        {"type": "http.disconnect"},
        {"type": "http.request", "body": b"{}", "more_body": True},
    ]

    async def receive():
        return asked.pop()

    async def send(message):
        told.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": [(b"authorization", shop.seller["Authorization"].encode())],
    }
    loop.run_until_complete(Application(shop.world)(scope, receive, send))
    assert told == []
    assert shop.get(path).json()["total"] == 0


def test_a_body_that_is_too_large_is_refused(shop, monkeypatch):
    monkeypatch.setattr(pipeline, "LARGEST_BODY", 100)
    answer = shop.post("/sell/fulfillment/v1/order/1/issue_refund", {"x": "y" * 100})
    assert (answer.status_code, answer.json()["errors"][0]["errorId"]) == (413, 3001)
