"""What a seller does to listings by hand on eBay's own pages: make, edit, end."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from ..inventory import rows
from ..reference.marketplaces import MARKETPLACES
from . import category_tree, listings, load, policies
from .records import (
    TRADING,
    Listing,
    Unit,
    insert_listings,
    insert_units,
    to_json,
)

if TYPE_CHECKING:
    from ..world import World


class BadEdit(Exception):
    """What was wished makes no sense; the message says what."""


def make(world: World, seller: str, wish: Mapping[str, Any]) -> str:
    """A new listing outside the Inventory API; returns its item id.

    ``wish``: title, price, quantity, sku, ean, marketplace, categoryId, and
    ``variations``: objects with aspects, sku, ean, price, quantity. All have defaults.
    Raises BadEdit.
    """
    place = MARKETPLACES.get(wish.get("marketplace", "EBAY_DE"))
    if place is None:
        raise BadEdit("There is no such marketplace.")
    category_id = _leaf(world, place.id, wish.get("categoryId", "20635"))
    now = world.clock.now()
    item_id = world.ids.listing_id()
    load.ensure_location(world.database, seller)
    listing = Listing(
        item_id=item_id,
        seller=seller,
        model=TRADING,
        marketplace=place.id,
        title=str(wish.get("title", "Handgemacht: Becher")),
        category_id=category_id,
        currency=place.currency,
        started_at=now,
        modified_at=now,
        condition="NEW",
        document={
            "description": str(wish.get("description", "")),
            "pictures": list(wish.get("pictures", [])),
            "aspects": dict(wish.get("aspects", {})),
            "policies": policies.ensure_defaults(world, seller, place.id),
            "location": "Berlin",
            "postal_code": "10115",
            "country": place.country,
            "immediate_pay": True,
        },
    )
    units = [
        _unit(world, item_id, position, {**wish, **one})
        for position, one in enumerate(wish.get("variations") or [{}])
    ]
    insert_listings(world.database, [listing])
    insert_units(world.database, units)
    return item_id


def _unit(world: World, item_id: str, position: int, wish: Mapping[str, Any]) -> Unit:
    chosen = {str(k): str(v) for k, v in wish.get("aspects", {}).items()}
    varies = "variations" in wish
    return Unit(
        item_id=item_id,
        position=position,
        variation_id=world.ids.digits("variation", 12) if varies else None,
        offer_id=None,
        sku=wish.get("sku"),
        ean=wish.get("ean"),
        price=_price(wish.get("price", "9.90")),
        available=_quantity(wish.get("quantity", 1)),
        sold=0,
        aspects=chosen if varies else {},
    )


def _leaf(world: World, marketplace: str, category_id: Any) -> str:
    tree = category_tree.tree_of(world, MARKETPLACES[marketplace])
    if tree.leaf(str(category_id)) is None:
        raise BadEdit(f"{category_id} is no leaf category of {marketplace}.")
    return str(category_id)


def _price(value: Any) -> Decimal:
    try:
        price = Decimal(str(value))
    except InvalidOperation as error:
        raise BadEdit(f"{value!r} is no price.") from error
    if not price.is_finite() or price <= 0:
        raise BadEdit("A price is above zero.")
    return price


def _quantity(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise BadEdit("A quantity is a whole number, zero or more.")
    return value


def edit(world: World, listing: Listing, wish: Mapping[str, Any]) -> None:
    """Change title, description, category, or one unit's price, quantity or SKU.

    ``sku`` or ``variationId`` names the unit; ``newSku`` changes its SKU (listings
    outside the Inventory API only). Raises BadEdit or ListingError.
    """
    db, now = world.database, world.clock.now()
    listings.count_revision(db, listing, now)
    _edit_content(world, listing, wish)
    if any(name in wish for name in ("price", "quantity", "newSku")):
        unit = named_unit(world, listing, wish)
        listings.set_unit(
            db,
            unit,
            _price(wish["price"]) if "price" in wish else None,
            _quantity(wish["quantity"]) if "quantity" in wish else None,
        )
        if "newSku" in wish:
            _rename(world, unit, wish["newSku"])
    listings.touch_and_settle(db, [listing.item_id], now)


def named_unit(world: World, listing: Listing, wish: Mapping[str, Any]) -> Unit:
    """The unit that ``sku`` or ``variationId`` names, or the only one.

    Raises ListingError.
    """
    found = listings.units(world.database, listing.item_id)
    return listings.find_unit(found, wish.get("sku"), wish.get("variationId"))


def _rename(world: World, unit: Unit, sku: Any) -> None:
    if unit.offer_id is not None:
        raise BadEdit("The SKU of an Inventory listing is fixed.")
    world.database.execute(
        "UPDATE listing_unit SET sku = ? WHERE item_id = ? AND position = ?",
        (None if sku is None else str(sku), unit.item_id, unit.position),
    )


def _edit_content(world: World, listing: Listing, wish: Mapping[str, Any]) -> None:
    title = str(wish.get("title", listing.title))
    if not 0 < len(title) <= 80:
        raise BadEdit("A title has 1 to 80 characters.")
    category_id = listing.category_id
    if "categoryId" in wish:
        category_id = _leaf(world, listing.marketplace, wish["categoryId"])
    document = dict(listing.document)
    if "description" in wish:
        document["description"] = str(wish["description"])
    world.database.execute(
        "UPDATE listing SET title = ?, category_id = ?, document = ? WHERE item_id = ?",
        (
            title,
            category_id,
            to_json(document),
            listing.item_id,
        ),
    )
    _carry_into_inventory(world, listing, title, category_id, document["description"])


def _carry_into_inventory(
    world: World, listing: Listing, title: str, category_id: str, description: str
) -> None:
    """Offers, items and group say what their listing says."""
    db = world.database
    group = (
        rows.group(db, listing.seller, listing.group_key) if listing.group_key else None
    )
    if group is not None:
        group.document |= {"title": title, "description": description}
        rows.save_group(db, listing.seller, group)
    for offer in rows.offers_of_listing(db, listing.item_id):
        offer.document["categoryId"] = category_id
        item = rows.item(db, listing.seller, offer.sku)
        if group is None and item is not None:
            item.document.setdefault("product", {})["title"] = title
            offer.document["listingDescription"] = description
            rows.save_item(db, listing.seller, item)
        rows.save_offer(db, offer)
