"""From the mirror to live: the linking bench, the preview, the pilot."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from scripts.stage.shop import wait_for

LISTINGS = 60


@pytest.fixture(scope="module")
def mirrored(shop):
    """A mirrored shop: some products by SKU, some by title, most unknown."""
    shop.create_account(mode="mirror")
    shop.connect()
    shop.use_currency("EUR")
    shop.ebay.control("listings", count=LISTINGS, seed=5)
    run(shop)
    domain = [("is_variation", "=", False), ("sku", "!=", False), ("quantity", ">", 1)]
    rows = shop.person.call(
        "ebay.listing", "search_read", domain, ["sku", "title"], limit=12
    )
    assert len(rows) == 12
    for number, row in enumerate(rows[:8]):
        shop.create_product(row["sku"], number % 3 * 4, name=row["title"])
    for row in rows[8:]:
        shop.create_product(f"OWN-{row['sku']}", 5, name=row["title"])
    run(shop)
    return shop


def run(shop):
    log = shop.run_now("listings_in")
    assert log["state"] == "done", log["message"]


def count(shop, *domain):
    return shop.person.call("ebay.listing", "search_count", list(domain))


def test_the_bench_shows_suggestions_with_their_reasons(desk, mirrored):
    page = desk.page
    before = count(mirrored, ("link_method", "=", "suggestion"))
    desk.open("ebay_listing_link_action")
    row = page.locator(".o_data_row").filter(has_text="OWN-").first
    expect(row).to_be_visible()
    desk.picture("linking-bench")
    accept = row.get_by_role("button", name="Accept")
    expect(accept).to_be_in_viewport(ratio=1)
    accept.click()
    wait_for(
        lambda: count(mirrored, ("link_method", "=", "suggestion")) == before + 1,
        "the suggestion to be taken",
    )


def test_links_go_out_as_a_file(desk, mirrored):
    desk.open("ebay_listing_link_action")
    desk.page.locator("button", has_text="File").first.click()
    desk.page.locator(".modal button[name=action_export]").click()
    expect(desk.page.locator("div[name=result]")).to_contain_text("listings")
    desk.picture("link-file")


def test_the_preview_comes_before_the_pilot(desk, mirrored):
    page, shop = desk.page, mirrored
    desk.open("ebay_account_action", shop.account_id)
    page.get_by_role("tab", name="Listings").click()
    desk.page.set_viewport_size({"width": 1400, "height": 1500})
    desk.picture("golive-account")
    desk.page.set_viewport_size({"width": 1400, "height": 900})
    page.locator("button[name=action_preview]").click()
    page.locator("div[name=zero_count]").wait_for()
    desk.picture("golive-preview")
    page.locator("button[name=action_view_lines]").first.click()
    page.wait_for_selector(".o_list_view .o_data_row")
    desk.picture("golive-preview-lines")
    page.go_back()
    page.locator("div[name=zero_count]").wait_for()
    page.locator("button[name=action_adopt]").click()
    page.locator(".modal").get_by_role("button", name="Ok").click()
    page.wait_for_selector(".modal", state="detached")
    run(shop)
    page.reload()
    expect(page.locator(".o_arrow_button_current")).to_have_text("Adopted")
    desk.picture("golive-adopted")
    run(shop)  # what was sold meanwhile
    sku = shop.person.call(
        "ebay.listing", "search_read", [("stock_master", "=", "ebay")], ["sku"], limit=1
    )[0]["sku"]
    pilot = {"pilot_domain": str([("sku", "=", sku)])}
    shop.person.call("ebay.account", "write", [shop.account_id], pilot)
    desk.open("ebay_account_action", shop.account_id)
    page.get_by_role("tab", name="Listings").click()
    page.locator("button[name=action_go_live_pilot]").click()
    page.locator(".modal").get_by_role("button", name="Ok").click()
    expect(page.locator("div[name=golive_stage]")).to_have_text("Live for the pilot")
    assert count(shop, ("stock_master", "=", "odoo")) >= 1
    desk.picture("golive-live")
    page.locator("button[name=action_back_to_mirror]").click()
    expect(page.locator("div[name=golive_stage]")).to_have_text("Mirror")
    assert count(shop, ("stock_master", "=", "odoo")) == 0
