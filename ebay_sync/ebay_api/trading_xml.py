"""XML of the Trading API, in and out, as plain dicts, lists and texts.

Out: a dict becomes elements in its order, a list repeats its element, and
``{"value": "9.90", "currencyID": "EUR"}`` becomes an element with an attribute.
In: the same forms come back; every value is text; elements that may repeat are always
lists.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as PlainTree

from .documents import Json, decimal_text
from .errors import InvalidArgument
from .xml_reader import Element

NAMESPACE = "{urn:ebay:apis:eBLBaseComponents}"
VERSION = "1423"
_ATTRIBUTES = ("currencyID", "unit", "measurementSystem")

# (element, child that may repeat): the child is always a list, even if none is there.
_LISTS = frozenset(
    {
        ("ItemArray", "Item"),
        ("OrderArray", "Order"),
        ("Variations", "Variation"),
        ("Variations", "Pictures"),
        ("Pictures", "VariationSpecificPictureSet"),
        ("ItemSpecifics", "NameValueList"),
        ("VariationSpecifics", "NameValueList"),
        ("VariationSpecificsSet", "NameValueList"),
        ("NameValueList", "Value"),
        ("PictureDetails", "PictureURL"),
        ("VariationSpecificPictureSet", "PictureURL"),
        ("ShippingDetails", "ShippingServiceOptions"),
        ("ShippingDetails", "InternationalShippingServiceOption"),
        ("InternationalShippingServiceOption", "ShipToLocation"),
        ("Item", "ShipToLocations"),
        ("ReviseInventoryStatusResponse", "InventoryStatus"),
        ("GeteBayDetailsResponse", "ShippingCarrierDetails"),
        ("GeteBayDetailsResponse", "ShippingServiceDetails"),
        ("GeteBayDetailsResponse", "SiteDetails"),
        ("GeteBayDetailsResponse", "ProductDetails"),
        ("ShippingServiceDetails", "ShippingPackage"),
        ("ShippingServiceDetails", "ServiceType"),
    }
)
_ALWAYS_THERE = {"ItemArray": ("Item",), "Variations": ("Variation",)}


@dataclass(frozen=True)
class InventoryStatus:
    """A new quantity and/or price for a listing or, with its SKU, for a variation.

    `quantity` is what is available from now on. `price` needs `currency`. What is None
    stays as it is at eBay.
    """

    item_id: str
    sku: str | None = None
    quantity: int | None = None
    price: Decimal | str | None = None
    currency: str = ""

    def fields(self) -> Json:
        """The element's content; `InvalidArgument` for what eBay would misread."""
        if not self.item_id.isdigit():
            raise InvalidArgument(f"Not an item id: {self.item_id[:40]!r}")
        if self.quantity is None and self.price is None:
            raise InvalidArgument("Neither a quantity nor a price is given")
        if self.quantity is not None and self.quantity < 0:
            raise InvalidArgument(f"A quantity cannot be negative: {self.quantity}")
        content: Json = {"ItemID": self.item_id}
        if self.sku:
            content["SKU"] = self.sku
        if self.price is not None:
            if not self.currency:
                raise InvalidArgument("A price needs its currency")
            content["StartPrice"] = {
                "value": decimal_text(self.price),
                "currencyID": self.currency,
            }
        if self.quantity is not None:
            content["Quantity"] = self.quantity
        return content


def build_request(call: str, fields: Json) -> bytes:
    """The body of a Trading call; `fields` in the order of eBay's schema."""
    root = PlainTree.Element(f"{call}Request", {"xmlns": NAMESPACE[1:-1]})
    _fill(root, fields)
    return PlainTree.tostring(root, encoding="utf-8", xml_declaration=True)


def build_bulk(call: str, entries: Iterable[Json], site_id: int) -> bytes:
    """The file of a feed upload: one request per entry, numbered by MessageID so that
    the result file can be matched."""
    root = PlainTree.Element("BulkDataExchangeRequests")
    header = PlainTree.SubElement(root, "Header")
    _fill(header, {"SiteID": site_id, "Version": VERSION})
    for number, entry in enumerate(entries):
        request = PlainTree.SubElement(
            root, f"{call}Request", {"xmlns": NAMESPACE[1:-1]}
        )
        _fill(request, {"MessageID": str(number), "Version": VERSION, **entry})
    return PlainTree.tostring(root, encoding="utf-8", xml_declaration=True)


def plain(element: Element) -> Any:
    """An element as text or dict; attributes stand beside the text under `value`."""
    return _plain(element, local_name(element))


def _plain(element: Element, name: str) -> Any:
    result: Json = {child: [] for child in _ALWAYS_THERE.get(name, ())}
    for child in element:
        child_name = local_name(child)
        _add(result, name, child_name, _plain(child, child_name))
    given = dict(element.items())
    attributes = {key: given[key] for key in _ATTRIBUTES if key in given}
    if result and not attributes:
        return result
    text = (element.text or "").strip()
    return {"value": text, **attributes, **result} if attributes else text


def local_name(element: Element) -> str:
    """An element's name without eBay's namespace."""
    return element.tag.removeprefix(NAMESPACE)


def _add(result: Json, parent: str, name: str, value: Any) -> None:
    if (parent, name) in _LISTS:
        result.setdefault(name, []).append(value)
    elif name not in result:
        result[name] = value
    elif isinstance(result[name], list):
        result[name].append(value)
    else:
        result[name] = [result[name], value]


def _fill(element: PlainTree.Element, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        for entry in value if isinstance(value, list | tuple) else [value]:
            if entry is None:
                continue
            child = PlainTree.SubElement(element, name)
            if isinstance(entry, dict) and "value" in entry:
                for key in _ATTRIBUTES:
                    if key in entry:
                        child.set(key, str(entry[key]))
                child.text = _text(entry["value"])
            elif isinstance(entry, dict):
                _fill(child, entry)
            else:
                child.text = _text(entry)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return decimal_text(value)
    if not isinstance(value, str):
        raise InvalidArgument(f"{type(value).__name__} has no place in a Trading call")
    if any(ord(c) < 32 and c not in "\t\n\r" or c in "\ufffe\uffff" for c in value):
        raise InvalidArgument("A text holds characters that XML cannot carry")
    return value
