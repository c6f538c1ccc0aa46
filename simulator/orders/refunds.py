"""Refunds: checked at once, paid out later. Source: issueRefund and its error list."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from ..behaviour import behaviour
from ..errors import bad_request
from .money import CENT, amount, value_of
from .search import fulfillment_error

if TYPE_CHECKING:
    from ..errors import EbayError
    from ..world import World
    from .book import Record

REASONS = frozenset(
    {
        "BUYER_CANCEL",
        "SELLER_CANCEL",
        "ITEM_NOT_RECEIVED",
        "BUYER_RETURN",
        "ITEM_NOT_AS_DESCRIBED",
        "OTHER_ADJUSTMENT",
        "SHIPPING_DISCOUNT",
    }
)
_MAX_COMMENT = 1000


def _error(error_id: int, message: str, status: int = 400) -> EbayError:
    business = {34916, 34917, 34918, 34920, 34924}
    category = "BUSINESS" if error_id in business else "REQUEST"
    return fulfillment_error(error_id, message, status, category)


def issue(world: World, record: Record, request: dict[str, Any]) -> dict[str, str]:
    """Start a refund; returns eBay's Refund, still PENDING.

    :raises EbayError: 34902 ... 34929.
    """
    _check_request(request)
    _check_order(record)
    items = request.get("refundItems")
    refund_id = world.ids.digits("refund", 12)
    if items:
        parts = [_line_part(record, item) for item in items]
        _check_sum(record, sum((value for _, value in parts), Decimal()))
        for line, value in parts:
            refund = {"refundId": refund_id, "amount": _money(record, value)}
            line.setdefault("refunds", []).append(refund)
    else:
        value = _value(record, request["orderLevelRefundAmount"])
        _check_sum(record, value)
        summary = record["order"].setdefault("paymentSummary", {})
        summary.setdefault("refunds", []).append(
            {
                "refundId": refund_id,
                "amount": _money(record, value),
                "refundStatus": "PENDING",
            }
        )
    due = world.clock.now().timestamp() + behaviour(world, "refundSeconds")
    order_id = record["order"]["orderId"]
    pending = {"orderId": order_id, "due": due}
    world.collection("refund_due").put(refund_id, pending)
    record["refundPending"] = refund_id
    world.orders.save(record)
    return {"refundId": refund_id, "refundStatus": "PENDING"}


def _check_request(request: dict[str, Any]) -> None:
    if not request:
        raise _error(34902, "Request can't be empty.")
    if not request.get("reasonForRefund"):
        raise _error(34903, "The refund reason must be specified.")
    if request["reasonForRefund"] not in REASONS:
        raise bad_request("Could not serialize field [reasonForRefund]")
    whole, items = request.get("orderLevelRefundAmount"), request.get("refundItems")
    if bool(whole) == bool(items):
        raise _error(
            34905, "Either orderLevelRefundAmount or refundItems must be specified."
        )
    if len(str(request.get("comment") or "")) > _MAX_COMMENT:
        raise _error(
            34921,
            "The comment exceeds the length limit, please make sure it doesn't "
            f"exceed {_MAX_COMMENT} characters.",
        )


def _check_order(record: Record) -> None:
    status = record["order"].get("orderPaymentStatus")
    if status in ("PENDING", "FAILED"):
        raise _error(
            34929,
            "You cannot refund this order yet since the buyer payment has not been "
            "processed. Please try again later.",
            409,
        )
    if status == "FULLY_REFUNDED":
        raise _error(34917, "This order was already refunded.")
    if record.get("refundPending"):
        raise _error(
            34922, "Refund can't be issued while previous refund is processing."
        )


def _value(record: Record, given: Any) -> Decimal:
    """The positive amount of a SimpleAmount, in the order's currency."""
    given = given if isinstance(given, dict) else {}
    if not given.get("value"):
        raise _error(34906, "The amount value must be specified.")
    if not given.get("currency"):
        raise _error(34908, "The amount currency must be specified.")
    try:
        value = Decimal(str(given["value"]))
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or value <= 0 or value != value.quantize(CENT):
        raise _error(
            34907, "The amount value must be positive and within two decimals."
        )
    if given["currency"] != _currency(record):
        raise _error(34909, "The amount currency isn't correct.")
    return value


def _currency(record: Record) -> str:
    return record["order"]["pricingSummary"]["total"]["currency"]


def _money(record: Record, value: Decimal) -> dict[str, str]:
    return amount(value, _currency(record))


def _line_part(record: Record, item: Any) -> tuple[dict[str, Any], Decimal]:
    line = _line_of(record, item if isinstance(item, dict) else {})
    value = _value(record, item.get("refundAmount"))
    spent = sum((value_of(one.get("amount")) for one in line["refunds"]), Decimal())
    if value + spent > value_of(line.get("total")):
        raise _error(
            34924, "The item refund amount exceeds the item remaining amount.", 409
        )
    return line, value


def _line_of(record: Record, item: dict[str, Any]) -> dict[str, Any]:
    """The line by lineItemId, or by item id and transaction id.

    The transaction id of a line is its lineItemId here.
    """
    legacy = item.get("legacyReference") or {}
    line_id = item.get("lineItemId") or legacy.get("legacyTransactionId")
    if not item.get("lineItemId") and not legacy:
        raise _error(
            34910,
            "Either legacyReference or lineItemId must be specified for item level "
            "refund.",
        )
    if legacy and not legacy.get("legacyItemId"):
        raise _error(
            34911,
            "Legacy item id must be specified for item level refund if you use "
            "legacyReference.",
        )
    if legacy and not legacy.get("legacyTransactionId"):
        raise _error(
            34912,
            "Legacy transaction id must be specified for item level refund if you "
            "use legacyReference.",
        )
    for line in record["order"]["lineItems"]:
        if line["lineItemId"] == line_id:
            line.setdefault("refunds", [])
            return line
    raise _error(34914, "Can't find the item in the order.")


def refunded(record: Record) -> Decimal:
    """What was given back so far, pending refunds included."""
    order = record["order"]
    given = [
        *order.get("paymentSummary", {}).get("refunds", []),
        *(one for line in order["lineItems"] for one in line.get("refunds", [])),
    ]
    counted = (one for one in given if one.get("refundStatus") != "FAILED")
    return sum((value_of(one.get("amount")) for one in counted), Decimal())


def _check_sum(record: Record, value: Decimal) -> None:
    whole = value_of(record["order"]["pricingSummary"]["total"])
    if value + refunded(record) > whole:
        raise _error(34915, "The refund amount exceeds order amount.")


def settle(world: World) -> None:
    """Finish the refunds whose time has come; called before orders are read."""
    due = world.collection("refund_due")
    if not len(due):
        return
    now = world.clock.now().timestamp()
    for refund_id, pending in due.items():
        if pending["due"] > now:
            continue
        due.delete(refund_id)
        record = world.orders.get(pending["orderId"])
        if record is not None:
            _finish(world, record, refund_id)


def _finish(world: World, record: Record, refund_id: str) -> None:
    order = record["order"]
    failed = behaviour(world, "refundOutcome") == "FAILED"
    for refund in order.get("paymentSummary", {}).get("refunds", []):
        if refund.get("refundId") == refund_id:
            refund["refundStatus"] = "FAILED" if failed else "REFUNDED"
            refund["refundDate"] = world.clock.text()
    for line in order["lineItems"]:
        mine = [one for one in line.get("refunds", []) if one["refundId"] == refund_id]
        for refund in mine:
            refund["refundDate"] = world.clock.text()
            if failed:
                line["refunds"].remove(refund)
    record.pop("refundPending", None)
    _note_state(record)
    world.orders.save(record)


def _note_state(record: Record) -> None:
    order, back = record["order"], refunded(record)
    whole = value_of(order["pricingSummary"]["total"])
    if not back:
        order["orderPaymentStatus"] = "PAID"
    elif back >= whole:
        order["orderPaymentStatus"] = "FULLY_REFUNDED"
    else:
        order["orderPaymentStatus"] = "PARTIALLY_REFUNDED"
    summary = order.get("paymentSummary", {})
    if "totalDueSeller" in summary:
        fee = value_of(order.get("totalMarketplaceFee"))
        rest = max(whole - fee - back, Decimal())
        summary["totalDueSeller"] = _money(record, rest)
