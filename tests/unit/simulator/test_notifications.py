"""Notification API: set-up, signed delivery, retries, forgeries."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

API = "/commerce/notification/v1"
TOKEN = "t" * 40


class Webhook:
    """An application's endpoint: passes the challenge, keeps what it is sent."""

    def __init__(self) -> None:
        self.got: list[tuple[str, bytes]] = []
        self.statuses: list[int] = []
        self.answers_challenge = True
        webhook = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                code = parse_qs(urlsplit(self.path).query)["challenge_code"][0]
                if not webhook.answers_challenge:
                    code += "x"
                text = f"{code}{TOKEN}{webhook.url}"
                digest = hashlib.sha256(text.encode()).hexdigest()
                body = json.dumps({"challengeResponse": digest}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                webhook.got.append((self.headers["x-ebay-signature"], body))
                self.send_response(webhook.statuses.pop(0) if webhook.statuses else 204)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhook"
        threading.Thread(target=self.server.serve_forever, args=(0.01,)).start()

    def wait(self, shop, count: int) -> list[dict]:
        """The bodies, once there are that many."""
        shop.wait_for(lambda: len(self.got) >= count)
        assert len(self.got) == count
        return [json.loads(body) for _, body in self.got]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Webhook]:
    webhook = Webhook()
    yield webhook
    webhook.server.shutdown()
    webhook.server.server_close()


@pytest.fixture
def webhook(endpoint) -> Webhook:
    endpoint.got.clear()
    endpoint.statuses.clear()
    endpoint.answers_challenge = True
    return endpoint


def as_app(shop, method, path, json=None):
    return shop.client.request(method, API + path, json=json, headers=shop.app)


def error_of(answer):
    return answer.status_code, answer.json()["errors"][0]["errorId"]


def target(webhook, **changes):
    return {
        "name": "Odoo",
        "status": "ENABLED",
        "deliveryConfig": {"endpoint": webhook.url, "verificationToken": TOKEN},
        **changes,
    }


def subscription(topic, destination_id, **changes):
    return {
        "topicId": topic,
        "status": "ENABLED",
        "destinationId": destination_id,
        "payload": {
            "format": "JSON",
            "schemaVersion": "1.0",
            "deliveryProtocol": "HTTPS",
        },
        **changes,
    }


@pytest.fixture
def destination(shop, webhook) -> str:
    assert as_app(shop, "PUT", "/config", {"alertEmail": "a@b.test"}).status_code == 204
    answer = as_app(shop, "POST", "/destination", target(webhook))
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"].rsplit("/")[-1]


@pytest.fixture
def subscribed(shop, destination) -> str:
    """The seller listens to ORDER_CONFIRMATION; the subscription's id."""
    wish = subscription("ORDER_CONFIRMATION", destination)
    answer = shop.post(f"{API}/subscription", wish)
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"].rsplit("/")[-1]


def verify(shop, header, body):
    """What a client does with a message; raises InvalidSignature."""
    document = json.loads(base64.b64decode(header))
    assert (document["alg"], document["digest"]) == ("ecdsa", "SHA1")
    answer = as_app(shop, "GET", f"/public_key/{document['kid']}")
    if answer.status_code == 404:
        assert error_of(answer) == (404, 195001)
        raise InvalidSignature
    key = answer.json()
    assert (key["algorithm"], key["digest"]) == ("ECDSA", "SHA1")
    assert "\n" not in key["key"]
    der = base64.b64decode(key["key"].split("-----")[2])
    public = serialization.load_der_public_key(der)
    assert isinstance(public.curve, ec.SECP256R1)
    signature = base64.b64decode(document["signature"])
    public.verify(signature, body, ec.ECDSA(hashes.SHA1()))


def test_nothing_works_without_configuration(shop, webhook):
    assert error_of(as_app(shop, "GET", "/config")) == (404, 195026)
    answer = as_app(shop, "POST", "/destination", target(webhook))
    assert error_of(answer) == (409, 195003)
    assert error_of(as_app(shop, "PUT", "/config", {})) == (400, 195025)
    as_app(shop, "PUT", "/config", {"alertEmail": "a@b.test"})
    assert as_app(shop, "GET", "/config").json() == {"alertEmail": "a@b.test"}


def test_the_endpoint_is_challenged_during_creation(shop, webhook):
    as_app(shop, "PUT", "/config", {"alertEmail": "a@b.test"})
    webhook.answers_challenge = False
    answer = as_app(shop, "POST", "/destination", target(webhook))
    assert error_of(answer) == (409, 195020)
    assert as_app(shop, "GET", "/destination").json()["total"] == 0
    webhook.answers_challenge = True
    assert as_app(shop, "POST", "/destination", target(webhook)).status_code == 201
    twice = as_app(shop, "POST", "/destination", target(webhook))
    assert error_of(twice) == (409, 195021)


def test_wrong_destinations(shop, webhook):
    as_app(shop, "PUT", "/config", {"alertEmail": "a@b.test"})

    def config(**changes):
        return {"deliveryConfig": {**target(webhook)["deliveryConfig"], **changes}}

    for changes, error_id in (
        ({"name": "x" * 65}, 195016),
        ({"name": "<b>"}, 195016),
        (config(endpoint="http://example.test/webhook"), 195017),
        (config(endpoint="nonsense"), 195017),
        (config(endpoint=webhook.url + "?db=1"), 195017),
        ({"status": "MARKED_DOWN"}, 195018),
        (config(verificationToken="short"), 195019),
    ):
        answer = as_app(shop, "POST", "/destination", target(webhook, **changes))
        assert error_of(answer) == (400, error_id)
    shop.sim("behaviour", {"localEndpoints": False})
    answer = as_app(shop, "POST", "/destination", target(webhook))
    assert error_of(answer) == (400, 195017)


def test_a_destination_lives(shop, webhook, destination):
    path = f"/destination/{destination}"
    assert as_app(shop, "GET", path).json() == {
        "destinationId": destination,
        **target(webhook),
    }
    assert error_of(as_app(shop, "DELETE", path)) == (409, 195024)
    off = target(webhook, status="DISABLED")
    assert as_app(shop, "PUT", path, off).status_code == 204
    assert as_app(shop, "DELETE", path).status_code == 204
    assert error_of(as_app(shop, "GET", path)) == (404, 195022)


def test_topics_say_what_token_they_want(shop):
    found = as_app(shop, "GET", "/topic?limit=10").json()
    topics = {one["topicId"]: one for one in found["topics"]}
    assert topics["MARKETPLACE_ACCOUNT_DELETION"]["scope"] == "APPLICATION"
    order = as_app(shop, "GET", "/topic/ORDER_CONFIRMATION").json()
    assert order["scope"] == "USER"
    assert any(
        one.endswith("/sell.fulfillment") for one in order["authorizationScopes"]
    )
    versions = [one["schemaVersion"] for one in order["supportedPayloads"]]
    assert versions == ["1.0", "1.1"]
    assert error_of(as_app(shop, "GET", "/topic/ITEM_SOLD")) == (404, 195002)
    assert error_of(as_app(shop, "GET", "/topic?limit=5")) == (400, 195004)


def test_user_topics_want_the_seller_and_application_topics_the_application(
    shop, destination
):
    user = subscription("ORDER_CONFIRMATION", destination)
    application = subscription("MARKETPLACE_ACCOUNT_DELETION", destination)
    assert error_of(as_app(shop, "POST", "/subscription", user)) == (403, 195011)
    answer = shop.post(f"{API}/subscription", application)
    assert error_of(answer) == (403, 195011)
    weak = shop.headers("commerce.notification.subscription")
    answer = shop.client.post(f"{API}/subscription", json=user, headers=weak)
    assert error_of(answer) == (403, 195011)
    created = as_app(shop, "POST", "/subscription", application)
    assert created.status_code == 201
    twice = as_app(shop, "POST", "/subscription", application)
    assert error_of(twice) == (409, 195012)


def test_wrong_subscriptions(shop, destination):
    topic = "ORDER_CONFIRMATION"

    def payload(**changes):
        return {"payload": {**subscription(topic, "")["payload"], **changes}}

    for changes, error_id in (
        ({"topicId": "ITEM_SOLD"}, 195027),
        ({"status": "ON"}, 195006),
        ({"destinationId": "x"}, 195007),
        (payload(schemaVersion="9.9"), 195008),
        (payload(format="XML"), 195009),
        (payload(deliveryProtocol="HTTP"), 195010),
    ):
        wish = subscription(topic, destination, **changes)
        assert error_of(shop.post(f"{API}/subscription", wish)) == (400, error_id)


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
