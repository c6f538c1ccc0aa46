"""Trading calls that list a seller's items: selling, by window, changed, one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from ..clock import from_text, to_text
from ..listings import listings
from ..listings.records import AUCTION, FIXED_PRICE, Listing
from . import items
from .frame import Request, TradingError, invalid_input

LARGEST_PAGE = 200
MOST_ACTIVE = 25_000
MOST_EVENTS = 3_000
LONGEST_LIST_WINDOW = timedelta(days=120)
LONGEST_EVENT_WINDOW = timedelta(hours=48)

# ActiveList.ListingType, which is a filter in this call.
_FORMATS = {"Auction": AUCTION, "FixedPriceItem": FIXED_PRICE}
# When a listing ends, as text; a good-till-cancelled one renews every thirty days.
_ENDS_AT = (
    "CASE WHEN ended_at NOT NULL THEN ended_at ELSE"
    " strftime('%Y-%m-%dT%H:%M:%fZ', julianday(started_at) + 30 *"
    " (CAST((julianday(?) - julianday(started_at)) / 30 AS INTEGER) + 1)) END"
)


def _page(request: Request, path: str) -> tuple[int, int]:
    """Entries per page and page number. Raises TradingError 37 or 340."""
    size = request.number(f"{path}/EntriesPerPage", 25)
    page = request.number(f"{path}/PageNumber", 1)
    if not 1 <= size <= LARGEST_PAGE:
        raise invalid_input("EntriesPerPage")
    if page < 1:
        raise TradingError(340, "Page number is out of range.")
    return size, page


def get_my_ebay_selling(request: Request) -> dict[str, Any]:
    """ActiveList of both kinds of listings: ends at 25,000, repeating its last page."""
    if not request.flag("ActiveList/Include", request.find("ActiveList") is not None):
        return {}
    size, page = _page(request, "ActiveList/Pagination")
    db = request.world.database
    where, values = "seller = ? AND status = 'ACTIVE'", [request.seller]
    wanted = request.text("ActiveList/ListingType")
    if wanted in _FORMATS:
        where += " AND format = ?"
        values.append(_FORMATS[wanted])
    total = min(listings.count(db, where, values), MOST_ACTIVE)
    pages = -(-total // size)
    shown = min(page, max(pages, 1)) if total == MOST_ACTIVE else page
    skip = (shown - 1) * size
    found = (
        listings.select(db, where, values, min(size, max(total - skip, 0)), skip)
        if skip < total
        else []
    )
    variations = not request.flag("HideVariations")
    return {
        "ActiveList": {
            "ItemArray": {"Item": _short(request, found, variations)},
            "PaginationResult": {
                "TotalNumberOfPages": pages,
                "TotalNumberOfEntries": total,
            },
        }
    }


def _short(
    request: Request, found: Sequence[Listing], variations: bool
) -> list[dict[str, Any]]:
    units = listings.units_of_many(
        request.world.database, [listing.item_id for listing in found]
    )
    return [
        items.short_item(request, listing, units[listing.item_id], variations)
        for listing in found
    ]


def _window(
    request: Request, prefix: str, longest: timedelta
) -> tuple[str, str] | None:
    """The pair ``{prefix}From`` and ``{prefix}To``; an open end is now.

    Raises TradingError 37 for a time that cannot be read or a window too long.
    """
    begin = request.text(f"{prefix}From")
    if begin is None:
        return None
    try:
        start = from_text(begin)
        end = from_text(request.text(f"{prefix}To") or request.world.clock.text())
    except ValueError as error:
        raise invalid_input(f"{prefix}From") from error
    if not timedelta(0) <= end - start < longest:
        raise TradingError(
            37,
            f"Input data is invalid. {prefix}From and {prefix}To must be less than "
            f"{longest.days} days apart.",
        )
    return to_text(start), to_text(end)


def get_seller_list(request: Request) -> dict[str, Any]:
    """Listings that start or end in a window of less than 120 days, ended ones too."""
    where, values = _list_condition(request)
    size, page = _page(request, "Pagination")
    db = request.world.database
    total = listings.count(db, where, values)
    pages = -(-total // size)
    if page > max(pages, 1):
        raise TradingError(340, "Page number is out of range.")
    found = listings.select(db, where, values, size, (page - 1) * size)
    wants_all = request.text("DetailLevel") == "ReturnAll"
    fine = wants_all or request.text("GranularityLevel") == "Fine"
    variations = request.flag("IncludeVariations") or fine
    units = listings.units_of_many(db, [listing.item_id for listing in found])
    return {
        "PaginationResult": {
            "TotalNumberOfPages": pages,
            "TotalNumberOfEntries": total,
        },
        "HasMoreItems": page < pages,
        "ItemArray": {
            "Item": [
                _listed(request, listing, units[listing.item_id], variations, fine)
                for listing in found
            ]
        },
        "ItemsPerPage": size,
        "PageNumber": page,
        "ReturnedItemCountActual": len(found),
    }


def _listed(
    request: Request, listing: Listing, units: Any, variations: bool, fine: bool
) -> dict[str, Any]:
    if not fine:
        return items.short_item(request, listing, units, variations)
    return items.full_item(request, listing, units, description=False, specifics=False)


def _list_condition(request: Request) -> tuple[str, list[Any]]:
    start = _window(request, "StartTime", LONGEST_LIST_WINDOW)
    end = _window(request, "EndTime", LONGEST_LIST_WINDOW)
    if start is None and end is None:
        raise invalid_input("StartTimeFrom")
    where, values = "seller = ?", [request.seller]
    if start is not None:
        where += " AND started_at BETWEEN ? AND ?"
        values += start
    if end is not None:
        where += f" AND {_ENDS_AT} BETWEEN ? AND ?"
        values += [request.world.clock.text(), *end]
    return where, values


def get_seller_events(request: Request) -> dict[str, Any]:
    """Listings changed in a window of less than 48 hours; 3,000 at most."""
    column, window = "modified_at", _window(request, "ModTime", LONGEST_EVENT_WINDOW)
    if window is None:
        column = "started_at"
        window = _window(request, "StartTime", LONGEST_EVENT_WINDOW)
    if window is None:
        raise invalid_input("ModTimeFrom")
    found = listings.select(
        request.world.database,
        f"seller = ? AND {column} BETWEEN ? AND ?",
        (request.seller, *window),
        MOST_EVENTS,
    )
    variations = request.flag("IncludeVariationSpecifics", True)
    return {
        "TimeTo": window[1],
        "ItemArray": {"Item": _events(request, found, variations)},
    }


def _events(
    request: Request, found: Sequence[Listing], variations: bool
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for start in range(0, len(found), 500):
        rows += _short(request, found[start : start + 500], variations)
    return rows


def get_item(request: Request) -> dict[str, Any]:
    """One listing, by item id; what is not the seller's is refused with 17."""
    listing = own_listing(request, request.text("ItemID"))
    level = request.text("DetailLevel")
    return {
        "Item": items.full_item(
            request,
            listing,
            listings.units(request.world.database, listing.item_id),
            description=level in ("ReturnAll", "ItemReturnDescription"),
            specifics=request.flag("IncludeItemSpecifics") or level == "ReturnAll",
        )
    }


def own_listing(request: Request, item_id: str | None) -> Listing:
    """The seller's listing. Raises TradingError 37 or 17."""
    if not item_id:
        raise invalid_input("ItemID")
    try:
        return listings.get(request.world.database, item_id, request.seller)
    except listings.NoSuchListing as error:
        raise TradingError(
            17,
            "Item cannot be accessed. It was deleted, or you are not its seller.",
            parameters=[item_id],
        ) from error


def now_of(request: Request) -> datetime:
    """The simulated time."""
    return request.world.clock.now()
