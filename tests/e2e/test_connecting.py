"""An account is connected, loses its connection, and gets it back."""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
from cryptography.fernet import Fernet

from e2e import leaks
from scripts.stage.person import Person
from scripts.stage.shop import KEYSET, wait_for
from scripts.tooling import databases
from scripts.tooling.paths import Problem
from scripts.tooling.servers import OdooServer

FORBIDDEN = (
    Path(__file__).parents[2]
    / "fixtures/cases/orders/one_forbidden_call_stops_the_account.json"
)
SECURITY = Path(__file__).parents[2] / "docs" / "security.md"
FACTS = ("state", "username", "user_ref", "granted_scopes", "refresh_expires_at")
SELLER, OTHER_SELLER = "sim_seller", "sim_other_seller"


def facts(shop):
    """What a failed consent must leave alone; the stored secrets too."""
    stored = shop.odoo.sql(
        "SELECT key, md5(value) FROM ir_config_parameter "
        "WHERE key LIKE 'ebay_sync.secret.%' ORDER BY key"
    )
    tokens = shop.odoo.sql("SELECT kind, md5(access_token) FROM ebay_token ORDER BY 1")
    return shop.account(*FACTS), stored, tokens


@pytest.fixture
def connected(shop):
    """The shop, with a consent that works."""
    if shop.account("state")["state"] != "connected":
        shop.connect()
    return shop


@pytest.fixture(scope="module")
def second_admin(shop):
    """Another administrator, in another browser."""
    [admin] = shop.person.call("res.users", "search", [("login", "=", "admin")])
    values = {"name": "Second admin", "login": "second", "email": "second@shop.test"}
    made = shop.person.call("res.users", "copy", [admin], values)
    user = made[0] if isinstance(made, list) else made
    shop.person.call("res.users", "write", [user], {"password": "second-secret"})
    return Person(shop.odoo.url, "second", "second-secret")


# -- consent -------------------------------------------------------------------------


def test_a_declined_consent_leaves_no_trace(shop):
    before = facts(shop)
    assert "The consent was declined" in shop.connect(action="decline")
    assert facts(shop) == before


@pytest.mark.parametrize("status", [500, 503])
def test_no_token_from_ebay_leaves_no_trace(shop, status):
    """eBay's own trouble is said in plain words."""
    before = facts(shop)
    shop.ebay.trouble("error", operation="token", status=status)
    answer = shop.person.consent(shop.account_id)
    assert answer.status_code == 400
    assert "The account could not be connected" in answer.text
    assert "Traceback" not in answer.text
    assert facts(shop) == before


def test_killed_between_exchange_and_commit(shop):
    """The code is used up and nothing is stored: another consent puts it right."""
    before, mark = facts(shop), shop.ebay.now()
    shop.ebay.trouble("slow", operation="getUser", seconds=120, times=1)
    address = shop.person.way_back(shop.account_id)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(shop.person.come_back, address)
        wait_for(lambda: shop.ebay.calls("token", mark), "the exchange of the code")
        shop.odoo.kill()
        with pytest.raises(requests.ConnectionError):
            answer.result()
    shop.odoo.start()
    assert facts(shop) == before
    shop.connect()
    assert shop.account("state", "username") | {"id": 0} == {
        "id": 0,
        "state": "connected",
        "username": SELLER,
    }
    assert shop.run_now("tokens")["state"] == "done"


def test_connecting_again_keeps_the_account(connected):
    before = connected.account(*FACTS)
    connected.connect()
    after = connected.account(*FACTS)
    assert (after["state"], after["user_ref"]) == ("connected", before["user_ref"])


def test_another_seller_is_refused(connected):
    before = facts(connected)
    answer = connected.person.consent(connected.account_id, seller=OTHER_SELLER)
    assert answer.status_code == 400
    assert f"belongs to the eBay seller {SELLER}" in answer.text
    assert facts(connected) == before


def test_the_same_callback_twice(connected):
    """One after the other: the second finds the state used up."""
    mark = connected.ebay.now()
    address = connected.person.way_back(connected.account_id)
    assert connected.person.come_back(address).ok
    answer = connected.person.come_back(address)
    assert answer.status_code == 400
    assert "This link has already been used" in answer.text
    assert len(connected.ebay.calls("token", mark)) == 1
    assert connected.account("state")["state"] == "connected"


def test_the_same_callback_twice_at_once(connected):
    """A double click: eBay is asked once, and the page that asked is right."""
    mark = connected.ebay.now()
    connected.ebay.trouble("slow", operation="getUser", seconds=1)
    address = connected.person.way_back(connected.account_id)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(connected.person.come_back, [address] * 2))
    assert sorted(answer.status_code for answer in answers) == [200, 400]
    assert len(connected.ebay.calls("token", mark)) == 1
    assert connected.run_now("tokens")["state"] == "done"


def test_two_admins_connect_one_account_at_once(connected, second_admin):
    """The second waits for the first; what is stored in the end works."""
    people = [connected.person, second_admin]
    addresses = [person.way_back(connected.account_id) for person in people]
    connected.ebay.trouble("slow", operation="getUser", seconds=1)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(Person.come_back, people, addresses))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert connected.account("state")["state"] == "connected"
    expire(connected)
    assert connected.run_now("orders_in")["state"] == "done"


@pytest.mark.logs("bad query: UPDATE ebay_account")
def test_two_admins_connect_one_seller_to_two_accounts_at_once(shop, second_admin):
    """One seller is one account, or every order would come twice."""
    values = {"local_url": shop.ebay.url, "mode": "paused", **KEYSET}
    twins = [
        shop.person.call("ebay.account", "create", {"name": name, **values})
        for name in ("One", "Two")
    ]
    people = [shop.person, second_admin]
    addresses = [
        person.way_back(twin, seller=OTHER_SELLER)
        for person, twin in zip(people, twins, strict=True)
    ]
    shop.ebay.trouble("slow", operation="getUser", seconds=1)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(Person.come_back, people, addresses))
    assert sorted(answer.status_code for answer in answers) == [200, 400]
    [loser] = [answer for answer in answers if not answer.ok]
    assert "is already connected to another account" in loser.text
    states = shop.person.call("ebay.account", "read", twins, ["state"])
    assert sorted(twin["state"] for twin in states) == ["connected", "draft"]


def test_a_state_of_somebody_else(connected, second_admin):
    before = facts(connected)
    address = connected.person.way_back(connected.account_id)
    answer = second_admin.come_back(address)
    assert answer.status_code == 400
    assert "Somebody else pressed Connect" in answer.text
    assert facts(connected) == before


# -- tokens --------------------------------------------------------------------------


def expire(shop, where="ebay"):
    """The seller's access token ends: eBay says so first, or Odoo's clock does."""
    if where == "ebay":
        shop.ebay.control("tokens/expire", kind="access", seller=SELLER)
    else:
        shop.odoo.sql("UPDATE ebay_token SET expires_at = now() at time zone 'UTC'")


@pytest.mark.parametrize("where", ["ebay", "odoo"])
def test_two_workers_refresh_once(connected, where):
    flows = ("orders_in", "reference_in")
    for flow in flows:  # tokens of the application and first pages are there
        assert connected.run_now(flow)["state"] == "done"
    expire(connected, where)
    mark = connected.ebay.now()
    connected.ebay.trouble("slow", operation="token", seconds=600)
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(connected.run_now, flow) for flow in flows]
        wait_for(lambda: one_waits_for_the_other(connected), "them to meet")
        connected.ebay.calm()
        logs = [run.result() for run in runs]
    assert [log["state"] for log in logs] == ["done", "done"], logs
    refreshes = connected.ebay.calls("token", mark)
    assert len(refreshes) == (1 if where == "ebay" else kinds_of_tokens(connected))


def one_waits_for_the_other(shop):
    """Whether a transaction waits for a row that another one has locked."""
    waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
    return int(shop.odoo.sql(f"{waits} AND datname = current_database()"))


def kinds_of_tokens(shop):
    """Odoo's clock ends the seller's token, and the application's if there is one."""
    mine = f"WHERE account_id = {shop.account_id}"
    return int(shop.odoo.sql(f"SELECT count(access_token) FROM ebay_token {mine}"))


@pytest.mark.logs(r"eBay tokens, account \d+: ", "refreshTokenGrant failed")
def test_no_refresh_from_ebay_for_a_while(connected):
    """500 is no reason to stop: the next run continues."""
    expire(connected, "odoo")
    connected.ebay.trouble("error", operation="token", status=500)
    log = connected.run_now("tokens")
    assert log["state"] == "failed"
    assert connected.account("state")["state"] == "connected"
    connected.ebay.calm()
    assert connected.run_now("tokens")["state"] == "done"


def test_a_token_that_ends_in_the_middle_of_paging(connected):
    """The page is asked for again with a fresh token; no page is lost or doubled."""
    buy = connected.ebay.control("buy", count=250, spread=300)
    assert len(buy["orderIds"]) == 250
    time.sleep(1.1)  # eBay's clock and ours: see the shop
    mark = connected.ebay.now()
    held_up = {"operation": "getOrders", "after": 1, "times": 1, "seconds": 600}
    connected.ebay.trouble("slow", **held_up)

    def is_asked_for_the_second_page():
        [rule] = connected.ebay.look("faults")["faults"]
        return rule["hits"] == 1

    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(connected.run_now, "orders_in")
        wait_for(is_asked_for_the_second_page, "the second page")
        expire(connected)
        connected.ebay.calm()
        log = run.result()
    assert log["state"] in ("done", "partial"), log
    asked = connected.ebay.calls("getOrders", mark)
    assert [entry["status"] for entry in asked[:3]] == [200, 401, 200]
    assert len(connected.ebay.calls("token", mark)) == 1
    stored = connected.odoo.sql("SELECT order_ref FROM ebay_order ORDER BY 1").split()
    assert stored == sorted(buy["orderIds"])


@pytest.mark.logs(r"eBay account \d+ has to be connected again")
def test_a_revoked_consent_stops_the_account(connected):
    """It stops, says so to its managers, asks eBay no more, and comes back."""
    connected.ebay.control("tokens/revoke", seller=SELLER)
    log = connected.run_now("orders_in")
    assert log["state"] == "failed"
    account = connected.account("state", "connection_message", "activity_ids")
    assert account["state"] == "reconnect"
    assert account["connection_message"]
    assert account["activity_ids"]

    mark = connected.ebay.now()
    with pytest.raises(Problem):
        connected.run_now("orders_in", seconds=3)
    assert connected.ebay.now() == mark

    connected.connect()
    account = connected.account("state", "connection_message", "activity_ids")
    assert account["state"] == "connected"
    assert not account["connection_message"]
    assert not account["activity_ids"]
    assert connected.run_now("orders_in")["state"] in ("done", "partial")


def entries(shop, state="open"):
    """The inbox about permissions: (code, the button's label) of each entry."""
    domain = [
        ("account_id", "=", shop.account_id),
        ("state", "=", state),
        ("code", "=like", "permission%"),
    ]
    fields = ["code", "fix_label"]
    found = shop.person.call("ebay.issue", "search_read", domain, fields)
    return [(entry["code"], entry["fix_label"]) for entry in found]


@pytest.mark.logs(r"eBay reference_in, account \d+: .* does not cover this call")
def test_one_forbidden_call_stops_that_part_only(connected):
    """Plays ``one_forbidden_call_stops_the_account.json`` and the way back."""
    logs = {}
    for step in json.loads(FORBIDDEN.read_text(encoding="utf-8"))["steps"]:
        if "run" in step:
            logs[step["run"]] = connected.run_now(step["run"])
        else:
            [(control, body)] = step.items()
            assert control == "POST /_sim/faults"
            connected.ebay.control("faults", **body)
    assert logs["reference_in"]["state"] == "failed"
    assert "does not cover" in logs["reference_in"]["message"]
    assert logs["orders_in"]["state"] in ("done", "partial")
    assert connected.account("state")["state"] == "connected"
    button = "Reconnect with this permission"
    assert entries(connected) == [("permission_account", button)]

    connected.ebay.calm()
    connected.connect()
    assert connected.run_now("reference_in")["state"] in ("done", "partial")
    assert entries(connected) == []
    assert ("permission_account", button) in entries(connected, "done")


# -- the doctor ----------------------------------------------------------------------


def examined(shop):
    """The doctor's findings: (state, sentence) by check."""
    page = shop.person.call("ebay.account", "action_doctor", [shop.account_id])
    mine, fields = [("doctor_id", "=", page["res_id"])], ["check", "state", "found"]
    lines = shop.person.call("ebay.doctor.line", "search_read", mine, fields)
    return {line["check"]: (line["state"], line["found"]) for line in lines}


def test_the_doctor_asks_ebay_for_every_permission(connected):
    """Those with a call of their own by that; the others by a token of their own."""
    options = {"use_refunds": True, "use_payment_disputes": True}
    account = [connected.account_id]
    connected.person.call("ebay.account", "write", account, options)
    found = examined(connected)
    assert found["permission_refunds"][0] == "amber", "not granted yet"
    connected.connect()
    mark = connected.ebay.now()
    found = examined(connected)
    asked = [check for check in found if check.startswith("permission_")]
    for check in asked:
        expected = "grey" if check.endswith("_topics") else "green"
        assert found[check][0] == expected, (check, found[check])
    assert found["permission_refunds"] == ("green", "eBay issues a token for it.")
    for operation in ("getPaymentDisputeSummaries", "token", "getPrivileges"):
        assert connected.ebay.calls(operation, mark), operation

    more = "https://api.ebay.com/oauth/api_scope/sell.return.read"
    connected.odoo.sql(
        "UPDATE ebay_account SET use_return_topics = true, "
        f"granted_scopes = granted_scopes || ' {more}' WHERE id = {account[0]}"
    )
    state, sentence = examined(connected)["permission_return_topics"]
    assert (state, "invalid_scope" in sentence) == ("red", True), sentence
    assert connected.account("state")["state"] == "connected"
    off = dict.fromkeys((*options, "use_return_topics"), False)
    connected.person.call("ebay.account", "write", account, off)
    connected.connect()


def test_the_encryption_key_is_changed_by_the_documented_command(connected):
    """The new key in front, the command, the old key away: all secrets are there."""
    [command] = re.findall(
        r"echo '(.*)' \| odoo-bin shell", SECURITY.read_text("utf-8")
    )
    new, odoo = Fernet.generate_key().decode(), connected.odoo
    keys = [new, *leaks.encryption_keys(odoo)]
    odoo.extra_environment[leaks.KEY_VARIABLE] = ",".join(keys)
    before = facts(connected)
    assert re.fullmatch(r"[3-9] secrets", odoo.shell(command))
    assert facts(connected)[1:] != before[1:], "the same ciphers as before"
    odoo.extra_environment[leaks.KEY_VARIABLE] = new
    odoo.kill()
    odoo.start()
    found = examined(connected)
    assert found["encryption"][0] == found["keys"][0] == "green"
    odoo.sql("UPDATE ebay_token SET expires_at = now() - interval '1 hour'")
    assert connected.run_now("tokens")["state"] == "done"


# -- afterwards ----------------------------------------------------------------------


def test_secrets_are_searched_for(connected):
    """Every server of the suite is searched at its end, and this is how it finds them:
    the secrets themselves, in any of the ways in which they might have slipped out.
    """
    connected.person.call(
        "ebay.account", "action_new_verification_token", [connected.account_id]
    )
    leaks.inspect(connected.odoo)
    everywhere, in_log = leaks.secrets(connected.odoo, connected.odoo.database)
    tokens = connected.ebay.tokens()
    assert KEYSET["client_secret"] in everywhere
    assert len(everywhere & tokens) > 1, "the refresh token and an access token"
    assert len(in_log) == int(connected.odoo.sql("SELECT count(*) FROM ebay_account"))
    for one in everywhere | in_log | tokens:
        quoted = quote(one, safe="")
        for written in (one, quoted, quote(quoted, safe="")):
            leaked = f"GET /?code={written} HTTP/1.1".encode()
            assert leaks.found(leaked, everywhere | in_log), one[:12]


WRITES = """
from odoo.addons.ebay_sync.ebay_api.errors import WritesRefused
from odoo.addons.ebay_sync.ebay_api.trading import InventoryStatus

client = env["ebay.account"].browse({account})._client()
for write in (
    lambda: client.fulfillment.create_shipping_fulfillment("1", {{"lineItems": []}}),
    lambda: client.inventory.bulk_update_price_quantity([{{"sku": "A"}}]),
    lambda: client.trading.revise_inventory_status([InventoryStatus("1", quantity=0)]),
):
    try:
        write()
    except WritesRefused:
        print("refused")
    except Exception as error:
        print(type(error).__name__, error)
"""


def test_a_copied_database_never_writes(connected):
    """A copy, started as a second server and set to live: it reads, and no more."""
    account = connected.account_id
    odoo = connected.odoo
    odoo.kill()  # PostgreSQL copies only what nobody is connected to
    copy = databases.copy(odoo.runtime, odoo.database)
    copied = OdooServer(odoo.runtime, copy, environment=odoo.extra_environment)
    try:
        copied.start()
        assert copied.call("ebay.account", "read", [account], ["is_armed"]) == [
            {"id": account, "is_armed": False}
        ]
        copied.call("ebay.account", "write", [account], {"mode": "live"})
        assert (
            copied.shell(WRITES.format(account=account)).split("\n") == ["refused"] * 3
        )
        mark = connected.ebay.now()
        run_every_flow(copied, account)
        assert writes_since(connected, mark) == []
    finally:
        copied.kill()
        databases.drop(odoo.runtime, copy)
    odoo.start()
    assert connected.account("is_armed")["is_armed"]


def run_every_flow(server, account):
    """Wake all flows of the account, and wait until each has run."""
    domain = [("account_id", "=", account)]
    last = server.call("ebay.sync.log", "search", domain, limit=1)
    flows = server.call("ebay.schedule", "search", domain)
    server.call("ebay.schedule", "action_run_now", flows)
    ended = [*domain, ("id", ">", last[0]), ("state", "!=", "running")]

    def have_all_run():
        logs = server.call("ebay.sync.log", "search_read", ended, ["flow"])
        return len({log["flow"] for log in logs}) == len(flows)

    wait_for(have_all_run, "every flow to have run")


def writes_since(shop, mark):
    """What was asked of eBay that changes something there."""
    entries = shop.ebay.look("journal", after=mark)["entries"]
    assert entries, "nothing was asked at all"
    return [
        (entry["method"], entry["path"], entry["operation"])
        for entry in entries
        if entry["method"] != "GET"
        and entry["operation"] != "token"
        and not str(entry["operation"]).startswith("Get")  # Trading reads with POST
    ]
