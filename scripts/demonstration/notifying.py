"""eBay tells at once: a buyer clicks, and seconds later the order stands in Odoo."""

from __future__ import annotations

from statistics import median

from ..stage import pushing
from ..stage.shop import Shop, wait_for
from ..tooling.paths import Problem
from .report import Report

SKU = "DEMO-MUG"
CLICKS = 5


def play(shop: Shop, report: Report) -> None:
    """Set up, test, buy and watch, forge, and forget a buyer."""
    with report.step("Have eBay tell at once what happens") as step:
        pushing.set_up(shop)
        told = shop.account("destination_status", "subscription_ids")
        step["result"] = (
            f"eBay has challenged our address: {told['destination_status']}, "
            f"{len(told['subscription_ids'])} topics."
        )
    with report.step("Press the test button") as step:
        shop.person.call("ebay.account", "action_test_notifications", [shop.account_id])
        wait_for(
            lambda: (
                shop.account("notification_test_state")["notification_test_state"]
                == "came"
            ),
            "eBay's sample",
        )
        step["result"] = "The sample went out to eBay and came back."
    with report.step("A buyer clicks") as step:
        seconds = [pushing.click_to_order(shop, SKU) for _ in range(CLICKS)]
        step["seconds_to_order"] = seconds
        step["result"] = (
            f"{CLICKS} orders confirmed in Odoo by push: "
            f"median {median(seconds):.1f} s, slowest {max(seconds):.1f} s."
        )
    with report.step("Somebody else forges a notification") as step:
        before = pushing.stored(shop)
        data = pushing.confirmation("00-00000-00000")
        status = pushing.send(shop, "ORDER_CONFIRMATION", data, forged="signature")
        if pushing.stored(shop) != before:
            raise Problem("A forged notification was stored.")
        step["result"] = f"Refused with {status}; nothing was stored."
    with report.step("A buyer closes the eBay account") as step:
        step["result"] = _forget(shop)


def _forget(shop: Shop) -> str:
    [sale] = shop.person.call(
        "sale.order",
        "search_read",
        [("ebay_buyer", "!=", False), ("state", "=", "sale")],
        ["ebay_buyer", "ebay_order_ref", "ebay_order_id"],
        limit=1,
    )
    shop.ebay.control(f"orders/{sale['ebay_order_ref']}/ship")
    order_id = sale["ebay_order_id"][0]
    shop.person.call("ebay.order", "action_fetch_again", [order_id])
    shipped = [("id", "=", order_id), ("is_open", "=", False)]
    wait_for(
        lambda: shop.person.call("ebay.order", "search_count", shipped),
        "the order to be shipped in Odoo as well",
    )
    shop.ebay.control(
        "close-account",
        username=sale["ebay_buyer"],
        endpoint=pushing.address(shop),
    )
    shop.run_now("notifications_in")
    done = [("kind", "=", "deletion"), ("state", "=", "done")]
    wait_for(
        lambda: shop.person.call("ebay.erasure", "search_count", done),
        "the ledger of erasures",
    )
    [left] = shop.person.call("sale.order", "read", [sale["id"]], ["ebay_buyer"])
    if left["ebay_buyer"]:
        raise Problem("The buyer's name is still there.")
    return "Nothing says who it was any longer; the order and its amounts stay."
