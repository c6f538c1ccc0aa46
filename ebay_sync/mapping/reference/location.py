"""Merchant locations, and which of our warehouses each of them is.

Source: Inventory API, type InventoryLocationResponse. The key is the seller's own and
never changes.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from ..orders.address import read_country
from ..values.entries import Entries, map_entries
from ..values.reader import Node
from ..values.text import CITY, CODE, LINE, POSTAL_CODE, STATE, TITLE

MOST_LOCATIONS = 10_000
MOST_TYPES = 10
ENABLED = "ENABLED"

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Location:
    """A merchant location. ``country`` is an ISO 3166 code; ``types`` are eBay's words.

    ``enabled`` is true unless eBay says something else than ENABLED: a status that is
    missing or new must not look like a closed warehouse.
    """

    ref: str
    name: str
    enabled: bool = True
    status: str | None = None
    types: str | None = None
    street: str | None = None
    street2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """What is compared of a warehouse: its name and its address."""

    name: str = ""
    street: str = ""
    city: str = ""
    postal_code: str = ""
    country: str = ""


def map_locations(document: dict[str, Any]) -> Entries[Location]:
    """Read a page of getInventoryLocations. Raises MappingError without a list."""
    return map_entries(document, "locations", _entry, MOST_LOCATIONS)


def match_place(location: Location, places: Iterable[tuple[Key, Place]]) -> Key | None:
    """Return the key of the only place that fits this location.

    Name or address must be the same but for capitals and spaces. When several places
    fit, or name and address speak for different ones, nobody is chosen.
    """
    fitting = {
        key
        for key, place in places
        if _same(location.name, place.name) or _same_address(location, place)
    }
    return fitting.pop() if len(fitting) == 1 else None


def _entry(node: Node) -> tuple[str, Location]:
    ref = node.required_identifier("merchantLocationKey")
    address = node.child("location").child("address")
    status = node.line("merchantLocationStatus", CODE)
    return ref, Location(
        ref=ref,
        name=node.line("name", TITLE) or ref,
        enabled=status in (None, ENABLED),
        status=status,
        types=_types(node),
        street=address.line("addressLine1", LINE),
        street2=address.line("addressLine2", LINE),
        city=address.line("city", CITY),
        state=address.line("stateOrProvince", STATE),
        postal_code=address.line("postalCode", POSTAL_CODE),
        country=read_country(address, "country"),
    )


def _types(node: Node) -> str | None:
    raw = node.data.get("locationTypes")
    if not isinstance(raw, list):
        return None
    words = [word[:CODE] for word in raw[:MOST_TYPES] if isinstance(word, str)]
    return ", ".join(filter(None, (word.strip() for word in words))) or None


def _same_address(location: Location, place: Place) -> bool:
    return (
        _same(location.street, place.street)
        and _same(location.postal_code, place.postal_code)
        and _same(location.country, place.country)
        and (not location.city or _same(location.city, place.city))
    )


def _same(left: str | None, right: str | None) -> bool:
    one, other = _plain(left), _plain(right)
    return bool(one) and one == other


def _plain(text: str | None) -> str:
    return "".join((text or "").casefold().split())
