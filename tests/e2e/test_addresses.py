"""By which name Odoo is called: several databases on one server, a proxy in front."""

from __future__ import annotations

import os
from contextlib import ExitStack
from hashlib import sha256
from urllib.parse import unquote, urlsplit

import pytest
import requests

from e2e import leaks
from e2e.proxy import proxied
from scripts.stage import pushing
from scripts.stage.local_ebay import LocalEbay
from scripts.stage.person import Person
from scripts.stage.shop import PATIENCE, Shop
from scripts.tooling import databases, provision
from scripts.tooling.servers import OdooServer

CALLBACK = "/ebay/oauth/callback"
# ``%d`` of a filter is a host up to its first dot. These two are on every machine; by
# the third, which both databases have in their names, the filter leaves both.
HOSTS = {"localhost": "localhost", "127.0.0.1": "127"}
EITHER = "two"
SELLERS = {"localhost": "sim_seller", "127.0.0.1": "sim_other_seller"}
TOPIC = "ORDER_CONFIRMATION"


@pytest.fixture(scope="module")
def ebay():
    """One eBay for all the shops of this file."""
    with LocalEbay.fresh() as ebay:
        ebay.control("behaviour", deliveryRetrySeconds=[0.2])
        yield ebay


@pytest.fixture(scope="module")
def server():
    """One Odoo with two databases, each named after the host it is for."""
    runtime = provision.runtime(provision.default_series())
    template = databases.addon_template(runtime)
    own = f"ebay_run{runtime.series[:2]}_{os.getpid()}"
    names = [f"{own}_{EITHER}_{ending}" for ending in HOSTS.values()]
    with ExitStack() as stack:
        for name in names:
            databases.copy(runtime, template, name)
            stack.callback(databases.drop, runtime, name)
        options = {
            "db_name": ",".join(names),
            "dbfilter": f"^{own}(_{EITHER})?_%d(_|$)",
            "proxy_mode": True,
            "max_cron_threads": 0,
        }
        server = OdooServer(runtime, names[0], options)
        server.start()
        stack.callback(server.kill)
        yield server
        leaks.inspect(server)


@pytest.fixture(scope="module")
def shops(server, ebay):
    """The shop of each host, connected while the filter goes by the host."""
    opened = {}
    for host in HOSTS:
        opened[host] = Shop(server, ebay, Person(f"http://{host}:{server.port}"))
        opened[host].create_account(mode="mirror")
        opened[host].connect(seller=SELLERS[host])
    return opened


def database(server, host):
    """The database that is meant for a host."""
    first = server.options["db_name"].split(",")[0]
    return first.removesuffix(HOSTS["localhost"]) + HOSTS[host]


def token_of(shop):
    """Press *New verification token*; what is shown once."""
    shown = shop.person.call(
        "ebay.account", "action_new_verification_token", [shop.account_id]
    )
    return shown["params"]["message"].split(" ")[0]


def challenge(address):
    """eBay's challenge of an address: the status, and the answer if there is one."""
    answer = requests.get(address, {"challenge_code": "abc"}, timeout=PATIENCE)
    told = answer.json() if answer.ok else {}
    return answer.status_code, told.get("challengeResponse")


def expected(token, endpoint):
    """eBay's formula."""
    return sha256(f"abc{token}{endpoint}".encode()).hexdigest()


def push(shop, address):
    """Have eBay push an order topic to an address; the status of our answer."""
    data = pushing.confirmation("01-00001-00001", shop.account("user_ref")["user_ref"])
    [sent] = shop.ebay.control(
        "notifications", topic=TOPIC, data=data, endpoint=address
    )["notifications"]
    return pushing.answered(shop, sent["number"])


def pushes(server):
    """How many pushes each database holds, by host."""
    question = "SELECT count(*) FROM ebay_notification"
    return {
        host: int(databases.sql(question, database(server, host))) for host in HOSTS
    }


def sellers(server):
    """The seller that each database is connected to, by host."""
    question = "SELECT username FROM ebay_account WHERE state = 'connected'"
    return {host: databases.sql(question, database(server, host)) for host in HOSTS}


def test_the_host_decides(server, shops):
    """Consent, challenge and push reach the database that the filter leaves."""
    assert sellers(server) == SELLERS
    for number, (host, shop) in enumerate(shops.items(), start=1):
        token, address = token_of(shop), pushing.address(shop)
        assert urlsplit(address).hostname == host
        assert challenge(address) == (200, expected(token, address))
        [other] = set(HOSTS) - {host}
        elsewhere = address.replace(host, other)
        assert challenge(elsewhere) == (404, None), "another database's key"
        assert push(shop, elsewhere) == 404
        assert push(shop, address) == 204
        assert sum(pushes(server).values()) == number
    assert pushes(server) == dict.fromkeys(HOSTS, 1)


def test_behind_a_proxy(server, shops, ebay):
    """Every address that people or eBay see is the public one, with its path."""
    public = f"https://{HOSTS['localhost']}.example.com"  # for the filter to go by
    with proxied(server.url, public) as proxy:
        shop = Shop(server, ebay, Person(proxy))
        shop.account_id = shops["localhost"].account_id
        call, parameters = shop.person.call, "ir.config_parameter"
        assert call(parameters, "get_param", "web.base.url") == public
        assert "The account is connected" in shop.connect()

        way_back = shop.person.way_back(shop.account_id)
        redirect = requests.get(way_back, timeout=PATIENCE, allow_redirects=False)
        assert redirect.status_code == 303
        to = unquote(redirect.headers["Location"])
        assert to.removeprefix(public).startswith("/web/login?")
        assert CALLBACK in to
        assert str(server.port) not in to

        token, address = token_of(shop), pushing.address(shop)
        path = urlsplit(address).path
        assert address == f"{public}{path}"
        assert challenge(proxy + path) == (200, expected(token, address))
        assert push(shop, proxy + path) == 204

        call(parameters, "set_param", "web.base.url.freeze", "True")
        call(parameters, "set_param", "web.base.url", f"{public}/erp")
        address = pushing.address(shop)
        assert address == f"{public}/erp{path}"
    with proxied(server.url, f"{public}/erp") as proxy:
        answer = challenge(f"{proxy}/erp{path}")
        assert answer == (200, expected(token, address))


def test_the_sign_in_and_the_proxy_decide(server, shops, ebay):
    """One name for both databases: a session tells, and for eBay the proxy does."""
    public, host = f"http://{EITHER}.example.com", "127.0.0.1"
    chosen, before = database(server, host), pushes(server)
    with proxied(server.url, public) as proxy:
        shop = Shop(server, ebay, Person(proxy, database=chosen))
        shop.account_id = shops[host].account_id
        way_back = shop.person.way_back(shop.account_id, SELLERS[host])
        stranger = requests.get(way_back, timeout=PATIENCE, allow_redirects=False)
        assert stranger.status_code == 404, "nobody tells which database"
        assert "The account is connected" in shop.person.come_back(way_back).text
        assert sellers(server) == SELLERS

        token, address = token_of(shop), pushing.address(shop)
        path = urlsplit(address).path
        assert address == public + path
        assert challenge(proxy + path) == (404, None)
        assert push(shop, proxy + path) == 404
    inner = f"{HOSTS[host]}.internal"
    ways = [{"Host": inner, "X-Forwarded-Host": inner}]
    if server.runtime.series != "18.0":  # a header of Odoo's own, from 19.0 on
        ways.append({"X-Odoo-Database": chosen})
    for way in ways:
        with proxied(server.url, public, way) as proxy:
            assert challenge(proxy + path) == (200, expected(token, address))
            assert push(shops[host], proxy + path) == 204
    assert pushes(server) == {**before, host: before[host] + len(ways)}
