"""Orders for tests: documents from fixtures/, and an eBay that shows them in pages."""

import copy
import importlib.util
import json
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import Form

from odoo.addons.ebay_sync.mapping.values.dates import parse_timestamp

from .common import EbayCase

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "orders"


def fixture(name):
    """One of the documents that lie beside the addon."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def fixtures():
    """All of them, by name."""
    return {path.stem: fixture(path.stem) for path in sorted(FOLDER.glob("*.json"))}


def generated_orders(count, seed):
    """Documents made at random by the generator beside the fixtures."""
    place = FOLDER.parent / "generate_orders.py"
    spec = importlib.util.spec_from_file_location("generate_orders", place)
    module = importlib.util.module_from_spec(spec)
    sys.modules["generate_orders"] = module
    spec.loader.exec_module(module)
    return module.generate(count, seed)


def simple_order(order_ref="12-00000-00001", **changes):
    """A paid German order: two pieces of SKU-1 for 10.00 each, 4.99 shipping."""
    order = fixture("de_plain_paid")
    order["orderId"] = order_ref
    order["buyer"]["username"] = f"buyer-{order_ref}"
    line = order["lineItems"][0]
    order["lineItems"] = [line]
    line["lineItemId"] = f"1{order_ref.replace('-', '')}"
    line["sku"] = "SKU-1"
    line["quantity"] = 2
    line["lineItemCost"] = {"value": "20.00", "currency": "EUR"}
    line["total"] = {"value": "24.99", "currency": "EUR"}
    line["deliveryCost"] = {"shippingCost": {"value": "4.99", "currency": "EUR"}}
    order["pricingSummary"] = {
        "priceSubtotal": {"value": "20.00", "currency": "EUR"},
        "deliveryCost": {"value": "4.99", "currency": "EUR"},
        "total": {"value": "24.99", "currency": "EUR"},
    }
    now = datetime.now(timezone.utc) - timedelta(hours=1)
    order["creationDate"] = order["lastModifiedDate"] = ebay_time(now)
    order.update(changes)
    return order


def ebay_time(moment):
    """As eBay writes it: 2026-10-25T00:59:59.999Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


class FakeFulfillment:
    """Shows ``orders`` as getOrders does; counts what is asked."""

    def __init__(self, orders=()):
        self.orders = {order["orderId"]: order for order in orders}
        self.calls = []
        self.page_size = 200

    def show(self, *orders):
        """Have eBay show these orders from now on, as they are now."""
        for order in orders:
            self.orders[order["orderId"]] = copy.deepcopy(order)

    def order_pages(self, *, modified_from, modified_to=None, **_filters):
        """The pages of a window, as the client gives them."""
        self.calls.append(("getOrders", modified_from, modified_to))
        modified_to = modified_to or datetime.max.replace(tzinfo=timezone.utc)
        found = [
            copy.deepcopy(order)
            for order in self.orders.values()
            if modified_from
            <= parse_timestamp(
                order.get("lastModifiedDate") or ebay_time(modified_from)
            )
            <= modified_to
        ]
        starts = range(0, max(len(found), 1), self.page_size)
        for start in starts:
            if start:
                self.calls.append(("getOrders", start))
            yield {
                "total": len(found),
                "orders": found[start : start + self.page_size],
            }

    def get_orders_by_id(self, refs, **_options):
        """Those of the orders that exist."""
        self.calls.append(("byId", list(refs)))
        found = [copy.deepcopy(self.orders[ref]) for ref in refs if ref in self.orders]
        return {"total": len(found), "orders": found}

    def get_order(self, ref, **_options):
        """One order in full."""
        self.calls.append(("getOrder", ref))
        return copy.deepcopy(self.orders[ref])


class OrderCase(EbayCase):
    """A connected account, a storable product SKU-1 in stock, an eBay of orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connect()
        cls.account.connected_at = datetime(2020, 1, 1)
        cls.account.orders_since_at = datetime(2020, 1, 1)
        cls.env["res.currency"].with_context(active_test=False).search(
            [("name", "in", ("EUR", "USD", "GBP", "PLN", "JPY"))]
        ).active = True
        cls.product = cls.storable("SKU-1")
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.account.company_id.id)], limit=1
        )
        cls.stock(cls.product, 1000)

    def setUp(self):
        super().setUp()
        if not FOLDER.is_dir():
            self.skipTest("fixtures/orders does not lie beside the addon")
        self.ebay = FakeFulfillment()
        client = SimpleNamespace(fulfillment=self.ebay)
        self.startPatcher(
            patch.object(
                type(self.env["ebay.account"]), "_client", lambda *a, **k: client
            )
        )

    @classmethod
    def storable(cls, sku, **values):
        """A product whose stock is kept."""
        return cls.env["product.product"].create(
            {
                "name": f"Product {sku}",
                "default_code": sku,
                "type": "consu",
                "is_storable": True,
                "taxes_id": False,
                **values,
            }
        )

    @classmethod
    def stock(cls, product, quantity):
        """Have so many pieces on the shelf."""
        cls.env["stock.quant"]._update_available_quantity(
            product, cls.warehouse.lot_stock_id, quantity
        )

    def pull(self, *orders):
        """Show orders on eBay and run the flow; returns the log."""
        self.ebay.show(*orders)
        return self.run_flow("orders_in")

    def stored(self, order_ref):
        """The stored order."""
        return self.env["ebay.order"].search(
            [("account_id", "=", self.account.id), ("order_ref", "=", order_ref)]
        )

    def sale(self, order_ref):
        """The sale order of an eBay order."""
        return self.env["sale.order"].search([("ebay_order_ref", "=", order_ref)])

    @staticmethod
    def changed(order, **changes):
        """The order as eBay shows it after a change, five minutes ago."""
        moment = datetime.now(timezone.utc) - timedelta(minutes=5)
        return {**order, **changes, "lastModifiedDate": ebay_time(moment)}


class FixCase(OrderCase):
    """What a user of the inbox does."""

    def issue(self, order_ref, code):
        """The open issue of an order, as the user sees it."""
        issues = self.stored(order_ref).issue_ids.with_user(self.user)
        return issues.filtered(lambda one: one.code == code and one.state == "open")

    def pull_later(self, *orders):
        """Orders that come, or have changed, after the first run."""
        self.account.orders_read_until_at = False
        now = ebay_time(datetime.now(timezone.utc) - timedelta(minutes=30))
        return self.pull(*({**order, "lastModifiedDate": now} for order in orders))

    def move_user(self):
        """The user works in another company from now on."""
        company, _account = self.second_company()
        self.user.write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )

    def press(self, issue, **values):
        """Press the issue's button and fill in the dialog."""
        action = issue.action_fix()
        wizard = self.env[action["res_model"]].with_user(self.user)
        with Form(wizard.with_context(**action["context"])) as form:
            self.assertEqual(form.summary, issue.summary)
            for name, value in values.items():
                setattr(form, name, value)
        return form.record
