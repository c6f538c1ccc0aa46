"""eBay's pushes against a real Odoo with two workers, in good weather and in bad."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from scripts.stage import pushing
from scripts.stage.shop import PATIENCE, Shop, wait_for

# The key is asked for in vain, eBay is asked to repeat, and Werkzeug itself says that
# somebody left in the middle of a body.
pytestmark = pytest.mark.logs(
    "getPublicKey failed", r"eBay account \d+, push not checked", "Error on request"
)
SKU = "PUSHED-1"
SELLER_TOPIC = "ORDER_CONFIRMATION"


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    with Shop.open(workers=2, max_cron_threads=1) as shop:
        shop.create_account(mode="mirror", pull_limit=10_000, push_limit=10_000)
        shop.connect()
        shop.use_currency("EUR")
        shop.create_product(SKU, 500)
        shop.ebay.control(
            "listings/new",
            title="Pushed",
            price="10.00",
            quantity=500,
            sku=SKU,
            marketplace="EBAY_DE",
        )
        shop.ebay.control("behaviour", deliveryRetrySeconds=[0.2, 0.5])
        pushing.set_up(shop)
        yield shop


@pytest.fixture(autouse=True)
def _no_faults_left(shop):
    yield
    shop.ebay.calm()


def sales(shop: Shop, order_ref: str) -> int:
    return shop.person.call(
        "sale.order", "search_count", [("ebay_order_ref", "=", order_ref)]
    )


def looked(shop: Shop) -> bool:
    """Odoo looks now for what is due, and not only once a minute."""
    shop.odoo.look_for_jobs()
    return True


def user_ref(shop: Shop) -> str:
    return shop.account("user_ref")["user_ref"]


def test_a_click_becomes_an_order_long_before_the_regular_run(shop):
    for _ in range(5):  # how long it takes is for scripts/bench webhook to say
        pushing.wait_for_sale(shop, pushing.click(shop, SKU))


def test_a_duplicate_is_acknowledged_and_makes_no_second_order(shop):
    shop.ebay.control(
        "faults",
        fault="duplicate",
        operation=f"notification.{SELLER_TOPIC}",
        copies=5,
        times=1,
    )
    before = pushing.stored(shop)
    ref = pushing.click(shop, SKU)
    pushing.wait_for_sale(shop, ref)

    def all_copies():
        log = shop.ebay.look("notifications", topic=SELLER_TOPIC)["notifications"]
        return len(log[-1]["attempts"]) == 6 and log[-1]["attempts"]

    attempts = wait_for(all_copies, "five copies")
    assert {attempt["status"] for attempt in attempts} == {204}
    assert pushing.stored(shop) == before + 1
    assert sales(shop, ref) == 1


@pytest.mark.parametrize("how", ["signature", "key", "body"])
def test_a_forged_push_is_refused_and_leaves_no_row(shop, how):
    before = pushing.stored(shop)
    data = pushing.confirmation("66-66666-66666", user_ref(shop))
    assert pushing.send(shop, SELLER_TOPIC, data, forged=how) == 412
    assert pushing.stored(shop) == before
    stored = [("order_ref", "=", "66-66666-66666")]
    assert not shop.person.call("ebay.order", "search_count", stored)


def test_an_oversized_push_is_refused(shop):
    before = pushing.stored(shop)
    data = {"text": "x" * 400_000}
    # the server need not read what it refuses: then the line is simply closed
    assert pushing.send(shop, SELLER_TOPIC, data) in (413, 0)
    assert pushing.stored(shop) == before


def test_a_late_push_changes_nothing_that_the_regular_run_has_done(shop):
    shop.ebay.control(
        "faults",
        fault="late",
        operation=f"notification.{SELLER_TOPIC}",
        seconds=600,
        times=1,
    )
    before = pushing.stored(shop)
    lines = [{"sku": SKU, "quantity": 1}]
    [ref] = shop.ebay.control(
        "buy", lines=lines, country="DE", created=_minutes_ago(3)
    )["orderIds"]
    shop.run_now("orders_in")
    assert sales(shop, ref) == 1
    assert pushing.stored(shop) == before
    shop.ebay.calm()  # it comes now
    wait_for(lambda: pushing.stored(shop) > before, "the late push")
    wait_for(lambda: not pushing.stored(shop, state="new"), "it to be worked on")
    shop.run_now("orders_in")
    assert sales(shop, ref) == 1


def test_a_lost_push_costs_only_time(shop):
    shop.ebay.control(
        "faults", fault="drop", operation=f"notification.{SELLER_TOPIC}", times=1
    )
    lines = [{"sku": SKU, "quantity": 1}]
    [ref] = shop.ebay.control(
        "buy", lines=lines, country="DE", created=_minutes_ago(3)
    )["orderIds"]
    shop.run_now("orders_in")
    pushing.wait_for_sale(shop, ref)


def test_an_order_that_ebay_does_not_show_yet_is_asked_for_again(shop):
    shop.ebay.control("behaviour", orderVisibleAfterSeconds=3600)
    try:
        ref = pushing.click(shop, SKU)
        wanted = [("order_ref", "=", ref), ("wanted_tries", ">", 0)]
        wait_for(
            lambda: shop.person.call("ebay.order", "search_count", wanted),
            "a first try in vain",
        )
        shop.ebay.control("behaviour", orderVisibleAfterSeconds=0)
        wait_for(lambda: looked(shop) and sales(shop, ref), "it to be asked for again")
    finally:
        shop.ebay.control("behaviour", orderVisibleAfterSeconds=0)


def test_a_kill_after_the_push_loses_nothing(shop):
    before = pushing.stored(shop)
    ref = pushing.click(shop, SKU)
    wait_for(lambda: pushing.stored(shop) > before, "the push")
    shop.odoo.kill()
    shop.odoo.start()
    wait_for(lambda: looked(shop) and sales(shop, ref), "the order")
    pushing.wait_for_sale(shop, ref)
    assert sales(shop, ref) == 1


def test_a_body_that_never_ends_holds_nobody_up(shop):
    parts = urlsplit(pushing.address(shop))
    head = (
        f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
    )
    with socket.create_connection((parts.hostname, parts.port), PATIENCE) as line:
        line.sendall(head.encode())
        # Odoo's own time-out, or what is said to a sender who has gone
        assert line.recv(100).split()[1] in (b"408", b"400")


def test_while_the_key_server_is_down_ebay_is_asked_to_send_again(shop):
    shop.ebay.control("notification-key")
    shop.ebay.control("faults", fault="error", operation="getPublicKey", status=500)
    before = pushing.stored(shop)
    data = {"username": "stranger", "userId": "u-stranger"}
    topic = "MARKETPLACE_ACCOUNT_DELETION"
    assert pushing.send(shop, topic, data) == 500
    assert pushing.stored(shop) == before


def _minutes_ago(minutes: int) -> str:
    return time.strftime(
        "%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() - 60 * minutes)
    )
