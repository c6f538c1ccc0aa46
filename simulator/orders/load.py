"""Order documents from outside, stored exactly as they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..clock import from_text
from ..listings import listings

if TYPE_CHECKING:
    from ..world import World


class BadDocument(ValueError):
    """Not an order; the message says what is missing."""


def load_orders(
    world: World,
    documents: list[Any],
    seller: str,
    ages: bool = False,
    notify: bool = False,
    takes_stock: bool = False,
) -> list[str]:
    """Insert or replace orders by orderId; returns the ids.

    Personal data of a loaded order fades with ``ages`` only; listings notice it with
    ``takes_stock``. Fulfilments made since stay when an order is replaced.

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
        if takes_stock and old is None:
            record["taken"] = _take_stock(world, seller, document)
        world.orders.save(record, touch=False)
        ids.append(document["orderId"])
        if notify:
            world.emit("order_created", record=record)
    return ids


def _take_stock(world: World, seller: str, document: Any) -> list[list[Any]]:
    """Lower the listings by what the order has; lines of unknown listings pass."""
    taken = []
    for line in document.get("lineItems", []):
        try:
            listing = listings.get(world.database, line.get("legacyItemId"), seller)
            unit = listings.find_unit(
                listings.units(world.database, listing.item_id),
                line.get("sku"),
                line.get("legacyVariationId"),
            )
        except listings.ListingError:
            continue
        # An oversold order takes what is there.
        quantity = min(line.get("quantity", 1), unit.available)
        if quantity:
            listings.sell(world.database, unit, quantity, world.clock.now())
            taken.append([unit.item_id, unit.position, quantity])
    return taken


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
    """Load a JSON file: one order, a list, or ``{"orders": [...]}``.

    :raises BadDocument: see :func:`load_orders`.
    """
    given = json.loads(Path(path).read_text(encoding="utf-8"))
    if isinstance(given, dict):
        given = given.get("orders", [given])
    return load_orders(world, given, seller)
