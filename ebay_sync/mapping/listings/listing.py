"""Listings as eBay tells them -> what is known of each sellable thing.

No source tells all: a report has no titles, a list no item specifics. So a mapping
gives ``facts`` with only what its source said, and what is missing stays as it was.
Source: Trading's ItemType (GetMyeBaySelling, GetSellerList, GetSellerEvents, GetItem);
the active inventory report: ``report.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ..values.errors import MappingError, Note
from ..values.gtin import clean_gtin
from ..values.money import parse_decimal
from ..values.reader import Node, Reading
from ..values.text import TITLE
from .variation import variation_key

MOST_VARIATIONS = 1000
MOST_ITEMS = 10_000
MOST_PICTURES = 24
MOST_SPECIFICS = 100
LONGEST_URL = 500
LONGEST_SPECIFIC = 255
LARGEST_QUANTITY = 10**9

ACTIVE = "ACTIVE"
OUT_OF_STOCK = "OUT_OF_STOCK"
ENDED = "ENDED"
FIXED_PRICE = "FIXED_PRICE"
AUCTION = "AUCTION"
# Trading's ListingStatus in the words of the Inventory API.
_STATES = {"active": ACTIVE, "completed": ENDED, "ended": ENDED}
_FORMATS = {
    "FixedPriceItem": FIXED_PRICE,
    "StoresFixedPrice": FIXED_PRICE,
    "Chinese": AUCTION,
    "Auction": AUCTION,
}
# Trading's Site -> marketplace id.
_SITES = {
    "US": "EBAY_US",
    "eBayMotors": "EBAY_MOTORS_US",
    "Canada": "EBAY_CA",
    "CanadaFrench": "EBAY_CA",
    "UK": "EBAY_GB",
    "Australia": "EBAY_AU",
    "Austria": "EBAY_AT",
    "Belgium_French": "EBAY_BE",
    "Belgium_Dutch": "EBAY_BE",
    "France": "EBAY_FR",
    "Germany": "EBAY_DE",
    "Italy": "EBAY_IT",
    "Netherlands": "EBAY_NL",
    "Spain": "EBAY_ES",
    "Switzerland": "EBAY_CH",
    "Ireland": "EBAY_IE",
    "Poland": "EBAY_PL",
    "HongKong": "EBAY_HK",
    "Singapore": "EBAY_SG",
    "Malaysia": "EBAY_MY",
    "Philippines": "EBAY_PH",
    "Taiwan": "EBAY_TW",
}
# Trading's ConditionID in the words of the Inventory API.
_CONDITIONS = {
    "1000": "NEW",
    "1500": "NEW_OTHER",
    "1750": "NEW_WITH_DEFECTS",
    "2000": "CERTIFIED_REFURBISHED",
    "2010": "EXCELLENT_REFURBISHED",
    "2020": "VERY_GOOD_REFURBISHED",
    "2030": "GOOD_REFURBISHED",
    "2500": "SELLER_REFURBISHED",
    "2750": "LIKE_NEW",
    "2990": "PRE_OWNED_EXCELLENT",
    "3000": "USED_EXCELLENT",
    "3010": "PRE_OWNED_FAIR",
    "4000": "USED_VERY_GOOD",
    "5000": "USED_GOOD",
    "6000": "USED_ACCEPTABLE",
    "7000": "FOR_PARTS_OR_NOT_WORKING",
}
_KILOGRAMS = {
    "kg": Decimal(1),
    "gr": Decimal("0.001"),
    "g": Decimal("0.001"),
    "lbs": Decimal("0.45359237"),
    "lb": Decimal("0.45359237"),
    "oz": Decimal("0.028349523125"),
}

# What of an item the lists are asked for, and what of a single one (OutputSelector).
LIST_FIELDS = (
    "ItemID",
    "SKU",
    "Title",
    "ListingType",
    "Quantity",
    "QuantityAvailable",
    "QuantitySold",
    "ListingStatus",
    "CurrentPrice",
    "EndTime",
    "GalleryURL",
    "Variation",
)
FULL_FIELDS = (
    *LIST_FIELDS,
    "Site",
    "PrimaryCategory",
    "ConditionID",
    "PictureURL",
    "ItemSpecifics",
    "ProductListingDetails",
    "ShippingPackageDetails",
)

Facts = dict[str, Any]
"""Field of ``ebay.listing`` (codes instead of records) -> value, None for "nothing"."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that a buyer can choose: the whole listing, or one variation."""

    sku: str
    variation_ref: str
    facts: Facts = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One listing as one answer shows it.

    ``complete`` says that all variations are among the units: one that is not there
    has been removed. Only GetItem is: lists may leave out variations "without activity"
    (Trading user guide, "Manage variations"). ``nameless`` says that there are others
    which the source cannot tell apart.
    """

    listing_ref: str
    units: tuple[Unit, ...]
    complete: bool = False
    nameless: bool = False

    @property
    def over(self) -> bool:
        """Whether the listing has ended, with all its variations."""
        return any(unit.facts.get("state") == ENDED for unit in self.units)

    @property
    def varies(self) -> bool:
        """Whether one of its variations is named."""
        return any(
            unit.variation_ref or unit.facts.get("is_variation") for unit in self.units
        )


# -- Trading -------------------------------------------------------------------


def map_active_page(answer: Mapping[str, Any]) -> tuple[list[Snapshot], list[Note]]:
    """The listings of a page of GetMyeBaySelling; all of them are active."""
    active = answer.get("ActiveList")
    return map_items(active if isinstance(active, dict) else {}, ACTIVE)


def active_total(answer: Mapping[str, Any]) -> tuple[int, int]:
    """How many active listings and pages GetMyeBaySelling says there are."""
    active = answer.get("ActiveList")
    if not isinstance(active, dict) or not active:
        return 0, 0
    node = Node(active, "$.ActiveList", Reading()).child("PaginationResult")
    entries = whole(node.line("TotalNumberOfEntries"))
    number = whole(node.line("TotalNumberOfPages"))
    if entries is None or number is None:
        raise MappingError(node.path, active.get("PaginationResult"), "no totals")
    return entries, number


def map_items(
    answer: Mapping[str, Any], state: str | None = None
) -> tuple[list[Snapshot], list[Note]]:
    """The listings of an ``ItemArray`` and notes on those that are no use.

    ``state`` is what is known of all of them where the answer does not say.
    """
    reading = Reading()
    node = Node(dict(answer), "$", reading).child("ItemArray")
    found: list[Snapshot] = []
    for item in node.children("Item", MOST_ITEMS):
        try:
            found.append(Snapshot(*_snapshot(item, state)))
        except MappingError as error:
            reading.note("unusable", error.path, error.value)
    return found, reading.notes


def map_item(answer: Mapping[str, Any]) -> Snapshot:
    """The listing of GetItem. Raises MappingError without an item id."""
    item = Node(dict(answer), "$", Reading()).child("Item")
    return Snapshot(*_snapshot(item, None), complete=True)


def _snapshot(item: Node, state: str | None) -> tuple[str, tuple[Unit, ...]]:
    listing_ref = item.required_identifier("ItemID")
    shared = _item_facts(item, state)
    variations = item.child("Variations").children("Variation", MOST_VARIATIONS)
    if not variations:
        facts = {**shared, **_unit_facts(item)}
        unit = Unit(_sku(item), "", settled(facts))
        return listing_ref, (unit,)
    units: dict[tuple[str, str], Unit] = {}
    for node in variations:
        aspects = _pairs(node.child("VariationSpecifics"))
        sku, key = _sku(node), variation_key(aspects)
        facts = {**shared, **_unit_facts(node), "variation_aspects": aspects}
        units.setdefault((sku, key), Unit(sku, key, settled(facts)))
    return listing_ref, tuple(units.values())


def _sku(node: Node) -> str:
    return node.identifier("SKU") or ""


def _item_facts(item: Node, state: str | None) -> Facts:
    """What all variations of an item have in common."""
    category = item.child("PrimaryCategory")
    status = item.child("SellingStatus").line("ListingStatus")
    facts: Facts = {
        "title": item.line("Title", TITLE),
        "state": _STATES.get((status or "").lower(), status or state),
        "format": _format(item.line("ListingType")),
        "marketplace": _SITES.get(item.line("Site") or ""),
        "condition": _CONDITIONS.get(item.line("ConditionID") or ""),
        "category_ref": category.identifier("CategoryID"),
        "category_path": _category_path(category.line("CategoryName", 1000)),
        "picture_urls": _pictures(item, "PictureURL"),
        "gallery_urls": _pictures(item, "GalleryURL"),
        "item_specifics": _specifics(item.child("ItemSpecifics")),
        "weight": _weight(item.child("ShippingPackageDetails")),
        "barcode": _barcode(item.child("ProductListingDetails")),
    }
    if facts["state"] == ENDED:
        facts["ended_at"] = item.child("ListingDetails").timestamp("EndTime")
    return {name: value for name, value in facts.items() if value is not None}


def _unit_facts(node: Node) -> Facts:
    """Price, quantity and barcode of an item or of one of its variations."""
    facts: Facts = {}
    price = _price(node)
    if price:
        facts["price"], facts["currency"] = price
    quantity = _available(node)
    if quantity is not None:
        facts["quantity"] = quantity
    barcode = _barcode(node.child("VariationProductListingDetails"))
    if barcode:
        facts["barcode"] = barcode
    return facts


def _price(node: Node) -> tuple[Decimal, str] | None:
    selling = node.child("SellingStatus")
    for holder, name in (
        (selling, "CurrentPrice"),
        (node, "StartPrice"),
        (node, "BuyItNowPrice"),
    ):
        amount = holder.child(name)
        currency = amount.line("currencyID") if amount else None
        try:
            value = parse_decimal(amount.data.get("value"))
        except ValueError:
            continue
        if currency:
            return value, currency
    return None


def _available(node: Node) -> int | None:
    """What a buyer can buy: lists say so, elsewhere it is the listed less the sold."""
    available = whole(node.line("QuantityAvailable"))
    if available is not None:
        return available
    listed = whole(node.line("Quantity"))
    if listed is None:
        return None
    sold = whole(node.child("SellingStatus").line("QuantitySold"))
    return max(listed - (sold or 0), 0)


def settled(facts: Facts) -> Facts:
    """An active thing without stock is what the Inventory API calls OUT_OF_STOCK."""
    if facts.get("state") == ACTIVE and facts.get("quantity") == 0:
        facts["state"] = OUT_OF_STOCK
    return facts


def _format(listing_type: str | None) -> str | None:
    return _FORMATS.get(listing_type or "", listing_type)


def _category_path(name: str | None) -> str | None:
    """``A:B:C`` as ``A / B / C``."""
    if not name:
        return None
    return " / ".join(part.strip() for part in name.split(":") if part.strip()) or None


def _pictures(item: Node, key: str) -> list[str] | None:
    raw = item.child("PictureDetails").data.get(key)
    urls = raw if isinstance(raw, list) else [raw]
    return secure_urls(urls) or None


def secure_urls(urls: Iterable[object]) -> list[str]:
    """The https addresses among ``urls``, each once, at most 24."""
    found = [
        url
        for url in urls
        if isinstance(url, str)
        and url.startswith("https://")
        and len(url) <= LONGEST_URL
        and url.isascii()
        and url.isprintable()
    ]
    return list(dict.fromkeys(found))[:MOST_PICTURES]


def _specifics(node: Node) -> dict[str, list[str]] | None:
    found: dict[str, list[str]] = {}
    for entry in node.children("NameValueList", MOST_SPECIFICS):
        name = entry.line("Name", LONGEST_SPECIFIC)
        values = _values(entry)
        if name and values:
            found.setdefault(name, values)
    return found or None


def _pairs(node: Node) -> list[list[str]]:
    """The aspects that make a variation, each with its one value."""
    pairs = []
    for entry in node.children("NameValueList", MOST_SPECIFICS):
        name, values = entry.line("Name", LONGEST_SPECIFIC), _values(entry)
        if name and values:
            pairs.append([name, values[0]])
    return pairs


def _values(entry: Node) -> list[str]:
    raw = entry.data.get("Value")
    nodes = raw if isinstance(raw, list) else [raw]
    texts = (
        Node({"value": value}, entry.path, entry.reading).line(
            "value", LONGEST_SPECIFIC
        )
        for value in nodes
    )
    return [text for text in texts if text]


def _barcode(details: Node) -> str | None:
    for name in ("EAN", "UPC", "ISBN"):
        code = clean_gtin(details.data.get(name))
        if code:
            return code
    return None


def _weight(package: Node) -> Decimal | None:
    """Kilograms of WeightMajor and WeightMinor, or None."""
    total = Decimal(0)
    for name in ("WeightMajor", "WeightMinor"):
        weight = package.child(name)
        unit = _KILOGRAMS.get((weight.line("unit") or "").lower()) if weight else None
        try:
            total += parse_decimal(weight.data.get("value")) * (unit or 0)
        except ValueError:
            continue
    return total.quantize(Decimal("0.0001")) if total > 0 else None


def whole(text: str | None) -> int | None:
    """A number of pieces, at most a billion; None for what is none."""
    try:
        value = parse_decimal(text)
    except ValueError:
        return None
    return min(int(value), LARGEST_QUANTITY) if value >= 0 else None


# -- marketplaces ----------------------------------------------------------------


def guess_marketplace(
    currency: str | None, served: Iterable[tuple[str, str]]
) -> str | None:
    """The one marketplace of the seller with this currency, else None.

    ``served`` are the seller's marketplaces with their currencies.
    """
    fitting = [code for code, own in served if not currency or own == currency]
    return fitting[0] if len(fitting) == 1 else None
