"""A shop that sold on eBay for years: mirrored, linked, compared, live with a pilot."""

from __future__ import annotations

from typing import Any

from ..stage.shop import Shop, wait_for
from ..tooling.paths import Problem
from .report import Report

LISTINGS = 60
PRODUCTS = 15
CREATED = 3
RECEIVED = 33


def play(shop: Shop, report: Report) -> None:
    """Mirror, link, create products, preview, adopt and undo, a pilot, and back."""
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
        step["result"] = f"{linked} listings were linked automatically."
    with report.step("Create products from listings") as step:
        made = _create(shop)
        step["result"] = f"{', '.join(made)}."
    with report.step("Compare before anything is written to eBay") as step:
        takeover = _preview(shop)
        step["result"] = (
            f"Of {takeover['line_count']} linked listings {takeover['quantity_count']} "
            f"would change, {takeover['zero_count']} would go to zero."
        )
    with report.step("Adopt eBay's stock, and take it back") as step:
        step["result"] = _adopt_and_undo(shop, takeover["id"])
    with report.step("Adopt it again, and go live with a pilot") as step:
        step["result"] = _go_live(shop)
    with report.step("Back to the mirror") as step:
        shop.person.call("ebay.account", "action_back_to_mirror", [shop.account_id])
        if _count(shop, ("stock_master", "=", "odoo")):
            raise Problem("Odoo still decides over listings.")
        step["result"] = "Odoo writes nothing; eBay shows what it showed."


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


def _take_over(shop: Shop, takeover_id: int, button: str, state: str) -> dict[str, Any]:
    shop.person.call("ebay.takeover", button, [takeover_id])
    _run(shop)
    fields = ["state", "adopted_count", "problem_count"]
    [told] = shop.person.call("ebay.takeover", "read", [takeover_id], fields)
    if told["state"] != state:
        raise Problem(f"The preview is {told['state']}, not {state}.")
    return told


def _stock(shop: Shop) -> dict[int, float]:
    """Pieces on hand by product id, of what is linked."""
    ids = [row["product_id"][0] for row in _rows(shop, ("product_id", "!=", False))]
    rows = shop.person.call("product.product", "read", ids, ["qty_available"])
    return {row["id"]: row["qty_available"] for row in rows}


def _adopt_and_undo(shop: Shop, takeover_id: int) -> str:
    before = _stock(shop)
    told = _take_over(shop, takeover_id, "action_adopt", "adopted")
    pieces = sum(_stock(shop).values()) - sum(before.values())
    _take_over(shop, takeover_id, "action_undo", "undone")
    if _stock(shop) != before:
        raise Problem("Undoing did not bring the old stock back.")
    return (
        f"{pieces:.0f} pieces of {told['adopted_count']} products came and went; "
        f"{told['problem_count']} lines were left alone."
    )


def _go_live(shop: Shop) -> str:
    _take_over(shop, _preview(shop)["id"], "action_adopt", "adopted")
    _run(shop)  # what was sold meanwhile
    following = [("stock_master", "=", "ebay"), ("link_method", "=", "sku")]
    row = _rows(shop, *following, limit=1)[0]
    pilot = str([("listing_ref", "=", row["listing_ref"])])
    shop.person.call(
        "ebay.account", "write", [shop.account_id], {"pilot_domain": pilot}
    )
    since = shop.ebay.now()
    shop.person.call("ebay.account", "action_go_live_pilot", [shop.account_id])
    shop.run_now("stock_out")
    if shop.ebay.calls("bulkUpdatePriceQuantity", since):
        raise Problem("Both sides were equal, and yet something was sent.")
    product = row["product_id"][0]
    shop.put_on_shelf([product], RECEIVED)
    shown = wait_for(lambda: _shown(shop, row, RECEIVED), "eBay to show them", 30)
    return f"{row['sku']}: nothing to send; {RECEIVED} came in, eBay shows {shown}."


def _shown(shop: Shop, row: dict[str, Any], wanted: int) -> int | None:
    """What eBay shows of a listing, once it is that."""
    units = shop.ebay.look(f"listings/{row['listing_ref']}")["units"]
    found = [unit["quantity"] for unit in units if unit["sku"] == row["sku"]]
    return wanted if found == [wanted] else None
