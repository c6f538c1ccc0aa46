"""The mirror, and what is adopted from it, are whole when the server dies.

A real server with workers, a real database, the local eBay. The server is killed while
pages come in, and while eBay's quantities, which had become Odoo's, are taken back.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter

import pytest

from scripts.stage.shop import PATIENCE, Shop, wait_for
from scripts.tooling import databases
from scripts.tooling.paths import Problem

LISTINGS = 500
PRODUCTS = 200  # adopted in two transactions
MIRRORED = (
    "SELECT listing_ref, COALESCE(sku, ''), quantity FROM ebay_listing "
    "WHERE active AND listing_ref IS NOT NULL"
)
HERE = (
    "SELECT p.default_code, sum(q.quantity) FROM stock_quant q "
    "JOIN stock_location l ON l.id = q.location_id AND l.usage = 'internal' "
    "JOIN product_product p ON p.id = q.product_id "
    "WHERE p.default_code IS NOT NULL GROUP BY 1"
)

# The last product to be taken back is waited for, in the middle of a transaction.
STOPS_AT_THE_LAST = """
DO $$ BEGIN
EXECUTE format('
    CREATE FUNCTION held_up() RETURNS trigger LANGUAGE plpgsql AS
    ''BEGIN PERFORM pg_sleep(600); RETURN NEW; END'';
    CREATE TRIGGER held_up BEFORE UPDATE ON ebay_takeover_line FOR EACH ROW
    WHEN (NEW.id = %s AND NEW.done) EXECUTE FUNCTION held_up()',
    (SELECT max(id) FROM ebay_takeover_line WHERE takeover_id = {} AND adopted <> 0));
END $$"""


@pytest.fixture(scope="module")
def seller(shop):
    """Connected, with more listings than fit on three pages."""
    shop.use_currency("EUR")
    shop.connect()
    shop.ebay.control("listings", count=LISTINGS)
    return shop


def rows(shop: Shop, query: str) -> list[list[str]]:
    return [line.split("|") for line in shop.odoo.sql(query).splitlines()]


def figure(shop: Shop, query: str) -> int:
    return int(shop.odoo.sql(query) or 0)


def wake(shop: Shop) -> None:
    """Press *Run now* and do not wait."""
    domain = [("account_id", "=", shop.account_id), ("flow", "=", "listings_in")]
    schedules = shop.person.call("ebay.schedule", "search", domain)
    shop.person.call("ebay.schedule", "action_run_now", schedules)


def killed_when(shop: Shop, query: str, above: int, what: str) -> None:
    """Start a run, and kill the server once the query counts more than ``above``."""
    wake(shop)
    wait_for(lambda: figure(shop, query) > above, what)
    shop.odoo.kill()
    databases.end_connections(shop.odoo.database)  # one may be held up in there
    shop.odoo.sql("DROP FUNCTION IF EXISTS held_up CASCADE")
    shop.odoo.start()


def run_to_the_end(shop: Shop, query: str, seconds: float = 2 * PATIENCE) -> None:
    """Run until the query tells nothing is left."""
    deadline = time.monotonic() + seconds
    left = True
    while left and time.monotonic() < deadline:
        with contextlib.suppress(Problem):
            done = shop.run_now("listings_in", seconds=30)["state"] == "done"
            left = not done or figure(shop, query) > 0
    assert not left, f"not done after {seconds} s"


@pytest.mark.logs(
    "GetMyeBaySelling failed",
    r"eBay listings_in, account \d+: ",
    "Job .* timed out",
)
def test_a_backfill_that_is_killed_goes_on_and_is_whole(seller):
    shop = seller
    slow = {"operation": "GetMyeBaySelling", "after": 2, "seconds": 600}
    shop.ebay.trouble("slow", **slow)  # the third page waits for the kill
    shop.ebay.trouble("page_drift", operation="GetMyeBaySelling", count=2)
    shop.ebay.trouble("lost_response", operation="GetMyeBaySelling", every=5, times=2)
    stored = "SELECT count(*) FROM ebay_listing"
    killed_when(shop, stored, 0, "the first page")
    assert figure(shop, "SELECT count(*) FROM ebay_sync_log WHERE state = 'running'")
    shop.ebay.calm()
    swept = "SELECT count(*) FROM ebay_account WHERE listings_swept_at IS NULL"
    run_to_the_end(shop, swept)
    found = shop.ebay.look("listings", status="ACTIVE", limit=2 * LISTINGS)["listings"]
    on_ebay = Counter(
        (one["itemId"], unit["sku"] or "", str(unit["quantity"]))
        for one in found
        for unit in one["units"]
    )
    assert Counter(map(tuple, rows(shop, MIRRORED))) == on_ebay
    pages = figure(
        shop,
        "SELECT count(*) FROM ebay_sync_log WHERE flow = 'listings_in' "
        "AND state = 'interrupted'",
    )
    assert pages, "no run was killed: the test proves nothing"


@pytest.mark.logs("Job .* timed out")
def test_a_killed_undo_takes_back_once(seller):
    shop = seller
    quantities = _products(shop)
    takeover = shop.person.call("ebay.account", "action_preview", [shop.account_id])
    takeover_id = takeover["res_id"]
    done = f"SELECT count(*) FROM ebay_takeover_line WHERE takeover_id = {takeover_id}"
    done += " AND done"

    def state() -> str:
        query = f"SELECT state FROM ebay_takeover WHERE id = {takeover_id}"
        return shop.odoo.sql(query)

    unfinished = (
        f"SELECT count(*) FROM ebay_takeover WHERE id = {takeover_id} "
        "AND state IN ('adopting', 'undoing')"
    )
    shop.person.call("ebay.takeover", "action_adopt", [takeover_id])
    run_to_the_end(shop, unfinished)
    assert state() == "adopted"
    here = {sku: int(float(pieces)) for sku, pieces in rows(shop, HERE)}
    assert {sku: here.get(sku, 0) for sku in quantities} == quantities

    shop.odoo.sql(STOPS_AT_THE_LAST.format(takeover_id))
    shop.person.call("ebay.takeover", "action_undo", [takeover_id])
    killed_when(shop, done, 0, "the first products to be taken back")
    assert state() == "undoing", "it was done before the kill"
    run_to_the_end(shop, unfinished)
    assert state() == "undone"
    assert not any(float(pieces) for _sku, pieces in rows(shop, HERE))


def _products(shop: Shop) -> dict[str, int]:
    """Products without stock for SKUs that only one listing has; by SKU."""
    by_sku: dict[str, list[int]] = {}
    for _item, sku, quantity in rows(shop, MIRRORED):
        by_sku.setdefault(sku, []).append(int(quantity))
    single = [sku for sku, found in by_sku.items() if sku and len(found) == 1]
    named = {sku: by_sku[sku][0] for sku in sorted(single)[:PRODUCTS]}
    values = [
        {"name": sku, "default_code": sku, "type": "consu", "is_storable": True}
        for sku in named
    ]
    shop.person.call("product.product", "create", values)
    run_to_the_end(
        shop,
        "SELECT count(*) FROM ebay_listing l JOIN product_product p "
        "ON p.default_code = l.sku WHERE l.product_id IS NULL AND l.active",
    )
    return named
