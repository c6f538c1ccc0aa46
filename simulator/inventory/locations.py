"""Inventory locations: warehouses, stores and fulfillment centers of a seller."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from ..calls import Call, Reply, no_content, reply_json
from ..listings.records import to_json
from .paging import page_of
from .refusals import refusal
from .shapes import Many, Number, Text, Whatever, read

_ADDRESS = {
    "addressLine1": Text(128),
    "addressLine2": Text(128),
    "city": Text(128),
    "country": Text(2),
    "county": Text(),
    "postalCode": Text(16),
    "stateOrProvince": Text(128),
}
_DETAILS: dict[str, Any] = {
    "location": {
        "address": _ADDRESS,
        "geoCoordinates": {
            "latitude": Number(fraction=True),
            "longitude": Number(fraction=True),
        },
    },
    "locationAdditionalInformation": Text(256),
    "locationInstructions": Text(1_000),
    "locationTypes": Many(Text(allowed=("STORE", "WAREHOUSE", "FULFILLMENT_CENTER"))),
    "locationWebUrl": Text(512),
    "name": Text(1_000),
    "operatingHours": Many(Whatever()),
    "phone": Text(36),
    "specialHours": Many(Whatever()),
    "timeZoneId": Text(),
    "fulfillmentCenterSpecifications": Whatever(),
}
_NEW = {
    **_DETAILS,
    "merchantLocationStatus": Text(allowed=("ENABLED", "DISABLED")),
}
_CENTER = "FULFILLMENT_CENTER"


def document_of(db: sqlite3.Connection, seller: str, key: str) -> dict[str, Any] | None:
    """The stored location, or None."""
    row = db.execute(
        "SELECT document FROM inventory_location WHERE seller = ? AND location_key = ?",
        (seller, key),
    ).fetchone()
    return json.loads(row[0]) if row else None


def is_enabled(db: sqlite3.Connection, seller: str, key: str) -> bool:
    """Whether offers may name this location."""
    document = document_of(db, seller, key)
    return bool(document) and document["merchantLocationStatus"] == "ENABLED"


def is_center(db: sqlite3.Connection, seller: str, key: str) -> bool:
    """Whether the location is a fulfillment center."""
    document = document_of(db, seller, key)
    return bool(document) and _CENTER in document["locationTypes"]


def create(call: Call) -> Reply:
    """createInventoryLocation: 204; 400/25803 when the key exists."""
    key = call.params["merchantLocationKey"]
    if len(key) > 36:
        raise refusal(25800, "merchantLocationKey has more than 36 characters.")
    if document_of(call.world.database, call.seller, key) is not None:
        raise refusal(25803, key, parameters={"fieldName": "merchantLocationKey"})
    given = {
        "locationTypes": ["WAREHOUSE"],
        "merchantLocationStatus": "ENABLED",
        **read(call.json_object(), _NEW, ""),
    }
    _check_address(given)
    _save(call, key, given)
    return no_content()


def _check_address(given: dict[str, Any]) -> None:
    address = given.get("location", {}).get("address")
    if not address:
        raise refusal(25801, "location.address", parameters={"fieldName": "address"})
    wanted = [["country", "postalCode"], ["country", "city", "stateOrProvince"]]
    if given["locationTypes"] != ["WAREHOUSE"]:
        wanted = [["addressLine1", "city", "postalCode", "country"]]
    if not any(all(address.get(name) for name in names) for names in wanted):
        raise refusal(25802, f"The address needs {' or '.join(map(str, wanted))}.")


def _save(call: Call, key: str, document: dict[str, Any]) -> None:
    call.world.database.execute(
        "INSERT OR REPLACE INTO inventory_location (seller, location_key, document)"
        " VALUES (?, ?, ?)",
        (call.seller, key, to_json(document)),
    )


def _found(call: Call) -> tuple[str, dict[str, Any]]:
    key = call.params["merchantLocationKey"]
    document = document_of(call.world.database, call.seller, key)
    if document is None:
        raise refusal(
            25805, key, status=404, parameters={"fieldName": "merchantLocationKey"}
        )
    return key, document


def _shown(key: str, document: dict[str, Any]) -> dict[str, Any]:
    shown = {**document, "merchantLocationKey": key}
    if "location" in document:
        shown["location"] = {**document["location"], "locationId": f"LOC-{key}"}
    return shown


def get(call: Call) -> Reply:
    """getInventoryLocation."""
    return reply_json(_shown(*_found(call)))


def get_all(call: Call) -> Reply:
    """getInventoryLocations; ``offset`` counts rows here."""
    page = page_of(call, default=100, largest=100, error_id=25802)
    db = call.world.database
    total = db.execute(
        "SELECT COUNT(*) FROM inventory_location WHERE seller = ?", (call.seller,)
    ).fetchone()[0]
    rows = db.execute(
        "SELECT location_key, document FROM inventory_location WHERE seller = ?"
        " ORDER BY location_key LIMIT ? OFFSET ?",
        (call.seller, page.limit, page.offset),
    )
    answer = page.links(call, "/location", total, by_page=False)
    answer["offset"] = page.offset
    answer["locations"] = [_shown(key, json.loads(text)) for key, text in rows]
    return reply_json(answer)


def update(call: Call) -> Reply:
    """updateInventoryLocation: the fields sent replace the stored ones."""
    key, document = _found(call)
    given = read(call.json_object(), _DETAILS, "")
    was_center = _CENTER in document["locationTypes"]
    if was_center and given.get("location", document.get("location")) != document.get(
        "location"
    ):
        raise refusal(25802, "The address of a fulfillment center is fixed.")
    _save(call, key, {**document, **given})
    return no_content()


def delete(call: Call) -> Reply:
    """deleteInventoryLocation; 25806 for a fulfillment center."""
    key, document = _found(call)
    if _CENTER in document["locationTypes"]:
        raise refusal(25806)
    call.world.database.execute(
        "DELETE FROM inventory_location WHERE seller = ? AND location_key = ?",
        (call.seller, key),
    )
    return no_content()


def enable(call: Call) -> Reply:
    """enableInventoryLocation: 200 with an empty object."""
    return _switch(call, "ENABLED")


def disable(call: Call) -> Reply:
    """disableInventoryLocation: 200 with an empty object."""
    return _switch(call, "DISABLED")


def _switch(call: Call, status: str) -> Reply:
    key, document = _found(call)
    _save(call, key, {**document, "merchantLocationStatus": status})
    return reply_json({})
