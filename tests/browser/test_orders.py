"""The clerk's pages: the inbox with its fix, the imported and the blocked order."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

SKU, UNKNOWN = "BROWSER-1", "BROWSER-NEW"


@pytest.fixture(scope="module")
def orders(shop):
    """One order that was imported, one that waits for its product."""
    shop.create_account(mode="mirror")
    shop.connect()
    shop.use_currency("EUR")
    shop.create_product(SKU, 10)
    shop.create_product("OWN-CODE", 10)
    found = {}
    for sku in (SKU, UNKNOWN):
        shop.ebay.control(
            "listings/new",
            title=f"Teapot {sku}",
            price="12.50",
            quantity=10,
            sku=sku,
            marketplace="EBAY_DE",
        )
        told = shop.ebay.control(
            "buy", lines=[{"sku": sku, "quantity": 1}], country="DE", spread=60
        )
        found[sku] = told["orderIds"][0]
    shop.run_now("orders_in")
    return found


def sale_of(shop, order_ref):
    [sale] = shop.person.call(
        "sale.order",
        "search_read",
        [("ebay_order_ref", "=", order_ref)],
        ["state", "amount_total"],
    )
    return sale


def test_an_imported_order_has_its_ebay_page(desk, orders):
    sale = sale_of(desk.shop, orders[SKU])
    assert sale["state"] == "sale"
    desk.page.goto(f"{desk.shop.odoo.url}/odoo/sales/{sale['id']}")
    desk.page.get_by_role("tab", name="eBay").click()
    expect(desk.page.locator("div[name=ebay_order_ref]").first).to_contain_text(
        orders[SKU]
    )
    desk.picture("order-imported")


def test_the_inbox_mends_an_order_that_waits(desk, orders):
    page, shop = desk.page, desk.shop
    assert sale_of(shop, orders[UNKNOWN])["state"] == "draft"
    desk.open("ebay_order_action")
    expect(page.get_by_role("row", name=orders[UNKNOWN])).to_contain_text("Blocked")
    desk.picture("orders")
    desk.open("ebay_issue_action")
    row = page.get_by_role("row", name=UNKNOWN)
    desk.picture("inbox")
    row.get_by_role("button", name="Link product").click()
    expect(page.locator(".modal")).to_contain_text(UNKNOWN)
    page.locator("div[name=product_id] input").fill("OWN-CODE")
    page.locator(".o-autocomplete--dropdown-item", has_text="OWN-CODE").first.click()
    desk.picture("inbox-fix")
    desk.press("Link")
    page.wait_for_selector(".modal", state="detached")
    shop.run_now("orders_in")
    assert sale_of(shop, orders[UNKNOWN])["state"] == "sale"
    desk.open("ebay_issue_action")
    expect(page.get_by_role("row", name=UNKNOWN)).to_have_count(0)


def test_every_page_of_the_addon_opens(desk, orders):
    actions = desk.shop.person.call(
        "ir.model.data",
        "search_read",
        [("module", "=", "ebay_sync"), ("model", "=", "ir.actions.act_window")],
        ["name", "res_id"],
    )
    windows = desk.shop.person.call(
        "ir.actions.act_window",
        "read",
        [action["res_id"] for action in actions],
        ["target"],
    )
    whole = {one["id"] for one in windows if one["target"] != "new"}
    for action in actions:
        if action["res_id"] in whole:
            desk.open(action["name"])
            desk.picture(f"page-{action['name']}")
