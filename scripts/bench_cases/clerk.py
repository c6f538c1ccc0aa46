"""Clerk: what the addon costs whoever confirms orders and validates deliveries.

Two databases with the same products and stock, one with the addon, connected and live
with a listing of every product, the other one without it. One process takes them by
turns: an order is confirmed and committed here, then there, and so are the deliveries.
Compared are the medians of what somebody waits, and of the processor time in it, which
a busy machine does not distort. No server runs meanwhile.
"""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator
from typing import Any

from ..stage.shop import Shop
from ..tooling import databases
from ..tooling.paths import SERIES
from ..tooling.servers import OdooServer
from ._probing import probe


def main(arguments: list[str]) -> dict[str, Any]:
    """Confirm and deliver ``--orders`` orders in both databases."""
    parser = argparse.ArgumentParser(prog="bench clerk", description=__doc__)
    parser.add_argument("--n", type=int, default=2_000, help="how many listings")
    parser.add_argument("--orders", type=int, default=300)
    parser.add_argument("--odoo", choices=SERIES, default=SERIES[0])
    given = parser.parse_args(arguments)
    with Shop.open(given.odoo) as shop:
        shop.create_account(mode="live")
        shop.connect()
        probe(shop.odoo, "shelf_prepare", N=given.n)
        probe(shop.odoo, "stock_prepare", LIVE=[])
        told = measure(shop, given.n, given.orders)
    return {"odoo": given.odoo, "listings": given.n, **told}


def measure(shop: Shop, n: int, orders: int) -> dict[str, Any]:
    """The costs in a shop whose shelf is prepared; its server is stopped for good."""
    shop.odoo.stop()
    with _without_addon(shop.odoo) as plain:
        probe(plain, "shelf_prepare", N=n)
        return probe(shop.odoo, "clerk", PLAIN=plain.database, COUNT=orders)


@contextlib.contextmanager
def _without_addon(server: OdooServer) -> Iterator[OdooServer]:
    """A database without the addon; its server is never started."""
    runtime = server.runtime
    with databases.fresh(runtime, databases.base_template(runtime)) as database:
        yield OdooServer(runtime, database)
