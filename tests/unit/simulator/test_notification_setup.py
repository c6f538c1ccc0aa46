"""Notification API: configuration, destinations, topics, subscriptions."""

from __future__ import annotations

from .webhook import API, as_app, error_of, subscription, target


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
