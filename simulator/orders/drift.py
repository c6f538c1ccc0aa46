"""Page drift: orders change while somebody pages through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import EbayError
from ..tokens import claimed_seller
from .search import find, page_of, parse_filter

if TYPE_CHECKING:
    from ..calls import Call
    from ..faults import Rule
    from ..world import World


def listen(world: World) -> None:
    """Register for the fault of this name."""
    world.on("page_drift", _drift)


def _drift(world: World, call: Call, rule: Rule) -> None:
    """Touch orders of earlier pages, so that they leave a closed time window.

    ``count`` of them (1), oldest first: every later row moves up by as many, which
    skips rows for whoever pages by offset.
    """
    if call.operation != "getOrders" or call.query.get("offset", "0") == "0":
        return
    try:
        search = parse_filter(call.query.get("filter"), world.clock.now())
        _, offset = page_of(call.query)
    except EbayError:
        return
    earlier = find(world, claimed_seller(call), search)[:offset]
    for order_id in earlier[: int(rule.details.get("count", 1))]:
        record = world.orders.get(order_id)
        if record is not None:
            world.orders.save(record)
