"""Orders made at random from eBay's schema: each imported or blocked, none stops a run.

N documents of fixtures/generate_orders.py are read by the real flow, with its slices
and commits, from a file that stands for getOrders (the local eBay sends nothing
absurd). Figures: what became of them, for which reasons, and the milliseconds of an
order in each slice, which show whether the odd ones cost more.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from fixtures.generate_orders import generate

from ..stage.shop import Shop
from ..tooling.paths import SERIES
from .orders import probe

CURRENCIES = ("EUR", "USD", "GBP", "PLN", "JPY")


def main(arguments: list[str]) -> dict[str, Any]:
    """Read ``--n`` documents of ``--seed``; see the module."""
    parser = argparse.ArgumentParser(prog="bench orders_random", description=__doc__)
    parser.add_argument("--n", type=int, default=10_000, help="how many documents")
    parser.add_argument("--seed", type=int, default=18)
    parser.add_argument("--odoo", choices=SERIES, default=SERIES[0])
    given = parser.parse_args(arguments)
    with Shop.open(given.odoo, max_cron_threads=0) as shop:
        shop.create_account(
            mode="mirror",
            unknown_sku_rule="placeholder",
            pull_limit=100_000,
            push_limit=100_000,
        )
        shop.connect()
        for currency in CURRENCIES:
            shop.use_currency(currency)
        shop.odoo.stop()
        with tempfile.TemporaryDirectory(prefix="ebay_sync_random_") as folder:
            place = Path(folder) / "orders.jsonl"
            count = _write(place, given.n, given.seed)
            told = probe(shop, "orders_random", count, DOCUMENTS=str(place))
    return {"odoo": given.odoo, "documents": count, **told}


def _write(place: Path, count: int, seed: int) -> int:
    """One document a line; returns how many there are."""
    written = 0
    with place.open("w", encoding="ascii") as lines:
        for document in _documents(count, seed):
            lines.write(json.dumps(document) + "\n")
            written += 1
    return written


def _documents(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Those that are objects, each with a number and the time by which it is listed."""
    begun = datetime.now(timezone.utc) - timedelta(days=20)
    for number, document in enumerate(generate(count, seed)):
        if isinstance(document, dict):
            moment = begun + timedelta(seconds=60 * number % 1_500_000)
            text = moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
            yield {**document, "orderId": f"R-{number}", "lastModifiedDate": text}
