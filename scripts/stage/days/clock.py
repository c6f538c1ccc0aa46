"""One time for Python, PostgreSQL and the local eBay, which a scenario moves on."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import freezegun

from odoo import sql_db

from ..local_ebay import LocalEbay

# In front of PostgreSQL's own in the search path: an hour is over at once.
_NOW = """
CREATE SCHEMA IF NOT EXISTS shop_clock;
CREATE TABLE IF NOT EXISTS shop_clock.ahead (seconds double precision);
INSERT INTO shop_clock.ahead SELECT 0 WHERE NOT EXISTS (SELECT FROM shop_clock.ahead);
CREATE OR REPLACE FUNCTION shop_clock.now() RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT pg_catalog.now() + make_interval(secs => seconds) FROM shop_clock.ahead $$;
"""
_PATH = "SET search_path = shop_clock, pg_catalog, public"


class Clock:
    """Moves all clocks on alike; they run on in between."""

    def __init__(self, ebay: LocalEbay, registry: Any) -> None:
        self.ebay = ebay
        self.registry = registry
        with registry.cursor() as cursor:
            cursor.execute(_NOW)
        _use_our_now()
        self.frozen = freezegun.freeze_time(datetime.now(timezone.utc), tick=True)
        self.hands = self.frozen.start()

    def now(self) -> datetime:
        """Naive UTC, as Odoo stores it."""
        return datetime.now(timezone.utc).replace(tzinfo=None)

    def advance(self, seconds: float) -> None:
        """So much time passes for everybody, at once."""
        with self.registry.cursor() as cursor:
            cursor.execute(
                "UPDATE shop_clock.ahead SET seconds = seconds + %s", [seconds]
            )
        self.hands.time_to_freeze += timedelta(seconds=seconds)
        self.ebay.control("clock", advance=seconds)


def _use_our_now() -> None:
    """Every cursor that Odoo opens from here on sees our ``now()``."""
    opened = sql_db.Cursor.__init__

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        opened(self, *args, **kwargs)
        self._obj.execute(_PATH)
        self._cnx.commit()

    sql_db.Cursor.__init__ = init
