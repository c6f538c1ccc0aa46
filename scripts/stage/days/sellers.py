"""What the seller does by hand on eBay's pages, and how the shop begins."""

from __future__ import annotations

from typing import Any

import requests

from .shop import SELLER, DayShop
from .steps import step

COLOURS = ("red", "green")


def listings(shop: DayShop, status: str = "ACTIVE") -> list[dict[str, Any]]:
    """Listings on eBay."""
    found = shop.ebay.look("listings", seller=SELLER, status=status, limit=500)
    return found["listings"]


def open_shop(shop: DayShop) -> None:
    """Listings of every kind on eBay, each with its product here, and taken over."""
    for one in listings(shop):  # of the usual catalogue what is small, and in euros
        if one["currency"] != "EUR" or len(one["units"]) > 4:
            shop.ebay.control(f"listings/{one['itemId']}/end")
    for number in (1, 2, 2, 3):
        sku = f"OLD-{number}"
        shop.ebay.control(
            "listings/new", title=f"Thing {sku}", price="12.50", quantity=3, sku=sku
        )
    colours = [
        {"aspects": {"Colour": one}, "sku": f"CUP-{one}", "quantity": 2}
        for one in COLOURS
    ]
    shop.ebay.control("listings/new", title="Cup", price="7.90", variations=colours)
    with shop.at_work() as env:
        shelf = env["stock.warehouse"].search([], limit=1).lot_stock_id
        prices = {
            unit["sku"]: float(unit["price"])
            for one in listings(shop)
            for unit in one["units"]
            if unit["sku"]
        }
        for sku, price in sorted(prices.items()):
            product = env["product.product"].create(
                {
                    "name": f"Thing {sku}",
                    "default_code": sku,
                    "type": "consu",
                    "is_storable": True,
                    "list_price": price,
                    "taxes_id": False,
                }
            )
            quantity = shop.dice.randint(2, 12)
            env["stock.quant"]._update_available_quantity(product, shelf, quantity)
    shop.run("reference_in")
    shop.run("listings_in")
    with shop.at_work() as env:
        env["ebay.listing"].search([("product_id", "!=", False)]).write(
            {"stock_master": "odoo", "price_master": "odoo"}
        )


def a_unit(shop: DayShop) -> tuple[str, dict[str, Any], dict[str, Any]] | None:
    """A thing that is for sale: its item id, its unit, and how a control names it."""
    found = [(one["itemId"], unit) for one in listings(shop) for unit in one["units"]]
    if not found:
        return None
    item, unit = shop.dice.choice(found)
    name = {"variationId": unit["variationId"]} if unit["variationId"] else {}
    return item, unit, name


def edit(shop: DayShop, item: str, **wish: Any) -> None:
    """Change a listing on eBay's pages. Raises Problem where eBay refuses."""
    answer = requests.patch(
        f"{shop.ebay.url}/_sim/listings/{item}", json=wish, timeout=60
    )
    shop.ebay._told(answer)


@step(3)
def revises(shop: DayShop) -> object:
    """Quantity or price, by hand."""
    found = a_unit(shop)
    if not found:
        return None
    item, unit, name = found
    wish: dict[str, Any] = {"quantity": shop.dice.randint(0, 9)}
    if shop.dice.random() < 0.3:
        wish = {"price": f"{float(unit['price']) * 1.05:.2f}"}
    edit(shop, item, **name, **wish)
    return item, unit["sku"], wish


@step(1)
def ends(shop: DayShop) -> object:
    """A listing is over."""
    found = a_unit(shop)
    if not found:
        return None
    shop.ebay.control(f"listings/{found[0]}/end")
    return found[0], found[1]["sku"]


@step(1)
def lists_again(shop: DayShop) -> object:
    """A new listing of something that was, or is, for sale."""
    shown = listings(shop) + listings(shop, "ENDED")
    skus = sorted({unit["sku"] for one in shown for unit in one["units"]} - {None})
    sku = shop.dice.choice(skus)
    told = shop.ebay.control(
        "listings/new", title=f"Again {sku}", price="9.90", quantity=2, sku=sku
    )
    return told["itemId"], sku


@step(2)
def ships_on_ebay(shop: DayShop) -> object:
    """A label bought on eBay: all of an order is marked as sent there."""
    orders = [
        one
        for one in shop.ebay.look("orders")["orders"]
        if one["orderPaymentStatus"] == "PAID"
        and one["orderFulfillmentStatus"] == "NOT_STARTED"
        and one["cancelState"] == "NONE_REQUESTED"
    ]
    if not orders:
        return None
    order = shop.dice.choice(orders)["orderId"]
    number = f"LABEL{shop.dice.randrange(10**9):09d}"
    parcel = {"trackingNumber": number, "shippingCarrierCode": "DHL"}
    shop.ebay.control(f"orders/{order}/ship", **parcel)
    return order, number
