"""What happens to an order after the buyer's commitment: payment, cancellation."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..clock import to_text
from ..listings import listings

if TYPE_CHECKING:
    from ..world import World
    from .book import Record

REQUESTED, REJECTED, COMPLETED = "REQUESTED", "REJECTED", "COMPLETED"


class WrongState(Exception):
    """The order is not in a state in which this can happen."""


def mark_paid(world: World, record: Record, moment: datetime) -> None:
    """Note the payment in the record; the caller saves it."""
    order = record["order"]
    order["orderPaymentStatus"] = "PAID"
    for payment in order.get("paymentSummary", {}).get("payments", []):
        payment |= {"paymentStatus": "PAID", "paymentDate": to_text(moment)}


def pay(world: World, record: Record, keep_id: bool = False) -> Record:
    """The buyer pays. The order gets a new id, its line items keep theirs.

    Source: "GetOrders" and the Post-Order pages, which tell paid from unpaid ids.

    :raises WrongState: paid already, or cancelled.
    """
    order = record["order"]
    status = order.get("orderPaymentStatus")
    if status not in ("PENDING", "FAILED"):
        raise WrongState(f"The order is {status}.")
    if is_cancelled(record):
        raise WrongState("The order is cancelled.")
    mark_paid(world, record, world.clock.now())
    if keep_id:
        world.orders.save(record)
    else:
        world.orders.rename(record, world.ids.order_id())
    world.emit("order_paid", record=record)
    return record


def is_cancelled(record: Record) -> bool:
    """Whether the whole order is cancelled."""
    return _cancel_status(record)["cancelState"] == "CANCELED"


def _cancel_status(record: Record) -> dict[str, Any]:
    fresh = {"cancelState": "NONE_REQUESTED", "cancelRequests": []}
    return record["order"].setdefault("cancelStatus", fresh)


def request_cancel(
    world: World, record: Record, initiator: str, reason: str
) -> dict[str, Any]:
    """Buyer or seller wants to cancel; returns the request.

    :raises WrongState: cancelled already, or a request is open.
    """
    status = _cancel_status(record)
    if is_cancelled(record) or _open_request(record):
        raise WrongState("The order is cancelled, or a request is open.")
    request = {
        "cancelRequestId": world.ids.digits("cancel", 10),
        "cancelInitiator": initiator,
        "cancelReason": reason,
        "cancelRequestedDate": world.clock.text(),
        "cancelRequestState": REQUESTED,
    }
    status["cancelState"] = "IN_PROGRESS"
    status.setdefault("cancelRequests", []).append(request)
    world.orders.save(record)
    world.emit("cancel_requested", record=record, request=request)
    return request


def _open_request(record: Record) -> dict[str, Any] | None:
    for request in _cancel_status(record).get("cancelRequests", []):
        if request.get("cancelRequestState") == REQUESTED:
            return request
    return None


def answer_cancel(world: World, record: Record, accept: bool) -> dict[str, Any]:
    """Accept (cancel, refund, restock) or reject the open request.

    :raises WrongState: no request is open.
    """
    request = _open_request(record)
    if request is None:
        raise WrongState("No cancellation is requested.")
    status = _cancel_status(record)
    if not accept:
        request["cancelRequestState"] = REJECTED
        status["cancelState"] = "NONE_REQUESTED"
        world.orders.save(record)
        world.emit("cancel_rejected", record=record, request=request)
        return request
    now = world.clock.text()
    request |= {"cancelRequestState": COMPLETED, "cancelCompletedDate": now}
    status |= {"cancelState": "CANCELED", "cancelledDate": now}
    _refund_all(world, record)
    restock(world, record)
    world.orders.save(record)
    world.emit("cancel_completed", record=record, request=request)
    return request


def _refund_all(world: World, record: Record) -> None:
    """A cancelled order that was paid is refunded by eBay at once."""
    order = record["order"]
    if order.get("orderPaymentStatus") not in ("PAID", "PARTIALLY_REFUNDED"):
        return
    summary = order.setdefault("paymentSummary", {})
    refunds = summary.setdefault("refunds", [])
    refunds.append(
        {
            "refundId": world.ids.digits("refund", 12),
            "refundDate": world.clock.text(),
            "amount": dict(order["pricingSummary"]["total"]),
            "refundStatus": "REFUNDED",
        }
    )
    if "totalDueSeller" in summary:
        summary["totalDueSeller"]["value"] = "0.0"
    order["orderPaymentStatus"] = "FULLY_REFUNDED"


def restock(world: World, record: Record) -> None:
    """Put what an order took back into the listings that still exist."""
    for item_id, position, quantity in record.pop("taken", []):
        for unit in listings.units(world.database, item_id):
            if unit.position == position:
                listings.restock(world.database, unit, quantity, world.clock.now())
