"""The programs a seller takes part in (Account API), and one Trading preference."""

from __future__ import annotations

from typing import Any

from ..values.reader import Node, Reading

BUSINESS_POLICIES = "SELLING_POLICY_MANAGEMENT"
OUT_OF_STOCK_CONTROL = "OUT_OF_STOCK_CONTROL"


def map_programs(document: dict[str, Any]) -> frozenset[str]:
    """Give the program types of getOptedInPrograms; unknown ones are among them."""
    programs = Node(document, "$", Reading()).children("programs")
    names = (program.enum("programType") for program in programs)
    return frozenset(name for name in names if name)


def map_out_of_stock_control(document: dict[str, Any]) -> bool | None:
    """Tell whether a listing survives quantity 0 (Trading, GetUserPreferences).

    None when eBay did not say.
    """
    value = document.get("OutOfStockControlPreference")
    return {"true": True, "false": False}.get(value) if isinstance(value, str) else None
