"""Every shipped line exactly once on eBay, whatever breaks on the way.

A real server, a real database, the local eBay. While deliveries are validated, eBay
fails at random (refusals, lost answers, broken lines, quota) and the server is killed
at random moments; at the end every piece must have been reported to eBay once.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from scripts.stage.clerk import open_deliveries, send_off, use_method
from scripts.stage.person import Person
from scripts.stage.shop import PATIENCE, Shop, wait_for
from scripts.tooling.paths import Problem

ORDERS = 12
KILLS = 4
SKU = "E2E-SHIP"
SHIP, READ, LIST = (
    {"operation": name}
    for name in ("createShippingFulfillment", "getShippingFulfillments", "getOrders")
)
FAULTS = (
    {"fault": "lost_response", **SHIP},
    {"fault": "close", **SHIP},
    {"fault": "cut_body", "bytes": 1, **SHIP},
    {"fault": "error", **SHIP},
    {"fault": "slow", "seconds": 0.4, **SHIP},
    {"fault": "lost_response", **READ},
    {"fault": "malformed_json", **READ},
    {"fault": "close", **LIST},
    {"fault": "rate_limited", "retry_after": 1, "times": 1, **LIST},
)


# eBay did what was asked although nobody heard of it.
TAKEN_WITHOUT_A_WORD = {"lost_response", "cut_body"}
NOT_TAKEN = {"close", "error"}


def was_taken(call: dict) -> bool:
    """Whether eBay carried out a call of its journal, answered or not."""
    faults = set(call["faults"])
    if faults & NOT_TAKEN:
        return False
    return call["status"] == 201 or bool(faults & TAKEN_WITHOUT_A_WORD)


class Scene:
    """A shop with paid orders of one to three pieces, and chance by a seed."""

    def __init__(self, shop: Shop, seed: int, orders: int = ORDERS) -> None:
        self.shop = shop
        self.chance = random.Random(seed)
        shop.use_currency("EUR")
        shop.create_account(
            mode="live",
            pull_limit=10_000,
            push_limit=10_000,
            untracked_rule="at_once",
        )
        shop.connect()
        shop.create_product(SKU, 500)
        listing = {"title": "Article", "price": "10.00", "quantity": 500, "sku": SKU}
        shop.ebay.control("listings/new", marketplace="EBAY_DE", **listing)
        self.refs = [self._buy() for _ in range(orders)]
        wait_for(self._has_come, "every order")

    def _has_come(self) -> bool:
        """The newest seconds of eBay's list are left to the next run."""
        self.shop.run_now("orders_in")
        return len(self.waiting()) == len(self.refs)

    def _buy(self) -> str:
        lines = [{"sku": SKU, "quantity": self.chance.randint(1, 3)}]
        told = self.shop.ebay.control("buy", lines=lines, country="DE", spread=600)
        return told["orderIds"][0]

    def waiting(self) -> list[dict]:
        """Deliveries that can still leave."""
        return open_deliveries(self.shop, self.refs)

    def kill(self) -> None:
        """``kill -9`` of Odoo at some moment after now, and a new start."""
        time.sleep(self.chance.random() * 0.6)
        self.shop.odoo.kill()
        self.shop.odoo.start()

    def make_due(self) -> None:
        """The time passes that is given to eBay after an unknown outcome."""
        self.shop.odoo.sql("UPDATE ebay_shipment SET next_try_at = '2020-01-01'")

    def unsent(self) -> int:
        """Parcels that eBay has not confirmed."""
        return self.shop.person.call(
            "ebay.shipment", "search_count", [("state", "!=", "sent")]
        )

    def sent(self) -> int:
        """Parcels that eBay has confirmed."""
        return self.shop.person.call(
            "ebay.shipment", "search_count", [("state", "=", "sent")]
        )

    def press_run(self, times: int = 10) -> None:
        """*Run now*, so many times, however the runs end."""
        for _ in range(times):
            self.make_due()
            with suppress(Problem):
                self.shop.run_now("shipments_out", 10)

    def all_sent(self) -> bool:
        """Run once more; true when eBay has confirmed everything."""
        self.press_run(1)
        return not self.unsent()


def told_once(shop: Shop, ref: str) -> int:
    """That each piece of an order was reported once; in how many parcels."""
    record = shop.ebay.look(f"orders/{ref}")
    lines = record["order"]["lineItems"]
    ordered = Counter({line["lineItemId"]: line["quantity"] for line in lines})
    told = Counter()
    for parcel in record["fulfillments"]:
        for line in parcel["lineItems"]:
            told[line["lineItemId"]] += line["quantity"]
    assert told == ordered, ref
    return len(record["fulfillments"])


@pytest.fixture(params=(1, 2))
def scene(request):
    """The scene, once for each seed."""
    with Shop.open(seed=request.param) as shop:
        yield Scene(shop, request.param)


def test_every_line_once(scene):
    shop, chance = scene.shop, scene.chance
    method = use_method(shop, "DHL Paket")
    for fault in FAULTS:
        shop.ebay.control("faults", **{"probability": 0.3, **fault})
    kills = parcels = 0
    while waiting := scene.waiting():
        parcels += 1
        pieces = 1 if chance.random() < 0.4 else None
        picking = chance.choice(waiting)
        number = f"E2E{parcels:05d}" if chance.random() < 0.7 else ""
        send_off(shop, picking["id"], number, method, pieces)
        if kills < KILLS and chance.random() < 0.5:
            kills += 1
            scene.kill()
            scene.make_due()
    assert kills
    scene.press_run()
    shop.ebay.calm()
    wait_for(scene.all_sent, "every parcel to be on eBay", 2 * PATIENCE)
    scene.press_run(2)  # and nothing is sent that was sent
    seen = sum(told_once(shop, ref) for ref in scene.refs)
    assert seen == parcels
    calls = shop.ebay.look("journal", limit=1000, **SHIP)["entries"]
    taken = [call for call in calls if was_taken(call)]
    assert len(taken) == parcels  # none was sent twice, not even with the same number
    assert len(calls) > parcels, "no fault has struck a shipment"


def test_two_workers_at_once():
    """Three runs of the flow that start together, while eBay takes its time."""
    with Shop.open(seed=3) as shop:
        scene = Scene(shop, 3, orders=5)
        method = use_method(shop, "DHL Paket")
        shop.ebay.control("faults", fault="slow", seconds=0.3, **SHIP)
        for number, picking in enumerate(scene.waiting()):
            send_off(shop, picking["id"], f"TWICE{number}", method)
        [cron] = shop.person.call(
            "ebay.schedule",
            "search_read",
            [("account_id", "=", shop.account_id), ("flow", "=", "shipments_out")],
            ["cron_id"],
        )
        people = [Person(shop.odoo.url) for _ in range(2)]
        with ThreadPoolExecutor(len(people)) as pool:
            calls = [
                pool.submit(
                    one.call, "ir.cron", "method_direct_trigger", cron["cron_id"][:1]
                )
                for one in people
            ]
            shop.press_run_now("shipments_out")
        for call in calls:
            call.exception()  # the cron itself may hold the job's row: then it is busy
        # parcels are planned by the run: none unsent does not mean all sent
        wait_for(lambda: scene.sent() == len(scene.refs), "every parcel to be on eBay")
        assert [told_once(shop, ref) for ref in scene.refs] == [1] * len(scene.refs)
        made = shop.ebay.look("journal", limit=100, **SHIP)["entries"]
        assert len(made) == len(scene.refs)
