"""Which variation of a listing is meant: one identity for mirror, orders and stock.

A variation is known by its aspects. eBay's ``legacyVariationId`` stands on orders only,
never in a listing, and a SKU may be another one since the sale, or everybody's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

LONGEST_KEY = 200


class Row(Protocol):
    """One row of a listing, as the mirror keeps it."""

    sku: str
    variation_ref: str
    is_variation: bool


Found = TypeVar("Found", bound=Row)


def rows_meant(rows: Sequence[Found], sku: str, variation_ref: str) -> list[Found]:
    """Which of a listing's rows somebody means who names a SKU and a variation.

    Either may be ''. The aspects decide where a row has them, because they are what
    the buyer chose; a SKU may have moved to another variation since. A listing without
    variations is one thing, whatever its SKU is called by now. Several rows: what was
    named does not tell them apart.
    """
    exact = [
        row for row in rows if variation_ref and row.variation_ref == variation_ref
    ]
    if exact:
        return exact
    same_sku = [row for row in rows if sku and (row.sku or "") == sku]
    if same_sku:
        return same_sku
    if variation_ref or len(rows) > 1:
        return [row for row in rows if not row.is_variation and not row.variation_ref]
    return list(rows)


def variation_key(aspects: Iterable[Sequence[str]]) -> str:
    """One text for a set of aspects, whatever their order, case and spaces.

    ``colour=red|size=m``; '' without aspects. A very long one ends in its digest, so
    that two of them never become the same.
    """
    pairs = sorted(
        (_plain(name), _plain(value)) for name, value in aspects if name and value
    )
    key = "|".join(f"{name}={value}" for name, value in pairs)
    if len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    return f"{key[: LONGEST_KEY - 17]}#{digest}"


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).replace("|", "/").replace("=", ":")
