"""eBay's pushes on the stage: set up, a buyer's click, what arrives."""

from __future__ import annotations

import time
from typing import Any

from .shop import PATIENCE, Shop, wait_for

ALWAYS_ON = 2  # topics that every account subscribes to


def set_up(shop: Shop) -> None:
    """Fill in the alert e-mail, press *Set up notifications*, wait for eBay."""
    alert = {"notification_email": "alerts@example.com"}
    shop.person.call("ebay.account", "write", [shop.account_id], alert)
    shop.person.call("ebay.account", "action_set_up_notifications", [shop.account_id])
    on = [("account_id", "=", shop.account_id), ("state", "=", "on")]
    wait_for(
        lambda: shop.person.call("ebay.subscription", "search_count", on) >= ALWAYS_ON,
        "eBay to subscribe us",
    )


def address(shop: Shop) -> str:
    """Where eBay sends its pushes."""
    return shop.account("webhook_url")["webhook_url"]


def click(shop: Shop, sku: str) -> str:
    """A buyer buys one piece and pays; the order's number."""
    lines = [{"sku": sku, "quantity": 1}]
    return shop.ebay.control("buy", lines=lines, country="DE")["orderIds"][0]


def wait_for_sale(shop: Shop, order_ref: str, seconds: float = PATIENCE) -> None:
    """Until the sale order stands in Odoo, confirmed."""
    domain = [("ebay_order_ref", "=", order_ref), ("state", "=", "sale")]
    wait_for(
        lambda: shop.person.call("sale.order", "search_count", domain),
        f"order {order_ref}",
        seconds,
    )


def click_to_order(shop: Shop, sku: str, seconds: float = PATIENCE) -> float:
    """Seconds from the buyer's click to the confirmed sale order."""
    began = time.monotonic()
    wait_for_sale(shop, click(shop, sku), seconds)
    return round(time.monotonic() - began, 2)


def send(shop: Shop, topic: str, data: dict[str, Any], **options: Any) -> int:
    """Have the local eBay push something to us; the status of our last answer."""
    [sent] = shop.ebay.control(
        "notifications", topic=topic, data=data, endpoint=address(shop), **options
    )["notifications"]
    return answered(shop, sent["number"])


def answered(shop: Shop, number: str) -> int:
    """The status of our last answer to a push, once eBay has given up or is content."""

    def look() -> Any:
        log = shop.ebay.look("notifications")["notifications"]
        [one] = [entry for entry in log if entry["number"] == number]
        return one["state"] != "pending" and one["attempts"]

    return wait_for(look, "a push to be answered")[-1].get("status", 0)


def stored(shop: Shop, **wanted: Any) -> int:
    """How many pushes Odoo has, of these values."""
    domain = [(name, "=", value) for name, value in wanted.items()]
    return shop.person.call("ebay.notification", "search_count", domain)


def confirmation(order_ref: str, seller: str = "simseller") -> dict[str, Any]:
    """The data of an ORDER_CONFIRMATION."""
    return {"user": {"userId": seller}, "order": {"orderId": order_ref}}
