"""Smaller resources: product compatibility, and the locations of a listed SKU."""

from __future__ import annotations

import json
from typing import Any

from ..calls import Call, Reply, no_content, reply_json
from ..listings import listings
from ..listings.records import to_json
from . import items, locations
from .refusals import refusal
from .shapes import Many, Text, Whatever, read

_COMPATIBILITY = "compatibility"
_MAPPING = "sku_location"
_MOST_PRODUCTS = 3_000


def _load(call: Call, kind: str, name: str) -> dict[str, Any] | None:
    row = call.world.database.execute(
        "SELECT document FROM listing_extra WHERE seller = ? AND kind = ? AND name = ?",
        (call.seller, kind, name),
    ).fetchone()
    return json.loads(row[0]) if row else None


def _save(call: Call, kind: str, name: str, document: dict[str, Any]) -> None:
    call.world.database.execute(
        "INSERT OR REPLACE INTO listing_extra (seller, kind, name, document)"
        " VALUES (?, ?, ?, ?)",
        (call.seller, kind, name, to_json(document)),
    )


def _remove(call: Call, kind: str, name: str) -> None:
    call.world.database.execute(
        "DELETE FROM listing_extra WHERE seller = ? AND kind = ? AND name = ?",
        (call.seller, kind, name),
    )


def get_compatibility(call: Call) -> Reply:
    """getProductCompatibility; 404 when none was put."""
    sku = items.find(call, call.params["sku"]).sku
    found = _load(call, _COMPATIBILITY, sku)
    if found is None:
        raise refusal(25710, sku, status=404)
    return reply_json({**found, "sku": sku})


def put_compatibility(call: Call) -> Reply:
    """createOrReplaceProductCompatibility: 201 new, 204 replaced."""
    item = items.find(call, call.params["sku"])
    shape = {"compatibleProducts": Many(Whatever(), _MOST_PRODUCTS)}
    known = _load(call, _COMPATIBILITY, item.sku) is not None
    given = read(call.json_object(), shape, "")
    _save(call, _COMPATIBILITY, item.sku, given)
    return no_content() if known else reply_json({}, 201)


def delete_compatibility(call: Call) -> Reply:
    """deleteProductCompatibility."""
    sku = items.find(call, call.params["sku"]).sku
    if _load(call, _COMPATIBILITY, sku) is None:
        raise refusal(25710, sku, status=404)
    _remove(call, _COMPATIBILITY, sku)
    return no_content()


def _mapping_name(call: Call) -> str:
    """The pair in the path. Raises EbayError 25904 or 25905."""
    db = call.world.database
    try:
        listing = listings.get(db, call.params["listingId"], call.seller)
    except listings.NoSuchListing as error:
        raise refusal(25904, str(error)) from error
    sku = call.params["sku"]
    if not any(unit.sku == sku for unit in listings.units(db, listing.item_id)):
        raise refusal(25905, sku)
    return f"{listing.item_id}/{sku}"


def get_mapping(call: Call) -> Reply:
    """getSkuLocationMapping; 404 when the SKU is mapped to none."""
    found = _load(call, _MAPPING, _mapping_name(call))
    if found is None:
        raise refusal(25710, status=404)
    return reply_json(found)


def put_mapping(call: Call) -> Reply:
    """createOrReplaceSkuLocationMapping: fulfillment centers only. 204."""
    name = _mapping_name(call)
    shape = {"locations": Many({"merchantLocationKey": Text(36)})}
    given = read(call.json_object(), shape, "")
    keys = [one.get("merchantLocationKey", "") for one in given.get("locations", [])]
    if not keys:
        raise refusal(25901)
    if len(set(keys)) != len(keys):
        raise refusal(25902)
    for key in keys:
        if locations.document_of(call.world.database, call.seller, key) is None:
            raise refusal(25900, key)
        if not locations.is_center(call.world.database, call.seller, key):
            raise refusal(25906, key)
    _save(call, _MAPPING, name, given)
    return no_content()


def delete_mapping(call: Call) -> Reply:
    """deleteSkuLocationMapping."""
    name = _mapping_name(call)
    if _load(call, _MAPPING, name) is None:
        raise refusal(25710, status=404)
    _remove(call, _MAPPING, name)
    return no_content()
