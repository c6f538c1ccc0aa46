"""Connecting as a person sees it: consent, refusal, revocation, the doctor."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from scripts.stage.shop import KEYSET, wait_for


def new_account(desk, name):
    """Fill in the form; the local eBay's address comes by the back door."""
    desk.open("ebay_account_action", "new")
    page = desk.page
    page.locator("div[name=name] input, input[id^=name]").first.fill(name)
    page.get_by_role("tab", name="Keys").click()
    for field, value in KEYSET.items():
        page.locator(f"div[name={field}] input").fill(value)
    page.locator(".o_form_button_save").click()
    shop = desk.shop
    [account] = wait_for(
        lambda: shop.person.call("ebay.account", "search", [("name", "=", name)]),
        "the account to be saved",
    )
    values = {"local_url": shop.ebay.url, "mode": "mirror"}
    shop.person.call("ebay.account", "write", [account], values)
    shop.account_id = account
    desk.open("ebay_account_action", account)


def notice(shop):
    """Whichever flow needs the token first finds out that the consent has ended."""
    shop.press_run_now("tokens")
    shop.press_run_now("orders_in")
    wait_for(
        lambda: shop.account("state")["state"] == "reconnect", "the account to stop"
    )


@pytest.mark.logs("Before the account can be connected, fill in")
def test_missing_keys_are_said_before_ebay_is_asked(desk):
    nothing = {"app_ref": False, "client_secret": False, "ru_name": False}
    account = desk.shop.create_account("No keys yet", **nothing)
    desk.shop.account_id = 0
    desk.open("ebay_account_action", account)
    desk.press("Connect")
    dialog = desk.page.get_by_role("dialog")
    expect(dialog).to_contain_text(
        "App ID (client ID), Cert ID (client secret), RuName"
    )
    desk.picture("keys-missing", dialogs=1)


def test_malformed_keys_are_said_below_their_fields(desk):
    """While they are entered, before anything is saved."""
    page = desk.page
    desk.open("ebay_account_action", "new")
    page.get_by_role("tab", name="Keys").click()
    for field, value, problem in (
        ("app_ref", "Shop-Test-PRD-0123456789ab-01234567", "other environment"),
        ("client_secret", "with spaces", "does not look like"),
        ("ru_name", "https://shop.example/ebay/oauth/callback", "not an address"),
    ):
        page.locator(f"div[name={field}] input").fill(value)
        page.keyboard.press("Tab")
        shown = page.locator(f"div[name={field}_problem]")
        expect(shown).to_contain_text(problem)
        below = shown.bounding_box()["y"]
        assert below > page.locator(f"div[name={field}]").bounding_box()["y"]
    desk.picture("keys-malformed")
    page.locator("div[name=app_ref] input").fill(KEYSET["app_ref"])
    page.keyboard.press("Tab")
    expect(page.locator("div[name=app_ref_problem]")).to_be_hidden()
    assert page.url.endswith("/new"), "it was saved"


@pytest.mark.logs(r"eBay account \d+ has to be connected again")
def test_an_account_is_connected_declined_revoked_and_connected_again(desk):
    page, shop = desk.page, desk.shop
    new_account(desk, "Browser shop")
    desk.picture("account-new")

    desk.press("Connect")
    page.wait_for_selector("#decline")
    desk.picture("consent")
    page.click("#decline")
    expect(page.get_by_role("heading")).to_contain_text("declined")
    desk.picture("declined")

    page.get_by_role("link", name="Back to Odoo").click()
    page.wait_for_selector(".o_form_view")
    desk.press("Connect")
    page.click("#agree")
    expect(page.get_by_role("heading")).to_contain_text("is connected")
    desk.picture("connected")
    address = page.url
    page.goto(address)
    expect(page.get_by_role("heading")).to_contain_text("already been used")
    desk.picture("used")

    shop.ebay.control("tokens/revoke", seller="sim_seller", reason="USER")
    shop.ebay.control("tokens/expire", kind="access")
    shop.odoo.sql("UPDATE ebay_token SET expires_at = now() - interval '1 hour'")
    notice(shop)
    desk.open("ebay_account_action", shop.account_id)
    expect(page.get_by_text("no longer accepts this connection")).to_be_visible()
    desk.picture("reconnect")

    desk.press("Reconnect")
    page.click("#agree")
    expect(page.get_by_role("heading")).to_contain_text("is connected")
    assert shop.account("state")["state"] == "connected"


# Two states as Odoo signs them: one of an hour ago, one of somebody else.
STATES = """
from odoo.addons.ebay_sync.models.account import ebay_oauth_state as states

account = env["ebay.account"].browse({account}).with_user(env.ref("base.user_admin"))
others = account.with_user(env.ref("base.user_root"))
print(others.env["ebay.oauth.state"]._issue(others, []))
states.VALID_SECONDS = -1
print(account.env["ebay.oauth.state"]._issue(account, []))
"""


def test_links_that_are_no_good_have_pages_of_their_own(desk):
    page, shop = desk.page, desk.shop
    if not shop.account_id:
        shop.create_account(mode="mirror")
    before = shop.account("state", "user_ref", "granted_scopes")
    foreign, expired = shop.odoo.shell(STATES.format(account=shop.account_id)).split()
    for name, state, heading in (
        ("forged", "x", "was not issued by this Odoo"),
        ("foreign", foreign, "Somebody else pressed Connect"),
        ("expired", expired, "took too long"),
    ):
        page.goto(f"{shop.odoo.url}/ebay/oauth/callback?code=v&state={state}")
        expect(page.get_by_role("heading")).to_contain_text(heading)
        desk.picture(name)
    assert shop.account("state", "user_ref", "granted_scopes") == before


def test_a_copy_of_the_database_says_so(desk):
    shop = desk.shop
    if not shop.account_id:
        shop.create_account(mode="mirror")
    shop.odoo.sql("UPDATE ebay_account SET armed_for = 'another database'")
    desk.open("ebay_account_action", shop.account_id)
    banner = desk.page.get_by_text("This looks like a copy of the database")
    expect(banner).to_be_visible()
    desk.picture("copy")
    desk.press("arm the account for this database")
    desk.press("Ok")
    expect(banner).to_be_hidden()
    assert shop.account("is_armed")["is_armed"]


@pytest.mark.logs(r"eBay account \d+ has to be connected again")
def test_a_consent_that_has_expired_is_renewed(desk):
    page, shop = desk.page, desk.shop
    if not shop.account_id:
        shop.create_account(mode="mirror")
        shop.connect()
    for kind in ("access", "refresh"):
        shop.ebay.control("tokens/expire", kind=kind, seller="sim_seller")
    notice(shop)
    desk.open("ebay_account_action", shop.account_id)
    banner = page.get_by_text("no longer accepts this connection")
    expect(banner).to_be_visible()
    desk.press("Reconnect")
    page.click("#agree")
    page.get_by_role("link", name="Back to Odoo").click()
    page.wait_for_selector(".o_form_view")
    expect(banner).to_be_hidden()
    assert shop.account("state")["state"] == "connected"


def test_every_page_of_the_account_form_opens(desk):
    if not desk.shop.account_id:
        desk.shop.create_account(mode="mirror")
        desk.shop.connect()
    desk.open("ebay_account_action", desk.shop.account_id)
    tabs = desk.page.locator(".o_notebook_headers a[role=tab]")
    names = [name.strip() for name in tabs.all_inner_texts()]
    assert {"Keys", "Orders", "Schedule"} <= set(names)
    for name in names:
        desk.page.get_by_role("tab", name=name, exact=True).click()
        desk.picture(f"account-{name.lower()}")


def test_the_doctor_says_what_it_found(desk):
    if not desk.shop.account_id:
        desk.shop.create_account(mode="mirror")
        desk.shop.connect()
    desk.open("ebay_account_action", desk.shop.account_id)
    desk.press("Doctor")
    rows = desk.page.locator(".o_data_row, .o_ebay_check")
    rows.first.wait_for()
    assert rows.count() >= 10
    desk.picture("doctor")


def test_the_schedule_shows_what_ran(desk):
    desk.shop.run_now("tokens")
    desk.open("ebay_account_action", desk.shop.account_id)
    desk.page.get_by_role("tab", name="Schedule").click()
    done = desk.page.locator(".o_field_widget[name=last_state]", has_text="Done")
    wait_for(lambda: done.count(), "a run that is shown as done")
    desk.picture("schedule")
