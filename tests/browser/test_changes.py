"""What eBay changes after the import, as a Polish clerk sees and answers it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from scripts.stage.clerk import open_deliveries, read_in

SKU = "CHANGES-1"


@pytest.fixture(scope="module")
def orders(shop):
    """One whose address changes before picking, and one that is being picked."""
    shop.create_account(mode="mirror")
    shop.connect()
    shop.use_currency("EUR")
    shop.create_product(SKU, 10)
    listing = {"title": "Czajnik", "price": "12.50", "quantity": 10, "sku": SKU}
    shop.ebay.control("listings/new", marketplace="EBAY_DE", **listing)
    lines = [{"sku": SKU, "quantity": 1}]
    buyer = {"lines": lines, "country": "DE", "spread": 60}
    refs = {
        name: shop.ebay.control("buy", **buyer)["orderIds"][0]
        for name in ("followed", "held")
    }
    shop.run_now("orders_in")
    [picked] = open_deliveries(shop, [refs["held"]])
    shop.person.call("stock.picking", "write", [picked["id"]], {"printed": True})
    read_in(shop, "pl_PL")
    for number, ref in enumerate(refs.values()):
        place = {"country": "DE", "number": 100 + number}
        shop.ebay.control(f"orders/{ref}/address", **place)
    shop.run_now("orders_in")
    return refs | {"picking": picked["id"]}


def sale_of(shop, ref):
    """The sale order of an eBay order."""
    domain = [("ebay_order_ref", "=", ref)]
    [sale] = shop.person.call(
        "sale.order", "search_read", domain, ["partner_shipping_id", "picking_ids"]
    )
    return sale


def test_an_address_that_changed_in_time_is_followed_and_noted(desk, orders):
    sale = sale_of(desk.shop, orders["followed"])
    [picking] = desk.shop.person.call(
        "stock.picking", "read", sale["picking_ids"], ["partner_id"]
    )
    assert picking["partner_id"] == sale["partner_shipping_id"]
    desk.page.goto(f"{desk.shop.odoo.url}/odoo/sales/{sale['id']}")
    expect(desk.page.locator(".o-mail-Message", has_text="eBay").first).to_be_visible()
    desk.picture("pl-address-followed")  # Odoo's own page, with its own widths


def test_a_transfer_that_is_picked_is_held_until_somebody_answers(desk, orders):
    page, shop = desk.page, desk.shop
    before = sale_of(shop, orders["held"])["partner_shipping_id"]
    page.goto(f"{shop.odoo.url}/odoo/action-stock.stock_picking_action_picking_type")
    page.goto(f"{shop.odoo.url}/odoo/deliveries/{orders['picking']}")
    expect(page.locator("[name=ebay_held_reason]").first).to_be_visible()
    desk.look_polish("transfer-held")
    desk.open("ebay_issue_action")
    row = page.get_by_role("row", name=orders["held"])
    desk.look_polish("inbox-changed")
    row.locator(".o_data_cell").first.click()
    page.wait_for_selector(".o_form_view")
    expect(page.locator(".o_form_view")).to_contain_text("adres dostawy: eBay")
    page.set_viewport_size({"width": 1024, "height": 768})
    desk.look_polish("changed-1024")
    page.locator("button[name=action_fix]").first.click()
    expect(page.locator("button[name=action_fix]").first).to_be_hidden()
    assert sale_of(shop, orders["held"])["partner_shipping_id"] != before
    page.goto(f"{shop.odoo.url}/odoo/deliveries/{orders['picking']}")
    expect(page.locator("button[name=button_validate]").first).to_be_visible()
    expect(page.locator("[name=ebay_held_reason]")).to_have_count(0)
