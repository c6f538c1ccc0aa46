"""What listings learn from orders: a sale lowers stock, a cancellation returns it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from . import listings
from .records import Unit

if TYPE_CHECKING:
    from ..world import World

_log = logging.getLogger("simulator")


def listen(world: World) -> None:
    """Follow the events of orders; once per start."""
    world.on("sold", _sold)
    world.on("restocked", _restocked)


def _unit(
    world: World, seller: str, item_id: str, variation_id: str | None, sku: str | None
) -> Unit | None:
    """The unit of an order line; None for one that no listing here has.

    Tests may load orders of listings that were never in this simulator.
    """
    try:
        listings.get(world.database, item_id, seller)
        found = listings.units(world.database, item_id)
        if variation_id is not None:
            return listings.find_unit(found, variation_id=variation_id)
        if len(found) == 1:
            return found[0]
        return listings.find_unit(found, sku=sku)
    except listings.ListingError as error:
        _log.info("an order line without a listing: %s", error)
        return None


def _sold(
    world: World,
    seller: str,
    item_id: str,
    quantity: int,
    variation_id: str | None = None,
    sku: str | None = None,
    **_more: object,
) -> None:
    unit = _unit(world, seller, item_id, variation_id, sku)
    if unit is None:
        return
    # A test may order more than is there to see an oversell; stock stops at zero.
    taken = min(quantity, unit.available)
    if taken:
        listings.sell(world.database, unit, taken, world.clock.now())


def _restocked(
    world: World,
    seller: str,
    item_id: str,
    quantity: int,
    variation_id: str | None = None,
    sku: str | None = None,
    **_more: object,
) -> None:
    unit = _unit(world, seller, item_id, variation_id, sku)
    if unit is not None:
        listings.restock(world.database, unit, quantity, world.clock.now())
