"""What buyers do on eBay."""

from __future__ import annotations

from typing import Any

from .shop import SELLER, DayShop
from .steps import step

COUNTRIES = ("DE", "DE", "DE", "PL", "FR", "IT")


@step(12)
def buys(shop: DayShop) -> object:
    """Something of what eBay shows: one line or several, paid or not yet."""
    dice = shop.dice
    found = shop.ebay.look("listings", seller=SELLER, status="ACTIVE", limit=500)
    units = [
        (one["itemId"], unit)
        for one in found["listings"]
        for unit in one["units"]
        if unit["quantity"]
    ]
    if not units:
        return "sold out"
    chosen = dice.sample(units, min(len(units), dice.choice((1, 1, 1, 2, 3))))
    lines = [
        {
            "itemId": item,
            **({"variationId": unit["variationId"]} if unit["variationId"] else {}),
            "quantity": dice.randint(1, min(unit["quantity"], dice.choice((2, 2, 9)))),
        }
        for item, unit in chosen
    ]
    wish = {"lines": lines, "country": dice.choice(COUNTRIES)}
    wish["paid"] = dice.random() < 0.75
    if dice.random() < 0.2:
        wish["discount"] = "0.1"
    return shop.ebay.control("buy", **wish)["orderIds"], lines


def an_order(shop: DayShop, **wanted: Any) -> dict[str, Any] | None:
    """One of the orders on eBay, in which these fields have one of these values."""
    orders = [
        order
        for order in shop.ebay.look("orders")["orders"]
        if all(order[name] in values for name, values in wanted.items())
    ]
    return shop.dice.choice(orders) if orders else None


UNPAID = {"orderPaymentStatus": ("PENDING",)}
ALIVE = {"cancelState": ("NONE_REQUESTED", "IN_PROGRESS")}


@step(4)
def pays_late(shop: DayShop) -> object:
    """The order gets another number, or keeps its own."""
    order = an_order(shop, **UNPAID, **ALIVE)
    if not order:
        return None
    keep = shop.dice.random() < 0.3
    told = shop.ebay.control(f"orders/{order['orderId']}/pay", keepId=keep)
    return order["orderId"], told["orderId"]


@step(4)
def cancels(shop: DayShop) -> object:
    """Asks for it, or the seller does it at once on eBay's pages."""
    order = an_order(shop, cancelState=("NONE_REQUESTED",))
    if not order:
        return None
    wish = shop.dice.choice(({}, {"accept": True}, {"by": "seller"}))
    shop.ebay.control(f"orders/{order['orderId']}/cancel", **wish)
    return order["orderId"], wish


@step(2)
def is_answered(shop: DayShop) -> object:
    """The seller answers a buyer who wants to cancel."""
    order = an_order(shop, cancelState=("IN_PROGRESS",))
    if not order:
        return None
    accept = shop.dice.random() < 0.5
    shop.ebay.control(f"orders/{order['orderId']}/cancel/answer", accept=accept)
    return order["orderId"], accept


@step(3)
def is_refunded(shop: DayShop) -> object:
    """All, or one euro of goodwill."""
    order = an_order(shop, orderPaymentStatus=("PAID", "PARTIALLY_REFUNDED"))
    if not order:
        return None
    value = {"value": "1.00", "currency": "EUR"}
    wish = shop.dice.choice(({}, {"orderLevelRefundAmount": value}))
    shop.ebay.control(f"orders/{order['orderId']}/refund", **wish)
    return order["orderId"], wish


@step(3)
def sends_back(shop: DayShop) -> object:
    """Part of a line, refunded or not."""
    order = an_order(shop, orderPaymentStatus=("PAID", "PARTIALLY_REFUNDED"))
    if not order:
        return None
    index = shop.dice.randrange(len(order["lineItems"]))
    wish = {
        "line": index,
        "quantity": shop.dice.randint(1, order["lineItems"][index]["quantity"]),
        "refund": shop.dice.random() < 0.6,
    }
    shop.ebay.control(f"orders/{order['orderId']}/return", **wish)
    return order["orderId"], wish
