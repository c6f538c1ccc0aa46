"""What a seller has switched on at eBay: stock control, programs, limits."""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ..behaviour import behaviour
from ..clock import from_text, to_text

if TYPE_CHECKING:
    from ..world import World

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


def start_program(world: World, seller: str, name: str) -> None:
    """Note when a program that was just opted in to takes effect."""
    delay = timedelta(seconds=behaviour(world, "programSeconds"))
    key = f"{seller}/{name}"
    starts = {"at": to_text(world.clock.now() + delay)}
    world.collection("program_start").put(key, starts)


def programs(world: World, seller: str) -> list[str]:
    """The programs that are in effect for the seller."""
    starts = world.collection("program_start")
    now = world.clock.now()
    return [
        name
        for name in get(world.database, seller, "programs")
        if f"{seller}/{name}" not in starts
        or from_text(starts.get(f"{seller}/{name}")["at"]) <= now
    ]
