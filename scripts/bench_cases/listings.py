"""Listings in: backfill, pulls with 1 % and with nothing changed, linking, going live.

N listings of both kinds on the local eBay (the simulator's catalogue: variations,
several marketplaces, no SKUs ...) are mirrored into an empty database, each step in a
process of its own. Figures: seconds, requests, SQL (all; and INSERT and UPDATE
statements on ``ebay_listing``), memory of the process in MB at its start and at its
peak. Then as many listings are linked to as many products: by SKU, and once more by
title alone; between them a preview, the opening stock of --adopt products, and the
links as a file, out and in.
"""

from __future__ import annotations

import argparse
from typing import Any

from ..stage.shop import Shop
from ..tooling.paths import SERIES
from ._probing import probe

PER_LOAD = 5000
PAGE = 200  # both of GetMyeBaySelling and of getInventoryItems
MOST_LISTED = 25_000  # from here on GetMyeBaySelling is cut off
REPORT = 4  # that the list is cut off; then the report: ordered, looked for, fetched
SPARE = 2  # what changed meanwhile is asked for once more
STEADY_MB = 64  # by so much a backfill may take more than a run without news


def main(arguments: list[str]) -> dict[str, Any]:
    """Mirror ``--n`` listings; see the module."""
    parser = argparse.ArgumentParser(prog="bench listings", description=__doc__)
    parser.add_argument("--n", type=int, default=25_000, help="how many listings")
    parser.add_argument("--adopt", type=int, default=1000, help="products")
    parser.add_argument("--odoo", choices=SERIES, default=SERIES[0])
    given = parser.parse_args(arguments)
    with Shop.open(given.odoo, max_cron_threads=0) as shop:
        shop.create_account(mode="mirror", pull_limit=100_000, push_limit=100_000)
        shop.connect()
        places = [("code", "in", ["EBAY_DE", "EBAY_PL", "EBAY_GB"])]
        ids = shop.person.call("ebay.marketplace", "search", places)
        shop.person.call(
            "ebay.account",
            "write",
            [shop.account_id],
            {"marketplace_ids": [(6, 0, ids)]},
        )
        for start in range(0, given.n, PER_LOAD):
            shop.ebay.control("listings", count=min(PER_LOAD, given.n - start))
        backfill = _pull(shop, sweep=True)
        changed = _change(shop, given.n // 100)
        one_percent = _pull(shop)
        idle = _pull(shop)
        swept = _pull(shop, sweep=True)
        known = probe(shop.odoo, "listings_products", COUNT=given.n)
        by_sku = probe(shop.odoo, "listings_link", BY="sku")
        preview = probe(shop.odoo, "listings_preview")
        stock = probe(shop.odoo, "listings_stock", COUNT=given.adopt)
        file = probe(shop.odoo, "listings_file")
        by_title = probe(shop.odoo, "listings_link", BY="title")
        total = shop.ebay.look("listings", limit=1, status="ACTIVE")["total"]
    backfill["least requests"] = _least(total, backfill["inventory items"])
    _check(backfill, one_percent, idle, swept, total)
    _check_linked(known["listings"], by_sku, preview, stock, file)
    return {
        "odoo": given.odoo,
        "listings": total,
        "backfill": backfill,
        f"{changed} changed": one_percent,
        "nothing changed": idle,
        "nothing changed, full sweep": swept,
        "products": known["products"],
        "linked by SKU": by_sku,
        "suggested by title": by_title,
        "preview": preview,
        "opening stock": stock,
        "links as a file": file,
    }


def _pull(shop: Shop, sweep: bool = False) -> dict[str, Any]:
    return probe(shop.odoo, "listings", SWEEP=sweep)


def _change(shop: Shop, count: int) -> int:
    """Sell one piece of so many listings, on eBay alone."""
    done = 0
    for row in shop.ebay.look("listings", status="ACTIVE", limit=2 * count)["listings"]:
        unit = next((unit for unit in row["units"] if unit["quantity"] > 1), None)
        if unit is None or done == count:
            continue
        which = {"sku": unit["sku"]} if unit["sku"] else {}
        shop.ebay.control(f"listings/{row['itemId']}/sell", **which)
        done += 1
    return done


def _least(listings: int, items: int) -> int:
    """The fewest requests that can name them all, by eBay's page sizes."""
    pages = -(-listings // PAGE) - (-items // PAGE)
    return pages + REPORT if listings >= MOST_LISTED else pages


def _check(
    backfill: dict[str, Any],
    changed: dict[str, Any],
    idle: dict[str, Any],
    swept: dict[str, Any],
    total: int,
) -> None:
    """A bench of work that was not done is worth nothing."""
    for figures in (backfill, changed, idle, swept):
        if figures["state"] != "done":
            raise AssertionError(f"a pull did not end well: {figures}")
    if backfill["listings"] != total:
        raise AssertionError(f"{total} listings are live: {backfill}")
    if backfill["requests"] > backfill["least requests"] * 1.01 + SPARE:
        raise AssertionError(f"more requests than needed: {backfill}")
    if backfill["peak MB"] > idle["peak MB"] + STEADY_MB:
        raise AssertionError(f"the backfill's memory grows: {backfill} {idle}")
    if idle["updates"] or swept["updates"] or not changed["updated"]:
        raise AssertionError(f"written without need, or not: {changed} {idle} {swept}")


def _check_linked(
    listings: int,
    by_sku: dict[str, Any],
    preview: dict[str, Any],
    stock: dict[str, Any],
    file: dict[str, Any],
) -> None:
    if by_sku["linked"] != listings or by_sku["state"] != "done":
        raise AssertionError(f"{listings} listings were to be linked: {by_sku}")
    if preview["lines"] != listings or file["linked"] != listings:
        raise AssertionError(f"{listings} listings are linked: {preview} {file}")
    if stock["state"] != "undone" or stock["pieces"] != stock["shown"]:
        raise AssertionError(f"The opening stock is not eBay's: {stock}")
