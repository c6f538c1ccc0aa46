"""The rows of the active inventory report -> what is known of each sellable thing.

Source: eBay's Merchant Data reference, "ActiveInventoryReport". It tells no titles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Protocol

from ..values.money import parse_decimal
from ..values.text import clean_line
from .listing import (
    ACTIVE,
    FIXED_PRICE,
    LONGEST_SPECIFIC,
    Facts,
    Snapshot,
    Unit,
    settled,
    whole,
)
from .variation import variation_key


class ReportRow(Protocol):
    """A row of the active inventory report (``ebay_api.feed_files.ReportRow``)."""

    item_id: str
    sku: str
    price: str
    currency: str
    quantity: str
    is_variation: bool
    aspects: Sequence[Sequence[str]]


def map_report(rows: Iterable[ReportRow]) -> Iterator[Snapshot]:
    """The listings of a report, one at a time; a listing's rows stand together.

    A variation is known by its SKU, else by its aspects. Those that have neither for
    themselves are left out, and their listing is ``nameless``.
    """
    for listing_ref, group in groupby(rows, lambda row: row.item_id):
        found = list(group)
        skus = Counter(row.sku for row in found)
        units: dict[tuple[str, str], Unit] = {}
        for row in found:
            alone = not row.is_variation or (row.sku and skus[row.sku] == 1)
            aspects = [] if alone else _told_aspects(row)
            key = variation_key(aspects)
            if alone or key:
                facts = _report_facts(row)
                if aspects:
                    facts["variation_aspects"] = aspects
                units.setdefault((row.sku, key), Unit(row.sku, key, facts))
        nameless = found[0].is_variation and len(units) < len(found)
        yield Snapshot(listing_ref, tuple(units.values()), nameless=nameless)


def _told_aspects(row: ReportRow) -> list[list[str]]:
    pairs = (
        [clean_line(text, LONGEST_SPECIFIC)[0] for text in pair] for pair in row.aspects
    )
    return [pair for pair in pairs if all(pair)]


def _report_facts(row: ReportRow) -> Facts:
    facts: Facts = {
        "state": ACTIVE,
        "is_variation": row.is_variation,
        "format": FIXED_PRICE,  # of which alone the report is ordered
    }
    try:
        facts["price"] = parse_decimal(row.price)
        facts["currency"] = row.currency or None
    except ValueError:
        facts.pop("price", None)
    quantity = whole(row.quantity)
    if quantity is not None:
        facts["quantity"] = quantity
    return settled(facts)
