"""getOrders: the filter, the window, the page.

Source: sell_fulfillment_v1, getOrders and its error list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from starlette.datastructures import QueryParams

from ..clock import from_text, to_text
from ..errors import EbayError
from .book import CREATED, MODIFIED

if TYPE_CHECKING:
    from ..world import World

DEFAULT_LIMIT, MAX_LIMIT = 50, 200
MAX_IDS = 50
MAX_YEARS = 2
_DEFAULT_WINDOW = timedelta(days=90)
_LONGEST = timedelta(days=366 + 365)
_STATUSES = (
    frozenset({"NOT_STARTED", "IN_PROGRESS"}),
    frozenset({"FULFILLED", "IN_PROGRESS"}),
)
_FILTER = re.compile(r"\s*([^:,\[\]{}]+):(\[[^\]]*\]|\{[^}]*\}|[^,]*)(?:,|$)")
_KEPT_SEARCHES = 100
_DATES = {"creationdate": CREATED, "lastmodifieddate": MODIFIED}


def fulfillment_error(
    error_id: int, message: str, status: int = 400, category: str = "REQUEST"
) -> EbayError:
    """An error of the Fulfillment API."""
    return EbayError(
        status, error_id, message, domain="API_FULFILLMENT", category=category
    )


@dataclass(frozen=True, slots=True)
class Search:
    """What getOrders was asked for; times are text in eBay's form."""

    by: str
    start: str
    end: str
    statuses: frozenset[str] | None


def parse_filter(text: str | None, now: datetime) -> Search:
    """Read the ``filter`` parameter; of two date filters creationdate counts.

    :raises EbayError: 30700 ... 30850.
    """
    given = _split(text or "")
    statuses = None
    if "orderfulfillmentstatus" in given:
        statuses = _statuses(given["orderfulfillmentstatus"])
    for name, field in _DATES.items():
        if name in given:
            return Search(field, *_window(name, given[name], now), statuses)
    return Search(CREATED, to_text(now - _DEFAULT_WINDOW), to_text(now), statuses)


def _split(text: str) -> dict[str, str]:
    given: dict[str, str] = {}
    position = 0
    while position < len(text):
        match = _FILTER.match(text, position)
        if match is None:
            raise fulfillment_error(30700, f"Invalid filter name: {text[position:]}")
        name = match[1].strip()
        if name not in _DATES and name != "orderfulfillmentstatus":
            raise fulfillment_error(30700, f"Invalid filter name: {name}")
        given[name] = match[2].strip()
        position = match.end()
    return given


def _bad_value(name: str, value: str) -> EbayError:
    return fulfillment_error(30800, f"Invalid filter value {value} for filter {name}")


def _statuses(value: str) -> frozenset[str]:
    chosen = frozenset(value.strip("{}").split("|"))
    if not value.startswith("{") or chosen not in _STATUSES:
        raise _bad_value("orderfulfillmentstatus", value)
    return chosen


def _window(name: str, value: str, now: datetime) -> tuple[str, str]:
    if not value.startswith("[") or ".." not in value:
        raise _bad_value(name, value)
    first, _, last = value[1:-1].partition("..")
    if not first.strip():
        raise fulfillment_error(30820, "Start date is missing")
    start = _date(first)
    end = _date(last) if last.strip() else now
    if start > now or end > now:
        raise fulfillment_error(30850, "Start and end dates can't be in the future")
    if start > end:
        raise fulfillment_error(30840, "Start date should be before end date")
    if end - start > _LONGEST:
        raise fulfillment_error(
            30830,
            "Time range between start date and end date must be within "
            f"'{MAX_YEARS}' years.",
        )
    return to_text(start), to_text(end)


def _date(text: str) -> datetime:
    try:
        return from_text(text)
    except ValueError as error:
        raise fulfillment_error(30810, "Invalid date format") from error


def page_of(query: QueryParams) -> tuple[int, int]:
    """``limit`` and ``offset``.

    :raises EbayError: 31100, 31000.
    """
    limit = query.get("limit", str(DEFAULT_LIMIT))
    if not limit.isdecimal() or not 1 <= int(limit) <= MAX_LIMIT:
        raise fulfillment_error(31100, f"Invalid limit: {limit}")
    offset = query.get("offset", "0")
    if not offset.isdecimal():
        raise fulfillment_error(31000, f"Invalid offset: {offset}")
    return int(limit), int(offset)


def find(world: World, seller: str, search: Search) -> list[str]:
    """Ids of the orders that fit, oldest creation first, at most two years old.

    What was found is kept until an order changes: paging through a large window costs
    one search, not one a page.
    """
    book = world.orders
    key = (seller, search)
    ids = book.searches.get(key)
    if ids is None:
        ids = book.between(seller, search.by, search.start, search.end)
        if search.statuses is not None:
            ids = [one for one in ids if book.status(one) in search.statuses]
        if len(book.searches) >= _KEPT_SEARCHES:
            book.searches.clear()
        book.searches[key] = ids
    oldest = to_text(world.clock.now() - _LONGEST)
    if ids and book.created(ids[0]) < oldest:
        return [one for one in ids if book.created(one) >= oldest]
    return ids
