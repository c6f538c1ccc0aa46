"""A Polish company with its own chart of accounts: VAT of goods and delivery.

Prices on eBay contain VAT, and Poland's taxes come on top: several rates in an order.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

import pytest

from scripts.stage.local_ebay import LocalEbay
from scripts.stage.shop import Shop
from scripts.tooling.servers import OdooServer

CHART = """
env["ir.module.module"].search([("name", "=", "l10n_pl")]).button_immediate_install()
"""
BOOKS = """
company = env.company
company.write({"country_id": env.ref("base.pl").id})
env["account.chart.template"].try_loading("pl", company, install_demo=False)
assert company.chart_template == "pl", company.chart_template
assert company.currency_id.name == "PLN", company.currency_id.name
"""
RATES = {"PL-23": 23, "PL-8": 8, "PL-5": 5}
PRICES = {"PL-23": "49.99", "PL-8": "20.00", "PL-5": "7.77"}


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    """A shop in Poland that sells at three rates of VAT."""
    with (
        LocalEbay.fresh(catalogue=20) as ebay,
        OdooServer.fresh(options={"workers": 2, "max_cron_threads": 1}) as odoo,
    ):
        ebay.control("clock", advance=-14)
        odoo.shell(CHART)
        odoo.shell(BOOKS)
        shop = Shop(odoo, ebay)
        shop.create_account(mode="mirror", pull_limit=100_000, push_limit=100_000)
        for sku, rate in RATES.items():
            sell(shop, sku, rate)
        shop.connect()
        yield shop
        odoo.kill()


def sell(shop: Shop, sku: str, rate: int) -> None:
    """One article on eBay's Polish site, with this rate of VAT."""
    domain = [
        ("type_tax_use", "=", "sale"),
        ("amount", "=", rate),
        ("amount_type", "=", "percent"),
        ("country_id.code", "=", "PL"),
    ]
    tax = shop.person.call("account.tax", "search", domain, limit=1)
    shop.create_product(sku, 1000, taxes_id=[(6, 0, tax)])
    shop.ebay.control(
        "listings/new",
        title=f"Article {sku}",
        price=PRICES[sku],
        quantity=500,
        sku=sku,
        marketplace="EBAY_PL",
    )


def bought(shop: Shop, skus: dict[str, int], **wish) -> dict:
    """Somebody in Poland buys; returns the sale order and its lines."""
    lines = [{"sku": sku, "quantity": count} for sku, count in skus.items()]
    [ref] = shop.ebay.control("buy", lines=lines, country="PL", **wish)["orderIds"]
    time.sleep(1.1)  # eBay's clock and ours: see the shop
    shop.run_now("orders_in", seconds=60)
    [order] = shop.person.call(
        "sale.order",
        "search_read",
        [("ebay_order_ref", "=", ref)],
        ["state", "amount_total", "amount_tax", "ebay_total", "order_line"],
    )
    names = ["ebay_part", "price_total", "price_tax", "tax_id", "product_uom_qty"]
    series = shop.odoo.runtime.series
    if series != "18.0":
        names[names.index("tax_id")] = "tax_ids"
    order["lines"] = shop.person.call(
        "sale.order.line", "read", order["order_line"], names
    )
    for line in order["lines"]:
        line["taxes"] = tuple(line.pop(names[3]))
    return order


@pytest.mark.parametrize("skus", [{"PL-8": 1}, {"PL-23": 2, "PL-8": 3, "PL-5": 7}])
def test_delivery_is_taxed_like_the_goods(shop, skus):
    order = bought(shop, skus)
    assert order["state"] == "sale"
    assert order["amount_total"] == order["ebay_total"]
    goods = [line for line in order["lines"] if line["ebay_part"] == "goods"]
    delivery = [line for line in order["lines"] if line["ebay_part"] == "shipping"]
    assert delivery, "the simulator's buyers pay for delivery"
    assert {line["taxes"] for line in delivery} == {line["taxes"] for line in goods}
    assert all(line["taxes"] for line in delivery)
    assert abs(vat(shop, order) - Decimal(str(order["amount_tax"]))) <= Decimal("0.02")


def vat(shop: Shop, order: dict) -> Decimal:
    """The VAT that what the buyer paid contains, by rate, worked out apart."""
    gross: dict[int, Decimal] = defaultdict(Decimal)
    for line in order["lines"]:
        for tax in shop.person.call("account.tax", "read", line["taxes"], ["amount"]):
            gross[int(tax["amount"])] += Decimal(str(line["price_total"]))
    return sum(
        (round(sum_ * rate / (100 + rate), 2) for rate, sum_ in gross.items()),
        Decimal(0),
    )
