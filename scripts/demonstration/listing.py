"""A shop that sold on eBay for years: mirrored, linked, compared, nothing written."""

from __future__ import annotations

from typing import Any

from ..stage.shop import Shop
from ..tooling.paths import Problem
from .report import Report

LISTINGS = 60
PRODUCTS = 15
CREATED = 3


def play(shop: Shop, report: Report) -> None:
    """Mirror, link, create products, adopt nothing, and look at the preview."""
    with report.step(
        "Mirror what is live on eBay, variations and old listings"
    ) as step:
        shop.ebay.control("listings", count=LISTINGS, seed=77)
        log = _run(shop)
        rows = _count(shop)
        step["result"] = (
            f"{rows} things to sell with {log['request_count']} requests; "
            f"{_count(shop, ('sku', '=', False))} have no SKU."
        )
    with report.step("Mirror again") as step:
        log = _run(shop)
        if log["created_count"] or log["updated_count"]:
            raise Problem("A run in which nothing was new changed something.")
        step["result"] = f"Nothing was written; {log['request_count']} request(s)."
    with report.step("Link products by their SKU") as step:
        linked = _link(shop)
        step["result"] = f"{linked} listings found their product by themselves."
    with report.step("Create products from listings") as step:
        made = _create(shop)
        step["result"] = f"{', '.join(made)}."
    with report.step("Compare before anything is written to eBay") as step:
        takeover = _preview(shop)
        step["result"] = (
            f"Of {takeover['line_count']} linked listings {takeover['quantity_count']} "
            f"would change, {takeover['zero_count']} would go to zero."
        )


def _run(shop: Shop) -> dict[str, Any]:
    log = shop.run_now("listings_in", seconds=180)
    if log["state"] != "done":
        raise Problem(f"The run is {log['state']}: {log['message']}")
    return log


def _rows(shop: Shop, *domain: Any, limit: int | None = None) -> list[dict[str, Any]]:
    fields = ["sku", "title", "product_id", "listing_ref"]
    mine = [("account_id", "=", shop.account_id), *domain]
    return shop.person.call("ebay.listing", "search_read", mine, fields, limit=limit)


def _count(shop: Shop, *domain: Any) -> int:
    return len(_rows(shop, *domain))


def _link(shop: Shop) -> int:
    named = {row["sku"]: row["title"] for row in _rows(shop, ("sku", "!=", False))}
    values = [
        {"name": title, "default_code": sku, "type": "consu", "is_storable": True}
        for sku, title in list(named.items())[:PRODUCTS]
    ]
    shop.person.call("product.product", "create", values)
    _run(shop)
    linked = _count(shop, ("link_method", "=", "sku"))
    if linked < PRODUCTS:
        raise Problem(f"Only {linked} listings of {PRODUCTS} products were linked.")
    return linked


def _create(shop: Shop) -> list[str]:
    free = _rows(
        shop,
        ("product_id", "=", False),
        ("is_variation", "=", False),
        limit=CREATED,
    )
    ids = [row["id"] for row in free]
    shop.person.call("ebay.listing", "action_create_products", ids)
    _run(shop)
    made = _rows(shop, ("id", "in", ids), ("link_method", "=", "created"))
    if len(made) < len(ids):
        raise Problem(f"{len(made)} of {len(ids)} products were created.")
    return [row["product_id"][1] for row in made]


def _preview(shop: Shop) -> dict[str, Any]:
    action = shop.person.call("ebay.account", "action_preview", [shop.account_id])
    fields = ["line_count", "quantity_count", "zero_count"]
    return shop.person.call("ebay.takeover", "read", [action["res_id"]], fields)[0]
