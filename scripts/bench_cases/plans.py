"""How PostgreSQL finds what changed lately, in a database of a large shop.

N listings and ten quants each. Printed: the plan of the statement that a run of
stock_out begins with, node by node with its rows and milliseconds, and the whole time.
"""

from __future__ import annotations

import argparse
from typing import Any

from ..stage.shop import Shop
from ..tooling.paths import SERIES
from ._probing import probe


def main(arguments: list[str]) -> dict[str, Any]:
    """Explain with ``--n`` listings; see the module."""
    parser = argparse.ArgumentParser(prog="bench plans", description=__doc__)
    parser.add_argument("--n", type=int, default=100_000, help="how many listings")
    parser.add_argument("--odoo", choices=SERIES, default=SERIES[0])
    given = parser.parse_args(arguments)
    with Shop.open(given.odoo, max_cron_threads=0) as shop:
        shop.create_account(mode="live", pull_limit=100_000, push_limit=100_000)
        shop.connect()
        shop.odoo.stop()
        probe(shop.odoo, "shelf_prepare", N=given.n)
        probe(shop.odoo, "stock_prepare", LIVE=[])
        told = probe(shop.odoo, "stock_plans")
    return {"odoo": given.odoo, "listings": given.n, **told}
