"""Notification API v1: config, destinations, topics, subscriptions, public key."""

from __future__ import annotations

from ..calls import Api, Handler, Operation, Quota
from ..notifications import destinations, subscriptions
from ..notifications.events import listen
from ..notifications.topics import SUBSCRIPTION

_READ = ("", f"{SUBSCRIPTION}.readonly", SUBSCRIPTION)
_WRITE = ("", SUBSCRIPTION)


def _app(method: str, path: str, name: str, handler: Handler) -> Operation:
    return Operation(method, path, name, handler, token="app", scopes=("",))


def _any(method: str, path: str, name: str, handler: Handler) -> Operation:
    """A call whose token kind the topic decides."""
    scopes = _READ if method == "GET" else _WRITE
    return Operation(method, path, name, handler, token="any", scopes=scopes)


_ONE = "/subscription/{subscription_id}"
_FILTER = _ONE + "/filter/{filter_id}"
_DESTINATION = "/destination/{destination_id}"

API = Api(
    name="commerce.notification",
    prefix="/commerce/notification/v1",
    quota=Quota("commerce", "Notification", "commerce.notification", 10_000),
    setup=listen,
    operations=[
        _app("GET", "/config", "getConfig", destinations.get_config),
        _app("PUT", "/config", "updateConfig", destinations.update_config),
        _app("GET", "/destination", "getDestinations", destinations.get_destinations),
        _app(
            "POST", "/destination", "createDestination", destinations.create_destination
        ),
        _app("GET", _DESTINATION, "getDestination", destinations.get_destination),
        _app("PUT", _DESTINATION, "updateDestination", destinations.update_destination),
        _app(
            "DELETE", _DESTINATION, "deleteDestination", destinations.delete_destination
        ),
        _app(
            "GET",
            "/public_key/{public_key_id}",
            "getPublicKey",
            destinations.get_public_key,
        ),
        _app("GET", "/topic", "getTopics", subscriptions.get_topics),
        _app("GET", "/topic/{topic_id}", "getTopic", subscriptions.get_topic),
        _any(
            "GET", "/subscription", "getSubscriptions", subscriptions.get_subscriptions
        ),
        _any(
            "POST",
            "/subscription",
            "createSubscription",
            subscriptions.create_subscription,
        ),
        _any("GET", _ONE, "getSubscription", subscriptions.get_subscription),
        _any("PUT", _ONE, "updateSubscription", subscriptions.update_subscription),
        _any("DELETE", _ONE, "deleteSubscription", subscriptions.delete_subscription),
        _any(
            "POST",
            _ONE + "/enable",
            "enableSubscription",
            subscriptions.enable_subscription,
        ),
        _any(
            "POST",
            _ONE + "/disable",
            "disableSubscription",
            subscriptions.disable_subscription,
        ),
        _any(
            "POST", _ONE + "/test", "testSubscription", subscriptions.test_subscription
        ),
        _any(
            "POST",
            _ONE + "/filter",
            "createSubscriptionFilter",
            subscriptions.create_filter,
        ),
        _any("GET", _FILTER, "getSubscriptionFilter", subscriptions.no_filter),
        _any("DELETE", _FILTER, "deleteSubscriptionFilter", subscriptions.no_filter),
    ],
)
