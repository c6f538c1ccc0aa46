"""Flows in any order, time that passes, eBay's faults, sudden deaths, pushes."""

from __future__ import annotations

import json

from .buyers import an_order
from .shop import DayShop
from .steps import step

RUN_OFTEN = (
    *("orders_in", "stock_out", "shipments_out") * 3,
    *("listings_in", "notifications_in", "prices_out", "tokens"),
)
CALLS = (
    *("getOrders", "getOrder", "getShippingFulfillments"),
    *("createShippingFulfillment", "CompleteSale", "GetSellerEvents", "GetItem"),
    *("bulkUpdatePriceQuantity", "ReviseInventoryStatus", "GetMyeBaySelling"),
    *("getInventoryItems", "bulkGetInventoryItem", "getOffers"),
    *("createTask", "uploadFile", "getTask", "getResultFile", "token"),
)
KINDS = (
    ("lost_response", {}),
    ("close", {}),
    ("error", {"status": 500}),
    ("error", {"status": 503}),
    ("cut_body", {"bytes": 1}),
    ("malformed_json", {}),
    ("html", {}),
    ("rate_limited", {"retry_after": 60}),
    ("rate_limited", {}),
)


@step(22)
def a_flow_runs(shop: DayShop) -> object:
    """Any of them, whatever was before."""
    flow = shop.dice.choice(RUN_OFTEN)
    return flow, shop.run(flow)


@step(9)
def a_flow_dies(shop: DayShop) -> object:
    """Its process is killed at one of its first commits and requests."""
    flow = shop.dice.choice(RUN_OFTEN)
    after = shop.dice.randint(1, 24)
    return flow, after, shop.run_and_die(flow, after)


@step(10)
def time_passes(shop: DayShop) -> object:
    """Seconds, minutes or hours."""
    seconds = shop.dice.choice((20, 60, 90, 300, 700, 4000, 15_000))
    shop.clock.advance(seconds)
    return seconds


@step(5)
def ebay_fails(shop: DayShop) -> object:
    """One of its calls, in one of many ways, once or a few times."""
    kind, more = shop.dice.choice(KINDS)
    rule = {"operation": shop.dice.choice(CALLS), "times": shop.dice.randint(1, 4)}
    shop.ebay.trouble(kind, **rule, **more)
    return kind, rule


@step(2)
def ebay_recovers(shop: DayShop) -> object:
    """All faults are lifted."""
    shop.ebay.calm()


@step(4)
def ebay_pushes(shop: DayShop) -> object:
    """A notification of an order, once or twice, late as it may be."""
    order = an_order(shop)
    if not order:
        return None
    copies = shop.dice.choice((1, 1, 2))
    topic = shop.dice.choice(("ORDER_CONFIRMATION", "ORDER_CANCELLATION_ACTIVITY"))
    number = f"{order['orderId']}-{shop.dice.randint(1, 3)}"
    moment = shop.clock.now().isoformat(timespec="milliseconds") + "Z"
    body = {
        "metadata": {"topic": topic, "schemaVersion": "1.0"},
        "notification": {
            "notificationId": number,
            "eventDate": moment,
            "publishDate": moment,
            "publishAttemptCount": 1,
            "data": {"order": {"orderId": order["orderId"]}},
        },
    }
    values = {
        "notification_ref": number,
        "topic": topic,
        "body": json.dumps(body),
        "event_at": shop.clock.now(),
        "attempt": 1,
    }
    for _copy in range(copies):
        with shop.at_work(shop.robot_id) as env:
            env["ebay.notification"]._store(shop.account(env), values)
    return topic, number, copies
