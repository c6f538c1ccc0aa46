"""Reading and changing listings, whichever API they were made with.

Every function works inside the caller's transaction and takes the simulated time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from ..clock import to_text
from .preferences import out_of_stock_control
from .records import (
    ACTIVE,
    ENDED,
    INVENTORY,
    LISTING_COLUMNS,
    UNIT_COLUMNS,
    Listing,
    Unit,
    listing_of,
    unit_of,
)

MAX_REVISIONS_PER_DAY = 250


class ListingError(Exception):
    """A change that eBay refuses; the message says why."""


class NoSuchListing(ListingError):
    """No listing with this id, or none of this seller."""


class ListingEnded(ListingError):
    """The listing is over and can no longer change."""


class TooManyRevisions(ListingError):
    """The listing was revised 250 times today (UTC) already."""


class NotEnoughStock(ListingError):
    """Fewer are available than should be sold."""


def get(db: sqlite3.Connection, item_id: str, seller: str | None = None) -> Listing:
    """The listing ``item_id``; of ``seller`` only when one is named.

    Raises NoSuchListing.
    """
    row = db.execute(
        f"SELECT {LISTING_COLUMNS} FROM listing WHERE item_id = ?", (item_id,)
    ).fetchone()
    if row is None or (seller is not None and row[1] != seller):
        raise NoSuchListing(f"There is no listing {item_id}.")
    return listing_of(row)


def units(db: sqlite3.Connection, item_id: str) -> list[Unit]:
    """What can be bought in one listing, with the quantity and price of now."""
    rows = db.execute(
        f"SELECT {UNIT_COLUMNS} FROM unit_now WHERE item_id = ? ORDER BY position",
        (item_id,),
    )
    return [unit_of(row) for row in rows]


def units_of_many(
    db: sqlite3.Connection, item_ids: Sequence[str]
) -> dict[str, list[Unit]]:
    """``units`` of several listings at once, by item id."""
    found: dict[str, list[Unit]] = {item_id: [] for item_id in item_ids}
    marks = ", ".join("?" * len(found))
    rows = db.execute(
        f"SELECT {UNIT_COLUMNS} FROM unit_now WHERE item_id IN ({marks})"
        " ORDER BY item_id, position",
        tuple(found),
    )
    for row in rows:
        found[row[0]].append(unit_of(row))
    return found


def select(
    db: sqlite3.Connection,
    where: str,
    values: Sequence[object],
    limit: int = -1,
    offset: int = 0,
) -> list[Listing]:
    """Listings by an SQL condition on ``listing``, in order of item id."""
    rows = db.execute(
        f"SELECT {LISTING_COLUMNS} FROM listing WHERE {where}"
        " ORDER BY item_id LIMIT ? OFFSET ?",
        (*values, limit, offset),
    )
    return [listing_of(row) for row in rows]


def count(db: sqlite3.Connection, where: str, values: Sequence[object]) -> int:
    """How many listings meet an SQL condition on ``listing``."""
    return db.execute(
        f"SELECT COUNT(*) FROM listing WHERE {where}", tuple(values)
    ).fetchone()[0]


def find_unit(
    found: Sequence[Unit],
    sku: str | None = None,
    variation_id: str | None = None,
) -> Unit:
    """The unit named by SKU or variation id; the only one when neither is given.

    Raises ListingError when that names none, or a listing has several units.
    """
    chosen = [
        unit
        for unit in found
        if (sku is None or unit.sku == sku)
        and (variation_id is None or unit.variation_id == variation_id)
    ]
    if len(chosen) != 1:
        raise ListingError(f"{len(chosen)} units match sku={sku!r}.")
    return chosen[0]


def count_revision(db: sqlite3.Connection, listing: Listing, now: datetime) -> None:
    """Note one revision of ``listing``.

    Raises ListingEnded, or TooManyRevisions at the 251st of one day (UTC).
    """
    if listing.status == ENDED:
        raise ListingEnded(f"Listing {listing.item_id} has ended.")
    today = to_text(now)[:10]
    done = listing.revisions if listing.revised_on == today else 0
    if done >= MAX_REVISIONS_PER_DAY:
        raise TooManyRevisions(
            f"Listing {listing.item_id} was revised {done} times today."
        )
    db.execute(
        "UPDATE listing SET revised_on = ?, revisions = ?, modified_at = ?"
        " WHERE item_id = ?",
        (today, done + 1, to_text(now), listing.item_id),
    )


def set_unit(
    db: sqlite3.Connection,
    unit: Unit,
    price: Decimal | None = None,
    available: int | None = None,
) -> None:
    """Change price or available quantity where the unit's model keeps them."""
    if unit.offer_id is None:
        db.execute(
            "UPDATE listing_unit SET price = ?, available = ?"
            " WHERE item_id = ? AND position = ?",
            (
                str(unit.price if price is None else price),
                unit.available if available is None else available,
                unit.item_id,
                unit.position,
            ),
        )
        return
    if price is not None:
        db.execute(
            "UPDATE offer SET price = ? WHERE offer_id = ?", (str(price), unit.offer_id)
        )
    if available is not None:
        db.execute(
            "UPDATE offer SET available = ? WHERE offer_id = ? AND available NOT NULL",
            (available, unit.offer_id),
        )
        db.execute(
            "UPDATE inventory_item SET quantity = ? WHERE (seller, sku) ="
            " (SELECT seller, sku FROM offer WHERE offer_id = ?)",
            (available, unit.offer_id),
        )


def sell(db: sqlite3.Connection, unit: Unit, quantity: int, now: datetime) -> None:
    """Take ``quantity`` out of stock because a buyer bought them.

    Lowers every view: the unit, and for Inventory listings the offer and the item,
    so that offers of the same SKU elsewhere see less too. Raises NotEnoughStock.
    """
    if quantity < 1 or quantity > unit.available:
        raise NotEnoughStock(f"{unit.available} available, {quantity} wanted.")
    db.execute(
        "UPDATE listing_unit SET sold = sold + ?,"
        " available = CASE WHEN offer_id IS NULL THEN available - ? ELSE available END"
        " WHERE item_id = ? AND position = ?",
        (quantity, quantity, unit.item_id, unit.position),
    )
    _add_to_inventory(db, unit, -quantity)
    touch_and_settle(db, [unit.item_id, *_siblings(db, unit)], now)


def restock(db: sqlite3.Connection, unit: Unit, quantity: int, now: datetime) -> None:
    """Undo a sale of ``quantity``: a cancelled order with "restock" chosen."""
    db.execute(
        "UPDATE listing_unit SET sold = MAX(sold - ?, 0),"
        " available = CASE WHEN offer_id IS NULL THEN available + ? ELSE available END"
        " WHERE item_id = ? AND position = ?",
        (quantity, quantity, unit.item_id, unit.position),
    )
    _add_to_inventory(db, unit, quantity)
    touch_and_settle(db, [unit.item_id, *_siblings(db, unit)], now)


def _add_to_inventory(db: sqlite3.Connection, unit: Unit, change: int) -> None:
    if unit.offer_id is None:
        return
    db.execute(
        "UPDATE offer SET available = MAX(available + ?, 0)"
        " WHERE offer_id = ? AND available NOT NULL",
        (change, unit.offer_id),
    )
    db.execute(
        "UPDATE inventory_item SET quantity = MAX(quantity + ?, 0)"
        " WHERE (seller, sku) = (SELECT seller, sku FROM offer WHERE offer_id = ?)",
        (change, unit.offer_id),
    )


def _siblings(db: sqlite3.Connection, unit: Unit) -> list[str]:
    """Live listings that draw on the same inventory item."""
    rows = db.execute(
        "SELECT other.item_id FROM offer AS other JOIN offer AS mine"
        " ON other.seller = mine.seller AND other.sku = mine.sku"
        " WHERE mine.offer_id = ? AND other.item_id NOT NULL AND other.item_id <> ?",
        (unit.offer_id, unit.item_id),
    )
    return [row[0] for row in rows]


def touch_and_settle(
    db: sqlite3.Connection, item_ids: Sequence[str], now: datetime
) -> None:
    """Note that listings changed, and end those at zero where eBay would.

    A listing without stock stays alive only with the seller's out-of-stock control.
    """
    for item_id in item_ids:
        db.execute(
            "UPDATE listing SET modified_at = ? WHERE item_id = ?",
            (to_text(now), item_id),
        )
        listing = get(db, item_id)
        if listing.status == ENDED or out_of_stock_control(db, listing.seller):
            continue
        if not any(unit.available for unit in units(db, item_id)):
            end(db, listing, now, "SoldOut")


def end(db: sqlite3.Connection, listing: Listing, now: datetime, reason: str) -> None:
    """End a listing: freeze what it showed, and free its offers for a new one.

    Raises ListingEnded when it is over already.
    """
    if listing.status == ENDED:
        raise ListingEnded(f"Listing {listing.item_id} has ended already.")
    for unit in units(db, listing.item_id):
        db.execute(
            "UPDATE listing_unit SET price = ?, available = ?, offer_id = NULL"
            " WHERE item_id = ? AND position = ?",
            (str(unit.price), unit.available, unit.item_id, unit.position),
        )
    db.execute("UPDATE offer SET item_id = NULL WHERE item_id = ?", (listing.item_id,))
    db.execute(
        "UPDATE listing SET status = ?, ended_at = ?, ending_reason = ?,"
        " modified_at = ? WHERE item_id = ?",
        (ENDED, to_text(now), reason, to_text(now), listing.item_id),
    )


def shown_status(listing: Listing, found: Sequence[Unit]) -> str:
    """``listingStatus`` as the Inventory API words it."""
    if listing.status == ENDED:
        return ENDED
    return ACTIVE if any(unit.available for unit in found) else "OUT_OF_STOCK"


def made_with_inventory(listing: Listing) -> bool:
    """Whether only the Inventory API may revise this listing."""
    return listing.model == INVENTORY
