"""Which listings an eBay order takes how many units from: all that stock must know.

Far more lenient than the mapping of an order: an order that cannot be built, for
whatever reason, has taken goods from the shelf all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..listings.variation import variation_key
from ..values.reader import Node, Reading
from .line import MOST_LINES, MOST_UNITS


@dataclass(frozen=True, slots=True)
class SoldUnits:
    """So many units of one listing or variation; '' where eBay does not say.

    ``ordered_at`` is aware UTC, None when it cannot be read. ``line_ref`` is eBay's
    number of the line.
    """

    listing_ref: str
    sku: str
    variation_ref: str
    quantity: int
    ordered_at: datetime | None = None
    line_ref: str = ""


def sold_units(document: Mapping[str, Any]) -> list[SoldUnits]:
    """What an order document sells, line by line; unreadable lines are left out."""
    order = Node(dict(document), "$", Reading())
    ordered_at = order.timestamp("creationDate")
    found = []
    for line in order.children("lineItems", MOST_LINES):
        quantity = line.whole_number("quantity")
        listing_ref, sku = line.identifier("legacyItemId"), line.identifier("sku")
        if not quantity or not (listing_ref or sku):
            continue
        aspects = [
            (pair.line("name") or "", pair.line("value") or "")
            for pair in line.children("variationAspects")
        ]
        found.append(
            SoldUnits(
                listing_ref or "",
                sku or "",
                variation_key(aspects),
                min(quantity, MOST_UNITS),
                ordered_at,
                line.identifier("lineItemId") or "",
            )
        )
    return found


def line_refs(document: Mapping[str, Any]) -> list[str]:
    """The numbers of a document's lines; they outlive the order's own number."""
    lines = Node(dict(document), "$", Reading()).children("lineItems", MOST_LINES)
    refs = (line.identifier("lineItemId") for line in lines)
    return [ref for ref in refs if ref]
