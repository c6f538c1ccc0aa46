"""The stage of a shop day: an Odoo without a server, the local eBay, sudden deaths."""

from __future__ import annotations

import contextlib
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from odoo import api

from odoo.addons.ebay_sync import compat
from odoo.addons.ebay_sync.ebay_api.oauth import Token
from odoo.addons.ebay_sync.ebay_api.transport import Transport, utc_now
from odoo.addons.ebay_sync.models.account import client as ebay_account_client

from ..local_ebay import LocalEbay
from ..shop import KEYSET
from .clock import Clock

ADMINISTRATOR = 2
SELLER = "sim_seller"


class Killed(BaseException):
    """The end of a process: nothing of it runs."""


class DayShop:
    """Odoo and eBay as whoever works there sees them."""

    def __init__(self, env: Any, ebay: LocalEbay, seed: int) -> None:
        self.registry = env.registry
        self.ebay = ebay
        self.dice = random.Random(seed)
        self.steps_to_death = 0
        self.runs: Counter[str] = Counter()
        env.cr.commit()
        self.clock = Clock(ebay, env.registry)
        self._let_processes_die()
        with self.at_work() as env:
            self.robot_id = env.ref("ebay_sync.user_ebay_robot").id
            self.account_id = self._account(env).id

    @contextlib.contextmanager
    def at_work(self, uid: int = ADMINISTRATOR) -> Iterator[Any]:
        """Somebody's request: committed at the end, forgotten where it raises."""
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, uid, {"lang": "en_US"})
            yield env
            env.flush_all()

    def account(self, env: Any) -> Any:
        """The account, as ``env`` may see it."""
        return env["ebay.account"].browse(self.account_id)

    # -- flows -------------------------------------------------------------------

    def run(self, flow: str) -> str:
        """Run a flow as its scheduled action does; how it ended."""
        with self.at_work(self.robot_id) as env:
            log = env["ebay.flow"]._flows()[flow]._run(self.account(env))
            self.runs[flow] += 1
            return log.state if log else "no turn"

    def run_and_die(self, flow: str, after: int) -> str:
        """The same in a process that dies at its ``after``-th commit or request."""
        self.steps_to_death = after
        try:
            return self.run(flow)
        except Killed:
            ebay_account_client._gates.clear()  # what a process remembers dies too
            return "killed"
        finally:
            self.steps_to_death = 0

    def _may_die(self) -> None:
        if self.steps_to_death:
            self.steps_to_death -= 1
            if not self.steps_to_death:
                raise Killed

    def _let_processes_die(self) -> None:
        """Before and after every commit of a flow and every request to eBay.

        And nobody waits in earnest between two tries.
        """
        _around(compat.Checkpoint, "__call__", self._may_die)
        _around(Transport, "_exchange", self._may_die)
        opened, wait = Transport.__init__, self.clock.advance

        def init(self: Transport, *args: Any, **kwargs: Any) -> None:
            opened(self, *args, **{"sleep": wait, **kwargs})

        Transport.__init__ = init

    # -- the account ---------------------------------------------------------------

    def _account(self, env: Any) -> Any:
        """A live account with a token of the local eBay's, in a company of euros."""
        euro = env.ref("base.EUR")
        euro.active = True
        env.company.currency_id = euro
        account = env["ebay.account"].create(
            {
                "name": "Shop days",
                "local_url": self.ebay.url,
                **KEYSET,
                "pull_limit": 100_000,
                "push_limit": 100_000,
                "stock_zero_limit": 100,
                "price_move_limit": 1000,
                "orders_since_at": self.clock.now() - timedelta(minutes=1),
            }
        )
        given = self.ebay.control("tokens")
        token = Token(
            access_token=given["access_token"],
            expires_at=utc_now() + timedelta(hours=2),
            refresh_token=given["refresh_token"],
            refresh_expires_at=utc_now() + timedelta(days=500),
            scopes=tuple(given.get("scopes", ())),
        )
        env["ebay.token"]._store(account, "user", token)
        account.sudo().write(  # as connecting does: nobody sets this by hand
            {
                "state": "connected",
                "mode": "live",
                "user_ref": SELLER,
                "username": SELLER,
                "connected_at": self.clock.now() - timedelta(minutes=1),
            }
        )
        account._arm()
        env["ebay.price.rule"].create({"account_id": account.id})
        return account


def _around(owner: type, name: str, step: Callable[[], None]) -> None:
    work = getattr(owner, name)

    def stepwise(self: Any, *args: Any, **kwargs: Any) -> Any:
        step()
        result = work(self, *args, **kwargs)
        step()
        return result

    setattr(owner, name, stepwise)
