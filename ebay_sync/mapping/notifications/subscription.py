"""What eBay is to tell us and where: documents of the Notification API, both ways.

Source: the schemas of ``commerce/notification/v1`` (config, destination, topic,
subscription).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..values.reader import Node, Reading

LONGEST_NAME = 64
ENABLED = "ENABLED"
DISABLED = "DISABLED"
_NEWEST = "1.0"


@dataclass(frozen=True, slots=True)
class Destination:
    """A webhook address that eBay knows.

    ``status`` is ENABLED, DISABLED or MARKED_DOWN (by eBay, when nobody answered).
    ``token`` is None where eBay does not show it.
    """

    destination_ref: str
    name: str | None
    endpoint: str | None
    token: str | None
    status: str | None


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that eBay tells: who subscribes to it, and the newest form of it."""

    name: str
    by_user: bool
    version: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """One topic on its way to one destination."""

    subscription_ref: str
    topic: str
    status: str | None
    destination_ref: str | None
    version: str


def config_document(email: str) -> dict[str, str]:
    """Where eBay writes to when an address does not answer."""
    return {"alertEmail": email}


def read_alert_email(document: Mapping[str, Any]) -> str | None:
    """The address of the answer of getConfig."""
    return _node(document).line("alertEmail")


def destination_document(name: str, endpoint: str, token: str, on: bool = True) -> dict:
    """The request of createDestination and updateDestination."""
    return {
        "name": name[:LONGEST_NAME],
        "status": ENABLED if on else DISABLED,
        "deliveryConfig": {"endpoint": endpoint, "verificationToken": token},
    }


def read_destination(document: Mapping[str, Any]) -> Destination | None:
    """One destination; None when it has no id."""
    node = _node(document)
    delivery = node.child("deliveryConfig")
    ref = node.identifier("destinationId")
    return ref and Destination(
        destination_ref=ref,
        name=node.line("name"),
        endpoint=delivery.line("endpoint", 2048),
        token=delivery.line("verificationToken"),
        status=node.enum("status"),
    )


def read_topic(document: Mapping[str, Any]) -> Topic | None:
    """One topic of getTopics; None when it has no name."""
    node = _node(document)
    name = node.identifier("topicId")
    offered = [
        payload.line("schemaVersion") or _NEWEST
        for payload in node.children("supportedPayloads")
        if not payload.flag("deprecated")
    ]
    return name and Topic(
        name=name,
        by_user=node.enum("scope") == "USER",
        version=max(offered, key=_version_order, default=_NEWEST),
    )


def subscription_document(topic: str, version: str, destination_ref: str) -> dict:
    """The request of createSubscription; without the topic that of the update."""
    return {
        "topicId": topic,
        "status": ENABLED,
        "destinationId": destination_ref,
        "payload": {
            "format": "JSON",
            "schemaVersion": version,
            "deliveryProtocol": "HTTPS",
        },
    }


def read_subscription(document: Mapping[str, Any]) -> Subscription | None:
    """One subscription; None when it has no id or no topic."""
    node = _node(document)
    ref, topic = node.identifier("subscriptionId"), node.identifier("topicId")
    if not ref or not topic:
        return None
    return Subscription(
        subscription_ref=ref,
        topic=topic,
        status=node.enum("status"),
        destination_ref=node.identifier("destinationId"),
        version=node.child("payload").line("schemaVersion") or _NEWEST,
    )


def _node(document: Mapping[str, Any]) -> Node:
    return Node(dict(document), "$", Reading())


def _version_order(version: str) -> tuple[int, ...]:
    parts = version.split(".")
    return tuple(
        int(part) if part.isascii() and part.isdigit() else 0 for part in parts
    )
