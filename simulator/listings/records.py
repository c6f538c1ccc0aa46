"""The rows of the listing tables as plain records, read and written."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from ..clock import from_text, to_text

to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""How documents are written into the tables; one encoder, made once."""

INVENTORY = "inventory"
TRADING = "trading"
ACTIVE = "ACTIVE"
ENDED = "ENDED"
FIXED_PRICE = "FIXED_PRICE"
AUCTION = "AUCTION"


@dataclass(frozen=True)
class Unit:
    """One thing a buyer can choose: the listing itself, or one variation of it."""

    item_id: str
    position: int
    variation_id: str | None
    offer_id: str | None
    sku: str | None
    ean: str | None
    price: Decimal
    available: int
    sold: int
    aspects: dict[str, str]


@dataclass(frozen=True)
class Listing:
    """One listing, ended or not. ``document`` holds what only a detail view shows.

    Its keys: ``description``, ``pictures``, ``aspects`` (name to list of values),
    ``brand``, ``mpn``, ``policies`` (payment, return, fulfillment ids), ``location``,
    ``postal_code``, ``country``, ``weight_grams``, ``immediate_pay``.
    """

    item_id: str
    seller: str
    model: str
    marketplace: str
    title: str
    category_id: str
    currency: str
    started_at: datetime
    modified_at: datetime
    format: str = FIXED_PRICE
    condition: str | None = None
    group_key: str | None = None
    status: str = ACTIVE
    ended_at: datetime | None = None
    ending_reason: str | None = None
    revised_on: str | None = None
    revisions: int = 0
    document: dict[str, Any] = field(default_factory=dict)


LISTING_COLUMNS = (
    "item_id, seller, model, marketplace, format, title, category_id, currency,"
    " condition, group_key, status, started_at, ended_at, ending_reason, modified_at,"
    " revised_on, revisions, document"
)
UNIT_COLUMNS = (
    "item_id, position, variation_id, offer_id, sku, ean, price, available, sold,"
    " aspects"
)


def listing_of(row: sqlite3.Row | tuple) -> Listing:
    """The record of a row selected with ``LISTING_COLUMNS``."""
    return Listing(
        item_id=row[0],
        seller=row[1],
        model=row[2],
        marketplace=row[3],
        format=row[4],
        title=row[5],
        category_id=row[6],
        currency=row[7],
        condition=row[8],
        group_key=row[9],
        status=row[10],
        started_at=from_text(row[11]),
        ended_at=from_text(row[12]) if row[12] else None,
        ending_reason=row[13],
        modified_at=from_text(row[14]),
        revised_on=row[15],
        revisions=row[16],
        document=json.loads(row[17]),
    )


def unit_of(row: sqlite3.Row | tuple) -> Unit:
    """The record of a row selected with ``UNIT_COLUMNS``."""
    return Unit(
        item_id=row[0],
        position=row[1],
        variation_id=row[2],
        offer_id=row[3],
        sku=row[4],
        ean=row[5],
        price=Decimal(row[6]),
        available=row[7],
        sold=row[8],
        aspects=json.loads(row[9]),
    )


def insert_listings(db: sqlite3.Connection, listings: Iterable[Listing]) -> None:
    """Write new listings."""
    db.executemany(
        f"INSERT INTO listing ({LISTING_COLUMNS}) VALUES ({_marks(18)})",
        (
            (
                one.item_id,
                one.seller,
                one.model,
                one.marketplace,
                one.format,
                one.title,
                one.category_id,
                one.currency,
                one.condition,
                one.group_key,
                one.status,
                to_text(one.started_at),
                to_text(one.ended_at) if one.ended_at else None,
                one.ending_reason,
                to_text(one.modified_at),
                one.revised_on,
                one.revisions,
                to_json(one.document),
            )
            for one in listings
        ),
    )


def insert_units(db: sqlite3.Connection, units: Iterable[Unit]) -> None:
    """Write the units of new listings."""
    db.executemany(
        f"INSERT INTO listing_unit ({UNIT_COLUMNS}) VALUES ({_marks(10)})",
        (
            (
                one.item_id,
                one.position,
                one.variation_id,
                one.offer_id,
                one.sku,
                one.ean,
                str(one.price),
                one.available,
                one.sold,
                to_json(one.aspects),
            )
            for one in units
        ),
    )


def _marks(count: int) -> str:
    return ", ".join("?" * count)
