"""Fulfillment API v1: orders, shipping fulfilments, refunds, payment disputes."""

from __future__ import annotations

import json
import re
from typing import Any

from ..behaviour import behaviour
from ..calls import Api, Call, Operation, Quota, Reply, reply_created, reply_json
from ..errors import EbayError
from ..orders.book import Record
from ..orders.drift import listen
from ..orders.refunds import issue, settle
from ..orders.search import MAX_IDS, find, fulfillment_error, page_of, parse_filter
from ..orders.shipping import ship
from ..orders.views import PREFIX, render
from ..signatures import require_signature

_READ = ("sell.fulfillment", "sell.fulfillment.readonly")
_WRITE = ("sell.fulfillment",)
_ORDER_ID = re.compile(r"[0-9A-Za-z!-]{1,60}")


def _breakdown(call: Call) -> bool:
    """Whether TAX_BREAKDOWN was asked for.

    :raises EbayError: 32800 for any other field group.
    """
    groups = call.query.get("fieldGroups")
    if groups and groups != "TAX_BREAKDOWN":
        raise fulfillment_error(32800, f"Invalid field group: {groups}")
    return bool(groups)


def _record(call: Call, name: str = "orderId", unknown: int = 404) -> Record:
    """The caller's order named in the path.

    :raises EbayError: 32100, as 400 when malformed, else as ``unknown``.
    """
    order_id = call.params[name]
    error = f"Invalid order ID: {order_id}"
    if not _ORDER_ID.fullmatch(order_id):
        raise fulfillment_error(32100, error)
    record = call.world.orders.get(order_id, call.seller)
    if record is None or not visible(call, order_id):
        raise fulfillment_error(32100, error, unknown)
    return record


def visible(call: Call, order_id: str) -> bool:
    """Whether a fresh order can be read yet."""
    hidden = call.world.collection("hidden_order").get(order_id)
    if hidden is None:
        return True
    wait = behaviour(call.world, "orderVisibleAfterSeconds")
    return hidden["since"] + wait <= call.world.clock.now().timestamp()


def get_order(call: Call) -> Reply:
    """getOrder: with cancel requests and tax identifier."""
    settle(call.world)
    breakdown = _breakdown(call)
    body = render(call.world, _record(call), call.base_url, True, breakdown)
    return Reply(200, body, "application/json")


def get_orders(call: Call) -> Reply:
    """getOrders: by ids, or by filter and page."""
    settle(call.world)
    if call.query.get("orderIds"):
        return _orders_by_id(call, call.query["orderIds"].split(","))
    breakdown = _breakdown(call)
    search = parse_filter(call.query.get("filter"), call.world.clock.now())
    limit, offset = page_of(call.query)
    ids = find(call.world, call.seller, search)
    if len(call.world.collection("hidden_order")):
        ids = [one for one in ids if visible(call, one)]
    page = _links(call, len(ids), limit, offset)
    return _collection(call, page, ids[offset : offset + limit], breakdown)


def _orders_by_id(call: Call, given: list[str]) -> Reply:
    """With orderIds every other parameter is ignored; unknown ids are left out."""
    ids = list(dict.fromkeys(one.strip() for one in given if one.strip()))
    if len(ids) > MAX_IDS:
        raise fulfillment_error(
            30900,
            f"Exceeded maximum number of order IDs (the current limit is {MAX_IDS})",
        )
    book = call.world.orders
    known = [one for one in ids if book.get(one, call.seller) and visible(call, one)]
    known.sort(key=book.created)
    href = call.href("/order", orderIds=",".join(ids))
    page = {"href": href, "total": len(known), "limit": MAX_IDS, "offset": 0}
    return _collection(call, page, known, breakdown=False)


def _links(call: Call, total: int, limit: int, offset: int) -> dict[str, Any]:
    kept = {
        name: call.query[name]
        for name in ("filter", "fieldGroups")
        if name in call.query
    }

    def href(start: int) -> str:
        return call.href("/order", **kept, limit=limit, offset=start)

    page: dict[str, Any] = {
        "href": href(offset),
        "total": total,
        "limit": limit,
        "offset": offset,
    }
    if offset + limit < total:
        page["next"] = href(offset + limit)
    if offset:
        page["prev"] = href(max(0, offset - limit))
    return page


def _collection(
    call: Call, page: dict[str, Any], ids: list[str], breakdown: bool
) -> Reply:
    """OrderSearchPagedCollection out of orders rendered one by one."""
    world, shown = call.world, []
    for order_id in ids:
        record = world.orders.get(order_id)
        if record is not None:
            shown.append(render(world, record, call.base_url, False, breakdown))
    head = json.dumps(page, separators=(",", ":"))[:-1]
    body = b"".join((head.encode(), b',"orders":[', b",".join(shown), b"]}"))
    return Reply(200, body, "application/json")


def create_shipping_fulfillment(call: Call) -> Reply:
    """createShippingFulfillment: 201, the id in the Location header."""
    record = _record(call, unknown=400)
    fulfillment_id = ship(call.world, record, call.json_object())
    order_id = record["order"]["orderId"]
    path = f"/order/{order_id}/shipping_fulfillment/{fulfillment_id}"
    return reply_created(call.href(path), {})


def get_shipping_fulfillments(call: Call) -> Reply:
    """getShippingFulfillments: all parcels, none is no error."""
    parcels = _record(call, unknown=400)["fulfillments"]
    return reply_json({"fulfillments": parcels, "total": len(parcels)})


def get_shipping_fulfillment(call: Call) -> Reply:
    """getShippingFulfillment."""
    wanted = call.params["fulfillmentId"]
    for parcel in _record(call)["fulfillments"]:
        if parcel["fulfillmentId"] == wanted:
            return reply_json(parcel)
    raise fulfillment_error(32110, f"Invalid shipping fulfillment ID: {wanted}", 404)


def issue_refund(call: Call) -> Reply:
    """issueRefund: PENDING now, done later. EU and UK sellers sign it."""
    require_signature(call)
    settle(call.world)
    try:
        record = _record(call, "order_id")
    except EbayError as error:
        raise fulfillment_error(34913, "Can not find the order.", 404) from error
    return reply_json(issue(call.world, record, call.json_object()))


def get_payment_dispute_summaries(call: Call) -> Reply:
    """getPaymentDisputeSummaries: no buyer here ever disputes a payment."""
    limit, offset = call.query.get("limit", "200"), call.query.get("offset", "0")
    if not limit.isdecimal() or not 1 <= int(limit) <= 200 or not offset.isdecimal():
        raise fulfillment_error(33001, "Invalid input request")
    return reply_json(
        {
            "href": call.href("/payment_dispute_summary", limit=limit, offset=offset),
            "limit": int(limit),
            "offset": int(offset),
            "paymentDisputeSummaries": [],
            "total": 0,
        }
    )


_ORDERS = Quota("sell", "Fulfillment", "sell.fulfillment", 100_000)
_REFUNDS = Quota("sell", "Fulfillment", "sell.fulfillment.issue_refund", 100_000)
_DISPUTES = Quota("sell", "Fulfillment", "sell.fulfillment.payment_dispute", 250_000)
_PARCELS = "/order/{orderId}/shipping_fulfillment"

API = Api(
    name="sell.fulfillment",
    prefix=PREFIX,
    quota=_ORDERS,
    setup=listen,
    operations=[
        Operation("GET", "/order", "getOrders", get_orders, scopes=_READ),
        Operation("GET", "/order/{orderId}", "getOrder", get_order, scopes=_READ),
        Operation(
            "GET",
            _PARCELS,
            "getShippingFulfillments",
            get_shipping_fulfillments,
            scopes=_READ,
        ),
        Operation(
            "POST",
            _PARCELS,
            "createShippingFulfillment",
            create_shipping_fulfillment,
            scopes=_WRITE,
        ),
        Operation(
            "GET",
            _PARCELS + "/{fulfillmentId}",
            "getShippingFulfillment",
            get_shipping_fulfillment,
            scopes=_READ,
        ),
        Operation(
            "POST",
            "/order/{order_id}/issue_refund",
            "issueRefund",
            issue_refund,
            scopes=("sell.finances",),
            quota=_REFUNDS,
        ),
        Operation(
            "GET",
            "/payment_dispute_summary",
            "getPaymentDisputeSummaries",
            get_payment_dispute_summaries,
            scopes=("sell.payment.dispute",),
            quota=_DISPUTES,
        ),
    ],
)
