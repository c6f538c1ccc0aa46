"""Buyers buy on the local eBay; the orders stand in Odoo, to the cent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ..stage.shop import Shop
from ..tooling.paths import Problem
from .report import Report

SKUS = ("DEMO-MUG", "DEMO-LAMP")
UNKNOWN = "DEMO-NEW"
MINUTE_AGO = {"spread": 60}


def play(shop: Shop, report: Report) -> None:
    """Products, listings, orders, the inbox, and a second run that changes nothing."""
    with report.step("Put products on the shelf and on eBay") as step:
        shop.use_currency("EUR")
        shop.products = {sku: shop.create_product(sku, 100) for sku in SKUS}
        for sku in (*SKUS, UNKNOWN):
            shop.ebay.control(
                "listings/new",
                title=f"Article {sku}",
                price="12.50",
                quantity=100,
                sku=sku,
                marketplace="EBAY_DE",
            )
        step["result"] = f"{', '.join(SKUS)}: 100 pieces each; {UNKNOWN} only on eBay."
    with report.step("Import what buyers bought") as step:
        bought = _buy(shop, SKUS[0], count=4) + _buy(shop, SKUS[1], quantity=2)
        log = shop.run_now("orders_in")
        orders = _orders(shop, bought)
        _compare(shop, orders, log)
        step["orders"] = [order["ebay_order_ref"] for order in orders]
        step["result"] = (
            f"{len(orders)} of {len(bought)} orders confirmed, "
            "totals equal to the cent."
        )
    with report.step("Import an order with an unknown article") as step:
        [order_ref] = _buy(shop, UNKNOWN)
        shop.run_now("orders_in")
        issue = _issue(shop, order_ref)
        step["result"] = f"It waits. The inbox says: {issue['summary']}"
    with report.step("Link the article, as the inbox offers") as step:
        _link(shop, issue)
        shop.run_now("orders_in")
        [order] = _orders(shop, [order_ref])
        if order["state"] != "sale":
            raise Problem(f"Order {order_ref} was not built afterwards.")
        step["result"] = "The order was then built automatically."
    with report.step("Run again") as step:
        log = shop.run_now("orders_in")
        if log["created_count"] or log["updated_count"]:
            raise Problem("A run in which nothing was new changed something.")
        step["result"] = f"Nothing changed; {log['request_count']} request(s)."


def _buy(shop: Shop, sku: str, quantity: int = 1, count: int = 1) -> list[str]:
    lines = [{"sku": sku, "quantity": quantity}]
    told = shop.ebay.control(
        "buy", count=count, lines=lines, country="DE", **MINUTE_AGO
    )
    return told["orderIds"]


def _orders(shop: Shop, refs: list[str]) -> list[dict[str, Any]]:
    return shop.person.call(
        "sale.order",
        "search_read",
        [("ebay_order_ref", "in", refs)],
        ["name", "state", "amount_total", "ebay_order_ref"],
    )


def _compare(shop: Shop, orders: list[dict[str, Any]], log: dict[str, Any]) -> None:
    """Every order once, confirmed, with eBay's own total."""
    on_ebay = {order["orderId"]: order for order in shop.ebay.look("orders")["orders"]}
    wrong = [
        order["ebay_order_ref"]
        for order in orders
        if order["state"] != "sale"
        or Decimal(str(order["amount_total"]))
        != Decimal(str(on_ebay[order["ebay_order_ref"]]["total"]["value"]))
    ]
    if wrong or len(orders) != len(on_ebay):
        raise Problem(f"Not right: {wrong or log['message'] or 'orders are missing'}")


def _issue(shop: Shop, order_ref: str) -> dict[str, Any]:
    issues = shop.person.call(
        "ebay.issue",
        "search_read",
        [("order_id.order_ref", "=", order_ref), ("state", "=", "open")],
        ["summary", "fix_label"],
    )
    if not issues:
        raise Problem(f"The inbox does not speak of order {order_ref}.")
    return issues[0]


def _link(shop: Shop, issue: dict[str, Any]) -> None:
    product = shop.create_product("MY-OWN-CODE", 5)
    wizard = shop.person.call(
        "ebay.link.product",
        "create",
        {"issue_id": issue["id"], "product_id": product},
    )
    shop.person.call("ebay.link.product", "action_link", [wizard])
