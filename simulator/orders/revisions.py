"""Orders change after they were made: address, service, lines, note, number, names.

eBay lets buyers and sellers do so until the parcel leaves: another address at payment,
a line given back, several unpaid orders paid as one.
"""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..listings import listings
from .buyers import some_buyer
from .lifecycle import WrongState, is_cancelled, mark_paid
from .money import amount, cents, value_of

if TYPE_CHECKING:
    from ..world import World
    from .book import Record

NOT_STARTED = "NOT_STARTED"


def change_address(world: World, record: Record, given: dict[str, Any]) -> None:
    """Another place to ship to: ``shipTo``, or that of another ``number`` of buyer."""
    contact = given.get("shipTo")
    if contact is None:
        country = given.get("country", "DE")
        contact = some_buyer(world, country, int(given.get("number", 0)))["contact"]
    _step(record)["shipTo"] = copy.deepcopy(contact)
    world.orders.save(record)


def change_service(world: World, record: Record, given: dict[str, Any]) -> None:
    """Another shipping service, and another charge for it when ``cost`` is given.

    The charge is the first line's.
    """
    step = _step(record)
    if "service" in given:
        step["shippingServiceCode"] = given["service"]
    if "carrier" in given:
        step["shippingCarrierCode"] = given["carrier"]
    if "cost" in given:
        line, currency = record["order"]["lineItems"][0], _currency(record)
        cost = amount(Decimal(str(given["cost"])), currency)
        line["deliveryCost"] = {"shippingCost": cost}
        _add_up(record)
    world.orders.save(record)


def change_quantity(world: World, record: Record, given: dict[str, Any]) -> None:
    """So many pieces of a ``line`` (index) from now on, at the price of one before.

    :raises WrongState: the line was sent, or the listing has not so many.
    """
    line, quantity = _line(record, given), int(given["quantity"])
    if quantity < 1:
        raise WrongState("A line is of one piece at least; drop it instead.")
    _take(world, record, line, quantity - line["quantity"])
    for name in ("lineItemCost", "discountedLineItemCost"):
        if name in line:
            each = value_of(line[name]) / line["quantity"]
            line[name] = amount(cents(each * quantity), _currency(record))
    line["quantity"] = quantity
    _add_up(record)
    world.orders.save(record)


def add_line(world: World, record: Record, built: dict[str, Any]) -> None:
    """A line of another order joins this one; that order is gone.

    ``built`` is the record of an order of the same buyer's, bought a moment ago.
    """
    record["order"]["lineItems"] += built["order"]["lineItems"]
    record.setdefault("taken", []).extend(built.get("taken", []))
    world.orders.remove(built)
    _add_up(record)
    world.orders.save(record)


def drop_line(world: World, record: Record, given: dict[str, Any]) -> None:
    """A ``line`` (index) is no longer of the order; its pieces are for sale again.

    :raises WrongState: the line was sent, or it is the only one.
    """
    line = _line(record, given)
    if len(record["order"]["lineItems"]) == 1:
        raise WrongState("It is the only line; cancel the order.")
    _take(world, record, line, -line["quantity"])
    record["order"]["lineItems"].remove(line)
    _add_up(record)
    world.orders.save(record)


def refund_line(world: World, record: Record, given: dict[str, Any]) -> None:
    """The whole price of a ``line`` (index) is given back at once, before shipping.

    :raises WrongState: the line was sent or refunded, or the order is not paid.
    """
    line, order = _line(record, given), record["order"]
    if line.get("refunds") or order["orderPaymentStatus"] not in (
        "PAID",
        "PARTIALLY_REFUNDED",
    ):
        raise WrongState("The line is refunded, or the order is not paid.")
    value = line.get("discountedLineItemCost", line["lineItemCost"])
    refund = {
        "refundId": world.ids.digits("refund", 12),
        "refundDate": world.clock.text(),
        "amount": dict(value),
    }
    line["refunds"] = [refund]
    whole = {**refund, "refundStatus": "REFUNDED"}
    order["paymentSummary"].setdefault("refunds", []).append(whole)
    left = [one for one in order["lineItems"] if not one.get("refunds")]
    order["orderPaymentStatus"] = "PARTIALLY_REFUNDED" if left else "FULLY_REFUNDED"
    world.orders.save(record)


def write_note(world: World, record: Record, given: dict[str, Any]) -> None:
    """The buyer's note comes late."""
    record["order"]["buyerCheckoutNotes"] = str(given.get("text", ""))
    world.orders.save(record)


def rename_buyer(world: World, record: Record, given: dict[str, Any]) -> None:
    """The buyer has another user name: in every order of his."""
    old, new = record["order"]["buyer"]["username"], str(given["username"])
    for one in world.orders.records():
        if one["order"].get("buyer", {}).get("username") == old:
            one["order"]["buyer"]["username"] = new
            world.orders.save(one)


def change_sku(world: World, record: Record, given: dict[str, Any]) -> None:
    """eBay shows a line that was sold with the SKU that its listing has since got."""
    _line(record, given, is_open=False)["sku"] = str(given["sku"])
    world.orders.save(record)


def combine(world: World, records: list[Record]) -> Record:
    """Unpaid orders of one buyer are paid as one, under a new number.

    :raises WrongState: fewer than two, of several buyers, paid or cancelled.
    """
    buyers = {one["order"]["buyer"]["username"] for one in records}
    if len(records) < 2 or len(buyers) > 1:
        raise WrongState("Two or more orders of one buyer are combined.")
    for one in records:
        if one["order"]["orderPaymentStatus"] != "PENDING" or is_cancelled(one):
            raise WrongState("Only unpaid orders are combined.")
    first, *others = records
    for other in others:
        first["order"]["lineItems"] += other["order"]["lineItems"]
        first.setdefault("taken", []).extend(other.get("taken", []))
        world.orders.remove(other)
    _add_up(first)
    mark_paid(world, first, world.clock.now())
    world.orders.rename(first, world.ids.order_id())
    world.emit("order_paid", record=first)
    return first


def _step(record: Record) -> dict[str, Any]:
    instructions = record["order"].get("fulfillmentStartInstructions") or [{}]
    step = instructions[0].get("shippingStep")
    if step is None or instructions[0].get("ebaySupportedFulfillment"):
        raise WrongState("Nothing is shipped to the buyer.")
    if record["order"]["orderFulfillmentStatus"] != NOT_STARTED:
        raise WrongState("The parcel has left.")
    return step


def _line(
    record: Record, given: dict[str, Any], is_open: bool = True
) -> dict[str, Any]:
    lines = record["order"]["lineItems"]
    index = int(given.get("line", 0))
    if not 0 <= index < len(lines):
        raise WrongState(f"There is no line {index}.")
    if is_open and lines[index]["lineItemFulfillmentStatus"] != NOT_STARTED:
        raise WrongState("The line was sent.")
    return lines[index]


def _take(world: World, record: Record, line: dict[str, Any], more: int) -> None:
    """So many more pieces (fewer, when negative) of a line's listing are sold."""
    item_id, variation = line["legacyItemId"], line.get("legacyVariationId")
    units = listings.units(world.database, item_id)
    unit = next((one for one in units if one.variation_id == variation), None)
    if unit is None:
        return
    try:
        if more > 0:
            listings.sell(world.database, unit, more, world.clock.now())
        elif more:
            listings.restock(world.database, unit, -more, world.clock.now())
    except listings.ListingError as error:
        raise WrongState(str(error)) from error
    for taken in record.get("taken", []):
        if taken[:2] == [item_id, unit.position]:
            taken[2] += more
            break


def _currency(record: Record) -> str:
    return record["order"]["pricingSummary"]["total"]["currency"]


def _add_up(record: Record) -> None:
    """Line totals and the summary, anew from what the lines say."""
    order, currency = record["order"], _currency(record)
    subtotal = shipping = total = Decimal()
    for line in order["lineItems"]:
        cost = value_of(line["lineItemCost"])
        paid = value_of(line.get("discountedLineItemCost", line["lineItemCost"]))
        delivery = value_of(line["deliveryCost"]["shippingCost"])
        line["total"] = amount(paid + delivery, currency)
        subtotal, shipping, total = (
            subtotal + cost,
            shipping + delivery,
            total + paid + delivery,
        )
    summary = order["pricingSummary"]
    summary["priceSubtotal"] = amount(subtotal, currency)
    summary["deliveryCost"] = amount(shipping, currency)
    summary["total"] = amount(total, currency)
    off = subtotal + shipping - total
    summary.pop("priceDiscount", None)
    if off:
        summary["priceDiscount"] = amount(-off, currency)
    order["totalFeeBasisAmount"] = amount(total, currency)
