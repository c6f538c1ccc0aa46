"""Stock out: what it costs to find what changed, to send it, and to be woken.

N listings of N products, each with its stock, of which a share changes. Measured: a
full comparison in which nothing changed, one with the changes sent (largest batches, to
the local eBay), the time from a committed count to the request that leaves a running
server (median and slowest of --wakes), and what waking costs whoever confirms orders.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
from datetime import datetime
from typing import Any

from ..stage.shop import Shop, wait_for
from ..tooling.paths import SERIES
from ._probing import probe
from .clerk import measure

BATCH = 25


def main(arguments: list[str]) -> dict[str, Any]:
    """Compare ``--n`` listings; see the module."""
    parser = argparse.ArgumentParser(prog="bench stock", description=__doc__)
    parser.add_argument("--n", type=int, default=20_000, help="how many listings")
    parser.add_argument("--changed", default="1%", help="a number or a share")
    parser.add_argument("--wakes", type=int, default=100)
    parser.add_argument("--orders", type=int, default=200)
    parser.add_argument("--odoo", choices=SERIES, default=SERIES[0])
    given = parser.parse_args(arguments)
    changed = _number(given.changed, given.n)
    with Shop.open(given.odoo) as shop:
        shop.use_currency("EUR")
        shop.create_account(
            mode="live", pull_limit=100_000, push_limit=100_000, stock_zero_limit=100
        )
        shop.connect()
        _rest(shop)
        live = _listings_on_ebay(shop, changed)
        probe(shop.odoo, "shelf_prepare", N=given.n)
        probe(shop.odoo, "stock_prepare", LIVE=live)
        compared = probe(shop.odoo, "stock_compare")
        woken = _wakes(shop, given.wakes)
        clerk = measure(shop, given.n, given.orders)
    _check(compared, changed)
    return {
        "odoo": given.odoo,
        "listings": given.n,
        "changed": changed,
        "nothing changed": compared["nothing"],
        "with changes": compared["changes"],
        "requests expected": math.ceil(changed / BATCH),
        "wake-up to request (s)": woken,
        **clerk,
    }


def _number(text: str, count: int) -> int:
    if text.endswith("%"):
        return max(round(count * float(text[:-1]) / 100), 1)
    return int(text)


def _rest(shop: Shop) -> None:
    """No flow runs by the clock, and none of Odoo's own jobs."""
    shop.odoo.sql(
        "UPDATE ir_cron SET nextcall = nextcall + interval '1 year', "
        "active = id IN (SELECT cron_id FROM ebay_schedule)"
    )


def _listings_on_ebay(shop: Shop, count: int) -> list[list[str]]:
    """So many live offers of the Inventory API: [item id, SKU, offer id] of each."""
    shop.ebay.control(
        "listings", count=2 * count + 50, marketplaces=["EBAY_DE"], inventoryShare=1.0
    )
    found: list[list[str]] = []
    offset = 0
    while len(found) < count:
        page = shop.ebay.look("listings", model="inventory", limit=500, offset=offset)
        if not page["listings"]:
            raise AssertionError(f"The local eBay has only {len(found)} such listings")
        found += [
            [one["itemId"], one["units"][0]["sku"], one["units"][0]["offerId"]]
            for one in page["listings"]
            if one["status"] in ("ACTIVE", "OUT_OF_STOCK") and len(one["units"]) == 1
        ]
        offset += 500
    return found[:count]


def _wakes(shop: Shop, count: int) -> dict[str, float]:
    """Seconds from a committed count of one product to its request leaving."""
    rows = shop.odoo.sql(
        "SELECT product_id FROM ebay_listing WHERE offer_ref IS NOT NULL ORDER BY id"
    ).split()
    spent = []
    for number in range(count):
        product = int(rows[number % len(rows)])
        before = shop.ebay.now()
        shop.put_on_shelf([product], 500 + number)
        committed = time.time()
        call = wait_for(
            lambda before=before: shop.ebay.calls("bulkUpdatePriceQuantity", before),
            "the request",
            60,
        )[0]
        left = datetime.fromisoformat(call["at"].replace("Z", "+00:00")).timestamp()
        spent.append(max(left - committed, 0.0))
    return {
        "median": round(statistics.median(spent), 3),
        "slowest": round(max(spent), 3),
        "of": count,
    }


def _check(compared: dict[str, Any], changed: int) -> None:
    """A bench of work that was not done is worth nothing."""
    nothing, changes = compared["nothing"], compared["changes"]
    if nothing["state"] != "done" or nothing["requests"]:
        raise AssertionError(f"Nothing changed, and yet: {nothing}")
    if changes["sent"] != changed or changes["state"] != "done":
        raise AssertionError(f"Not all that changed was sent: {changes}")
