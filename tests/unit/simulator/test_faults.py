"""Trouble on demand, as a client sees it."""

from __future__ import annotations

import asyncio
import time

import pytest

from simulator.faults import Faults
from simulator.ids import Ids
from simulator.store import Store

USER = "/commerce/identity/v1/user"
ORDER = "/sell/fulfillment/v1/order"


def fault(shop, kind, **rule):
    return shop.sim("faults", {"fault": kind, **rule})


def statuses(shop, path, count):
    return [shop.get(path).status_code for _ in range(count)]


def rules():
    return Faults(Ids(Store(), 1))


def test_times_after_and_every():
    faults = rules()
    faults.add({"fault": "error", "after": 2, "every": 3, "times": 2})
    hits = [bool(faults.hit("getOrder")) for _ in range(12)]
    assert [turn for turn, hit in enumerate(hits, 1) if hit] == [3, 6]


def test_probability_is_the_same_for_the_same_seed():
    def series():
        faults = rules()
        faults.add({"fault": "error", "probability": 0.3})
        return [bool(faults.hit("getOrder")) for _ in range(300)]

    hits = series()
    assert hits == series()
    assert 60 < sum(hits) < 120


def test_operation_method_path_and_seller_choose_the_calls():
    faults = rules()
    faults.add(
        {
            "fault": "error",
            "operation": "get*",
            "method": "GET",
            "path": "/sell/*",
            "seller": "sim_seller",
        }
    )
    fits = ("getOrder", "GET", "/sell/x", "sim_seller")
    assert faults.hit(*fits)
    for place, other in enumerate(("issueRefund", "POST", "/buy/x", "sim_other")):
        changed = list(fits)
        changed[place] = other
        assert not faults.hit(*changed)


def test_unknown_faults_are_refused(shop):
    for rule in ({}, {"fault": "earthquake"}, "error"):
        assert shop.client.post("/_sim/faults", json=rule).status_code == 400


def test_a_rate_limit_comes_without_retry_after_unless_asked(shop):
    fault(shop, "rate_limited", operation="getUser", times=1)
    answer = shop.get(USER)
    assert answer.status_code == 429
    error = answer.json()["errors"][0]
    assert (error["errorId"], error["domain"]) == (2001, "ACCESS")
    assert "Retry-After" not in answer.headers
    assert shop.get(USER).status_code == 200
    fault(shop, "rate_limited", operation="getUser", retry_after=120)
    assert shop.get(USER).headers["Retry-After"] == "120"


def test_given_errors_and_bodies(shop):
    error = {"errorId": 25025, "domain": "API_INVENTORY", "message": "Concurrent"}
    fault(shop, "error", path="/commerce/*", status=500, errors=[error], times=1)
    answer = shop.get(USER)
    assert (answer.status_code, answer.json()) == (500, {"errors": [error]})
    fault(shop, "error", operation="getUser", status=503, times=1)
    assert shop.get(USER).json()["errors"][0]["errorId"] == 2003
    fault(shop, "error", operation="getUser", status=502, body="Bad gateway", times=1)
    answer = shop.get(USER)
    assert (answer.status_code, answer.text) == (502, "Bad gateway")


def test_html_redirect_and_malformed_json(shop):
    fault(shop, "html", operation="getUser", times=1)
    assert shop.get(USER).headers["Content-Type"].startswith("text/html")
    fault(shop, "redirect", operation="getUser", url="http://127.0.0.2:9/x", times=1)
    answer = shop.client.get(USER, headers=shop.seller, follow_redirects=False)
    assert answer.headers["Location"] == "http://127.0.0.2:9/x"
    fault(shop, "malformed_json", operation="getUser", times=1)
    answer = shop.get(USER)
    assert answer.headers["Content-Type"] == "application/json"
    with pytest.raises(ValueError):
        answer.json()


def test_an_oversized_body(shop):
    fault(shop, "oversized_body", operation="getUser", bytes=3_000_000)
    headers = {**shop.seller, "Accept-Encoding": "identity"}
    assert len(shop.client.get(USER, headers=headers).content) > 3_000_000


def test_slow_is_slow(shop):
    fault(shop, "slow", operation="getUser", seconds=0.05, times=1)
    started = time.perf_counter()
    assert shop.get(USER).status_code == 200
    assert time.perf_counter() - started >= 0.05


def test_what_is_held_up_goes_on_when_its_rule_is_lifted():
    async def play():
        faults = rules()
        other = faults.add({"fault": "slow", "seconds": 600})
        rule = faults.add({"fault": "slow", "seconds": 600})
        waiting = asyncio.create_task(rule.hold_up(1))
        await asyncio.sleep(0)
        faults.remove(other.number)
        await asyncio.sleep(0.02)
        assert not waiting.done()
        faults.remove()
        await asyncio.wait_for(waiting, 60)

    asyncio.run(play())


def test_a_lost_response_did_its_work(shop):
    order_id = shop.buy()
    path = f"{ORDER}/{order_id}/shipping_fulfillment"
    line = shop.order(order_id)["lineItems"][0]["lineItemId"]
    fault(shop, "lost_response", operation="createShippingFulfillment", times=1)
    parcel = {
        "lineItems": [{"lineItemId": line, "quantity": 1}],
        "shippingCarrierCode": "DHL",
        "trackingNumber": "A1",
    }
    with pytest.raises(ConnectionResetError):
        shop.post(path, parcel)
    assert shop.get(path).json()["total"] == 1


def test_a_closed_connection_did_nothing(shop):
    order_id = shop.buy()
    path = f"{ORDER}/{order_id}/shipping_fulfillment"
    fault(shop, "close", operation="createShippingFulfillment", times=1)
    line = shop.order(order_id)["lineItems"][0]["lineItemId"]
    with pytest.raises(ConnectionResetError):
        shop.post(path, {"lineItems": [{"lineItemId": line}]})
    assert shop.get(path).json()["total"] == 0


def test_a_cut_body_announces_more_than_it_sends(shop):
    fault(shop, "cut_body", operation="getUser", bytes=10, times=1)
    with pytest.raises(ConnectionResetError):
        shop.get(USER)


def test_pages_drift(shop):
    ids = shop.sim("buy", {"count": 6})["orderIds"]
    shop.sim("clock", {"advance": 600})
    window = "lastmodifieddate:[2026-06-15T12:00:00Z..2026-06-15T12:05:00Z]"
    fault(shop, "page_drift", operation="getOrders", times=1)
    first = shop.orders(filter=window, limit=2)
    second = shop.orders(filter=window, limit=2, offset=2)
    assert (first["total"], second["total"]) == (6, 6)
    fault(shop, "page_drift", operation="getOrders", after=1)
    shop.orders(filter=window, limit=2)
    drifted = shop.orders(filter=window, limit=2, offset=2)
    assert drifted["total"] == 5
    assert [one["orderId"] for one in drifted["orders"]] == ids[3:5]


def test_rules_are_listed_counted_and_lifted(shop):
    rule = fault(shop, "error", operation="getUser")
    other = fault(shop, "error", operation="getOrders", status=502)
    assert statuses(shop, USER, 2) == [500, 500]
    listed = shop.look("faults")["faults"]
    assert [(one["seen"], one["hits"]) for one in listed] == [(2, 2), (0, 0)]
    assert shop.client.delete(f"/_sim/faults/{rule['number']}").status_code == 204
    assert statuses(shop, USER, 1) == [200]
    assert statuses(shop, ORDER, 1) == [502]
    entry = shop.look("journal", operation="getOrders")["entries"][0]
    assert entry["faults"] == ["error"]
    assert shop.client.delete("/_sim/faults").status_code == 204
    assert shop.look("faults") == {"faults": []}
    assert other["status"] == 502


def test_controls_are_never_hit(shop):
    fault(shop, "error")
    assert shop.look("health")["status"] == "ok"
