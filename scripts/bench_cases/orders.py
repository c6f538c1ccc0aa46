"""Orders in, against the same work done with the plain ORM in its fastest way.

N paid orders (two product lines, shipping, a new buyer each; storable products in
stock) are imported from the first request to confirmed orders with reserved stock. The
baseline does partners, orders and confirmation for as many orders: batches of 100,
tracking off, every value explicit. Both run in a process of their own, one after the
other, on copies of the same database. Both do a few orders before the clock starts, as
a server has that runs since the morning: what is read once in the life of a process
(rules, rights, number formats) is nobody's cost of an order. Figures: seconds, the
processor time of the process, which a busy machine distorts less, SQL queries per
order, peak memory in MB, and the ratios of the times.
"""

from __future__ import annotations

import argparse
import copy
import json
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..stage.shop import Shop
from ..tooling.paths import CHECKOUT, SERIES

PRODUCTS = 50
PER_CALL = 500
WARMING = 5  # orders of both sides before the clock starts
_PROBES = Path(__file__).with_name("probes")
_TEMPLATE = CHECKOUT / "fixtures" / "orders" / "de_plain_paid.json"


def main(arguments: list[str]) -> dict[str, Any]:
    """Import ``--n`` orders and build as many by hand; see the module."""
    parser = argparse.ArgumentParser(prog="bench orders", description=__doc__)
    parser.add_argument("--n", type=int, default=2000, help="how many orders")
    parser.add_argument("--odoo", choices=SERIES, default=SERIES[0])
    given = parser.parse_args(arguments)
    with Shop.open(given.odoo, max_cron_threads=0) as shop:
        shop.create_account(mode="mirror", pull_limit=100_000, push_limit=100_000)
        shop.connect()
        prepare(shop, given.n)
        shop.odoo.stop()
        # the smaller half first warms PostgreSQL's caches for both
        baseline = probe(shop, "orders_by_hand", given.n)
        imported = probe(shop, "orders_imported", given.n)
        idle = probe(shop, "orders_idle", given.n)
    _check(imported, baseline, given.n)
    return {
        "odoo": given.odoo,
        "orders": given.n,
        "import": imported,
        "baseline": baseline,
        "ratio": _ratio(imported, baseline, "seconds"),
        "processor ratio": _ratio(imported, baseline, "processor ms per order"),
        "nothing changed": idle,
    }


def _ratio(imported: dict[str, Any], baseline: dict[str, Any], name: str) -> float:
    return round(float(imported[name] / baseline[name]), 3)


def prepare(shop: Shop, count: int) -> list[dict[str, Any]]:
    """Products in stock, and the orders on eBay; returns these."""
    shop.use_currency("EUR")
    values = [
        {
            "name": f"Article {number}",
            "default_code": f"BENCH-{number}",
            "type": "consu",
            "is_storable": True,
            "list_price": 10,
        }
        for number in range(PRODUCTS)
    ]
    products = shop.person.call("product.product", "create", values)
    shop.put_on_shelf(products, 10 * count)
    template = json.loads(_TEMPLATE.read_text(encoding="utf-8"))
    documents = [_order(template, number) for number in range(count)]
    for start in range(0, count, PER_CALL):
        shop.ebay.control("orders", orders=documents[start : start + PER_CALL])
    warming = [_order(template, count + number) for number in range(WARMING)]
    moment = ebay_time(datetime.now(timezone.utc) - timedelta(minutes=2))
    for order in warming:  # alone in the window of the last minutes
        order["lastModifiedDate"] = moment
    shop.ebay.control("orders", orders=warming)
    return documents


def _order(template: dict[str, Any], number: int) -> dict[str, Any]:
    """A paid German order of a buyer nobody has seen, placed yesterday."""
    order = copy.deepcopy(template)
    placed = datetime.now(timezone.utc) - timedelta(days=1, seconds=-(number % 80_000))
    moment = ebay_time(placed)
    order |= {
        "orderId": f"77-{number:05d}-00000",
        "creationDate": moment,
        "lastModifiedDate": moment,
        "lineItems": [
            _line(order["lineItems"][0], f"{number}1", number, 1, "10.00", "4.99"),
            _line(order["lineItems"][0], f"{number}2", number * 7 + 1, 2, "15.00", "0"),
        ],
        "pricingSummary": {
            "priceSubtotal": _euro("25.00"),
            "deliveryCost": _euro("4.99"),
            "total": _euro("29.99"),
        },
    }
    order.pop("legacyOrderId", None)
    order["buyer"]["username"] = f"bench_{number}"
    step = order["fulfillmentStartInstructions"][0]["shippingStep"]
    for contact in (step["shipTo"], order["buyer"]["buyerRegistrationAddress"]):
        contact["fullName"] = f"Buyer {number}"
        contact["contactAddress"]["addressLine1"] = f"Weg {number}"
    return order


def ebay_time(moment: datetime) -> str:
    """As eBay writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def price_delivery(order: dict[str, Any], cost: str) -> None:
    """Another delivery cost for an order of the bench."""
    goods = Decimal("25.00")
    line = order["lineItems"][0]
    line["deliveryCost"] = {"shippingCost": _euro(cost)}
    line["total"] = _euro(str(Decimal(line["lineItemCost"]["value"]) + Decimal(cost)))
    order["pricingSummary"]["deliveryCost"] = _euro(cost)
    order["pricingSummary"]["total"] = _euro(str(goods + Decimal(cost)))


def _line(
    line: dict[str, Any], ref: str, product: int, pieces: int, cost: str, shipping: str
) -> dict[str, Any]:
    return {
        **line,
        "lineItemId": f"9{ref}",
        "sku": f"BENCH-{product % PRODUCTS}",
        "quantity": pieces,
        "lineItemCost": _euro(cost),
        "deliveryCost": {"shippingCost": _euro(shipping)},
        "total": _euro(str(Decimal(cost) + Decimal(shipping))),
    }


def _euro(value: str) -> dict[str, str]:
    return {"value": value, "currency": "EUR"}


def probe(shop: Shop, name: str, count: int, **values: object) -> dict[str, Any]:
    """What a probe prints; ``values`` are names that it knows."""
    code = (_PROBES / f"{name}.py").read_text(encoding="utf-8")
    given = "".join(f"{key} = {value!r}\n" for key, value in values.items())
    counts = f"COUNT, WARMING = {count}, {WARMING}\n"
    told = shop.odoo.shell(f"{counts}{given}{code}", seconds=7200)
    return json.loads(told.splitlines()[-1])


def _check(imported: dict[str, Any], baseline: dict[str, Any], count: int) -> None:
    """A bench of work that was not done is worth nothing."""
    for name, figures in (("import", imported), ("baseline", baseline)):
        if figures["confirmed"] != count or figures["reserved"] != 2 * count:
            raise AssertionError(
                f"{name}: not all was confirmed and reserved: {figures}"
            )
