"""Notifications: signed delivery, retries, forgeries."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.exceptions import InvalidSignature

from .webhook import API, as_app, error_of, subscription, verify


def test_a_purchase_is_told_signed(shop, webhook, subscribed):
    order_id = shop.buy(lineCount=2)
    envelope = webhook.wait(shop, 1)[0]
    assert envelope["metadata"] == {
        "topic": "ORDER_CONFIRMATION",
        "schemaVersion": "1.0",
        "deprecated": False,
    }
    notification = envelope["notification"]
    assert notification["publishAttemptCount"] == 1
    assert notification["data"]["user"]["username"] == "sim_seller"
    order = notification["data"]["order"]
    assert order["orderId"] == order_id
    bought = shop.order(order_id)["lineItems"]
    assert [one["orderLineItemId"] for one in order["orderLineItems"]] == [
        one["lineItemId"] for one in bought
    ]
    header, body = webhook.got[0]
    verify(shop, header, body)
    with pytest.raises(InvalidSignature):
        verify(shop, header, body + b" ")


def test_a_key_can_change_and_old_ones_stay_readable(shop, webhook, subscribed):
    shop.buy()
    webhook.wait(shop, 1)
    kid = shop.sim("notification-key")["kid"]
    shop.buy()
    webhook.wait(shop, 2)
    kids = [json.loads(base64.b64decode(header))["kid"] for header, _ in webhook.got]
    assert kids[0] != kids[1] == kid
    for header, body in webhook.got:
        verify(shop, header, body)


def test_delivery_is_tried_three_times(shop, webhook, subscribed):
    shop.sim("behaviour", {"deliveryRetrySeconds": [0]})
    webhook.statuses[:] = [500, 412, 204]
    shop.buy()
    counts = [
        one["notification"]["publishAttemptCount"] for one in webhook.wait(shop, 3)
    ]
    assert counts == [1, 2, 3]
    ids = {
        json.loads(body)["notification"]["notificationId"] for _, body in webhook.got
    }
    assert len(ids) == 1
    for header, body in webhook.got:
        verify(shop, header, body)
    webhook.statuses[:] = [500, 500, 500, 204]
    shop.buy()
    webhook.wait(shop, 6)
    settle(shop, 2)
    log = shop.look("notifications")["notifications"]
    assert [one["state"] for one in log] == ["delivered", "failed"]
    assert [one["status"] for one in log[1]["attempts"]] == [500, 500, 500]


def settle(shop, count):
    """Wait until nothing is pending among that many messages."""

    def settled():
        log = shop.look("notifications")["notifications"]
        return len(log) == count and all(one["state"] != "pending" for one in log)

    shop.wait_for(settled)


def test_disabled_subscriptions_hear_nothing(shop, webhook, subscribed):
    path = f"{API}/subscription/{subscribed}"
    assert shop.post(f"{path}/disable").status_code == 204
    shop.buy()
    assert shop.get(path).json()["status"] == "DISABLED"
    assert shop.post(f"{path}/enable").status_code == 204
    shop.buy()
    webhook.wait(shop, 1)
    assert shop.look("notifications")["total"] == 1


def test_a_subscription_cannot_be_enabled_on_a_dead_destination(
    shop, destination, subscribed
):
    shop.post(f"{API}/subscription/{subscribed}/disable")
    shop.sim(f"destinations/{destination}", {"status": "MARKED_DOWN"})
    answer = shop.post(f"{API}/subscription/{subscribed}/enable")
    assert error_of(answer) == (409, 195015)


def test_a_test_message(shop, webhook, subscribed):
    answer = shop.post(f"{API}/subscription/{subscribed}/test")
    assert answer.status_code == 202
    assert webhook.wait(shop, 1)[0]["notification"]["data"]["order"]["orderId"]


def test_subscriptions_belong_to_their_user(shop, subscribed):
    path = f"{API}/subscription/{subscribed}"
    other = shop.headers(seller="sim_other_seller")
    assert error_of(shop.client.get(path, headers=other)) == (404, 195013)
    assert as_app(shop, "GET", "/subscription").json()["total"] == 0
    mine = shop.get(f"{API}/subscription").json()
    assert mine["subscriptions"][0]["subscriptionId"] == subscribed
    filters = shop.post(f"{path}/filter", {"filterSchema": {}})
    assert error_of(filters) == (400, 195032)
    assert error_of(shop.get(f"{path}/filter/x")) == (404, 195029)
    changed = {**mine["subscriptions"][0], "status": "DISABLED"}
    answer = shop.client.put(path, json=changed, headers=shop.seller)
    assert answer.status_code == 204
    assert shop.client.delete(path, headers=shop.seller).status_code == 204
    assert error_of(shop.get(path)) == (404, 195013)


def test_account_deletion_and_revocation(shop, webhook, destination):
    for topic in ("MARKETPLACE_ACCOUNT_DELETION", "AUTHORIZATION_REVOCATION"):
        wish = subscription(topic, destination)
        assert as_app(shop, "POST", "/subscription", wish).status_code == 201
    username = shop.order(shop.buy())["buyer"]["username"]
    closed = shop.sim("close-account", {"username": username})
    data = webhook.wait(shop, 1)[0]["notification"]["data"]
    assert data["username"] == username
    assert data["userId"] == closed["userId"]
    assert data["eiasToken"]
    shop.sim("tokens/revoke", {"seller": "sim_seller", "reason": "PASSWORD_CHANGE"})
    data = webhook.wait(shop, 2)[1]["notification"]["data"]
    assert data["username"] == "sim_seller"
    assert "PASSWORD_CHANGE" in data.values()


def test_cancellations_are_told(shop, webhook, destination):
    wish = subscription("ORDER_CANCELLATION_ACTIVITY", destination)
    shop.post(f"{API}/subscription", wish)
    order_id = shop.buy()
    shop.sim(f"orders/{order_id}/cancel")
    asked = webhook.wait(shop, 1)[0]["notification"]["data"]
    assert asked["activityType"] == "CANCELLATION_REQUESTED"
    assert asked["orderCancellation"]["requester"] == "BUYER"
    line = asked["orderCancellation"]["cancellationLineItems"][0]
    assert line["orderId"] == order_id
    shop.sim(f"orders/{order_id}/cancel/answer")
    done = webhook.wait(shop, 2)[1]["notification"]["data"]
    assert done["orderCancellation"]["cancellationStatus"] == "COMPLETED"


@pytest.mark.parametrize("how", ["signature", "key", "body"])
def test_forgeries_do_not_verify(shop, webhook, subscribed, how):
    rule = {"fault": "forged", "operation": "notification.*", "how": how}
    shop.sim("faults", rule)
    shop.buy()
    webhook.wait(shop, 1)
    with pytest.raises(InvalidSignature):
        verify(shop, *webhook.got[0])


def test_duplicates_drops_and_late_ones(shop, webhook, subscribed):
    topic = "notification.ORDER_CONFIRMATION"
    rules = [
        {"fault": "duplicate", "operation": topic, "times": 1, "copies": 2},
        {"fault": "drop", "operation": topic, "after": 1, "times": 1},
        {"fault": "late", "operation": topic, "after": 2, "seconds": 0.05},
    ]
    shop.sim("faults", rules)
    shop.buy()
    bodies = webhook.wait(shop, 3)
    assert len({one["notification"]["notificationId"] for one in bodies}) == 1
    shop.buy()
    settle(shop, 2)
    assert len(webhook.got) == 3
    assert shop.look("notifications", state="dropped")["total"] == 1
    shop.buy()
    webhook.wait(shop, 4)
    number = shop.look("notifications")["notifications"][0]["number"]
    shop.sim(f"notifications/{number}/resend")
    again = webhook.wait(shop, 5)[4]["notification"]["notificationId"]
    assert again == bodies[0]["notification"]["notificationId"]


def test_any_message_to_any_endpoint(shop, webhook):
    shop.sim(
        "notifications",
        {
            "topic": "MARKETPLACE_ACCOUNT_DELETION",
            "data": {"username": "Zoë"},
            "endpoint": webhook.url,
            "notificationId": "n-1",
        },
    )
    found = webhook.wait(shop, 1)[0]
    assert found["notification"]["notificationId"] == "n-1"
    header, body = webhook.got[0]
    assert "Zoë".encode() in body
    verify(shop, header, body)
    assert shop.client.delete("/_sim/notifications").status_code == 204
    assert shop.look("notifications")["total"] == 0


def test_an_unreachable_endpoint_fails_after_three_attempts(shop):
    shop.sim("behaviour", {"deliveryRetrySeconds": [0]})
    shop.sim(
        "notifications",
        {"topic": "X", "data": {}, "endpoint": "http://127.0.0.1:1/webhook"},
    )
    settle(shop, 1)
    message = shop.look("notifications")["notifications"][0]
    assert message["state"] == "failed"
    assert [one["error"] for one in message["attempts"]] == ["ConnectError"] * 3


def test_a_completed_checkout_is_told_again(shop, webhook, subscribed):
    unpaid = shop.buy(paid=False)
    paid = shop.sim(f"orders/{unpaid}/pay")["orderId"]
    told = [
        one["notification"]["data"]["order"]["orderId"] for one in webhook.wait(shop, 2)
    ]
    assert sorted(told) == sorted([unpaid, paid])
