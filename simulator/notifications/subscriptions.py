"""Who wants to hear what: topics and subscriptions."""

from __future__ import annotations

from typing import Any

from ..calls import Call, Reply, no_content, reply_created, reply_json
from ..scopes import full_scope
from .destinations import require_config
from .errors import notification_error
from .events import sample
from .paging import page
from .topics import TOPICS, Topic

Subscription = dict[str, Any]


def get_topics(call: Call) -> Reply:
    """getTopics."""
    documents = [topic.document() for topic in TOPICS.values()]
    return reply_json(page(call, "/topic", "topics", documents))


def get_topic(call: Call) -> Reply:
    """getTopic."""
    topic = TOPICS.get(call.params["topic_id"])
    if topic is None:
        raise notification_error(195002)
    return reply_json(topic.document())


def _find(call: Call) -> Subscription:
    """The caller's subscription: same keyset, same user (or none).

    :raises EbayError: 404/195013.
    """
    found = call.world.collection("subscription").get(call.params["subscription_id"])
    if found is None or not _is_mine(call, found):
        raise notification_error(195013)
    return found


def _is_mine(call: Call, subscription: Subscription) -> bool:
    seller = call.token["seller"] if call.token else None
    return (
        subscription["clientId"] == call.client_id and subscription["seller"] == seller
    )


def _document(subscription: Subscription) -> dict[str, Any]:
    names = (
        "subscriptionId",
        "topicId",
        "status",
        "creationDate",
        "payload",
        "destinationId",
    )
    return {name: subscription[name] for name in names}


def _authorize(call: Call, topic: Topic) -> None:
    """An APPLICATION topic takes an application token, a USER topic the seller's.

    :raises EbayError: 403/195011.
    """
    token = call.token or {}
    is_user = token.get("seller") is not None
    fits = is_user == (topic.scope == "USER")
    granted = token.get("scopes", [])
    if not fits or any(full_scope(one) not in granted for one in topic.needed()):
        raise notification_error(195011)


def _checked(call: Call, topic: Topic) -> dict[str, Any]:
    """Status, destination and payload of a request that is in order."""
    given = call.json_object()
    status = given.get("status")
    if status not in ("ENABLED", "DISABLED"):
        raise notification_error(195006)
    destination = call.world.collection("destination").get(
        str(given.get("destinationId"))
    )
    if destination is None or destination["clientId"] != call.client_id:
        raise notification_error(195007)
    payload = given.get("payload")
    payload = payload if isinstance(payload, dict) else {}
    if payload.get("schemaVersion") not in topic.versions:
        raise notification_error(195008)
    if payload.get("format") != "JSON":
        raise notification_error(195009)
    if payload.get("deliveryProtocol") != "HTTPS":
        raise notification_error(195010)
    if status == "ENABLED" and destination["status"] != "ENABLED":
        raise notification_error(195015)
    names = ("format", "schemaVersion", "deliveryProtocol")
    return {
        "status": status,
        "destinationId": destination["destinationId"],
        "payload": {name: payload[name] for name in names},
    }


def create_subscription(call: Call) -> Reply:
    """createSubscription: one per topic and user."""
    topic = TOPICS.get(str(call.json_object().get("topicId")))
    if topic is None:
        raise notification_error(195027)
    _authorize(call, topic)
    require_config(call)
    wanted = _checked(call, topic)
    subscriptions = call.world.collection("subscription")
    for other in subscriptions.values():
        if _is_mine(call, other) and other["topicId"] == topic.topic_id:
            raise notification_error(195012)
    subscription_id = call.world.ids.uuid("subscription")
    subscriptions.put(
        subscription_id,
        {
            "subscriptionId": subscription_id,
            "clientId": call.client_id,
            "seller": call.token["seller"] if call.token else None,
            "topicId": topic.topic_id,
            "creationDate": call.world.clock.text(),
            **wanted,
        },
    )
    return reply_created(call.href(f"/subscription/{subscription_id}"), {})


def get_subscriptions(call: Call) -> Reply:
    """getSubscriptions: those of this token's keyset and user."""
    documents = [
        _document(one)
        for one in call.world.collection("subscription").values()
        if _is_mine(call, one)
    ]
    return reply_json(page(call, "/subscription", "subscriptions", documents))


def get_subscription(call: Call) -> Reply:
    """getSubscription."""
    return reply_json(_document(_find(call)))


def update_subscription(call: Call) -> Reply:
    """updateSubscription."""
    found = _find(call)
    found |= _checked(call, TOPICS[found["topicId"]])
    call.world.collection("subscription").put(found["subscriptionId"], found)
    return no_content()


def delete_subscription(call: Call) -> Reply:
    """deleteSubscription."""
    call.world.collection("subscription").delete(_find(call)["subscriptionId"])
    return no_content()


def _set_status(call: Call, status: str) -> Reply:
    found = _find(call)
    destination = call.world.collection("destination").get(found["destinationId"])
    alive = destination is not None and destination["status"] == "ENABLED"
    if status == "ENABLED" and not alive:
        raise notification_error(195015)
    found["status"] = status
    call.world.collection("subscription").put(found["subscriptionId"], found)
    return no_content()


def enable_subscription(call: Call) -> Reply:
    """enableSubscription."""
    return _set_status(call, "ENABLED")


def disable_subscription(call: Call) -> Reply:
    """disableSubscription."""
    return _set_status(call, "DISABLED")


def test_subscription(call: Call) -> Reply:
    """testSubscription: 202, and a made-up message on its way."""
    found = _find(call)
    destination = call.world.collection("destination").get(found["destinationId"])
    if destination is not None:
        call.world.courier.post(
            found["topicId"],
            sample(call.world, found["topicId"], found["seller"]),
            destination["deliveryConfig"]["endpoint"],
            found["payload"]["schemaVersion"],
        )
    return Reply(202)


def create_filter(call: Call) -> Reply:
    """createSubscriptionFilter: none of the topics here is filterable."""
    _find(call)
    raise notification_error(195032)


def no_filter(call: Call) -> Reply:
    """getSubscriptionFilter, deleteSubscriptionFilter: there are none."""
    _find(call)
    raise notification_error(195029)
