"""A buyer sends something back: a return record, a refund, goods on the shelf."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .lifecycle import WrongState
from .money import amount, cents, value_of
from .refunds import issue

if TYPE_CHECKING:
    from ..world import World
    from .book import Record


def open_return(world: World, record: Record, given: dict[str, Any]) -> dict[str, Any]:
    """Open a return for part of a line; with ``refund`` it is refunded and closed.

    :raises WrongState: no such line, or more than was bought.
    :raises EbayError: the refund is refused.
    """
    order = record["order"]
    lines, index = order["lineItems"], int(given.get("line", 0))
    if not 0 <= index < len(lines):
        raise WrongState(f"The order has {len(lines)} lines.")
    line = lines[index]
    quantity = int(given.get("quantity", line.get("quantity", 1)))
    if not 1 <= quantity <= line.get("quantity", 1):
        raise WrongState(f"{line.get('quantity', 1)} were bought.")
    found: dict[str, Any] = {
        "returnId": world.ids.digits("return", 10),
        "orderId": order["orderId"],
        "lineItemId": line["lineItemId"],
        "quantity": quantity,
        "reason": given.get("reason", "NO_LONGER_NEED_ITEM"),
        "state": "RETURN_REQUESTED",
        "creationDate": world.clock.text(),
    }
    if given.get("refund"):
        share = Decimal(quantity) / line.get("quantity", 1)
        cost = line.get("discountedLineItemCost") or line["lineItemCost"]
        value = amount(cents(value_of(cost) * share), cost["currency"])
        item = {"lineItemId": line["lineItemId"], "refundAmount": value}
        request = {"reasonForRefund": "BUYER_RETURN", "refundItems": [item]}
        found |= {"state": "CLOSED", **issue(world, record, request)}
    world.collection("return").put(found["returnId"], found)
    world.emit("return_changed", record=record, found=found)
    return found
