"""bulkMigrateListing: older listings become Inventory listings, for good."""

from __future__ import annotations

import sqlite3
from typing import Any

from ..calls import Call, Reply
from ..listings import listings
from ..listings.records import ENDED, FIXED_PRICE, TRADING, Listing, Unit
from ..reference.marketplaces import MARKETPLACES
from . import bulk, rows
from .refusals import refusal

_MOST = 5


def migrate(call: Call) -> Reply:
    """Up to five listings: the item id stays, items and offers appear."""
    given = bulk.entries(call, 25718, _MOST)
    return bulk.each(
        call, given, lambda one: (200, _migrate(call, str(one.get("listingId"))))
    )


def _migrate(call: Call, item_id: str) -> dict[str, Any]:
    db = call.world.database
    try:
        listing = listings.get(db, item_id, call.seller)
    except listings.NoSuchListing as error:
        raise refusal(25718, str(error)) from error
    found = listings.units(db, item_id)
    _check(db, listing, found)
    key = f"{item_id}" if found[0].aspects else None
    made = [
        {"sku": unit.sku, "offerId": _take_over(call, listing, unit, key)}
        for unit in found
    ]
    if key:
        rows.save_group(db, call.seller, _group(listing, found, key))
    db.execute(
        "UPDATE listing SET model = 'inventory', group_key = ? WHERE item_id = ?",
        (key, item_id),
    )
    answer: dict[str, Any] = {
        "listingId": item_id,
        "marketplaceId": listing.marketplace,
        "inventoryItems": made,
    }
    if key:
        answer["inventoryItemGroupKey"] = key
    return answer


def _check(db: sqlite3.Connection, listing: Listing, found: list[Unit]) -> None:
    """Raise 25718 with the first thing that stands in the way."""
    document = listing.document
    skus = [unit.sku for unit in found]
    reasons = {
        "It is an Inventory listing already.": listing.model != TRADING,
        "It has ended.": listing.status == ENDED,
        "It is no fixed price listing.": listing.format != FIXED_PRICE,
        "The listing and each variation need a SKU.": not all(skus),
        "A SKU is used twice.": len(set(skus)) != len(skus),
        "It does not use business policies.": len(document.get("policies", {})) < 3,
        "Immediate payment is off.": not document.get("immediate_pay"),
        "It has no postal code or city.": not (
            document.get("postal_code") or document.get("location")
        ),
        "A SKU is an inventory item already.": any(
            sku and rows.item(db, listing.seller, sku) for sku in skus
        ),
    }
    for reason, applies in reasons.items():
        if applies:
            raise refusal(25718, reason)


def _take_over(call: Call, listing: Listing, unit: Unit, key: str | None) -> str:
    """Make item and offer of one unit and tie the unit to them: the offer id."""
    db, document, sku = call.world.database, listing.document, unit.sku or ""
    place = MARKETPLACES[listing.marketplace]
    product = {
        "aspects": {
            **document["aspects"],
            **{name: [value] for name, value in unit.aspects.items()},
        },
        "imageUrls": document["pictures"],
        "brand": document.get("brand"),
        "mpn": document.get("mpn"),
        "ean": [unit.ean] if unit.ean else None,
    }
    if not key:
        product |= {"title": listing.title, "description": document["description"]}
    item = rows.Item(
        sku=sku,
        locale=place.locale.replace("-", "_"),
        quantity=unit.available,
        document={
            "condition": listing.condition,
            "product": {name: value for name, value in product.items() if value},
        },
    )
    rows.save_item(db, call.seller, item)
    offer = rows.Offer(
        offer_id=call.world.ids.digits("offer", 10),
        seller=call.seller,
        sku=sku,
        marketplace=place.id,
        format=FIXED_PRICE,
        available=unit.available,
        price=str(unit.price),
        currency=place.currency,
        item_id=listing.item_id,
        last_item_id=listing.item_id,
        document={
            "categoryId": listing.category_id,
            "merchantLocationKey": _location(db, call.seller),
            "listingDuration": "GTC",
            "listingPolicies": dict(document["policies"]),
            "listingDescription": document["description"],
            "includeCatalogProductDetails": True,
            "hideBuyerDetails": False,
        },
    )
    rows.save_offer(db, offer)
    db.execute(
        "UPDATE listing_unit SET offer_id = ? WHERE item_id = ? AND position = ?",
        (offer.offer_id, unit.item_id, unit.position),
    )
    return offer.offer_id


def _location(db: sqlite3.Connection, seller: str) -> str:
    """eBay makes a location of the listing's address; here the first one serves."""
    row = db.execute(
        "SELECT location_key FROM inventory_location WHERE seller = ?"
        " ORDER BY location_key",
        (seller,),
    ).fetchone()
    if row is None:
        raise refusal(25718, "The seller has no inventory location.")
    return row[0]


def _group(listing: Listing, found: list[Unit], key: str) -> rows.Group:
    return rows.Group(
        key,
        {
            "title": listing.title,
            "description": listing.document["description"],
            "imageUrls": listing.document["pictures"],
            "aspects": listing.document["aspects"],
            "variesBy": {
                "aspectsImageVariesBy": [],
                "specifications": [
                    {
                        "name": name,
                        "values": list(
                            dict.fromkeys(unit.aspects[name] for unit in found)
                        ),
                    }
                    for name in found[0].aspects
                ],
            },
        },
        [unit.sku or "" for unit in found],
    )
