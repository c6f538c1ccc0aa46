"""Pushes, polls, people and faults at once: no order is lost, no buyer is in the log.

``EBAY_SYNC_STORM_SECONDS`` and ``EBAY_SYNC_STORM_SEED`` make it longer and another one.
That no name, street, telephone or e-mail is in the server's log is found out for every
server of these tests when it goes (``leaks.py``), and here by itself.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import random
import statistics
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from e2e import leaks
from scripts.stage import pushing
from scripts.stage.person import Person
from scripts.stage.shop import PATIENCE, Shop, wait_for
from scripts.tooling.paths import Problem

SECONDS = float(os.environ.get("EBAY_SYNC_STORM_SECONDS", "20"))
SEED = int(os.environ.get("EBAY_SYNC_STORM_SEED", "1"))
PIECES = 5000 + int(20 * SECONDS)  # more than buyers of a storm can take
SKU = "STORMY-1"
# What nobody has linked yet: its orders wait in the inbox.
UNLINKED, OTHER = "STORMY-2", "OTHER"
FLOWS = ("listings_in", "notifications", "shipments_out", "stock_out", "tokens")
FAULTS = (
    {"fault": "error", "operation": "getOrders", "status": 500},
    {"fault": "slow", "operation": "getOrders", "seconds": 1},
    {"fault": "cut_body", "operation": "getOrders"},
    {"fault": "lost_response", "operation": "getOrders"},
    {"fault": "page_drift", "operation": "getOrders", "count": 1},
    {"fault": "error", "operation": "getPublicKey", "status": 503},
)
# What a clerk is told who comes too late, or answers what cannot be answered so.
ANSWERED = (
    "answered already",
    "cannot be ignored",
    "already in Odoo",
    "no longer",
)
# What eBay's trouble and what is forged may leave in the log.
pytestmark = pytest.mark.logs(
    "getOrders? failed",
    "getPublicKey failed",
    r"eBay orders_in, account \d+: ",
    r"eBay account \d+, push not checked",
    *(f".*{words}" for words in ANSWERED),
)
NEVER = ("bad query", "Traceback", " ERROR ", " CRITICAL ")


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    with Shop.open(workers=2, max_cron_threads=2) as shop:
        shop.ebay.control("clock", advance=-14)
        shop.create_account(mode="mirror", pull_limit=100_000, push_limit=100_000)
        shop.use_currency("EUR")
        shop.create_product(SKU, PIECES)
        shop.create_product(OTHER, 5000)
        shop.connect()
        for sku in (SKU, UNLINKED):
            shop.ebay.control(
                "listings/new",
                title=f"{sku} weather",
                price="10.00",
                quantity=PIECES,
                sku=sku,
                marketplace="EBAY_DE",
            )
        shop.ebay.control("behaviour", deliveryRetrySeconds=[0.5, 1])
        pushing.set_up(shop)
        wait_for(lambda: known_keys(shop), "eBay's sample, which tells its key")
        yield shop


def known_keys(shop: Shop) -> int:
    """How many of eBay's keys are stored."""
    return int(
        shop.odoo.sql("SELECT count(*) FROM ebay_public_key WHERE key_text <> ''")
    )


def forged_push(address: str) -> int:
    """A push that nobody signed, with a key id that nobody knows."""
    fields = {
        "alg": "ecdsa",
        "kid": str(uuid.uuid4()),
        "signature": base64.b64encode(os.urandom(70)).decode(),
        "digest": "SHA1",
    }
    header = base64.b64encode(json.dumps(fields).encode()).decode()
    return requests.post(
        address,
        data=b'{"metadata":{"topic":"ORDER_CONFIRMATION"}}',
        headers={"Content-Type": "application/json", "x-ebay-signature": header},
        timeout=PATIENCE,
    ).status_code


Deed = Callable[[random.Random], Any]


class Storm:
    """Things that are done over and over by threads, until it is over."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.threads: list[threading.Thread] = []
        self.trouble: list[Exception] = []

    def keep(self, doing: Deed, pause: float) -> None:
        """Have a thread do something with about that pause between."""
        dice = random.Random(f"{SEED} {len(self.threads)}")
        thread = threading.Thread(target=self._repeat, args=(doing, pause, dice))
        self.threads.append(thread)
        thread.start()

    def _repeat(self, doing: Deed, pause: float, dice: random.Random) -> None:
        while not self.over.wait(dice.uniform(0, 2 * pause)):
            try:
                doing(dice)
            except Exception as error:
                self.trouble.append(error)
                return

    def end(self) -> None:
        """No more; what a thread ran into is raised."""
        self.over.set()
        for thread in self.threads:
            thread.join(PATIENCE)
        if self.trouble:
            raise self.trouble[0]


class Clerk:
    """Presses buttons for orders that eBay is just telling of, whatever they are."""

    def __init__(self, shop: Shop, refs: list[str]) -> None:
        self.shop, self.refs = shop, refs
        self.person = Person(shop.odoo.url)
        self.done: Counter[str] = Counter()
        called = [("default_code", "=", OTHER)]
        [self.product] = self.person.call("product.product", "search", called)

    def work(self, dice: random.Random) -> None:
        """One deed; what was answered meanwhile is refused in words."""
        deed = dice.choice(self.DEEDS)
        try:
            acted = deed(self, dice)
        except Problem as refusal:
            text = str(refusal)
            assert any(words in text for words in ANSWERED), text
            acted = True
        self.done[deed.__name__] += bool(acted)

    def fetch_again(self, dice: random.Random) -> bool:
        return self._press("ebay.order", "action_fetch_again", self._orders(dice))

    def build_now(self, dice: random.Random) -> bool:
        return self._press("ebay.order", "action_build_now", self._orders(dice))

    def try_again(self, dice: random.Random) -> bool:
        return self._press("ebay.issue", "action_try_again", self._entry(dice))

    def ignore(self, dice: random.Random) -> bool:
        """Most entries hold an order and cannot be ignored; the order itself can."""
        entry = self._entry(dice)
        if entry:
            self.person.call(
                "ebay.issue", "write", entry, {"ignore_reason": "for the storm"}
            )
        return self._press("ebay.issue", "action_ignore", entry)

    def leave(self, dice: random.Random) -> bool:
        """Ignore a blocked order, and take it up again."""
        found = self._orders(dice, ("state", "=", "blocked"))
        self._press("ebay.order", "action_ignore", found)
        return self._press("ebay.order", "action_build_now", found)

    def link(self, dice: random.Random) -> bool:
        """Link the product that an order waits for, and take the link away again."""
        entry = self._entry(dice, ("code", "=", "product_missing"))
        if entry:
            values = {"issue_id": entry[0], "product_id": self.product}
            wizard = self.person.call("ebay.link.product", "create", values)
            self.person.call("ebay.link.product", "action_link", [wizard])
        linked = [("sku", "=", UNLINKED), ("product_id", "!=", False)]
        rows = self.person.call("ebay.listing", "search", linked)
        self._press("ebay.listing", "action_unlink_product", rows)
        return bool(entry)

    def details(self, dice: random.Random) -> bool:
        rows = self.person.call("ebay.listing", "search", [("sku", "=", SKU)])
        return self._press("ebay.listing", "action_read_details", rows)

    def run_now(self, dice: random.Random) -> bool:
        domain = [
            ("account_id", "=", self.shop.account_id),
            ("flow", "=", dice.choice(FLOWS)),
        ]
        found = self.person.call("ebay.schedule", "search", domain)
        return self._press("ebay.schedule", "action_run_now", found)

    DEEDS = (fetch_again, build_now, try_again, ignore, leave, link, details, run_now)

    def _orders(self, dice: random.Random, *more: tuple) -> list[int]:
        some = dice.sample(self.refs, min(1, len(self.refs)))
        domain = [("order_ref", "in", some), *more]
        return self.person.call("ebay.order", "search", domain)

    def _entry(self, dice: random.Random, *more: tuple) -> list[int]:
        found = self.person.call(
            "ebay.issue", "search", [("state", "=", "open"), *more]
        )
        return [dice.choice(found)] if found else []

    def _press(self, model: str, button: str, ids: list[int]) -> bool:
        if ids:
            self.person.call(model, button, ids)
        return bool(ids)


def test_valid_pushes_are_answered_at_once_from_the_first_second_of_a_flood(shop):
    """A process that has just started knows no key, and the flood is there already."""
    address = pushing.address(shop)
    shop.odoo.kill()
    flood = Storm()
    statuses: list[int] = []

    def forge(_dice):
        with contextlib.suppress(requests.RequestException):  # Odoo is starting
            statuses.append(forged_push(address))

    for _ in range(3):
        flood.keep(forge, 0.2)
    try:
        shop.odoo.start()
        wait_for(lambda: len(statuses) > 20, "the flood")
        spent = []
        for number in range(5):
            began = time.monotonic()
            data = pushing.confirmation(f"77-00000-0000{number}", "somebody-else")
            assert pushing.send(shop, "ORDER_CONFIRMATION", data) == 204
            spent.append(time.monotonic() - began)
        assert statistics.median(spent) < 1, spent
    finally:
        flood.end()
    assert set(statuses) <= {412, 500}


def test_a_flood_asks_ebay_for_few_keys(shop):
    address, before = pushing.address(shop), shop.ebay.now()
    answers = [forged_push(address) for _ in range(60)]
    assert set(answers) <= {412, 500}
    asked = shop.ebay.calls("getPublicKey", after=before)
    assert len(asked) <= 10, "five a minute, and a minute may end meanwhile"


def test_a_storm_loses_no_order_and_tells_the_log_of_no_buyer(shop):
    start = shop.odoo.log.stat().st_size
    address = pushing.address(shop)
    refs: list[str] = []

    def buy(dice):
        wish = {"country": dice.choice(["DE", "FR", "PL", "GB", "US"])}
        sku = dice.choice([SKU, SKU, UNLINKED])
        lines = [{"sku": sku, "quantity": dice.randint(1, 3)}]
        paid = dice.random() < 0.8
        refs.extend(
            shop.ebay.control("buy", lines=lines, paid=paid, **wish)["orderIds"]
        )

    watch = Person(shop.odoo.url)
    clerks = [Clerk(shop, refs) for _ in range(3)]

    def poll(_dice):
        domain = [("account_id", "=", shop.account_id), ("flow", "=", "orders_in")]
        [schedule] = watch.call("ebay.schedule", "search", domain)
        watch.call("ebay.schedule", "action_run_now", [schedule])

    def fail(dice):
        rule = dice.choice(FAULTS)
        shop.ebay.control("faults", **rule, times=1)

    storm = Storm()
    for _ in range(3):
        storm.keep(buy, 0.3)
    for clerk in clerks:
        storm.keep(clerk.work, 0.5)
    storm.keep(poll, 1.0)
    storm.keep(fail, 1.5)
    storm.keep(lambda _dice: forged_push(address), 0.5)
    time.sleep(SECONDS)
    storm.end()
    shop.ebay.calm()
    assert len(refs) > SECONDS / 2, "too little happened"
    done = sum((clerk.done for clerk in clerks), Counter())
    assert sum(done.values()) > SECONDS / 2, f"clerks did only {done}"
    # chance may leave a few of them without anything that they could be done to
    assert len(done) > len(Clerk.DEEDS) / 2, f"clerks did only {done}"
    there = {one["orderId"] for one in shop.ebay.look("orders")["orders"]}
    wait_for(lambda: read(shop, there), "all orders to be stored", 5 * PATIENCE)
    assert_once(shop, there)
    assert_silent(shop, start)


def read(shop: Shop, order_refs: set[str]) -> bool:
    """Whether each of these orders is stored; if not, have them read."""
    time.sleep(1.1)
    missing = order_refs - set(stored(shop))
    if missing:
        shop.press_run_now("orders_in")
    return not missing


def stored(shop: Shop) -> list[str]:
    """The numbers of the orders whose documents are here."""
    rows = shop.person.call(
        "ebay.order", "search_read", [("payload_hash", "!=", False)], ["order_ref"]
    )
    return [row["order_ref"] for row in rows]


def assert_once(shop: Shop, order_refs: set[str]) -> None:
    """Each order is stored once, and is one sale order at most."""
    refs = stored(shop)
    assert len(refs) == len(set(refs))
    sales = shop.person.call(
        "sale.order",
        "search_read",
        [("ebay_order_ref", "in", list(order_refs))],
        ["ebay_order_ref"],
    )
    assert len(sales) == len({sale["ebay_order_ref"] for sale in sales})


def assert_silent(shop: Shop, start: int) -> None:
    """No error of any kind, and nobody's name, in what was logged since."""
    text = shop.odoo.log.read_bytes()[start:]
    people = leaks.people(shop.odoo.database)
    assert len(people) > 20, "nobody bought"
    assert leaks.named(text, people) == []
    lines = text.decode("utf-8", "replace").splitlines()
    assert [line for line in lines if any(word in line for word in NEVER)] == []
