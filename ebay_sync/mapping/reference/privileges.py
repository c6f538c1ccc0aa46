"""What eBay allows a seller to do (Account API, getPrivileges)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..values.money import Money
from ..values.reader import Node, Reading


@dataclass(frozen=True, slots=True)
class Privileges:
    """Whether the registration is complete, and the limits of a month.

    A limit that eBay does not name is None: there is none.
    """

    registered: bool
    quantity: int | None
    amount: Money | None


def map_privileges(document: dict[str, Any]) -> Privileges:
    """Read the answer of getPrivileges; what cannot be read counts as absent."""
    node = Node(document, "$", Reading())
    limit = node.child("sellingLimit")
    return Privileges(
        registered=node.flag("sellerRegistrationCompleted"),
        quantity=limit.whole_number("quantity"),
        amount=limit.money("amount"),
    )
