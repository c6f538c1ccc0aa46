"""The Inventory API's items and offers -> what they add to the listings known.

An inventory item is seller-wide and may stand behind listings of several marketplaces;
only its offers say which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ..values.gtin import clean_gtin
from ..values.money import parse_decimal
from ..values.reader import Node, Reading
from ..values.text import TITLE, clean_line
from .listing import LONGEST_SPECIFIC, MOST_SPECIFICS, Facts, secure_urls

MOST_ITEMS = 1000
_KILOGRAMS = {
    "KILOGRAM": Decimal(1),
    "GRAM": Decimal("0.001"),
    "POUND": Decimal("0.45359237"),
    "OUNCE": Decimal("0.028349523125"),
}


@dataclass(frozen=True, slots=True)
class InventoryItem:
    """One SKU of the Inventory API, and what it says of its listings."""

    sku: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer: a SKU on a marketplace. ``listing_ref`` is None when unpublished."""

    offer_ref: str
    sku: str
    listing_ref: str | None
    facts: Facts = field(default_factory=dict)


def map_inventory_items(answer: Mapping[str, Any]) -> list[InventoryItem]:
    """The items of a page of getInventoryItems."""
    page = Node(dict(answer), "$", Reading())
    found = (_item(node) for node in page.children("inventoryItems", MOST_ITEMS))
    return [item for item in found if item is not None]


def map_known_skus(answer: Mapping[str, Any]) -> list[InventoryItem]:
    """The items that bulkGetInventoryItem knows; the unknown ones are left out."""
    page = Node(dict(answer), "$", Reading())
    found = []
    for entry in page.children("responses", MOST_ITEMS):
        item = entry.child("inventoryItem")
        sku = entry.identifier("sku")
        if item and sku:
            found.append(InventoryItem(sku, _facts(item)))
    return found


def map_offers(answer: Mapping[str, Any]) -> list[Offer]:
    """The offers of a page of getOffers."""
    page = Node(dict(answer), "$", Reading())
    found = (_offer(node) for node in page.children("offers", MOST_ITEMS))
    return [offer for offer in found if offer is not None]


def _item(node: Node) -> InventoryItem | None:
    sku = node.identifier("sku")
    return InventoryItem(sku, _facts(node)) if sku else None


def _facts(node: Node) -> Facts:
    product = node.child("product")
    groups = node.data.get("inventoryItemGroupKeys") or node.data.get("groupIds")
    facts: Facts = {
        "condition": node.enum("condition"),
        "group_ref": _first(groups),
        "barcode": _barcode(product),
        "picture_urls": secure_urls(_list(product.data.get("imageUrls"))) or None,
        "item_specifics": _specifics(product.child("aspects")),
        "weight": _weight(node.child("packageWeightAndSize").child("weight")),
        "item_title": product.line("title", TITLE),
    }
    return {name: value for name, value in facts.items() if value is not None}


def _offer(node: Node) -> Offer | None:
    offer_ref, sku = node.identifier("offerId"), node.identifier("sku")
    if not offer_ref or not sku:
        return None
    listing = node.child("listing")
    facts: Facts = {
        "marketplace": node.enum("marketplaceId"),
        "format": node.enum("format"),
        "category_ref": node.identifier("categoryId"),
    }
    return Offer(
        offer_ref,
        sku,
        listing.identifier("listingId"),
        {name: value for name, value in facts.items() if value is not None},
    )


def _list(value: object) -> list:
    return value if isinstance(value, list) else []


def _first(value: object) -> str | None:
    texts = [entry for entry in _list(value) if isinstance(entry, str) and entry]
    return texts[0] if texts else None


def _barcode(product: Node) -> str | None:
    for name in ("ean", "upc", "isbn"):
        for code in _list(product.data.get(name)):
            if gtin := clean_gtin(code):
                return gtin
    return None


def _specifics(aspects: Node) -> dict[str, list[str]] | None:
    found: dict[str, list[str]] = {}
    for raw_name, raw_values in list(aspects.data.items())[:MOST_SPECIFICS]:
        name, _remark = clean_line(str(raw_name), LONGEST_SPECIFIC)
        values = [
            clean_line(value, LONGEST_SPECIFIC)[0]
            for value in _list(raw_values)
            if isinstance(value, str)
        ]
        if name and any(values):
            found[name] = [value for value in values if value]
    return found or None


def _weight(weight: Node) -> Decimal | None:
    unit = _KILOGRAMS.get(weight.enum("unit") or "")
    try:
        value = parse_decimal(weight.data.get("value"))
    except ValueError:
        return None
    if unit is None or value <= 0:
        return None
    return (value * unit).quantize(Decimal("0.0001"))
