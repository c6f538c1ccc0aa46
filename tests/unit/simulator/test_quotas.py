"""Daily limits, counted and shown."""

from __future__ import annotations

LIMITS = "/developer/analytics/v1_beta/rate_limit"
USER_LIMITS = "/developer/analytics/v1_beta/user_rate_limit"
ORDER = "/sell/fulfillment/v1/order"
KEY = "sell/Fulfillment/v1/sell.fulfillment"


def rate(answer, resource="sell.fulfillment"):
    for api in answer.json()["rateLimits"]:
        for one in api["resources"]:
            if one["name"] == resource:
                return one["rates"][0]
    raise AssertionError(resource)


def test_calls_are_counted_for_the_keyset_and_for_the_seller(shop):
    for _ in range(3):
        shop.get(ORDER)
    other = shop.headers(seller="sim_other_seller")
    shop.client.get(ORDER, headers=other)
    whole = rate(shop.client.get(LIMITS, headers=shop.app))
    assert whole["count"] == 4
    assert whole["limit"] == 100_000
    assert whole["remaining"] == 99_996
    assert whole["timeWindow"] == 86_400
    assert whole["reset"] == "2026-06-16T08:00:00.000Z"
    assert rate(shop.get(USER_LIMITS))["count"] == 3


def test_limits_are_narrowed_by_context_and_name(shop):
    path = f"{LIMITS}?api_context=sell&api_name=inventory"
    found = shop.client.get(path, headers=shop.app).json()["rateLimits"]
    assert [one["apiName"] for one in found] == ["Inventory"]
    nothing = shop.client.get(f"{LIMITS}?api_name=nonsense", headers=shop.app)
    assert (nothing.status_code, nothing.content) == (204, b"")


def test_the_application_token_sees_the_keyset_only(shop):
    assert shop.get(LIMITS).status_code == 403
    assert shop.client.get(USER_LIMITS, headers=shop.app).status_code == 403


def test_over_the_limit_is_429_until_the_reset(shop):
    shop.sim("quotas", {"key": KEY, "limit": 2})
    assert [shop.get(ORDER).status_code for _ in range(3)] == [200, 200, 429]
    assert shop.get("/commerce/identity/v1/user").status_code == 200
    shop.later(20 * 3600)
    assert shop.get(ORDER).status_code == 200
    shop.sim("quotas", {"key": KEY, "limit": None})
    assert shop.look("quotas")[KEY]["limit"] == 100_000


def test_wrong_quotas_are_refused(shop):
    for given in ({"key": "x", "limit": 1}, {"key": KEY, "limit": "many"}):
        assert shop.client.post("/_sim/quotas", json=given).status_code >= 400
