"""Buyers and sellers act: buy, pay, cancel, ship, refund, return, load, look."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from ..calls import Call, Reply, reply_json
from ..clock import to_text
from ..orders import revisions
from ..orders.book import Record
from ..orders.buying import CannotBuy, Shelf, buy
from ..orders.lifecycle import WrongState, answer_cancel, pay, request_cancel
from ..orders.load import BadDocument, load_orders
from ..orders.money import value_of
from ..orders.refunds import issue
from ..orders.returns import open_return
from ..orders.shipping import ship
from ..seed import SELLER
from . import control, refuse

ZERO = Decimal()
_LINE_NAMES = ("lineItemId", "legacyItemId", "sku", "quantity")


def _record(call: Call) -> Record:
    record = call.world.orders.get(call.params["orderId"])
    if record is None:
        raise refuse(f"No order {call.params['orderId']}.", 404)
    return record


def buy_orders(call: Call) -> Reply:
    """``count`` orders (1), each as the other fields wish; see docs/simulator.md."""
    wish = call.json_object()
    seller = wish.get("seller", SELLER)
    shelf = Shelf(call.world, seller, wish.get("marketplace"))
    ids: list[str] = []
    try:
        count, spread = int(wish.get("count", 1)), float(wish.get("spread", 0))
        now = call.world.clock.now()
        for number in range(count):
            if spread:
                ago = spread * (count - number) / count
                wish["created"] = to_text(now - timedelta(seconds=ago))
            ids.append(buy(call.world, seller, shelf, wish)["order"]["orderId"])
    except (CannotBuy, TypeError, ValueError, ArithmeticError) as error:
        if not ids:
            raise refuse(f"{error}") from error
        return reply_json({"orderIds": ids, "stopped": str(error)}, 201)
    return reply_json({"orderIds": ids}, 201)


def list_orders(call: Call) -> Reply:
    """Every order in one line: for completeness proofs of tests."""
    seller = call.query.get("seller")
    shown = [
        _summary(record)
        for record in call.world.orders.records()
        if seller in (None, record["seller"])
    ]
    return reply_json({"total": len(shown), "orders": shown})


def _summary(record: Record) -> dict[str, Any]:
    order = record["order"]
    names = ("orderId", "creationDate", "lastModifiedDate", "orderPaymentStatus")
    return {
        **{name: order.get(name) for name in names},
        "orderFulfillmentStatus": order.get("orderFulfillmentStatus"),
        "cancelState": order.get("cancelStatus", {}).get("cancelState"),
        "seller": record["seller"],
        "total": order.get("pricingSummary", {}).get("total"),
        "fulfillments": record["fulfillments"],
        "lineItems": [_line_summary(line) for line in order.get("lineItems", [])],
    }


def _line_summary(line: dict[str, Any]) -> dict[str, Any]:
    """What was sold; ``refunded`` when the whole price, ``paid``, was given back."""
    paid = line.get("discountedLineItemCost") or line.get("lineItemCost")
    refunds = sum((value_of(one["amount"]) for one in line.get("refunds", [])), ZERO)
    return {
        **{name: line.get(name) for name in _LINE_NAMES},
        "status": line.get("lineItemFulfillmentStatus"),
        "paid": (paid or {}).get("value"),
        "refunded": bool(refunds) and refunds >= value_of(paid),
    }


def show_order(call: Call) -> Reply:
    """The stored record: nothing hidden, nothing aged."""
    return reply_json(_record(call))


def load(call: Call) -> Reply:
    """Store order documents as they are; the same orderId replaces."""
    given = call.json()
    wrapped = isinstance(given, dict) and "orders" in given
    documents = given["orders"] if wrapped else given
    options = given if wrapped else {}
    if not isinstance(documents, list):
        documents = [documents]
    try:
        ids = load_orders(
            call.world,
            documents,
            options.get("seller", SELLER),
            ages=bool(options.get("ages")),
            notify=bool(options.get("notify")),
            takes_stock=bool(options.get("takeStock")),
        )
    except BadDocument as error:
        raise refuse(str(error)) from error
    return reply_json({"orderIds": ids}, 201)


def pay_order(call: Call) -> Reply:
    """The buyer pays; answers with the new order id."""
    keep = bool(call.json_object().get("keepId"))
    return _acted(lambda: pay(call.world, _record(call), keep)["order"])


def cancel_order(call: Call) -> Reply:
    """``by`` buyer (default) or seller; ``accept`` true/false answers at once.

    Without ``accept`` a buyer's request stays open; a seller's is carried out.
    """
    given = call.json_object()
    seller = given.get("by") == "seller"
    reason = given.get("reason", "OUT_OF_STOCK" if seller else "ORDER_MISTAKE")
    record = _record(call)

    def act() -> dict[str, Any]:
        initiator = "Seller" if seller else "Buyer"
        request = request_cancel(call.world, record, initiator, reason)
        accept = given.get("accept", True if seller else None)
        if accept is not None:
            request = answer_cancel(call.world, record, bool(accept))
        return request

    return _acted(act)


def answer_cancellation(call: Call) -> Reply:
    """The open request is accepted (``accept`` true, default) or rejected."""
    accept = bool(call.json_object().get("accept", True))
    return _acted(lambda: answer_cancel(call.world, _record(call), accept))


def ship_order(call: Call) -> Reply:
    """The seller marks as shipped on eBay; without lineItems everything."""
    record = _record(call)
    details = call.json_object()
    if "lineItems" not in details:
        details["lineItems"] = [
            {"lineItemId": line["lineItemId"], "quantity": line.get("quantity", 1)}
            for line in record["order"]["lineItems"]
        ]
    return reply_json({"fulfillmentId": ship(call.world, record, details)}, 201)


def refund_order(call: Call) -> Reply:
    """The seller refunds on eBay: an IssueRefundRequest, or nothing for all of it."""
    record = _record(call)
    request = call.json_object()
    request.setdefault("reasonForRefund", "OTHER_ADJUSTMENT")
    if not {"refundItems", "orderLevelRefundAmount"} & set(request):
        request["orderLevelRefundAmount"] = record["order"]["pricingSummary"]["total"]
    return reply_json(issue(call.world, record, request))


def return_order(call: Call) -> Reply:
    """The buyer sends a line back: ``line`` (index), ``quantity``, ``refund``."""
    given = call.json_object()
    return _acted(lambda: open_return(call.world, _record(call), given))


def revise_order(change: Any) -> Any:
    """The operation that changes an order by a function of ``orders/revisions.py``."""

    def revise(call: Call) -> Reply:
        record, given = _record(call), call.json_object()

        def act() -> dict[str, Any]:
            try:
                change(call.world, record, given)
            except (KeyError, TypeError, ValueError, ArithmeticError) as error:
                raise refuse(f"{error!r}") from error
            return record["order"]

        return _acted(act)

    revise.__doc__ = change.__doc__
    return revise


def add_line(call: Call) -> Reply:
    """The buyer takes one more thing, in the same order: a line of ``/_sim/buy``."""
    record, given = _record(call), call.json_object()

    def act() -> dict[str, Any]:
        paid = record["order"]["orderPaymentStatus"] != "PENDING"
        wish = {"lines": [given], "paid": paid, "shipping": "0", "discount": "0"}
        seller = record["seller"]
        try:
            built = buy(call.world, seller, Shelf(call.world, seller, None), wish)
        except (CannotBuy, TypeError, ValueError) as error:
            raise refuse(f"{error}") from error
        revisions.add_line(call.world, record, built)
        return record["order"]

    return _acted(act)


def combine_orders(call: Call) -> Reply:
    """Unpaid ``orderIds`` of one buyer are paid as one; the new id is in the answer."""
    given = [call.world.orders.get(one) for one in call.json_object()["orderIds"]]
    if not all(given):
        raise refuse("Not all of these orders exist.", 404)
    records = [one for one in given if one]
    return _acted(lambda: revisions.combine(call.world, records)["order"])


def edit_order(call: Call) -> Reply:
    """Lay fields over the document (top level) and touch it, as any change does."""
    record = _record(call)
    given = call.json_object()
    given.pop("orderId", None)
    record["order"] |= given
    call.world.orders.save(record)
    return reply_json(record["order"])


def _acted(act: Any) -> Reply:
    try:
        return reply_json(act())
    except WrongState as error:
        raise refuse(str(error), 409) from error


OPERATIONS = [
    control("POST", "/buy", buy_orders),
    control("GET", "/orders", list_orders),
    control("POST", "/orders", load),
    control("GET", "/orders/{orderId}", show_order),
    control("PATCH", "/orders/{orderId}", edit_order),
    control("POST", "/orders/{orderId}/pay", pay_order),
    control("POST", "/orders/{orderId}/cancel", cancel_order),
    control("POST", "/orders/{orderId}/cancel/answer", answer_cancellation),
    control("POST", "/orders/{orderId}/ship", ship_order),
    control("POST", "/orders/{orderId}/refund", refund_order),
    control("POST", "/orders/{orderId}/return", return_order),
    control("POST", "/orders/{orderId}/lines", add_line),
    control("POST", "/combine", combine_orders),
    *(
        control("POST", f"/orders/{{orderId}}/{path}", revise_order(change))
        for path, change in (
            ("address", revisions.change_address),
            ("service", revisions.change_service),
            ("quantity", revisions.change_quantity),
            ("drop", revisions.drop_line),
            ("refund-line", revisions.refund_line),
            ("note", revisions.write_note),
            ("rename-buyer", revisions.rename_buyer),
            ("sku", revisions.change_sku),
        )
    ),
]
