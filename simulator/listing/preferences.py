"""What a seller has switched on at eBay: stock control, programs, limits."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

_KIND = "preference"

# A new account of the simulator is one that is ready to sell.
DEFAULTS: dict[str, Any] = {
    "out_of_stock_control": True,
    "programs": ["SELLING_POLICY_MANAGEMENT"],
    "registration_completed": True,
    "selling_limit": None,
}


def get(db: sqlite3.Connection, seller: str, name: str) -> Any:
    """The seller's value of ``name``, one of ``DEFAULTS``."""
    row = db.execute(
        "SELECT document FROM listing_extra WHERE seller = ? AND kind = ? AND name = ?",
        (seller, _KIND, name),
    ).fetchone()
    return json.loads(row[0]) if row else DEFAULTS[name]


def put(db: sqlite3.Connection, seller: str, name: str, value: Any) -> None:
    """Set one preference. Raises KeyError for a name that does not exist."""
    DEFAULTS[name]
    db.execute(
        "INSERT OR REPLACE INTO listing_extra (seller, kind, name, document)"
        " VALUES (?, ?, ?, ?)",
        (seller, _KIND, name, json.dumps(value)),
    )


def out_of_stock_control(db: sqlite3.Connection, seller: str) -> bool:
    """Whether listings of the seller stay alive at quantity zero."""
    return bool(get(db, seller, "out_of_stock_control"))
