"""Page drift: listings end and items go while somebody pages through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..inventory import rows
from ..tokens import claimed_seller
from . import listings

if TYPE_CHECKING:
    from ..calls import Call
    from ..faults import Rule
    from ..world import World

_LISTS = ("GetMyeBaySelling", "GetSellerList")


def listen(world: World) -> None:
    """Register for the fault of this name."""
    world.on("page_drift", _drift)


def _drift(world: World, call: Call, rule: Rule) -> None:
    """Take away the first ``count`` (1) rows of the list that is being paged.

    Every later row moves up by as many, which skips rows for whoever pages by number.
    getInventoryItems: items are deleted, and their listings end. Trading's lists:
    listings end. Aim the rule at a later page with ``after``.
    """
    count = int(rule.details.get("count", 1))
    if call.operation == "getInventoryItems":
        _delete_items(world, claimed_seller(call), count)
    elif call.operation in _LISTS:
        token = call.headers.get("X-EBAY-API-IAF-TOKEN", "")
        known = world.collection("access_token").get(token) or {}
        _end_listings(world, known.get("seller") or "", count)


def _delete_items(world: World, seller: str, count: int) -> None:
    db = world.database
    for item in rows.items_page(db, seller, count, 0):
        for offer in rows.offers_of_sku(db, seller, item.sku):
            if offer.item_id is not None:
                listing = listings.get(db, offer.item_id)
                listings.end(db, listing, world.clock.now(), "NotAvailable")
        rows.delete_item(db, seller, item.sku)


def _end_listings(world: World, seller: str, count: int) -> None:
    db = world.database
    where = "seller = ? AND status = 'ACTIVE'"
    for listing in listings.select(db, where, (seller,), count):
        listings.end(db, listing, world.clock.now(), "NotAvailable")
