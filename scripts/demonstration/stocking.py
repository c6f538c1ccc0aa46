"""A receipt in Odoo shows on eBay within seconds; an emptied shop asks first."""

from __future__ import annotations

import re
import time
from typing import Any

from ..stage.shop import Shop, wait_for
from ..tooling.paths import Problem
from .report import Report

SKUS = [f"DEMO-SHELF-{number}" for number in range(1, 9)]
RECEIVED = 25
SOLD = 2


def play(shop: Shop, report: Report) -> None:
    """Link, push, receive, sell on eBay, and stop before an accident."""
    shop.person.call("ebay.account", "write", [shop.account_id], {"mode": "live"})
    with report.step("Let Odoo decide over the stock of eight listings") as step:
        listings = _sell_from_odoo(shop)
        shop.run_now("stock_out")
        _expect(shop, listings, 10)
        step["result"] = "eBay shows 10 pieces of each, as the shelf does."
    first = listings[SKUS[0]]
    with report.step("Receive goods: eBay shows them, nobody presses a button") as step:
        began = time.monotonic()
        shop.put_on_shelf([first["product"]], RECEIVED)
        wait_for(lambda: _quantity(shop, first) == RECEIVED, "eBay to show them", 30)
        step["result"] = f"On eBay after {time.monotonic() - began:.1f} s."
    with report.step("Sell on eBay: what eBay took off is not sent again") as step:
        _let_an_hour_pass(shop)
        lines = [{"itemId": first["item"], "quantity": SOLD}]
        before = shop.ebay.now()
        shop.ebay.control("buy", lines=lines, country="DE", spread=30)
        shop.run_now("orders_in")
        _compare_all(shop)
        if _quantity(shop, first) != RECEIVED - SOLD:
            raise Problem("eBay does not show what is left.")
        if _pushes(shop, before):
            raise Problem("A quantity was sent that eBay knew already.")
        step["result"] = f"{RECEIVED - SOLD} left on both sides, nothing was sent."
    with report.step("Ask: why this quantity?") as step:
        [row] = shop.person.call(
            "ebay.listing", "read", [first["id"]], ["quantity_why"]
        )
        cells = re.sub(r"</tr>", "; ", str(row["quantity_why"]))
        step["result"] = re.sub(r"<[^>]+>", " ", cells).strip(" ;")
    with report.step("Empty the shelf by mistake: the run stops and asks") as step:
        products = [one["product"] for one in listings.values()][1:]
        shop.put_on_shelf(products, 0)
        _compare_all(shop)
        held = _held(shop)
        if _quantity(shop, listings[SKUS[1]]) != 10:
            raise Problem("Something was sent although nobody was asked.")
        step["result"] = held["sentence"]
    with report.step("Correct the mistake: the question disappears") as step:
        shop.put_on_shelf(products, 10)
        _compare_all(shop)
        [held] = shop.person.call("ebay.held.push", "read", [held["id"]], ["state"])
        if held["state"] != "dropped":
            raise Problem("The question is still there.")
        step["result"] = "eBay never showed zero."


def _sell_from_odoo(shop: Shop) -> dict[str, dict[str, Any]]:
    """Products with ten pieces each, on sale for one piece, linked."""
    found = {}
    for sku in SKUS:
        listing = shop.ebay.control(
            "listings/new",
            title=f"Article {sku}",
            price="19.90",
            quantity=1,
            sku=sku,
            marketplace="EBAY_DE",
        )
        product = shop.create_product(sku, 10)
        found[sku] = {"item": listing["itemId"], "product": product}
    shop.run_now("listings_in")
    shop.person.call("ebay.account", "action_sweep", [shop.account_id])
    for sku, one in found.items():
        domain = [("listing_ref", "=", one["item"])]
        one["id"] = wait_for(
            lambda domain=domain: shop.person.call("ebay.listing", "search", domain),
            f"the mirror to have {sku}",
        )[0]
        values = {"product_id": one["product"], "stock_master": "odoo"}
        shop.person.call("ebay.listing", "write", [one["id"]], values)
    return found


def _let_an_hour_pass(shop: Shop) -> None:
    """What eBay took from us, it took an hour ago."""
    shop.odoo.sql(
        "UPDATE ebay_listing SET quantity_acked_at = quantity_acked_at "
        "- interval '1 hour'"
    )


def _compare_all(shop: Shop) -> None:
    """A run that looks at everything, as every few minutes."""
    shop.odoo.sql("UPDATE ebay_schedule SET compared_at = NULL")
    shop.run_now("stock_out")


def _quantity(shop: Shop, one: dict[str, Any]) -> int:
    [unit] = shop.ebay.look(f"listings/{one['item']}")["units"]
    return unit["quantity"]


def _expect(shop: Shop, listings: dict[str, dict[str, Any]], quantity: int) -> None:
    wait_for(
        lambda: {_quantity(shop, one) for one in listings.values()} == {quantity},
        f"eBay to show {quantity} pieces of each",
    )


def _pushes(shop: Shop, since: int) -> list[dict[str, Any]]:
    return shop.ebay.calls("ReviseInventoryStatus", since)


def _held(shop: Shop) -> dict[str, Any]:
    held = shop.person.call(
        "ebay.held.push",
        "search_read",
        [("account_id", "=", shop.account_id), ("state", "=", "waiting")],
        ["sentence"],
    )
    if not held:
        raise Problem("The run did not stop.")
    return held[0]
