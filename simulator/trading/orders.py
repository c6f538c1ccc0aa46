"""Trading's GetOrders: who bought, in the terms that outlive a user name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ..clock import from_text, to_text
from ..notifications.events import eias_token
from ..orders.book import CREATED, MODIFIED, Record
from .frame import Request, TradingError, invalid_input

LARGEST_PAGE = 100
AS_FAR_AS = timedelta(days=90)


def get_orders(request: Request) -> dict[str, Any]:
    """A seller's orders by the time they were made or changed, in pages."""
    changed = request.find("ModTimeFrom") is not None
    by, name = (MODIFIED, "ModTime") if changed else (CREATED, "CreateTime")
    begin, until = _moment(request, f"{name}From"), _moment(request, f"{name}To")
    if not begin <= until:
        raise invalid_input(f"{name}From")
    begin = max(begin, request.world.clock.now() - AS_FAR_AS)
    size = request.number("Pagination/EntriesPerPage", 25)
    page = request.number("Pagination/PageNumber", 1)
    if not 1 <= size <= LARGEST_PAGE or page < 1:
        raise invalid_input("Pagination")
    book = request.world.orders
    found = book.between(request.seller, by, to_text(begin), to_text(until))
    first = (page - 1) * size
    shown = [book.get(order_id) for order_id in found[first : first + size]]
    return {
        "PaginationResult": {
            "TotalNumberOfPages": -(-len(found) // size),
            "TotalNumberOfEntries": len(found),
        },
        "HasMoreOrders": first + size < len(found),
        "OrderArray": {"Order": [_order(record) for record in shown if record]},
        "OrdersPerPage": size,
        "PageNumber": page,
        "ReturnedOrderCountActual": len(shown),
    }


def _moment(request: Request, name: str):
    try:
        return from_text(request.text(name) or "")
    except ValueError as error:
        raise TradingError(37, f"Input data for tag <{name}> is invalid.") from error


def _order(record: Record) -> dict[str, Any]:
    order = record["order"]
    username = order.get("buyer", {}).get("username", "")
    return {
        "OrderID": order["orderId"],
        "BuyerUserID": username,
        "EIASToken": eias_token(record.get("buyerUserId", f"u-{username}")),
    }
