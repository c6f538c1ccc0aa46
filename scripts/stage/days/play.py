"""A shop day by chance: buyers buy, clerks work, eBay fails, processes die.

After some steps the day comes to rest: no faults, all flows run. Then eBay and Odoo
have to agree (``books.py``), and another run of everything has to change nothing.
"""

from __future__ import annotations

import logging
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from odoo.exceptions import UserError

from ...tooling.paths import Problem
from ..local_ebay import LocalEbay
from . import buyers, clerks, minds, sellers, trouble
from .books import Books
from .shop import DayShop
from .steps import STEPS

FLOWS = (
    "notifications_in",
    "orders_in",
    "listings_in",
    "stock_out",
    "prices_out",
    "shipments_out",
    "tokens",
)
ROUNDS = 8
# What waits is tried again, ever less often: this much may change for it.
TRIED_AGAIN = {
    *("wanted_at", "wanted_tries", "next_try_at", "attempts", "last_seen_at", "count"),
    *("write_date", "written"),
}
PLAYERS = (buyers, clerks, minds, sellers, trouble)


def play(env: Any, url: str, seed: int, steps: int, rest_every: int, skip=()) -> dict:
    """Play ``steps`` steps; what was done, and the complaints of the first rest that
    has any. ``skip`` leaves out steps by number: what remains happens as before."""
    ebay = LocalEbay(Path())
    ebay.url = url
    shop = DayShop(env, ebay, seed)
    return Day(shop, seed, set(skip)).play(steps, rest_every)


class Day:
    """One walk of ``steps`` steps by the dice of ``seed``."""

    def __init__(self, shop: DayShop, seed: int, skip: set[int]) -> None:
        self.shop = shop
        self.seed = seed
        self.skip = skip
        self.books = Books(shop)
        self.done: Counter[str] = Counter()
        self.story: list[str] = []
        self.errors = _Errors()

    def play(self, steps: int, rest_every: int) -> dict:
        """See ``play``."""
        self.books.watch_pushes()
        sellers.open_shop(self.shop)
        complaints = self.rest()
        for number in range(1, steps + 1):
            if complaints:
                break
            if number not in self.skip:
                self.step(number)
            complaints = self.heard()
            if not complaints and (number % rest_every == 0 or number == steps):
                complaints = self.rest()
        return {
            "seed": self.seed,
            "steps": sum(self.done.values()),
            "complaints": complaints,
            "done": dict(self.done),
            "runs": dict(self.shop.runs),
            "pushes": self.books.pushes,
            "story": self.story if complaints else [],
        }

    # -- one step ------------------------------------------------------------------

    def step(self, number: int) -> None:
        """Let chance choose what happens; the same for a number, whatever was left
        out before it."""
        self.shop.dice.seed(self.seed * 1_000_003 + number)
        self.shop.clock.advance(self.shop.dice.choice((0.5, 3, 20, 60)))
        weights = [one.weight for one in STEPS]
        [chosen] = self.shop.dice.choices(STEPS, weights)
        try:
            told = chosen.act(self.shop)
        except (UserError, Problem) as error:
            told = f"refused: {str(error).splitlines()[0][:160]}"
            self.done[f"{chosen.name} refused"] += 1
        self.done[chosen.name] += 1
        self.tell(f"{number} {chosen.name}: {told}")

    def tell(self, what: str) -> None:
        """Add a line to the story."""
        self.story.append(f"{self.shop.clock.now():%d %H:%M:%S} {what}")

    # -- rest ----------------------------------------------------------------------

    def rest(self) -> list[str]:
        """No faults, time passes, all flows run until they find nothing to do."""
        self.shop.ebay.calm()
        complaints = ["never ran"]
        for number in range(ROUNDS):
            ends = self.round(4000 if number < ROUNDS - 2 else 90_000)
            if number and ends == {"done"}:
                complaints = self.books.complaints()
                if not complaints:
                    break
        return self.heard() or complaints or self.nothing_more()

    def round(self, seconds: float) -> set[str]:
        """Time passes, every flow runs; how they ended."""
        self.shop.clock.advance(seconds)
        ends = {flow: self.shop.run(flow) for flow in FLOWS}
        self.tell(f"rest: {ends}")
        return set(ends.values())

    def nothing_more(self) -> list[str]:
        """Everything once more changes nothing, at the latest when the flows have
        looked back at their own last steps."""
        told: list[str] = []
        for _look_back in range(3):
            told = self.once_more()
            if not told:
                break
        return told + self.heard()

    def once_more(self) -> list[str]:
        """What another run of everything writes, to eBay or to a document."""
        before, entries = self.books.fingerprint(), self.shop.ebay.now()
        self.round(400)
        told = [f"again: {one}" for one in self.books.writes_since(entries)]
        after = self.books.fingerprint()
        for key in before.keys() | after.keys():
            old, new = before.get(key, {}), after.get(key, {})
            other = {
                name: (old.get(name), new.get(name))
                for name in old.keys() | new.keys()
                if old.get(name) != new.get(name)
            }
            if other.keys() - TRIED_AGAIN:
                told.append(f"again: {key} is written: {other}")
        return told

    def heard(self) -> list[str]:
        """Promises broken between two rests, and faults that the log tells of."""
        told, self.books.broken = self.books.broken, []
        return told + self.errors.taken()


class _Errors(logging.Handler):
    """What goes wrong in the addon's own code, as its log tells it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: list[str] = []
        logging.getLogger("odoo.addons.ebay_sync").addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep errors, and warnings that carry a traceback."""
        if record.exc_info and record.exc_info[1]:
            text = "".join(traceback.format_exception(*record.exc_info))
            self.found.append(f"{record.getMessage()}\n{text[-1800:]}")
        elif record.levelno >= logging.ERROR:
            self.found.append(record.getMessage())

    def taken(self) -> list[str]:
        """All that was kept so far; it is forgotten here."""
        found, self.found = self.found, []
        return found
