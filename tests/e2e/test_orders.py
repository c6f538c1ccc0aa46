"""Every order on eBay becomes one sale order, whatever breaks on the way."""

from __future__ import annotations

import contextlib
import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from e2e.bookkeeping import complaints, state_of_documents
from scripts.stage.shop import PATIENCE, Shop, wait_for
from scripts.tooling.paths import Problem
from scripts.tooling.servers import OdooServer

RATES = {"EUR": 0.9, "GBP": 0.8, "PLN": 4.0}
# What the log says when eBay misbehaves, and when a run gives way to another.
EBAY_FAILS = (
    "getOrders? failed",
    r"eBay orders_in, account \d+: ",
)


@pytest.fixture(scope="module")
def selling(shop):
    """Connected; everything that is on eBay lies on the shelf, and no more."""
    for code, rate in RATES.items():
        shop.use_currency(code, rate)
    stock_everything(shop)
    shop.connect()
    return shop


def stock_everything(shop: Shop) -> None:
    """A product for each thing on eBay; what has no SKU there is linked by hand."""
    listings = shop.ebay.look("listings", limit=1000)["listings"]
    units = [(one["itemId"], unit) for one in listings for unit in one["units"]]
    nameless = [(item, unit) for item, unit in units if not unit["sku"]]
    skus = sorted({unit["sku"] for _item, unit in units if unit["sku"]})
    names = [*skus, *(f"NO-SKU-{number}" for number in range(len(nameless)))]
    products = shop.person.call(
        "product.product",
        "create",
        [
            {"name": name, "default_code": name, "type": "consu", "is_storable": True}
            for name in names
        ],
    )
    shop.put_on_shelf(products, 1000)
    links = [
        f"({shop.account_id}, 1, '{item}', '{unit['variationId'] or ''}', {product}, "
        "'trading', 'ebay', 'ebay', true)"
        for (item, unit), product in zip(nameless, products[len(skus) :], strict=True)
    ]
    shop.odoo.sql(
        "INSERT INTO ebay_listing (account_id, company_id, listing_ref, variation_ref, "
        "product_id, owner, stock_master, price_master, active) "
        f"VALUES {', '.join(links)}"
    )


def buy(shop: Shop, count: int = 1, **wish):
    """So many orders of the last minutes; returns their numbers."""
    wish = {"spread": 300, **wish}
    return shop.ebay.control("buy", count=count, **wish)["orderIds"]


def run(shop: Shop):
    """One run that sees everything that has happened on eBay so far."""
    time.sleep(1.1)  # eBay's clock and ours: see the shop
    return shop.run_now("orders_in")


def run_to_the_end(shop: Shop, seconds: float = 2 * PATIENCE):
    """Run until nothing is left to do.

    Odoo gives no turn to a job that was killed three times running; it comes again.
    """
    time.sleep(1.1)
    deadline = time.monotonic() + seconds
    state = None
    while state != "done" and time.monotonic() < deadline:
        with contextlib.suppress(Problem):
            state = shop.run_now("orders_in", seconds=15)["state"]
    assert state == "done", f"The last run is {state}."


def sale_of(shop: Shop, order_ref: str, *fields: str):
    """The sale order of an order, or None."""
    domain = [("ebay_order_ref", "=", order_ref)]
    fields = ("state", *fields)
    found = shop.person.call("sale.order", "search_read", domain, fields)
    assert len(found) < 2, found
    return found[0] if found else None


def test_orders_come_once_and_a_second_run_changes_nothing(selling):
    buy(selling, 20)
    run_to_the_end(selling)
    assert complaints(selling) == []
    before = state_of_documents(selling)
    log = run(selling)
    assert (log["created_count"], log["updated_count"]) == (0, 0)
    assert state_of_documents(selling) == before


def test_an_unpaid_order_waits_and_keeps_its_sale_order(selling):
    """eBay gives it another number when it is paid; here it stays the same one."""
    [unpaid] = buy(selling, paid=False)
    run(selling)
    first = sale_of(selling, unpaid)
    assert first["state"] == "draft"
    paid = selling.ebay.control(f"orders/{unpaid}/pay")["orderId"]
    assert paid != unpaid
    run(selling)
    assert sale_of(selling, unpaid) is None
    assert sale_of(selling, paid) == {**first, "state": "sale"}
    assert complaints(selling) == []


def test_a_cancelled_order_gives_its_stock_back(selling):
    [unit] = selling.ebay.look("listings", limit=1)["listings"][0]["units"]
    product = selling.person.call(
        "product.product", "search", [("default_code", "=", unit["sku"])]
    )

    def free():
        fields = ["free_qty"]
        return selling.person.call("product.product", "read", product, fields)[0][
            "free_qty"
        ]

    before = free()
    [order_ref] = buy(selling, lines=[{"sku": unit["sku"], "quantity": 2}])
    run(selling)
    assert free() == before - 2
    selling.ebay.control(f"orders/{order_ref}/cancel", accept=True)
    run(selling)
    assert sale_of(selling, order_ref)["state"] == "cancel"
    assert free() == before
    assert complaints(selling) == []


def test_an_unknown_article_waits_for_its_link_and_goes_on(selling):
    selling.ebay.control(
        "listings/new",
        title="New lamp",
        price="12.50",
        quantity=9,
        sku="NOT-IN-ODOO",
        marketplace="EBAY_DE",
    )
    [order_ref] = buy(selling, lines=[{"sku": "NOT-IN-ODOO", "quantity": 1}])
    run(selling)
    assert sale_of(selling, order_ref)["state"] == "draft"
    domain = [("order_id.order_ref", "=", order_ref), ("state", "=", "open")]
    fields = ["summary", "fix_label"]
    [issue] = selling.person.call("ebay.issue", "search_read", domain, fields)
    assert "NOT-IN-ODOO" in issue["summary"]
    product = selling.create_product("OUR-OWN-NAME", 9)
    wizard = selling.person.call(
        "ebay.link.product", "create", {"issue_id": issue["id"], "product_id": product}
    )
    selling.person.call("ebay.link.product", "action_link", [wizard])
    wait_for(
        lambda: sale_of(selling, order_ref)["state"] == "sale",
        "the order to be built automatically",
    )
    assert selling.person.call("ebay.issue", "search_count", domain) == 0
    assert complaints(selling) == []


@pytest.mark.logs(*EBAY_FAILS)
@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "error", "status": 500, "times": 2},
        {"fault": "error", "status": 503, "every": 2, "times": 4},
        {"fault": "rate_limited", "retry_after": 1, "times": 2},
        {"fault": "cut_body", "times": 2},
        {"fault": "lost_response", "times": 2},
        {"fault": "malformed_json", "times": 1},
        {"fault": "html", "times": 1},
        {"fault": "slow", "seconds": 1},
    ],
    ids=lambda fault: f"{fault['fault']}-{fault.get('status', '')}",
)
def test_what_ebay_answers_badly_is_asked_again(selling, fault):
    buy(selling, 2)
    selling.ebay.trouble(fault.pop("fault"), operation="getOrders", **fault)
    run_to_the_end(selling)
    assert complaints(selling) == []


@pytest.mark.logs(
    "getOrders failed", r"eBay orders_in, account \d+: ", "Job .* timed out"
)
def test_a_server_killed_again_and_again(selling):
    """Over 200 orders, so that there are pages; orders drift while they are paged."""
    dice = random.Random(4711)
    buy(selling, 210)
    selling.ebay.control(
        "faults",
        **{"fault": "error", "operation": "getOrders", "status": 500, "every": 5},
    )
    selling.ebay.trouble("page_drift", operation="getOrders", count=2)
    selling.ebay.trouble("lost_response", operation="getOrders", every=4, times=2)
    time.sleep(1.1)
    for _round in range(3):
        last = newest(selling)
        wake(selling, "orders_in")
        wait_for(lambda last=last: newest(selling) > last, "the run to begin")
        moment = time.monotonic() + dice.uniform(0, 4)
        while time.monotonic() < moment and newest(selling, "running") > last:
            time.sleep(0.05)
        selling.odoo.kill()
        buy(selling, 3, spread=30)
        selling.odoo.start()
    selling.ebay.calm()
    run_to_the_end(selling)
    assert complaints(selling) == []
    states = selling.odoo.sql("SELECT DISTINCT state FROM ebay_sync_log").split()
    assert "interrupted" in states, "no run was killed: the test proves nothing"
    assert "running" not in states


def newest(shop: Shop, state: str = "%") -> int:
    """The id of the newest log, or of the newest one in a state."""
    logs = f"SELECT COALESCE(max(id), 0) FROM ebay_sync_log WHERE state LIKE '{state}'"
    return int(shop.odoo.sql(logs))


def wake(shop: Shop, flow: str) -> None:
    """Press *Run now* and do not wait."""
    domain = [("account_id", "=", shop.account_id), ("flow", "=", flow)]
    schedules = shop.person.call("ebay.schedule", "search", domain)
    shop.person.call("ebay.schedule", "action_run_now", schedules)


@pytest.fixture
def second_server(selling):
    """Another Odoo on the same database: four cron workers in all."""
    server = OdooServer(
        selling.odoo.runtime, selling.odoo.database, selling.odoo.options
    )
    server.start()
    yield server
    server.kill()


def test_two_servers_and_two_shells_at_once(selling, second_server):
    """Whoever comes second leaves; nothing comes twice."""
    refs = buy(selling, 40)
    time.sleep(1.1)
    code = (
        f"account = env['ebay.account'].browse({selling.account_id})\n"
        "log = env['ebay.flow']._flows()['orders_in']._run(account)\n"
        "print(log.state if log else 'no turn')"
    )
    with ThreadPoolExecutor(2) as pool:
        servers = (selling.odoo, second_server)
        shells = [pool.submit(server.shell, code) for server in servers]
        while not all(shell.done() for shell in shells):
            wake(selling, "orders_in")
            time.sleep(0.3)
        told = {shell.result() for shell in shells}
    assert told <= {"done", "partial", "no turn"}
    run_to_the_end(selling)
    assert len(refs) == 40
    assert complaints(selling) == []
