"""Why this quantity, and the run that stopped before an accident."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from scripts.stage.shop import wait_for

SKUS = [f"PICTURE-{number}" for number in range(1, 8)]


@pytest.fixture(scope="module")
def shelf(shop):
    """Seven listings that eBay shows as the shelf is: ten pieces less two kept back."""
    shop.use_currency("EUR")
    shop.create_account(mode="live", stock_buffer=2)
    things = {}
    for sku in SKUS:
        told = shop.ebay.control(
            "listings/new",
            title=f"Teapot {sku}",
            price="12.50",
            quantity=1,
            sku=sku,
            marketplace="EBAY_DE",
        )
        product = shop.create_product(sku, 10)
        things[sku] = {"item": told["itemId"], "product": product}
    shop.connect()
    for sku, one in things.items():
        domain = [("listing_ref", "=", one["item"])]
        [one["id"]] = wait_for(
            lambda domain=domain: shop.person.call("ebay.listing", "search", domain),
            f"the mirror to have {sku}",
        )
        values = {"product_id": one["product"], "stock_master": "odoo"}
        shop.person.call("ebay.listing", "write", [one["id"]], values)
    shop.press_run_now("stock_out")
    shows(shop, things, 8)
    return things


def shown(shop, thing):
    """What buyers can buy now."""
    [unit] = shop.ebay.look(f"listings/{thing['item']}")["units"]
    return unit["quantity"]


def shows(shop, things, quantity):
    """Wait until buyers see so many pieces of each."""
    wait_for(
        lambda: {shown(shop, one) for one in things.values()} == {quantity},
        f"eBay to show {quantity} pieces of each",
    )


def test_why_this_quantity(desk, shelf):
    one = shelf[SKUS[0]]
    assert shown(desk.shop, one) == 8
    desk.open("ebay_listing_action", one["id"])
    desk.page.get_by_role("tab", name="Why this quantity?").click()
    table = desk.page.locator("div[name=quantity_why]")
    expect(table.locator("tr").first).to_contain_text("10")
    expect(table.locator("tr").last).to_contain_text("8")
    history = desk.page.locator("div[name=push_history]")
    expect(history).to_contain_text("Accepted by eBay")
    history.scroll_into_view_if_needed()
    desk.picture("why-this-quantity")


def test_a_run_that_would_empty_the_shop_stops_and_asks(desk, shelf):
    page, shop = desk.page, desk.shop
    shop.put_on_shelf([one["product"] for one in shelf.values()], 0)
    shop.odoo.sql("UPDATE ebay_schedule SET compared_at = NULL")
    shop.run_now("stock_out")
    assert {shown(shop, one) for one in shelf.values()} == {8}
    desk.open("ebay_issue_action")
    row = page.get_by_role("row", name="would go to zero")
    desk.picture("stopped-run-inbox")
    row.get_by_role("button", name="See the list").click()
    expect(page.locator(".o_form_view")).to_contain_text("They wait for a decision")
    lines = page.locator("div[name=line_ids] .o_data_row")
    expect(lines).to_have_count(len(SKUS))
    expect(lines.first.locator("td[name=after_shown]")).to_have_text("0")
    desk.picture("stopped-run")
    desk.press("Approve and send")
    page.locator(".modal").get_by_role("button", name="Ok").click()
    expect(page.locator(".o_statusbar_status")).to_contain_text("Approved")
    shows(shop, shelf, 0)


def test_the_accounts_rules_for_stock(desk, shelf):
    desk.open("ebay_account_action", desk.shop.account_id)
    desk.page.get_by_role("tab", name="Stock", exact=True).click()
    expect(desk.page.locator("div[name=stock_buffer] input")).to_have_value("2")
    desk.picture("stock-rules")
