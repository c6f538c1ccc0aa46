"""Buyers who change their mind, and eBay that changes what was sold."""

from __future__ import annotations

from typing import Any

from .buyers import COUNTRIES, UNPAID, an_order
from .shop import DayShop
from .steps import step

PAID = {"orderPaymentStatus": ("PAID", "PARTIALLY_REFUNDED")}
UNSENT = {"orderFulfillmentStatus": ("NOT_STARTED",)}
WAITS = {"cancelState": ("NONE_REQUESTED",)}


def _change(shop: DayShop, order: dict[str, Any] | None, what: str, **given: Any):
    """Change an order on eBay, if there is one to change."""
    if not order:
        return None
    shop.ebay.control(f"orders/{order['orderId']}/{what}", **given)
    return order["orderId"], given


def _some_line(shop: DayShop, order: dict[str, Any] | None) -> int:
    return shop.dice.randrange(len(order["lineItems"])) if order else 0


@step(3)
def moves(shop: DayShop) -> object:
    """Another address, before the payment, with it or after it."""
    order = an_order(shop, **UNSENT, **WAITS)
    place = {"country": shop.dice.choice(COUNTRIES), "number": shop.dice.randrange(300)}
    told = _change(shop, order, "address", **place)
    if order and order["orderPaymentStatus"] == "PENDING" and shop.dice.random() < 0.5:
        told = told, shop.ebay.control(f"orders/{order['orderId']}/pay")["orderId"]
    return told


@step(2)
def wants_another_service(shop: DayShop) -> object:
    """The seller revises the charge with it."""
    order = an_order(shop, **UNSENT, **WAITS, **UNPAID)
    cost = shop.dice.choice(("0", "3.49", "6.90"))
    return _change(shop, order, "service", service="DE_DHLPaket", cost=cost)


@step(2)
def wants_more_or_less(shop: DayShop) -> object:
    """Another quantity of a line."""
    order = an_order(shop, **UNSENT, **WAITS)
    line, quantity = _some_line(shop, order), shop.dice.randint(1, 3)
    return _change(shop, order, "quantity", line=line, quantity=quantity)


@step(2)
def adds_a_line(shop: DayShop) -> object:
    """One more of what was bought, in a line of its own."""
    order = an_order(shop, **UNSENT, **WAITS)
    if not order:
        return None
    item = order["lineItems"][0]["legacyItemId"]
    units = shop.ebay.look(f"listings/{item}")["units"]
    variation = units[0]["variationId"]
    line = {"itemId": item, "quantity": 1}
    if variation:
        line["variationId"] = variation
    return _change(shop, order, "lines", **line)


@step(2)
def drops_a_line(shop: DayShop) -> object:
    """eBay shows the order without it from now on."""
    order = an_order(shop, **UNSENT, **WAITS)
    return _change(shop, order, "drop", line=_some_line(shop, order))


@step(2)
def is_given_a_line_back(shop: DayShop) -> object:
    """The seller has not got it: its whole price is refunded before shipping."""
    order = an_order(shop, **UNSENT, **WAITS, **PAID)
    return _change(shop, order, "refund-line", line=_some_line(shop, order))


@step(1)
def writes_late(shop: DayShop) -> object:
    """The buyer's note comes after the order."""
    order = an_order(shop, **UNSENT, **WAITS)
    return _change(shop, order, "note", text=f"Ring {shop.dice.randint(1, 9)} times")


@step(1)
def has_another_name(shop: DayShop) -> object:
    """eBay shows all of the buyer's orders under another user name."""
    order = an_order(shop)
    name = f"renamed_{shop.dice.randrange(10**6)}"
    return _change(shop, order, "rename-buyer", username=name)


@step(1)
def gets_another_sku(shop: DayShop) -> object:
    """The listing's SKU was changed, and eBay shows it on what was sold before."""
    order = an_order(shop, **UNSENT)
    sku = f"LATER-{shop.dice.randrange(10**6)}"
    return _change(shop, order, "sku", line=_some_line(shop, order), sku=sku)


@step(2)
def pays_several_as_one(shop: DayShop) -> object:
    """Two unpaid orders of one buyer; they are bought where there are none."""
    wish = {"country": "DE", "buyer": 7, "paid": False, "lineCount": 1, "count": 2}
    ids = shop.ebay.control("buy", **wish)["orderIds"]
    if shop.dice.random() < 0.7:
        shop.run("orders_in")
    if len(ids) < 2:
        return ids
    return ids, shop.ebay.control("combine", orderIds=ids)["orderId"]
