"""The listing side of ``/_sim/``: listings, preferences, category trees.

A change made here is one that the seller makes on eBay's pages, behind a connector's
back.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from ..calls import Call, Reply, reply_json
from ..catalogue import DEFAULT_MARKETPLACES
from ..inventory.rows import all_or_nothing
from ..listings import category_tree, editing, listings, load, preferences
from ..listings.records import Listing, Unit
from ..reference.marketplaces import MARKETPLACES
from ..seed import SELLER
from . import control, refuse


def load_catalogue(call: Call) -> Reply:
    """``count`` catalogue listings: seller, seed, marketplaces, inventoryShare.

    Without a seed each load gets the next one, so that SKUs never collide.
    """
    wish = call.json_object()
    world = call.world
    places = wish.get("marketplaces", list(DEFAULT_MARKETPLACES))
    if not places or any(name not in MARKETPLACES for name in places):
        raise refuse("marketplaces names marketplaces, such as EBAY_DE.")
    seed = wish.get("seed")
    if seed is None:
        seed = world.settings.seed + world.ids.count("catalogue")
    try:
        with all_or_nothing(world.database):
            counts = load.load_generated(
                world,
                wish.get("seller", SELLER),
                int(wish.get("count", 100)),
                int(seed),
                places,
                float(wish.get("inventoryShare", 0.6)),
            )
    except sqlite3.IntegrityError as error:
        raise refuse(f"Seed {seed} is in this account already.", 409) from error
    except (TypeError, ValueError) as error:
        raise refuse("count and seed are numbers, inventoryShare is 0 to 1.") from error
    return reply_json({"seed": seed, **counts}, 201)


def list_listings(call: Call) -> Reply:
    """Listings in short: seller, model, status, marketplace, limit, offset."""
    where, values = "seller = ?", [call.query.get("seller", SELLER)]
    for name in ("model", "status", "marketplace"):
        if name in call.query:
            where += f" AND {name} = ?"
            values.append(call.query[name])
    db = call.world.database
    limit, offset = (
        int(call.query.get(name, default)) if call.query.get(name, "0").isdigit() else 0
        for name, default in (("limit", "100"), ("offset", "0"))
    )
    found = listings.select(db, where, values, limit, offset)
    units = listings.units_of_many(db, [one.item_id for one in found])
    return reply_json(
        {
            "total": listings.count(db, where, values),
            "listings": [_shown(one, units[one.item_id]) for one in found],
        }
    )


def _shown(listing: Listing, units: list[Unit]) -> dict[str, Any]:
    return {
        "itemId": listing.item_id,
        "seller": listing.seller,
        "model": listing.model,
        "marketplace": listing.marketplace,
        "title": listing.title,
        "categoryId": listing.category_id,
        "currency": listing.currency,
        "status": listings.shown_status(listing, units),
        "revisions": listing.revisions,
        "units": [
            {
                "sku": unit.sku,
                "variationId": unit.variation_id,
                "offerId": unit.offer_id,
                "ean": unit.ean,
                "price": str(unit.price),
                "quantity": unit.available,
                "sold": unit.sold,
                "aspects": unit.aspects,
            }
            for unit in units
        ],
    }


def _found(call: Call) -> Listing:
    try:
        return listings.get(call.world.database, call.params["itemId"])
    except listings.NoSuchListing as error:
        raise refuse(str(error), 404) from error


def show_listing(call: Call) -> Reply:
    """One listing with its units."""
    listing = _found(call)
    units = listings.units(call.world.database, listing.item_id)
    return reply_json(_shown(listing, units))


def make_listing(call: Call) -> Reply:
    """A listing outside the Inventory API, as ``editing.make`` wishes."""
    wish = call.json_object()
    try:
        item_id = editing.make(call.world, wish.get("seller", SELLER), wish)
    except (editing.BadEdit, AttributeError, TypeError, ValueError) as error:
        raise refuse(str(error)) from error
    call.params["itemId"] = item_id
    return show_listing(call)


def edit_listing(call: Call) -> Reply:
    """Title, description, categoryId; price, quantity, newSku of one unit."""
    listing, wish = _found(call), call.json_object()
    try:
        with all_or_nothing(call.world.database):
            editing.edit(call.world, listing, wish)
    except (editing.BadEdit, listings.ListingError) as error:
        raise refuse(str(error), 409) from error
    return show_listing(call)


def end_listing(call: Call) -> Reply:
    """End it; ``reason`` as Trading words it (NotAvailable)."""
    reason = call.json_object().get("reason", "NotAvailable")
    try:
        listings.end(
            call.world.database, _found(call), call.world.clock.now(), str(reason)
        )
    except listings.ListingEnded as error:
        raise refuse(str(error), 409) from error
    return show_listing(call)


def sell_listing(call: Call) -> Reply:
    """Take ``quantity`` (1) from stock without an order; ``/buy`` makes orders."""
    listing, wish = _found(call), call.json_object()
    try:
        unit = editing.named_unit(call.world, listing, wish)
        listings.sell(
            call.world.database,
            unit,
            int(wish.get("quantity", 1)),
            call.world.clock.now(),
        )
    except (listings.ListingError, TypeError, ValueError) as error:
        raise refuse(str(error), 409) from error
    return show_listing(call)


def _preferences(call: Call, seller: str) -> Reply:
    db = call.world.database
    values = {name: preferences.get(db, seller, name) for name in preferences.DEFAULTS}
    return reply_json({"seller": seller, **values})


def show_preferences(call: Call) -> Reply:
    """What a seller has switched on."""
    return _preferences(call, call.query.get("seller", SELLER))


def set_preferences(call: Call) -> Reply:
    """Change some: out_of_stock_control, programs, registration_completed, ..."""
    wish = call.json_object()
    seller = wish.pop("seller", SELLER)
    unknown = set(wish) - set(preferences.DEFAULTS)
    if unknown:
        raise refuse(f"No such preference: {', '.join(sorted(unknown))}.")
    for name, value in wish.items():
        preferences.put(call.world.database, seller, name, value)
    return _preferences(call, seller)


def change_tree(call: Call) -> Reply:
    """A new version of a category tree: moved, renamed, expired, grow."""
    wish = call.json_object()
    try:
        tree = category_tree.change(
            call.world,
            call.params["treeId"],
            moved=wish.get("moved"),
            renamed=wish.get("renamed"),
            expired=wish.get("expired"),
            grow=int(wish.get("grow", 0)),
        )
    except (LookupError, ValueError, AttributeError, TypeError) as error:
        raise refuse(str(error)) from error
    return reply_json(
        {
            "treeId": tree.id,
            "version": str(tree.version),
            "categories": len(tree.nodes) - 1,
        }
    )


OPERATIONS = [
    control("GET", "/listings", list_listings),
    control("POST", "/listings", load_catalogue),
    control("POST", "/listings/new", make_listing),
    control("GET", "/listings/{itemId}", show_listing),
    control("PATCH", "/listings/{itemId}", edit_listing),
    control("POST", "/listings/{itemId}/end", end_listing),
    control("POST", "/listings/{itemId}/sell", sell_listing),
    control("GET", "/preferences", show_preferences),
    control("POST", "/preferences", set_preferences),
    control("POST", "/category_tree/{treeId}", change_tree),
]
