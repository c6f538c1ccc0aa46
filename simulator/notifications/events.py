"""What happens in the simulator, reported to those who subscribed.

Shapes: eBay's topic schemas, ORDER_CONFIRMATION as seen live (one message per order
with all its lines).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from .topics import (
    ACCOUNT_DELETION,
    CANCELLATION,
    ORDER_CONFIRMATION,
    RETURN,
    REVOCATION,
)

if TYPE_CHECKING:
    from ..orders.book import Record
    from ..world import World

_ACTIVITY = {
    "cancel_requested": ("CANCELLATION_REQUESTED", "REQUESTED"),
    "cancel_rejected": ("CANCELLATION_DECLINED", "DECLINED"),
    "cancel_completed": ("CANCELLATION_COMPLETED", "COMPLETED"),
}


def listen(world: World) -> None:
    """Register for the events that become notifications."""
    world.on("order_created", _order_confirmation)
    # Fires again when an incomplete checkout is completed.
    world.on("order_paid", _order_confirmation)
    world.on("authorization_revoked", _revocation)
    world.on("account_closed", _account_deletion)
    world.on("return_changed", _return)
    for event in _ACTIVITY:
        world.on(event, _cancellation(event))


def publish(
    world: World, topic: str, data: dict[str, Any], seller: str | None = None
) -> list[dict[str, Any]]:
    """Queue a message to every enabled subscription of the topic.

    A USER topic reaches the seller's own subscriptions only. Returns log entries.
    """
    sent = []
    for subscription in world.collection("subscription").values():
        destination = world.collection("destination").get(subscription["destinationId"])
        wanted = (
            subscription["topicId"] == topic
            and subscription["seller"] in (None, seller)
            and subscription["status"] == "ENABLED"
            and destination is not None
            and destination["status"] == "ENABLED"
        )
        if wanted and destination is not None:
            endpoint = destination["deliveryConfig"]["endpoint"]
            version = subscription["payload"]["schemaVersion"]
            sent.append(world.courier.post(topic, data, endpoint, version))
    return sent


def _user(world: World, seller: str | None) -> dict[str, str]:
    found = world.collection("seller").get(seller or "") or {}
    return {
        "userId": found.get("userId", "simunknown"),
        "username": found.get("username", "sim_unknown"),
    }


def order_confirmation(world: World, record: Record) -> dict[str, Any]:
    """``data`` of ORDER_CONFIRMATION."""
    order = record["order"]
    lines = [
        {
            "orderLineItemId": line.get("lineItemId"),
            "listingId": line.get("legacyItemId"),
            "quantity": line.get("quantity"),
        }
        for line in order.get("lineItems", [])
    ]
    return {
        "user": _user(world, record["seller"]),
        "order": {"orderId": order["orderId"], "orderLineItems": lines},
    }


def _order_confirmation(world: World, record: Record) -> None:
    data = order_confirmation(world, record)
    publish(world, ORDER_CONFIRMATION, data, record["seller"])


def _cancellation(event: str) -> Any:
    activity, status = _ACTIVITY[event]

    def tell(world: World, record: Record, request: dict[str, Any]) -> None:
        publish(
            world,
            CANCELLATION,
            cancellation(world, record, request, activity, status),
            record["seller"],
        )

    return tell


def cancellation(
    world: World,
    record: Record,
    request: dict[str, Any],
    activity: str,
    status: str,
) -> dict[str, Any]:
    """``data`` of ORDER_CANCELLATION_ACTIVITY."""
    order = record["order"]
    is_open = status == "REQUESTED"
    return {
        "activityType": activity,
        "activityDate": world.clock.text(),
        "orderCancellation": {
            "cancellationId": request["cancelRequestId"],
            "cancellationStatus": status,
            "requester": request["cancelInitiator"].upper(),
            "seller": {"userId": _user(world, record["seller"])["userId"]},
            "sellerAvailableActions": {
                "primaryActions": ["APPROVE", "DECLINE"] if is_open else []
            },
            "cancellationLineItems": [
                {
                    "orderId": order["orderId"],
                    "orderLineItemId": line.get("lineItemId"),
                }
                for line in order.get("lineItems", [])
            ],
        },
    }


def _return(world: World, record: Record, found: dict[str, Any]) -> None:
    data = {
        "activityType": found["state"],
        "activityDate": world.clock.text(),
        "orderReturn": {
            "returnId": found["returnId"],
            "returnStatus": found["state"],
            "seller": {"userId": _user(world, record["seller"])["userId"]},
            "returnLineItems": [
                {
                    "orderId": found["orderId"],
                    "orderLineItemId": found["lineItemId"],
                    "quantity": found["quantity"],
                }
            ],
        },
    }
    publish(world, RETURN, data, record["seller"])


def _revocation(world: World, seller: str, reason: str) -> None:
    data = {
        **_user(world, seller),
        "revokeReason": reason,
        "revocationDate": world.clock.text(),
    }
    publish(world, REVOCATION, data, seller)


def deletion(username: str, user_id: str) -> dict[str, str]:
    """``data`` of MARKETPLACE_ACCOUNT_DELETION."""
    return {
        "username": username,
        "userId": user_id,
        "eiasToken": eias_token(user_id),
    }


def eias_token(user_id: str) -> str:
    """eBay's older name of a user for good; Trading tells it with an order too."""
    return f"nY+{hashlib.sha256(user_id.encode()).hexdigest()[:32]}=="


def _account_deletion(world: World, username: str, user_id: str) -> None:
    publish(world, ACCOUNT_DELETION, deletion(username, user_id))


def sample(world: World, topic: str, seller: str | None) -> dict[str, Any]:
    """Made-up data for testSubscription."""
    if topic == ACCOUNT_DELETION:
        return deletion("test_user", "ma8vp1jySJC")
    line = {"lineItemId": "10000000000001", "legacyItemId": "110000000001"}
    order = {"orderId": "00-00000-00000", "lineItems": [line | {"quantity": 1}]}
    record: Record = {"order": order, "seller": seller or ""}
    if topic == ORDER_CONFIRMATION:
        return order_confirmation(world, record)
    if topic == CANCELLATION:
        request = {"cancelRequestId": "5000000001", "cancelInitiator": "Buyer"}
        activity = _ACTIVITY["cancel_requested"]
        return cancellation(world, record, request, *activity)
    return {"user": _user(world, seller)}
