"""A notification of eBay's as plain values: its topic, and whom and what it is about.

Source: the topic documents of the Notification API (envelope ``metadata`` and
``notification``), guide "Marketplace account deletion".
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from ..values.errors import MappingError
from ..values.reader import Node, Reading

ORDER_CONFIRMATION = "ORDER_CONFIRMATION"
CANCELLATION = "ORDER_CANCELLATION_ACTIVITY"
RETURN = "ORDER_RETURN_ACTIVITY"
INQUIRY = "ORDER_INQUIRY_ACTIVITY"
REVOCATION = "AUTHORIZATION_REVOCATION"
ACCOUNT_DELETION = "MARKETPLACE_ACCOUNT_DELETION"

ORDER_TOPICS = frozenset({ORDER_CONFIRMATION, CANCELLATION, RETURN, INQUIRY})

_LONGEST_TOPIC = 100
LONGEST_TOKEN = 200
_MOST_NODES = 20_000
"""More values than any notification has; what follows is not looked at."""


@dataclass(frozen=True, slots=True)
class Notification:
    """What one push says.

    ``notification_ref`` tells repeats; ``event_at`` is when it happened (UTC, None
    when eBay does not say). ``user_refs`` are the seller's ids and names in it: which
    connected account it is for. ``order_refs`` are the orders it speaks of. For a
    closed account ``gone_refs`` are the id, the name and the EIAS token (which outlives
    changes of the name) of who is to be forgotten.
    """

    notification_ref: str
    topic: str
    event_at: datetime | None
    attempt: int
    user_refs: tuple[str, ...] = ()
    order_refs: tuple[str, ...] = ()
    gone_refs: tuple[str, ...] = ()


def map_notification(body: bytes | str) -> Notification:
    """Read a notification. Raises MappingError when it is none of eBay's."""
    root = _root(body)
    envelope = Node(root, "$", Reading())
    topic = envelope.child("metadata").identifier("topic", _LONGEST_TOPIC)
    message = envelope.child("notification")
    ref = message.identifier("notificationId")
    if not topic or not ref:
        missing = "topic" if not topic else "notificationId"
        raise MappingError(f"$.{missing}", None, "is missing")
    data = message.child("data")
    deletion = topic == ACCOUNT_DELETION
    return Notification(
        notification_ref=ref,
        topic=topic,
        event_at=_moment(data, "revocationDate")
        or _moment(message, "eventDate")
        or _moment(message, "publishDate"),
        attempt=message.whole_number("publishAttemptCount") or 1,
        user_refs=() if deletion else _users(data),
        order_refs=_orders(data) if topic in ORDER_TOPICS else (),
        gone_refs=_everything_known(data) if deletion else (),
    )


def _root(body: bytes | str) -> dict[str, Any]:
    try:
        text = body if isinstance(body, str) else body.decode("utf-8")
        root = json.loads(text, object_pairs_hook=_each_key_once)
    except (ValueError, RecursionError):
        raise MappingError("$", None, "is no readable JSON") from None
    if not isinstance(root, dict):
        raise MappingError("$", None, "is no JSON object")
    return root


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a key stands there twice")
    return document


def _moment(node: Node, key: str) -> datetime | None:
    moment = node.timestamp(key)
    return moment and moment.astimezone(timezone.utc)


def _users(data: Node) -> tuple[str, ...]:
    """The seller's ids, wherever the topic has them: ``user``, ``seller``, on top."""
    found: list[str] = [*_names(data)]
    for node in _objects(data):
        for key in ("user", "seller"):
            found.extend(_names(node.child(key)))
    return tuple(dict.fromkeys(found))


def _names(node: Node) -> tuple[str, ...]:
    both = (node.identifier("userId"), node.identifier("username"))
    return tuple(dict.fromkeys(name for name in both if name))


def _everything_known(data: Node) -> tuple[str, ...]:
    token = data.identifier("eiasToken", LONGEST_TOKEN)
    return tuple(dict.fromkeys([*_names(data), *([token] if token else [])]))


def _orders(data: Node) -> tuple[str, ...]:
    found = (node.identifier("orderId") for node in _objects(data))
    return tuple(dict.fromkeys(ref for ref in found if ref))


def _objects(top: Node) -> Iterator[Node]:
    """The object and every object below it, breadth first."""
    waiting, seen = deque([top]), 0
    while waiting and seen < _MOST_NODES:
        node = waiting.popleft()
        seen += 1
        yield node
        for key, value in node.data.items():
            if isinstance(value, dict):
                waiting.append(node.child(key))
            elif isinstance(value, list):
                waiting.extend(node.children(key))
