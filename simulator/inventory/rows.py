"""Inventory items, offers and groups as stored, read and written."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ..listings.records import to_json

_OFFER = (
    "offer_id, seller, sku, marketplace, format, available, price, currency, item_id,"
    " last_item_id, document"
)


@dataclass
class Item:
    """An inventory item; ``document`` is what was put, without the quantity."""

    sku: str
    locale: str | None
    quantity: int | None
    document: dict[str, Any]

    @property
    def product(self) -> dict[str, Any]:
        """Title, aspects, pictures and so on."""
        return self.document.get("product", {})


@dataclass
class Offer:
    """An offer. ``item_id`` is its live listing, ``last_item_id`` its latest one."""

    offer_id: str
    seller: str
    sku: str
    marketplace: str
    format: str
    available: int | None
    price: str | None
    currency: str | None
    item_id: str | None
    last_item_id: str | None
    document: dict[str, Any]


@dataclass
class Group:
    """An inventory item group and the SKUs of its members, in order."""

    key: str
    document: dict[str, Any]
    skus: list[str]


@contextmanager
def all_or_nothing(db: sqlite3.Connection) -> Iterator[None]:
    """Undo everything inside when it raises: one entry of a bulk call, one call."""
    db.execute("SAVEPOINT entry")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK TO entry")
        raise
    finally:
        db.execute("RELEASE entry")


def item(db: sqlite3.Connection, seller: str, sku: str) -> Item | None:
    """The seller's inventory item, or None."""
    row = db.execute(
        "SELECT sku, locale, quantity, document FROM inventory_item"
        " WHERE seller = ? AND sku = ?",
        (seller, sku),
    ).fetchone()
    return Item(row[0], row[1], row[2], json.loads(row[3])) if row else None


def items_page(
    db: sqlite3.Connection, seller: str, limit: int, offset: int
) -> list[Item]:
    """Inventory items in order of SKU."""
    rows = db.execute(
        "SELECT sku, locale, quantity, document FROM inventory_item"
        " WHERE seller = ? ORDER BY sku LIMIT ? OFFSET ?",
        (seller, limit, offset),
    )
    return [Item(row[0], row[1], row[2], json.loads(row[3])) for row in rows]


def count_items(db: sqlite3.Connection, seller: str) -> int:
    """How many inventory items the seller has."""
    return db.execute(
        "SELECT COUNT(*) FROM inventory_item WHERE seller = ?", (seller,)
    ).fetchone()[0]


def save_item(db: sqlite3.Connection, seller: str, one: Item) -> None:
    """Insert or replace an inventory item."""
    db.execute(
        "INSERT INTO inventory_item (seller, sku, locale, quantity, document)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (seller, sku) DO UPDATE SET"
        " locale = excluded.locale, quantity = excluded.quantity,"
        " document = excluded.document",
        (
            seller,
            one.sku,
            one.locale,
            one.quantity,
            to_json(one.document),
        ),
    )


def delete_item(db: sqlite3.Connection, seller: str, sku: str) -> None:
    """Remove an inventory item with its offers and its place in a group."""
    for table in ("offer", "inventory_group_member", "inventory_item"):
        db.execute(f"DELETE FROM {table} WHERE seller = ? AND sku = ?", (seller, sku))


def offer(db: sqlite3.Connection, seller: str, offer_id: str) -> Offer | None:
    """The seller's offer, or None."""
    found = _offers(db, "seller = ? AND offer_id = ?", (seller, offer_id))
    return found[0] if found else None


def offers_of_sku(db: sqlite3.Connection, seller: str, sku: str) -> list[Offer]:
    """The offers of one SKU, oldest first."""
    return _offers(db, "seller = ? AND sku = ?", (seller, sku))


def offers_of_listing(db: sqlite3.Connection, item_id: str) -> list[Offer]:
    """The offers behind a live listing, in order of its units."""
    rows = db.execute(
        "SELECT offer_id FROM listing_unit WHERE item_id = ? AND offer_id NOT NULL"
        " ORDER BY position",
        (item_id,),
    ).fetchall()
    return [_offers(db, "offer_id = ?", row)[0] for row in rows]


def _offers(db: sqlite3.Connection, where: str, values: tuple[Any, ...]) -> list[Offer]:
    rows = db.execute(
        f"SELECT {_OFFER} FROM offer WHERE {where} ORDER BY rowid", values
    )
    return [Offer(*row[:10], json.loads(row[10])) for row in rows]


def save_offer(db: sqlite3.Connection, one: Offer) -> None:
    """Insert or replace an offer."""
    db.execute(
        f"INSERT INTO offer ({_OFFER}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (offer_id) DO UPDATE SET available = excluded.available,"
        " price = excluded.price, currency = excluded.currency,"
        " item_id = excluded.item_id, last_item_id = excluded.last_item_id,"
        " document = excluded.document",
        (
            one.offer_id,
            one.seller,
            one.sku,
            one.marketplace,
            one.format,
            one.available,
            one.price,
            one.currency,
            one.item_id,
            one.last_item_id,
            to_json(one.document),
        ),
    )


def group(db: sqlite3.Connection, seller: str, key: str) -> Group | None:
    """The seller's inventory item group, or None."""
    row = db.execute(
        "SELECT document FROM inventory_group WHERE seller = ? AND group_key = ?",
        (seller, key),
    ).fetchone()
    if row is None:
        return None
    members = db.execute(
        "SELECT sku FROM inventory_group_member WHERE seller = ? AND group_key = ?"
        " ORDER BY position",
        (seller, key),
    )
    return Group(key, json.loads(row[0]), [member[0] for member in members])


def group_key_of(db: sqlite3.Connection, seller: str, sku: str) -> str | None:
    """The key of the group a SKU belongs to, or None."""
    row = db.execute(
        "SELECT group_key FROM inventory_group_member WHERE seller = ? AND sku = ?",
        (seller, sku),
    ).fetchone()
    return row[0] if row else None


def save_group(db: sqlite3.Connection, seller: str, one: Group) -> None:
    """Insert or replace a group with its members."""
    db.execute(
        "INSERT OR REPLACE INTO inventory_group (seller, group_key, document)"
        " VALUES (?, ?, ?)",
        (seller, one.key, to_json(one.document)),
    )
    db.execute(
        "DELETE FROM inventory_group_member WHERE seller = ? AND group_key = ?",
        (seller, one.key),
    )
    db.executemany(
        "INSERT INTO inventory_group_member (seller, sku, group_key, position)"
        " VALUES (?, ?, ?, ?)",
        [(seller, sku, one.key, place) for place, sku in enumerate(one.skus)],
    )
