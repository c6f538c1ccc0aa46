"""Orders that change at eBay after their import: what they cost, and what others do.

N orders are imported, then one in ten changes: the note, the ship-by date, the address
or the delivery cost. One run takes the changes over; another reads all N orders again
with nothing new in them. Figures: processor time and SQL queries of each order that is
imported, changed, or read unchanged, and the ratios to importing one.
"""

from __future__ import annotations

import argparse
import copy
from datetime import datetime, timedelta, timezone
from typing import Any

from ..stage.shop import Shop
from ..tooling.paths import SERIES
from . import orders

CHANGED = 10  # one order in so many


def main(arguments: list[str]) -> dict[str, Any]:
    """Change a tenth of ``--n`` imported orders; see the module."""
    parser = argparse.ArgumentParser(prog="bench changes", description=__doc__)
    parser.add_argument("--n", type=int, default=2000, help="how many orders")
    parser.add_argument("--odoo", choices=SERIES, default=SERIES[0])
    given = parser.parse_args(arguments)
    with Shop.open(given.odoo, max_cron_threads=0) as shop:
        shop.create_account(mode="mirror", pull_limit=100_000, push_limit=100_000)
        shop.connect()
        documents = orders.prepare(shop, given.n)
        shop.odoo.stop()
        imported = orders.probe(shop, "orders_imported", given.n)
        changed = [_changed(one, n) for n, one in enumerate(documents[::CHANGED])]
        shop.ebay.control("orders", orders=changed)
        count = len(changed)
        changes = orders.probe(shop, "orders_again", count, NEWS=count, BACK=1)
        unchanged = orders.probe(shop, "orders_again", given.n, NEWS=0, BACK=2000)
    return {
        "odoo": given.odoo,
        "orders": given.n,
        "import": imported,
        "changed": changes,
        "read, and unchanged": unchanged,
        "ratio of a change": _ratio(changes, imported),
        "ratio of no change": _ratio(unchanged, imported),
    }


def _ratio(figures: dict[str, Any], imported: dict[str, Any]) -> float:
    name = "processor ms per order"
    return round(figures[name] / imported[name], 3)


def _changed(document: dict[str, Any], number: int) -> dict[str, Any]:
    """The order as eBay shows it now, by turns with another fact changed."""
    order = copy.deepcopy(document)
    order["lastModifiedDate"] = orders.ebay_time(datetime.now(timezone.utc))
    step = order["fulfillmentStartInstructions"][0]
    address = step["shippingStep"]["shipTo"]["contactAddress"]
    soon = orders.ebay_time(datetime.now(timezone.utc) + timedelta(days=3))
    match number % 4:
        case 0:
            order["buyerCheckoutNotes"] = f"Please ring twice, {number}"
        case 1:
            for line in order["lineItems"]:
                line["lineItemFulfillmentInstructions"] = {"shipByDate": soon}
        case 2:
            address["addressLine1"] = f"Other way {number}"
        case 3:
            orders.price_delivery(order, "5.99")
    return order
