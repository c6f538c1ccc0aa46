"""Everything one simulator instance consists of, handed to every handler."""

from __future__ import annotations

import secrets
import sqlite3
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from .clock import Clock
from .faults import Faults
from .ids import Ids
from .journal import Journal
from .notifications.delivery import Courier
from .orders.book import OrderBook
from .quotas import Quotas
from .settings import Settings
from .store import Collection, Store

Listener = Callable[..., None]


class World:
    """State, time, ids, faults, journal and quotas of one simulator.

    APIs talk to each other through events: ``world.on("sold", fn)`` and
    ``world.emit("sold", ...)``; docs/simulator.md lists them.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store(settings.state)
        self.clock = Clock(self.store)
        self.ids = Ids(self.store, settings.seed)
        self.journal = Journal()
        self.faults = Faults(self.ids)
        self.quotas = Quotas(self.store, self.clock)
        self.orders = OrderBook(self)
        self.courier = Courier(self)
        self._listeners: dict[str, list[Listener]] = defaultdict(list)
        self.refill: Callable[[], None] = lambda: None
        """Fills a fresh state; set by the application."""
        self._requests = 0
        self._closed = False
        self._boot = secrets.token_hex(8)

    def collection(self, kind: str) -> Collection:
        """Shorthand for the store's collection."""
        return self.store.collection(kind)

    @property
    def database(self) -> sqlite3.Connection:
        """The state file, for tables of one's own; the pipeline commits."""
        return self.store.database

    def on(self, event: str, listener: Listener) -> None:
        """Call the listener whenever the event is emitted."""
        self._listeners[event].append(listener)

    def emit(self, event: str, **facts: Any) -> None:
        """Tell every listener, in the order of registration."""
        for listener in self._listeners[event]:
            listener(self, **facts)

    def request_id(self) -> str:
        """A fresh value for ``X-EBAY-C-REQUEST-ID``."""
        self._requests += 1
        return f"ri={self._requests:016x},rci={self._boot}"

    def reset(self) -> None:
        """Forget everything and fill the state again, as at the first start."""
        self.store.clear()
        self.orders = OrderBook(self)
        self.clock.load()
        self.faults.remove()
        self.journal.clear()
        self.refill()

    def close(self) -> None:
        """Write what is left and let go of the state file, once."""
        if not self._closed:
            self._closed = True
            self.quotas.flush()
            self.store.close()
