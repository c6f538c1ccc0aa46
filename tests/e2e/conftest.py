"""End to end: a real Odoo with workers, a real PostgreSQL, the local eBay."""

from __future__ import annotations

import pytest

from e2e import leaks
from e2e.server_log import MARKER, expected_by, guarded
from scripts.stage.local_ebay import LocalEbay
from scripts.stage.shop import Shop, wait_for
from scripts.tooling.servers import OdooServer

LOCKS = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = "
    "(SELECT oid FROM pg_database WHERE datname = current_database())"
)
ACTIONS = "SELECT cron_id FROM ebay_schedule"
# Two web workers and two cron workers: everything can meet itself.
WORKERS = {"workers": 2, "max_cron_threads": 2}


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark for what a test expects in the log, and watch for secrets."""
    config.addinivalue_line("markers", MARKER)
    leaks.watch()


class QuietShop(Shop):
    """A shop in which connecting wakes no flow: a test wakes those that it is about."""

    def connect(self, **choices: str) -> str:
        """Go through the consent pages while the scheduled actions are switched off."""
        active = "UPDATE ir_cron SET active = {} WHERE id IN (" + ACTIONS + ")"
        self.odoo.sql(active.format("false"))
        try:
            return super().connect(**choices)
        finally:
            self.odoo.sql(active.format("true"))


@pytest.fixture(scope="module")
def shop():
    """One shop for a whole file. Its account is there, and not connected."""
    with (
        LocalEbay.fresh(catalogue=80) as ebay,
        OdooServer.fresh(options=WORKERS) as odoo,
    ):
        # What happens on eBay is read 15 seconds later; a clock that is behind by as
        # many (but one) saves each test the wait.
        ebay.control("clock", advance=-14)
        shop = QuietShop(odoo, ebay)
        shop.create_account(mode="mirror", pull_limit=100_000, push_limit=100_000)
        only_when_woken(shop)
        yield shop
        odoo.kill()  # its database goes with it, and nothing is worth waiting for


def only_when_woken(shop: Shop) -> None:
    """Have no flow start by the clock, so that a test knows what runs when."""
    shop.odoo.sql(
        "UPDATE ir_cron SET nextcall = nextcall + interval '1 year', "
        "interval_number = 1, interval_type = 'months'"
    )


@pytest.fixture(autouse=True)
def _quiet_log(request):
    """No test leaves a fault rule, a dead server, or a warning that nobody expects."""
    if "shop" not in request.fixturenames:
        yield
        return
    shop = request.getfixturevalue("shop")
    with guarded(shop.odoo.log, expected_by(request)):
        yield
        shop.ebay.calm()
        if not shop.odoo.running():
            shop.odoo.start()
        wait_for(lambda: not at_work(shop), "the flows to come to rest")


def at_work(shop: Shop) -> int:
    """How many flows run now: each holds a lock as long as its process lives."""
    return int(shop.odoo.sql(LOCKS))
