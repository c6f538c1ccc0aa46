"""The token check that every REST call goes through."""

from __future__ import annotations

import pytest

USER = "/commerce/identity/v1/user"
ORDERS = "/sell/fulfillment/v1/order"
TOPICS = "/commerce/notification/v1/topic"


def refusal(answer):
    error = answer.json()["errors"][0]
    assert error["domain"] == "OAuth"
    return answer.status_code, error["errorId"]


def test_no_token_is_1002(shop):
    assert refusal(shop.client.get(ORDERS)) == (400, 1002)


@pytest.mark.parametrize("scheme", ["IAF", "User Access Token", "Basic", ""])
def test_another_scheme_is_1003(shop, scheme):
    token = shop.seller["Authorization"].partition(" ")[2]
    answer = shop.client.get(ORDERS, headers={"Authorization": f"{scheme} {token}"})
    assert refusal(answer) == (400, 1003)


def test_an_unknown_token_is_1001(shop):
    answer = shop.client.get(ORDERS, headers={"Authorization": "Bearer nonsense"})
    assert refusal(answer) == (401, 1001)


def test_a_token_dies_after_two_hours(shop):
    assert shop.get(ORDERS).status_code == 200
    shop.sim("clock", {"advance": 7199})
    assert shop.get(ORDERS).status_code == 200
    shop.sim("clock", {"advance": 1})
    assert refusal(shop.get(ORDERS)) == (401, 1001)


def test_disputes_have_a_scope_of_their_own(shop):
    path = "/sell/fulfillment/v1/payment_dispute_summary"
    orders = shop.headers("sell.fulfillment", "sell.finances")
    assert refusal(shop.client.get(path, headers=orders)) == (403, 1100)
    disputes = shop.headers("sell.payment.dispute")
    answer = shop.client.get(f"{path}?limit=1", headers=disputes)
    assert answer.status_code == 200
    assert (answer.json()["limit"], answer.json()["offset"]) == (1, 0)
    for wrong in ({"limit": 0}, {"limit": 201}, {"limit": "x"}, {"offset": -1}):
        assert shop.get(path, **wrong).json()["errors"][0]["errorId"] == 33001


def test_a_missing_scope_is_1100(shop):
    headers = shop.headers("sell.inventory", "commerce.identity.readonly")
    assert refusal(shop.client.get(ORDERS, headers=headers)) == (403, 1100)
    assert shop.client.get(USER, headers=headers).status_code == 200


def test_the_readonly_scope_reads_but_does_not_write(shop):
    order_id = shop.buy()
    headers = shop.headers("sell.fulfillment.readonly")
    path = f"{ORDERS}/{order_id}"
    assert shop.client.get(path, headers=headers).status_code == 200
    answer = shop.client.post(f"{path}/shipping_fulfillment", headers=headers, json={})
    assert refusal(answer) == (403, 1100)


def test_application_and_user_tokens_are_told_apart(shop):
    assert refusal(shop.client.get(ORDERS, headers=shop.app)) == (403, 1100)
    assert refusal(shop.get(TOPICS)) == (403, 1100)
    assert shop.client.get(TOPICS, headers=shop.app).status_code == 200


def test_a_seller_sees_only_his_own_orders(shop):
    order_id = shop.buy()
    other = shop.headers(seller="sim_other_seller")
    assert shop.client.get(f"{ORDERS}/{order_id}", headers=other).status_code == 404
    assert shop.client.get(ORDERS, headers=other).json()["total"] == 0


def test_get_user_tells_who_it_is(shop):
    user = shop.get(USER).json()
    assert user["username"] == "sim_seller"
    assert user["userId"] and user["userId"] != user["username"]
    assert user["accountType"] == "BUSINESS"
    assert user["registrationMarketplaceId"] == "EBAY_DE"


def test_controls_end_tokens(shop):
    shop.sim("tokens/expire", {"kind": "access", "seller": "sim_seller"})
    assert refusal(shop.get(ORDERS)) == (401, 1001)
    minted = shop.sim("tokens")
    headers = {"Authorization": f"Bearer {minted['access_token']}"}
    assert shop.client.get(ORDERS, headers=headers).status_code == 200
    assert shop.sim("tokens/revoke", {"seller": "sim_seller"}) == {"revoked": 1}
    assert refusal(shop.client.get(ORDERS, headers=headers)) == (401, 1001)
