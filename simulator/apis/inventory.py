"""Inventory API v1: items, offers, groups, locations. Source: sell_inventory_v1.

The handlers are in ``simulator/inventory/``, the listings in ``simulator/listings/``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..calls import Api, Call, Operation, Quota, Reply
from ..inventory import (
    bulk,
    extras,
    groups,
    items,
    locations,
    migration,
    offers,
)
from ..inventory.refusals import refusal
from ..listings import drift, load, policies
from ..listings.schema import SCHEMA
from ..seed import OTHER_SELLER, SELLER
from ..world import World

_WRITE = ("sell.inventory",)
_READ = ("sell.inventory", "sell.inventory.readonly")
_Handler = Callable[[Call], Reply]


def _with_languages(handler: _Handler, content: bool) -> _Handler:
    """Check Accept-Language, and Content-Language where the call needs it.

    What was created or replaced comes back with the language it is in.

    Accept-Language is documented as optional; live calls without one, or with ``*``,
    are refused with 25709.
    """

    def checked(call: Call) -> Reply:
        _check_language(call, "Accept-Language")
        if content:
            _check_language(call, "Content-Language")
        reply = handler(call)
        if content and reply.status in (200, 201):
            reply.headers["Content-Language"] = call.headers["Content-Language"]
        return reply

    return checked


def _check_language(call: Call, header: str) -> None:
    locale = call.headers.get(header, "").split(",")[0].split(";")[0].strip()
    if not items.locale_is_known(locale.replace("-", "_")):
        raise refusal(
            25709,
            f"Invalid value for header {header}.",
            parameters={"fieldName": f"header {header}", "additionalInfo": locale},
        )


def _read(path: str, name: str, handler: _Handler) -> Operation:
    return Operation("GET", path, name, _with_languages(handler, False), scopes=_READ)


def _write(
    method: str, path: str, name: str, handler: _Handler, content: bool = False
) -> Operation:
    checked = _with_languages(handler, content)
    return Operation(method, path, name, checked, scopes=_WRITE)


def _post_to_read(path: str, name: str, handler: _Handler) -> Operation:
    checked = _with_languages(handler, False)
    return Operation("POST", path, name, checked, scopes=_READ)


def _setup(world: World) -> None:
    """Every start: the tables of all listing-side APIs, and the fault they know."""
    world.database.executescript(SCHEMA)
    drift.listen(world)


def _seed(world: World) -> None:
    """A fresh state: two sellers who can sell, the first with a catalogue."""
    count = world.settings.catalogue
    load.load_generated(world, SELLER, count, world.settings.seed)
    for seller in (SELLER, OTHER_SELLER):
        load.ensure_location(world.database, seller)
        policies.ensure_defaults(world, seller, "EBAY_DE")


_ITEM = "/inventory_item/{sku}"
_COMPATIBILITY = f"{_ITEM}/product_compatibility"
_GROUP = "/inventory_item_group/{inventoryItemGroupKey}"
_OFFER = "/offer/{offerId}"
_LOCATION = "/location/{merchantLocationKey}"
_MAPPING = "/listing/{listingId}/sku/{sku}/locations"

_OPERATIONS: list[Any] = [
    _write(
        "POST",
        "/bulk_create_or_replace_inventory_item",
        "bulkCreateOrReplaceInventoryItem",
        bulk.replace_items,
        content=True,
    ),
    _post_to_read("/bulk_get_inventory_item", "bulkGetInventoryItem", bulk.get_items),
    _write(
        "POST",
        "/bulk_update_price_quantity",
        "bulkUpdatePriceQuantity",
        bulk.update_price_quantity,
    ),
    _write("POST", "/bulk_migrate_listing", "bulkMigrateListing", migration.migrate),
    _write(
        "POST",
        "/bulk_create_offer",
        "bulkCreateOffer",
        bulk.create_offers,
        content=True,
    ),
    _write("POST", "/bulk_publish_offer", "bulkPublishOffer", bulk.publish_offers),
    _read("/inventory_item", "getInventoryItems", items.get_page),
    _read(_ITEM, "getInventoryItem", items.get),
    _write("PUT", _ITEM, "createOrReplaceInventoryItem", items.replace, content=True),
    _write("DELETE", _ITEM, "deleteInventoryItem", items.delete),
    _read(_COMPATIBILITY, "getProductCompatibility", extras.get_compatibility),
    _write(
        "PUT",
        _COMPATIBILITY,
        "createOrReplaceProductCompatibility",
        extras.put_compatibility,
        content=True,
    ),
    _write(
        "DELETE",
        _COMPATIBILITY,
        "deleteProductCompatibility",
        extras.delete_compatibility,
    ),
    _read(_GROUP, "getInventoryItemGroup", groups.get),
    _write(
        "PUT", _GROUP, "createOrReplaceInventoryItemGroup", groups.replace, content=True
    ),
    _write("DELETE", _GROUP, "deleteInventoryItemGroup", groups.delete),
    _read("/offer", "getOffers", offers.get_page),
    _write("POST", "/offer", "createOffer", offers.create, content=True),
    _post_to_read("/offer/get_listing_fees", "getListingFees", offers.listing_fees),
    _write(
        "POST",
        "/offer/publish_by_inventory_item_group",
        "publishOfferByInventoryItemGroup",
        groups.publish,
    ),
    _write(
        "POST",
        "/offer/withdraw_by_inventory_item_group",
        "withdrawOfferByInventoryItemGroup",
        groups.withdraw,
    ),
    _read(_OFFER, "getOffer", offers.get),
    _write("PUT", _OFFER, "updateOffer", offers.update, content=True),
    _write("DELETE", _OFFER, "deleteOffer", offers.delete),
    _write("POST", f"{_OFFER}/publish", "publishOffer", offers.publish),
    _write("POST", f"{_OFFER}/withdraw", "withdrawOffer", offers.withdraw),
    _read(_MAPPING, "getSkuLocationMapping", extras.get_mapping),
    _write("PUT", _MAPPING, "createOrReplaceSkuLocationMapping", extras.put_mapping),
    _write("DELETE", _MAPPING, "deleteSkuLocationMapping", extras.delete_mapping),
    _read("/location", "getInventoryLocations", locations.get_all),
    _read(_LOCATION, "getInventoryLocation", locations.get),
    _write("POST", _LOCATION, "createInventoryLocation", locations.create),
    _write("DELETE", _LOCATION, "deleteInventoryLocation", locations.delete),
    _write("POST", f"{_LOCATION}/enable", "enableInventoryLocation", locations.enable),
    _write(
        "POST", f"{_LOCATION}/disable", "disableInventoryLocation", locations.disable
    ),
    _write(
        "POST",
        f"{_LOCATION}/update_location_details",
        "updateInventoryLocation",
        locations.update,
    ),
]

API = Api(
    name="sell.inventory",
    prefix="/sell/inventory/v1",
    quota=Quota("sell", "Inventory", "sell.inventory", 2_000_000),
    operations=_OPERATIONS,
    setup=_setup,
    seed=_seed,
)
