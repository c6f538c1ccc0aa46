"""A page of getOrders, taken apart into what can be stored.

Nothing is judged here: an order that cannot be mapped is stored all the same. Only what
has no order number cannot be, because nobody could find it again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..values.dates import parse_timestamp
from .document import document_hash

LONGEST_REF = 64


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One order as a page shows it. Times are UTC; None where eBay sends none."""

    order_ref: str
    document: dict[str, Any]
    digest: str
    created_at: datetime | None
    modified_at: datetime | None


def read_page(documents: Iterable[object]) -> tuple[list[Snapshot], int]:
    """The orders of a page, each number once (the newest counts), and how many were
    unreadable."""
    snapshots: dict[str, Snapshot] = {}
    unreadable = 0
    for document in documents:
        snapshot = _snapshot(document)
        if snapshot is None:
            unreadable += 1
            continue
        known = snapshots.get(snapshot.order_ref)
        if known is None or _is_newer(snapshot, known):
            snapshots[snapshot.order_ref] = snapshot
    return list(snapshots.values()), unreadable


def _snapshot(document: object) -> Snapshot | None:
    if not isinstance(document, dict):
        return None
    order_ref = document.get("orderId")
    if not isinstance(order_ref, str) or not order_ref.strip():
        return None
    order_ref = order_ref.strip()
    if len(order_ref) > LONGEST_REF or not order_ref.isprintable():
        return None
    try:
        digest = document_hash(document)
    except ValueError:
        return None
    return Snapshot(
        order_ref=order_ref,
        document=document,
        digest=digest,
        created_at=_moment(document.get("creationDate")),
        modified_at=_moment(document.get("lastModifiedDate")),
    )


def _is_newer(snapshot: Snapshot, known: Snapshot) -> bool:
    if snapshot.modified_at is None or known.modified_at is None:
        return known.modified_at is None
    return snapshot.modified_at >= known.modified_at


def _moment(text: object) -> datetime | None:
    try:
        return parse_timestamp(text) if isinstance(text, str) else None
    except ValueError:
        return None
