"""Shipping fulfilments: what was sent, in which parcel.

Not idempotent, as at eBay: a second call with another tracking number is a second
parcel. Source: createShippingFulfillment and its error list.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from ..behaviour import behaviour
from ..clock import from_text, to_text
from ..errors import EbayError
from .search import fulfillment_error

if TYPE_CHECKING:
    from ..world import World
    from .book import Record

MAX_PARCELS = 20
_TRACKING = re.compile(r"[A-Za-z0-9]{1,50}")
_FIRST_UNTRACKED = 999


def ship(world: World, record: Record, details: dict[str, Any]) -> str:
    """Add a fulfilment as ShippingFulfillmentDetails ask; returns its id.

    The same tracking number again changes nothing and returns the same id.

    :raises EbayError: 32200 ... 34100.
    """
    lines = _lines(record, details.get("lineItems"))
    tracking = _tracking(details)
    shipped = _shipped(world, details.get("shippedDate"))
    parcels = record["fulfillments"]
    if any(tracking and one["fulfillmentId"] == tracking for one in parcels):
        return tracking
    if len(parcels) >= MAX_PARCELS:
        raise fulfillment_error(34100, "Maximum tracking number for order is exceeded")
    parcel: dict[str, Any] = {
        "fulfillmentId": tracking or _free_number(parcels),
        "shippedDate": shipped,
        "lineItems": lines,
    }
    if tracking:
        parcel["shipmentTrackingNumber"] = tracking
        parcel["shippingCarrierCode"] = details["shippingCarrierCode"]
    parcels.append(parcel)
    _move(record)
    world.orders.save(record, touch=behaviour(world, "shippingTouchesOrder"))
    return parcel["fulfillmentId"]


def replace_parcels(
    world: World, record: Record, parcels: list[dict[str, Any]]
) -> None:
    """Forget all parcels and send these: Trading's CompleteSale may correct them.

    An empty list takes a shipment back.

    :raises EbayError: as ``ship``; then nothing has changed.
    """
    before = list(record["fulfillments"])
    record["fulfillments"].clear()
    try:
        for details in parcels:
            ship(world, record, details)
    except EbayError:
        record["fulfillments"][:] = before
        raise
    finally:
        _move(record)
        world.orders.save(record)


def _bad_input() -> EbayError:
    return fulfillment_error(32600, "Invalid input data")


def _lines(record: Record, given: Any) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not given:
        raise _bad_input()
    ordered = {
        line["lineItemId"]: line.get("quantity", 1)
        for line in record["order"]["lineItems"]
    }
    lines: dict[str, int] = {}
    for one in given:
        if not isinstance(one, dict):
            raise _bad_input()
        line_id, quantity = one.get("lineItemId"), one.get("quantity", 1)
        if line_id not in ordered:
            raise fulfillment_error(32200, f"Invalid line item id: {line_id}")
        if line_id in lines:
            raise fulfillment_error(32210, "Duplicate line item in the request")
        whole = isinstance(quantity, int) and not isinstance(quantity, bool)
        if not whole or not 1 <= quantity <= ordered[line_id]:
            raise _bad_input()
        lines[line_id] = quantity
    return [
        {"lineItemId": line_id, "quantity": quantity}
        for line_id, quantity in lines.items()
    ]


def _tracking(details: dict[str, Any]) -> str | None:
    """Carrier and tracking number go together or not at all."""
    tracking = details.get("trackingNumber")
    carrier = details.get("shippingCarrierCode")
    if not tracking and not carrier:
        return None
    fits = isinstance(tracking, str) and _TRACKING.fullmatch(tracking)
    if not fits or not isinstance(carrier, str) or not carrier:
        raise fulfillment_error(32300, "Invalid shipment tracking number or carrier")
    return tracking


def _shipped(world: World, given: Any) -> str:
    now = world.clock.now()
    if given is None:
        return to_text(now)
    try:
        shipped = from_text(str(given))
    except ValueError as error:
        raise fulfillment_error(32500, "Invalid shipped date") from error
    if shipped > now:
        raise fulfillment_error(32500, "Invalid shipped date")
    return to_text(shipped)


def _free_number(parcels: list[dict[str, Any]]) -> str:
    taken = {one["fulfillmentId"] for one in parcels}
    number = _FIRST_UNTRACKED
    while str(number) in taken:
        number += 1
    return str(number)


def _move(record: Record) -> None:
    """Set the fulfilment states of the lines and of the order."""
    sent: Counter[str] = Counter()
    for parcel in record["fulfillments"]:
        for line in parcel["lineItems"]:
            sent[line["lineItemId"]] += line["quantity"]
    states = set()
    for line in record["order"]["lineItems"]:
        done = sent[line["lineItemId"]]
        state = "NOT_STARTED"
        if done:
            whole = done >= line.get("quantity", 1)
            state = "FULFILLED" if whole else "IN_PROGRESS"
        line["lineItemFulfillmentStatus"] = state
        states.add(state)
    whole_order = states.pop() if len(states) == 1 else "IN_PROGRESS"
    record["order"]["orderFulfillmentStatus"] = whole_order
