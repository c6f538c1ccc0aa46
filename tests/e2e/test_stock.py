"""eBay shows what the shelf holds, whatever breaks on the way.

A real server with workers, a real database, the local eBay. While buyers buy, a counter
sells, goods come in and counts are corrected, eBay fails at random and the server is
killed at random moments. At the end every quantity is right without help, and no more
was sold than the race between the counter and eBay allows.
"""

from __future__ import annotations

import contextlib
import os
import random
import time

import pytest

from scripts.stage.shop import PATIENCE, Shop, wait_for
from scripts.tooling.paths import Problem

LISTINGS = 6
STEPS = 32
# Another course of events on each series; chance plays many more without servers.
SEEDS = {"18.0": 1, "19.0": 2}
PUSH = ("bulkUpdatePriceQuantity", "ReviseInventoryStatus")
FAULTS = [
    {"fault": kind, "operation": operation, "probability": 0.25, **more}
    for operation in PUSH
    for kind, more in (
        ("lost_response", {}),
        ("close", {}),
        ("error", {"status": 500}),
        ("cut_body", {"bytes": 1}),
        ("slow", {"seconds": 0.3}),
        ("rate_limited", {"retry_after": 1, "times": 2}),
    )
] + [
    {"fault": "close", "operation": "getOrders", "probability": 0.1},
    {"fault": "malformed_json", "operation": "getOrders", "probability": 0.1},
]
EBAY_FAILS = (
    r"eBay (stock|orders)_(in|out), account \d+: ",
    "(bulkUpdatePriceQuantity|ReviseInventoryStatus|getOrders?) failed",
)
SHOWN = "SELECT listing_ref, sku, quantity_wanted FROM ebay_listing ORDER BY id"
UPLOADS = "SELECT count(*) FROM ebay_push_feed WHERE state = 'done'"


class Shelf:
    """Products with one listing each, of both APIs, and chance by a seed."""

    def __init__(self, shop: Shop, seed: int, listings: int = LISTINGS) -> None:
        self.shop = shop
        self.chance = random.Random(seed)
        if shop.account("state")["state"] != "connected":
            shop.use_currency("EUR")
            shop.connect()
        # two listings outside the Inventory API are a large change here: a file
        values = {"mode": "live", "stock_zero_limit": 100, "feed_from": 2}
        shop.person.call("ebay.account", "write", [shop.account_id], values)
        self.things = [self._thing(f"E2E-{seed}-{n}", n) for n in range(listings)]
        self.partner = shop.person.call("res.partner", "create", {"name": "Counter"})

    def _thing(self, sku: str, number: int) -> tuple[str, str, int]:
        """(item id, SKU, product id) of something for sale, linked."""
        modern = number % 2
        found = self._modern(number) if modern else self._older(sku)
        item, sku, offer = found
        product = self.shop.create_product(sku, self.chance.randint(5, 20))
        owner = "inventory" if modern else "trading"
        self.shop.odoo.sql(
            "INSERT INTO ebay_listing (account_id, company_id, listing_ref, "
            "variation_ref, sku, title, state, format, owner, offer_ref, product_id, "
            "stock_master, price_master, active, create_date, write_date) "
            f"VALUES ({self.shop.account_id}, 1, '{item}', '', '{sku}', "
            f"'Article {sku}', 'ACTIVE', 'FIXED_PRICE', '{owner}', "
            f"NULLIF('{offer or ''}', ''), {product}, 'odoo', 'nobody', true, "
            "now() at time zone 'UTC', now() at time zone 'UTC')"
        )
        return item, sku, product

    def _older(self, sku: str) -> tuple[str, str, str | None]:
        told = self.shop.ebay.control(
            "listings/new",
            title=f"Article {sku}",
            price="10.00",
            quantity=1,
            sku=sku,
            marketplace="EBAY_DE",
        )
        return told["itemId"], sku, None

    def _modern(self, number: int) -> tuple[str, str, str | None]:
        """A listing of the catalogue that the Inventory API owns, with one unit."""
        taken = self.shop.odoo.sql("SELECT listing_ref FROM ebay_listing").split()
        found = self.shop.ebay.look("listings", model="inventory", limit=500)
        for one in found["listings"]:
            [unit, *others] = one["units"]
            if (
                one["status"] == "ACTIVE"
                and one["currency"] == "EUR"
                and not others
                and one["itemId"] not in taken
            ):
                return one["itemId"], unit["sku"], unit["offerId"]
        raise Problem(f"No listing of the catalogue is left for number {number}.")

    # -- what happens ----------------------------------------------------------------

    def ebay_sale(self) -> None:
        """A buyer buys some of what eBay shows."""
        item, _sku, _product = self.chance.choice(self.things)
        shown = self.quantity(item)
        if shown:
            lines = [
                {"itemId": item, "quantity": self.chance.randint(1, min(3, shown))}
            ]
            paid = self.chance.random() < 0.7
            self.shop.ebay.control("buy", lines=lines, country="DE", paid=paid)

    def counter_sale(self) -> None:
        """Somebody sells in Odoo what is free."""
        _item, _sku, product = self.chance.choice(self.things)
        line = {"product_id": product, "product_uom_qty": self.chance.randint(1, 3)}
        if self.free(product) < line["product_uom_qty"]:
            return
        values = {"partner_id": self.partner, "order_line": [(0, 0, line)]}
        order = self.shop.person.call("sale.order", "create", values)
        self.shop.person.call("sale.order", "action_confirm", [order])

    def count(self) -> None:
        """The shelf is counted: sometimes more, sometimes less, never below sold."""
        _item, _sku, product = self.chance.choice(self.things)
        [record] = self.shop.person.call(
            "product.product", "read", [product], ["qty_available", "free_qty"]
        )
        sold = record["qty_available"] - max(record["free_qty"], 0)
        self.shop.put_on_shelf([product], int(sold) + self.chance.randint(0, 15))

    def large_delivery(self) -> None:
        """More of everything that is not listed by the Inventory API, at once."""
        self.shop.put_on_shelf([product for *_ids, product in self.things[::2]], 50)

    def run(self) -> None:
        """*Run now*, however it ends."""
        with contextlib.suppress(Problem):
            self.shop.run_now("stock_out", seconds=8)

    def kill_workers(self) -> None:
        """``kill -9`` of every worker in the middle of a run; the server lives on."""
        self._begin_to_run()
        self.shop.odoo.kill_workers()

    def kill(self) -> None:
        """``kill -9`` of all of Odoo in the middle of a run."""
        self._begin_to_run()
        self.shop.odoo.kill()
        self.shop.odoo.start()

    def _begin_to_run(self) -> None:
        self.shop.press_run_now("stock_out")
        time.sleep(self.chance.random() * 0.8)

    # -- what must hold ----------------------------------------------------------------

    def quantity(self, item: str) -> int:
        """What buyers can buy now."""
        [unit] = self.shop.ebay.look(f"listings/{item}")["units"]
        return unit["quantity"]

    def free(self, product: int) -> float:
        """What Odoo has not promised to anybody."""
        [record] = self.shop.person.call(
            "product.product", "read", [product], ["free_qty"]
        )
        return record["free_qty"]

    def promised(self, item: str) -> int:
        """What eBay has sold and Odoo has not reserved: unpaid orders."""
        rows = self.shop.odoo.sql(
            "SELECT COALESCE(sum(line.quantity), 0) FROM ebay_order_line line "
            "JOIN ebay_order o ON o.id = line.order_id "
            "LEFT JOIN sale_order sale ON sale.id = o.sale_order_id "
            f"WHERE line.listing_ref = '{item}' "
            "AND COALESCE(sale.state, 'draft') <> 'sale'"
        )
        return int(rows)

    def differences(self) -> list[str]:
        """Where eBay does not show what the shelf holds."""
        told = []
        for item, sku, product in self.things:
            right = max(int(self.free(product)) - self.promised(item), 0)
            if self.quantity(item) != right:
                told.append(f"{sku}: eBay {self.quantity(item)}, Odoo {right}")
        return told


def test_a_receipt_shows_on_ebay(shop):
    """Woken by the stock itself: nobody presses a button."""
    item, _sku, product = Shelf(shop, 9, listings=1).things[0]
    shelf_quantity = 30
    shop.run_now("stock_out")
    shop.put_on_shelf([product], shelf_quantity)

    def shown():
        [unit] = shop.ebay.look(f"listings/{item}")["units"]
        return unit["quantity"] == shelf_quantity

    wait_for(shown, "eBay to show what was received")


@pytest.mark.logs(*EBAY_FAILS)
def test_stock_converges(shop):
    shelf = Shelf(shop, SEEDS[os.environ.get("EBAY_SYNC_SERIES", "18.0")])
    for fault in FAULTS:
        shop.ebay.control("faults", **fault)
    steps = [shelf.ebay_sale, shelf.counter_sale, shelf.count, shelf.run, shelf.run]
    places = shelf.chance.sample(range(STEPS), 3)
    kills = dict(
        zip(places, (shelf.kill, shelf.kill_workers, shelf.kill_workers), strict=True)
    )
    for number in range(STEPS):
        kills.get(number, shelf.chance.choice(steps))()
    shop.ebay.calm()
    shelf.large_delivery()  # goes as a file, whatever chance has sent as one before
    settle(shop, shelf)
    assert shelf.differences() == [], shop.odoo.sql(SHOWN)
    assert uploads(shop), "a large change went as a file"
    nothing_changed_means_no_request(shop)


def settle(shop: Shop, shelf: Shelf) -> None:
    """The flows run as the clock would have them run, until nothing is to do."""
    deadline = time.monotonic() + 2 * PATIENCE
    done = False
    while time.monotonic() < deadline and not (
        done and uploads(shop) and not shelf.differences()
    ):
        compare_all(shop)
        shop.odoo.sql("UPDATE ebay_listing SET push_next_try_at = NULL")
        for flow in ("orders_in", "stock_out"):
            with contextlib.suppress(Problem):
                done = shop.run_now(flow, seconds=30)["state"] == "done"


def uploads(shop: Shop) -> int:
    """How many files of changes eBay has worked through."""
    return int(shop.odoo.sql(UPLOADS))


def compare_all(shop: Shop) -> None:
    """The next run compares everything, after the newest orders."""
    shop.odoo.sql("UPDATE ebay_schedule SET compared_at = NULL")
    shop.odoo.sql(
        "UPDATE ebay_account SET orders_read_until_at = orders_read_until_at "
        "- interval '1 minute'"
    )


def nothing_changed_means_no_request(shop: Shop) -> None:
    """Everything is compared once more."""
    compare_all(shop)
    before = shop.ebay.now()
    assert shop.run_now("stock_out")["state"] == "done"
    calls = [call for name in PUSH for call in shop.ebay.calls(name, before)]
    assert calls == []
