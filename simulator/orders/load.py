"""Order documents from outside, stored exactly as they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..clock import from_text

if TYPE_CHECKING:
    from ..world import World


class BadDocument(Exception):
    """Not an order; the message says what is missing."""


def load_orders(
    world: World,
    documents: list[Any],
    seller: str,
    ages: bool = False,
    notify: bool = False,
) -> list[str]:
    """Insert or replace orders by orderId; returns the ids.

    Personal data of a loaded order fades with ``ages`` only. Fulfilments made since
    stay when an order is replaced.

    :raises BadDocument: before anything is stored.
    """
    for document in documents:
        _check(document)
    ids = []
    for document in documents:
        old = world.orders.get(document["orderId"])
        record = {
            "order": document,
            "seller": seller,
            "ages": ages,
            "fulfillments": old["fulfillments"] if old else [],
        }
        world.orders.save(record, touch=False)
        ids.append(document["orderId"])
        if notify:
            world.emit("order_created", record=record)
    return ids


def _check(document: Any) -> None:
    if not isinstance(document, dict) or not isinstance(document.get("orderId"), str):
        raise BadDocument("An order is an object with an orderId.")
    for name in ("creationDate", "lastModifiedDate"):
        try:
            from_text(str(document.get(name)))
        except ValueError as error:
            raise BadDocument(
                f"Order {document['orderId']} has no {name} that is a time."
            ) from error


def load_file(world: World, path: str, seller: str) -> list[str]:
    """Load a JSON file: one order, a list, or ``{"orders": […]}``.

    :raises BadDocument: see :func:`load_orders`.
    """
    given = json.loads(Path(path).read_text(encoding="utf-8"))
    if isinstance(given, dict):
        given = given.get("orders", [given])
    return load_orders(world, given, seller)
