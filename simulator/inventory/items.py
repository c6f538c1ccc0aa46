"""Inventory items: single calls and bulkGet. A PUT replaces everything."""

from __future__ import annotations

from typing import Any

from ..calls import Call, Reply, no_content, reply_json
from ..reference.marketplaces import MARKETPLACES
from . import publishing, rows
from .paging import page_of
from .refusals import refusal, warning
from .shapes import ITEM, check_sku, read

_LARGEST_PAGE = 200
_LOCALES = {
    locale.replace("-", "_")
    for place in MARKETPLACES.values()
    for locale in place.locales
}


def locale_is_known(locale: Any) -> bool:
    """Whether ``locale`` is one of eBay's, in the form ``de_DE``."""
    return locale in _LOCALES


def replace(call: Call) -> Reply:
    """createOrReplaceInventoryItem: 201 new, 204 replaced, 200 with warnings."""
    sku = check_sku(call.params["sku"])
    locale = call.headers["content-language"].split(",")[0].replace("-", "_")
    with rows.all_or_nothing(call.world.database):
        status, warnings = put_item(call, sku, locale, call.json_object())
    if status == 201:
        return reply_json({"warnings": warnings} if warnings else {}, 201)
    return reply_json({"warnings": warnings}) if warnings else no_content()


def put_item(
    call: Call, sku: str, locale: str, given: dict[str, Any]
) -> tuple[int, list[dict[str, Any]]]:
    """Store an item and carry it into its live listings: (201 or 204, warnings)."""
    db = call.world.database
    document = read(given, ITEM, "")
    warnings = _tidy(document)
    ship_to = document.get("availability", {}).get("shipToLocationAvailability", {})
    quantity = ship_to.pop("quantity", None)
    known = rows.item(db, call.seller, sku) is not None
    rows.save_item(db, call.seller, rows.Item(sku, locale, quantity, document))
    for item_id in live_listings(call, sku):
        publishing.revise(call.world, item_id)
    return (204 if known else 201), warnings


def live_listings(call: Call, sku: str) -> list[str]:
    """Item ids of the listings that show this SKU now."""
    offers = rows.offers_of_sku(call.world.database, call.seller, sku)
    return [offer.item_id for offer in offers if offer.item_id]


def _tidy(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Check pictures; drop what does not apply and say so."""
    for url in document.get("product", {}).get("imageUrls", []):
        if not url.startswith("https://"):
            raise refusal(25015, f"{url[:80]} is no HTTPS address.")
    is_new = document.get("condition") == "NEW"
    if is_new and document.pop("conditionDescription", None) is not None:
        return [warning(25401, "conditionDescription does not apply to new items.")]
    return []


def shown(call: Call, item: rows.Item) -> dict[str, Any]:
    """An item as the GET calls return it."""
    document = {**item.document, "sku": item.sku, "locale": item.locale}
    stored = document.get("availability", {})
    if item.quantity is not None or stored:
        ship_to = dict(stored.get("shipToLocationAvailability", {}))
        if item.quantity is not None:
            ship_to["quantity"] = item.quantity
            ship_to["allocationByFormat"] = {
                "auction": 0,
                "fixedPrice": item.quantity,
            }
        document["availability"] = {**stored, "shipToLocationAvailability": ship_to}
    key = rows.group_key_of(call.world.database, call.seller, item.sku)
    if key:
        document["inventoryItemGroupKeys"] = [key]
        document["groupIds"] = [key]
    return document


def find(call: Call, sku: str) -> rows.Item:
    """The seller's item. Raises EbayError 404/25710."""
    item = rows.item(call.world.database, call.seller, sku)
    if item is None:
        raise refusal(25710, sku, status=404)
    return item


def get(call: Call) -> Reply:
    """getInventoryItem."""
    return reply_json(shown(call, find(call, call.params["sku"])))


def get_page(call: Call) -> Reply:
    """getInventoryItems. ``offset`` is a page number; ``size`` counts the pages."""
    page = page_of(call, default=25, largest=_LARGEST_PAGE)
    db = call.world.database
    total = rows.count_items(db, call.seller)
    found = rows.items_page(db, call.seller, page.limit, page.rows_to_skip)
    answer = page.links(call, "/inventory_item", total, by_page=True)
    answer["size"] = -(-total // page.limit)
    answer["inventoryItems"] = [shown(call, item) for item in found]
    return reply_json(answer)


def delete(call: Call) -> Reply:
    """deleteInventoryItem: its offers go, single listings end, groups lose the SKU."""
    db = call.world.database
    item = find(call, call.params["sku"])
    with rows.all_or_nothing(db):
        for offer in rows.offers_of_sku(db, call.seller, item.sku):
            publishing.drop_unit(call.world, offer)
        rows.delete_item(db, call.seller, item.sku)
    return no_content()
