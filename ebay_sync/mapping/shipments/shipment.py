"""A parcel of ours and what eBay knows of it: what to send, or why not.

Source: Fulfillment API, createShippingFulfillment and getShippingFulfillments. eBay
gives a parcel with a tracking number that number as its id, one without an arbitrary
one. A second call is a second parcel, so this file decides what still is to be sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from ..orders.order import Order
from ..values.errors import MappingError
from ..values.reader import Node, Reading
from ..values.text import CODE
from .carriers import OTHER

SEND = "send"  # tell eBay `quantities`
TOLD = "told"  # eBay knows this very parcel as `fulfillment_ref`
ELSEWHERE = "elsewhere"  # all of it was reported on eBay as other parcels
ASK = "ask"  # a person decides; `reason` is why
READ = "read"  # eBay's parcels have to be read first

CANCELLED = "order_cancelled"
CANCEL_REQUESTED = "cancel_requested"
REFUNDED = "order_refunded"
LINE_REFUNDED = "line_refunded"
UNKNOWN_LINE = "unknown_line"

NOT_STARTED = "NOT_STARTED"
_CLOCKS_DIFFER_BY = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class EbayParcel:
    """A shipping fulfilment as eBay shows it; ``quantities`` by line item id."""

    fulfillment_ref: str
    quantities: Mapping[str, int]
    tracking_number: str | None = None
    carrier_code: str | None = None
    shipped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel of ours. ``claimed``: it was sent before and no answer came.

    ``insisted``: a person has said that it is to be sent whatever the order's state.
    """

    quantities: Mapping[str, int]
    shipped_at: datetime
    tracking_number: str = ""
    carrier_code: str = OTHER
    claimed: bool = False
    insisted: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do about a parcel; see the constants above.

    ``held`` are pieces in it that are not reported unless a person says so.
    """

    what: str
    quantities: dict[str, int] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    fulfillment_ref: str | None = None
    reason: str = ""


def fulfillment_document(
    quantities: Mapping[str, int],
    shipped_at: datetime,
    tracking_number: str = "",
    carrier_code: str = OTHER,
) -> dict[str, Any]:
    """The body of createShippingFulfillment; ``shipped_at`` is aware.

    Carrier and number go together or not at all.
    """
    document: dict[str, Any] = {
        "lineItems": [
            {"lineItemId": line, "quantity": quantity}
            for line, quantity in quantities.items()
        ],
        "shippedDate": f"{shipped_at.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%S}.000Z",
    }
    if tracking_number:
        document["shippingCarrierCode"] = carrier_code or OTHER
        document["trackingNumber"] = tracking_number
    return document


def map_parcels(document: dict[str, Any]) -> tuple[EbayParcel, ...]:
    """Read the answer of getShippingFulfillments.

    Raises MappingError when the list is missing or a parcel has no id or no readable
    lines: what cannot be read must not look like "nothing sent yet".
    """
    raw = document.get("fulfillments")
    if raw is None and document.get("total") == 0:
        return ()
    if not isinstance(raw, list):
        raise MappingError("$.fulfillments", raw, "the list is missing")
    reading = Reading()
    nodes = Node(document, "$", reading).children("fulfillments")
    if len(nodes) < len(raw):
        raise MappingError("$.fulfillments", raw, "parcels that cannot be read")
    return tuple(_parcel(node) for node in nodes)


def _parcel(node: Node) -> EbayParcel:
    quantities: Counter[str] = Counter()
    for line in node.children("lineItems"):
        quantity = line.whole_number("quantity")
        if "quantity" in line.data and quantity is None:
            raise line.error("quantity", "no whole number")
        quantities[line.required_identifier("lineItemId")] += (
            1 if quantity is None else quantity
        )
    return EbayParcel(
        fulfillment_ref=node.required_identifier("fulfillmentId"),
        quantities=dict(quantities),
        tracking_number=node.line("shipmentTrackingNumber", CODE),
        carrier_code=node.enum("shippingCarrierCode"),
        shipped_at=node.timestamp("shippedDate"),
    )


def judge(
    parcel: Parcel,
    order: Order,
    own_refs: Collection[str] = (),
    own_told: Mapping[str, int] | None = None,
    ebay_parcels: Iterable[EbayParcel] | None = None,
) -> Verdict:
    """Say what is to be done about a parcel, from what eBay shows of its order.

    ``own_refs`` are eBay's ids of our other parcels of the order, ``own_told`` their
    quantities by line. ``ebay_parcels`` are eBay's own words, when they were read.
    """
    if parcel.tracking_number and parcel.tracking_number in order.shipped_refs:
        return Verdict(TOLD, fulfillment_ref=parcel.tracking_number)
    if ebay_parcels is None:
        if _must_read(parcel, order, own_refs, own_told or {}):
            return Verdict(READ)
        told = dict(own_told or {})
    else:
        ebay_parcels = tuple(ebay_parcels)
        foreign = [one for one in ebay_parcels if one.fulfillment_ref not in own_refs]
        same = next((one for one in foreign if is_same(parcel, one)), None)
        if same:
            return Verdict(TOLD, fulfillment_ref=same.fulfillment_ref)
        told = sum_quantities(one.quantities for one in ebay_parcels)
    return _what_is_left(parcel, order, told)


def _must_read(
    parcel: Parcel,
    order: Order,
    own_refs: Collection[str],
    own_told: Mapping[str, int],
) -> bool:
    """Whether eBay knows of parcels that we do not, or may know of this one."""
    if parcel.claimed or set(order.shipped_refs) - set(own_refs):
        return True
    begun = order.fulfillment_status not in (None, NOT_STARTED)
    return begun and not own_told and not order.shipped_refs


def _what_is_left(parcel: Parcel, order: Order, told: Mapping[str, int]) -> Verdict:
    ordered = {line.line_item_ref: line.quantity for line in order.lines}
    if set(parcel.quantities) - set(ordered):
        return Verdict(ASK, reason=UNKNOWN_LINE)
    left = {
        line: min(quantity, ordered[line] - told.get(line, 0))
        for line, quantity in parcel.quantities.items()
    }
    left = {line: quantity for line, quantity in left.items() if quantity > 0}
    if not left:
        return Verdict(ELSEWHERE)
    reason = "" if parcel.insisted else _reason_to_ask(order)
    if reason:
        return Verdict(ASK, reason=reason)
    held = {} if parcel.insisted else _refunded(order, left)
    if held.keys() == left.keys():
        return Verdict(ASK, reason=LINE_REFUNDED)
    going = {line: left[line] for line in left if line not in held}
    return Verdict(SEND, quantities=going, held=held)


def _reason_to_ask(order: Order) -> str:
    if order.cancel.is_cancelled:
        return CANCELLED
    if order.cancel.is_requested:
        return CANCEL_REQUESTED
    return REFUNDED if order.payment_status == "FULLY_REFUNDED" else ""


def _refunded(order: Order, quantities: Mapping[str, int]) -> dict[str, int]:
    """The pieces whose buyer has got the money back and may not wait for them."""
    gone = {line.line_item_ref for line in order.lines if line.is_fully_refunded}
    return {line: count for line, count in quantities.items() if line in gone}


def is_same(parcel: Parcel, other: EbayParcel) -> bool:
    """Whether eBay's parcel is ours.

    By tracking number; without one by lines, quantities and the second of shipping.
    """
    if parcel.tracking_number or other.tracking_number:
        theirs = (other.tracking_number or other.fulfillment_ref).upper()
        return bool(parcel.tracking_number) and parcel.tracking_number.upper() == theirs
    if other.shipped_at is None:
        return False
    apart = abs(other.shipped_at - parcel.shipped_at)
    return dict(other.quantities) == dict(parcel.quantities) and (
        apart <= _CLOCKS_DIFFER_BY
    )


def shipped_key(order: Order) -> str:
    """What eBay shows of an order's parcels, to see when that changes; "" for none."""
    if order.shipped_refs:
        return " ".join(sorted(order.shipped_refs))
    begun = order.fulfillment_status not in (None, NOT_STARTED)
    return order.fulfillment_status or "" if begun else ""


def sum_quantities(quantities: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Add up quantities by line."""
    whole: Counter[str] = Counter()
    for one in quantities:
        whole.update(one)
    return dict(whole)


def corrected_numbers(
    order: Order,
    ebay_parcels: Iterable[EbayParcel],
    new: Mapping[str | None, tuple[str, str]],
) -> list[tuple[str, str]] | None:
    """What CompleteSale has to say so that only the corrected numbers change.

    ``new`` holds ``(carrier, number)`` by eBay's id of the parcel, ``None`` for one
    that eBay shows under no id of ours. The answer lists the numbers of all parcels of
    the order, ``(carrier, number)`` each, or is None when it cannot be reported.

    Trading's CompleteSale takes any number of tracking details, marks the whole order
    as sent and replaces what was there (ShipmentType, knowledge base article 1557). It
    cannot say which parcel holds what, so an order that is not wholly sent yet would be
    shown as sent: such a correction is made by hand.
    """
    ebay_parcels = tuple(ebay_parcels)
    sent = sum_quantities(one.quantities for one in ebay_parcels)
    if any(sent.get(line.line_item_ref, 0) < line.quantity for line in order.lines):
        return None
    numbers = []
    missing = dict(new)
    for one in ebay_parcels:
        if one.fulfillment_ref in missing:
            numbers.append(missing.pop(one.fulfillment_ref))
        elif one.tracking_number:
            carrier = one.carrier_code or OTHER
            numbers.append((carrier, one.tracking_number))
    if None in missing and not numbers:  # eBay has no number at all: ours is added
        numbers.append(missing.pop(None))
    if None in missing and len(ebay_parcels) == 1:
        numbers = [missing.pop(None)]
    return None if missing or not numbers else list(dict.fromkeys(numbers))
