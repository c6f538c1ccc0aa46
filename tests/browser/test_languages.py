"""The pages in Polish: they open, and no button is wider than its place."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from scripts.stage.clerk import read_in


@pytest.fixture(scope="module")
def polish(shop):
    """An account with an order that waits, and a person who reads Polish."""
    shop.create_account(mode="mirror")
    shop.connect()
    shop.use_currency("EUR")
    listing = {"title": "Czajnik", "price": "12.50", "quantity": 10, "sku": "PL-1"}
    shop.ebay.control("listings/new", marketplace="EBAY_DE", **listing)
    lines = [{"sku": "PL-1", "quantity": 1}]
    shop.ebay.control("buy", lines=lines, country="PL", spread=60)
    shop.run_now("orders_in")
    read_in(shop, "pl_PL")
    return shop


def test_the_account_and_its_pages(polish, desk):
    desk.open("ebay_account_action", polish.account_id)
    tabs = desk.page.locator(".o_notebook_headers a[role=tab]")
    for number in range(tabs.count()):
        tabs.nth(number).click()
        desk.look_polish(f"account-{number}")


def test_the_doctor(polish, desk):
    desk.open("ebay_account_action", polish.account_id)
    desk.page.locator("button[name=action_doctor]").click()
    desk.page.locator(".o_data_row, .o_ebay_check").first.wait_for()
    desk.look_polish("doctor")


def test_the_inbox_and_the_order(polish, desk):
    desk.open("ebay_issue_action")
    desk.look_polish("inbox")
    desk.page.locator(".o_data_row .o_data_cell").first.click()
    desk.page.wait_for_selector(".o_form_view")
    desk.look_polish("issue")
    [sale] = polish.person.call(
        "sale.order", "search", [("ebay_account_id", "!=", False)]
    )
    desk.page.goto(f"{polish.odoo.url}/odoo/sales/{sale}")
    desk.page.get_by_role("tab", name="eBay").click()
    desk.look_polish("order")


def test_the_overview_leads_to_the_inbox(polish, desk):
    desk.open("ebay_overview_action")
    card = desk.page.locator(".o_kanban_record").first
    expect(card.locator("[name=health]")).to_be_visible()
    expect(card.locator("canvas")).to_be_visible()
    desk.look_polish("overview")
    card.locator("a[type=action]").first.click()
    expect(desk.page.locator(".o_searchview_facet").first).to_be_visible()
    expect(desk.page.locator(".o_data_row").first).to_be_visible()


def test_linking_and_the_preview(polish, desk):
    polish.create_product("OWN-1", 3, name="Czajnik")
    polish.run_now("listings_in")
    desk.open("ebay_listing_link_action")
    row = desk.page.locator(".o_data_row").filter(has_text="OWN-1")
    expect(row).to_be_visible()
    desk.page.set_viewport_size({"width": 1280, "height": 720})  # a laptop's
    desk.look_polish("linking-bench")
    accept = row.get_by_role("button", name="Akceptuj")
    expect(accept).to_be_in_viewport(ratio=1)
    accept.click()
    expect(row).to_have_count(0)
    action = polish.person.call("ebay.account", "action_preview", [polish.account_id])
    desk.open("ebay_takeover_action", action["res_id"])
    desk.look_polish("golive-preview")
    desk.page.locator("button[name=action_view_lines]").first.click()
    expect(desk.page.locator(".o_data_row")).to_have_count(1)
    desk.look_polish("golive-preview-lines")
