"""The hand-made order documents, and looking into what they become."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

ORDERS = Path(__file__).resolve().parents[3] / "fixtures" / "orders"


def names() -> list[str]:
    """The names of all documents, sorted."""
    return sorted(path.stem for path in ORDERS.glob("*.json"))


@cache
def _text(name: str) -> str:
    return (ORDERS / f"{name}.json").read_text(encoding="utf-8")


def load(name: str) -> dict[str, Any]:
    """A fresh copy of a document, parsed as the flow parses what eBay sends."""
    return json.loads(_text(name), parse_float=Decimal)


def look(value: Any, path: str) -> Any:
    """Follow `lines.0.unit_price`; times come as text, None where nothing is."""
    for part in path.split("."):
        if value is None:
            return None
        value = value[int(part)] if part.isdigit() else getattr(value, part)
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    return value
