"""LMS_ACTIVE_INVENTORY_REPORT: ids, SKUs, prices and quantities of all that is live.

Source: eBay's Merchant Data reference, "ActiveInventoryReport". No titles, no pictures;
a listing with variations carries them below itself.
"""

from __future__ import annotations

import gzip
import io
import itertools
import json
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from ..world import World

_NAMESPACE = "urn:ebay:apis:eBLBaseComponents"
_ROWS = (
    "SELECT listing.item_id, currency, sku, price, available, aspects"
    " FROM listing JOIN unit_now ON unit_now.item_id = listing.item_id"
    " WHERE seller = ? AND status = 'ACTIVE' AND format = COALESCE(?, format)"
    " ORDER BY listing.item_id, position"
)


def active_inventory(
    world: World, seller: str, listing_format: str | None = None
) -> tuple[bytes, int]:
    """The report's XML and how many listings it names.

    Listings made with either API are in it, of one format or of all.
    """
    rows = world.database.execute(_ROWS, (seller, listing_format))
    parts = [
        "<?xml version='1.0' encoding='UTF-8'?>"
        f'<BulkDataExchangeResponses xmlns="{_NAMESPACE}"><ActiveInventoryReport>'
        f"<Timestamp>{world.clock.text()}</Timestamp><Ack>Success</Ack>"
        "<Version>1</Version>"
    ]
    count = 0
    for _, units in itertools.groupby(rows, key=lambda row: row[0]):
        parts += _details(list(units))
        count += 1
    parts.append("</ActiveInventoryReport></BulkDataExchangeResponses>")
    return "".join(parts).encode(), count


def _details(units: list[Any]) -> Iterator[str]:
    item_id, currency, sku, price, _, aspects = units[0]
    varies = aspects != "{}"
    total = sum(unit[4] for unit in units)
    yield "<SKUDetails>"
    yield from _numbers(None if varies else sku, price, currency, total)
    yield f"<ItemID>{item_id}</ItemID>"
    if varies:
        yield "<Variations>"
        for _, _, own_sku, own_price, available, aspects in units:
            yield "<Variation>"
            yield from _numbers(own_sku, own_price, currency, available)
            yield from _specifics(aspects)
            yield "</Variation>"
        yield "</Variations>"
    yield "</SKUDetails>"


def _specifics(aspects: str) -> Iterator[str]:
    yield "<VariationSpecifics>"
    for name, value in json.loads(aspects).items():
        yield f"<NameValueList><Name>{escape(name)}</Name>"
        yield f"<Value>{escape(value)}</Value></NameValueList>"
    yield "</VariationSpecifics>"


def _numbers(
    sku: str | None, price: str, currency: str, quantity: int
) -> Iterator[str]:
    if sku is not None:
        yield f"<SKU>{escape(sku)}</SKU>"
    yield f'<Price currencyID="{currency}">{price}</Price>'
    yield f"<Quantity>{quantity}</Quantity>"


def packed(name: str, body: bytes, form: str) -> tuple[str, bytes]:
    """File name and content in the form wanted: ``zip``, ``gzip`` or ``none``."""
    if form == "gzip":
        return f"{name}.gz", gzip.compress(body, 1)
    if form == "zip":
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as one:
            one.writestr(name, body)
        return name.replace(".xml", ".zip"), target.getvalue()
    return name, body
