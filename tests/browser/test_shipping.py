"""The ship-by board: what is due, what eBay does not know yet, the next step."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from playwright.sync_api import expect

from scripts.stage.clerk import open_deliveries, read_in, send_off, use_method

SKU, RARE, CODE = "SHIP-1", "SHIP-RARE", "SHIP-CODE"
NOW = datetime.now(timezone.utc)
SET_DUE = """
for ref, when in {due}.items():
    found = env["sale.order"].search([("ebay_order_ref", "=", ref)])
    found.ebay_ship_by_at = when
"""


def buy(shop, sku, quantity=1):
    """A paid order; eBay's number of it."""
    lines = [{"sku": sku, "quantity": quantity}]
    told = shop.ebay.control("buy", lines=lines, country="DE", spread=60)
    return told["orderIds"][0]


def delivery(shop, ref):
    """The one delivery of an order."""
    [found] = open_deliveries(shop, [ref])
    return found["id"]


@pytest.fixture(scope="module")
def orders(shop):
    """An order for each column of the board."""
    shop.create_account(mode="live", untracked_rule="wait")
    shop.connect()
    shop.use_currency("EUR")
    shop.create_product(SKU, 10)
    shop.create_product(RARE, 0)
    shop.create_product(CODE, 0, type="service", is_storable=False)
    for sku in (SKU, RARE, CODE):
        listing = {"title": f"Teapot {sku}", "price": "12.50", "quantity": 10}
        shop.ebay.control("listings/new", sku=sku, marketplace="EBAY_DE", **listing)
    names = {"late": SKU, "untracked": SKU, "refused": SKU, "sent": SKU}
    names |= {"missing": RARE, "download": CODE, "cancelled": SKU, "unread": SKU}
    refs = {name: buy(shop, sku) for name, sku in names.items()}
    shop.run_now("orders_in")
    due = dict.fromkeys(("missing", "download", "cancelled"), 9 * 24) | {"late": -3}
    set_due(shop, {refs[name]: hours for name, hours in due.items()})
    method = use_method(shop, "DHL Paket")
    for name, number in (
        ("untracked", ""),
        ("refused", "Ä-1"),
        ("unread", "Ö-2"),
        ("sent", "0034043416109402"),
    ):
        send_off(shop, delivery(shop, refs[name]), number, method)
    cancel_delivery(shop, refs["cancelled"])
    shop.run_now("shipments_out")
    return refs


def set_due(shop, hours):
    """As if eBay had said other dates; over RPC nobody may write them."""
    due = {
        ref: f"{NOW + timedelta(hours=some):%Y-%m-%d %H:%M:%S}"
        for ref, some in hours.items()
    }
    shop.odoo.shell(SET_DUE.format(due=due))


def cancel_delivery(shop, ref):
    """Somebody cancels the delivery of an order that eBay still waits for."""
    shop.person.call("stock.picking", "action_cancel", [delivery(shop, ref)])


def sale_of(shop, ref):
    """The sale order of an eBay order, with its name."""
    fields = ["name", "picking_ids", "ebay_shipment_ids"]
    domain = [("ebay_order_ref", "=", ref)]
    [sale] = shop.person.call("sale.order", "search_read", domain, fields)
    return sale


STEPS = (
    ("late", "Overdue", "Ship"),
    ("cancelled", "Later", "Look at the order"),
    ("missing", "Later", "Reserve"),
    ("download", "Later", "Mark as shipped"),
    ("untracked", "Packed, not yet on eBay", "Enter tracking"),
    ("refused", "To decide", "Decide"),
    ("unread", "To decide", "Decide"),
)


def test_the_board_shows_what_to_do_next(desk, orders):
    page, shop = desk.page, desk.shop
    desk.open("ebay_delivery_action")
    for name, column, button in STEPS:
        group = page.locator(".o_kanban_group", has_text=column).first
        card = group.locator(
            ".o_kanban_record", has_text=sale_of(shop, orders[name])["name"]
        )
        expect(card.get_by_role("button", name=button, exact=True)).to_be_visible()
    sent = sale_of(shop, orders["sent"])["name"]
    expect(page.locator(".o_kanban_record", has_text=sent)).to_have_count(0)
    desk.picture("ship-by-board")
    page.locator(".o_switch_view.o_list").click()
    expect(page.locator("tr.o_data_row")).to_have_count(len(STEPS))
    desk.picture("ship-by-list")


def test_a_question_is_answered_from_the_board(desk, orders):
    page, shop = desk.page, desk.shop
    name = sale_of(shop, orders["refused"])["name"]
    desk.open("ebay_delivery_action")
    card = page.locator(".o_kanban_record", has_text=name)
    card.get_by_role("button", name="Decide").click()
    expect(page.locator(".alert-warning").first).to_contain_text("Ä-1")
    desk.picture("parcel-question")
    desk.press("Mark as done on eBay")
    expect(page.locator(".alert-warning:visible")).to_have_count(0)
    desk.open("ebay_delivery_action")
    expect(page.locator(".o_kanban_record", has_text=name)).to_have_count(0)


def test_downloads_are_marked_as_shipped_from_the_board(desk, orders):
    page, shop = desk.page, desk.shop
    name = sale_of(shop, orders["download"])["name"]
    desk.open("ebay_delivery_action")
    card = page.locator(".o_kanban_record", has_text=name)
    card.get_by_role("button", name="Mark as shipped").click()
    shop.run_now("shipments_out")
    desk.open("ebay_delivery_action")
    expect(page.locator(".o_kanban_record", has_text=name)).to_have_count(0)
    told = shop.ebay.look(f"orders/{orders['download']}")
    assert told["order"]["orderFulfillmentStatus"] == "FULFILLED"


def test_order_and_delivery_say_what_ebay_knows(desk, orders):
    page, shop = desk.page, desk.shop
    sale = sale_of(shop, orders["sent"])
    page.goto(f"{shop.odoo.url}/odoo/sales/{sale['id']}")
    badge = page.locator("button:has(div[name=ebay_shipping_state])")
    expect(badge).to_contain_text("On eBay")
    desk.picture("order-shipped")
    page.goto(f"{shop.odoo.url}/odoo/deliveries/{sale['picking_ids'][0]}")
    expect(badge).to_contain_text("On eBay")
    desk.picture("delivery-shipped")
    badge.click()
    desk.picture("delivery-parcels")


@pytest.fixture(scope="module")
def polish(shop, orders):
    """The same, for a person who reads Polish; Odoo complains of itself meanwhile."""
    read_in(shop, "pl_PL")
    return orders


def test_the_pages_have_room_for_polish(polish, desk):
    page, shop = desk.page, desk.shop
    desk.open("ebay_delivery_action")
    desk.look_polish("ship-by-board")
    page.locator(".o_switch_view.o_list").click()
    page.wait_for_selector("tr.o_data_row")
    desk.look_polish("ship-by-list")
    for name in ("untracked", "unread", "sent"):
        [parcel] = sale_of(shop, polish[name])["ebay_shipment_ids"]
        desk.open("ebay_shipment_action", parcel)
        page.wait_for_selector(".o_form_view")
        desk.look_polish(f"parcel-{name}")
