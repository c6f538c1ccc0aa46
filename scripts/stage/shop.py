"""A shop: one Odoo with the addon, one local eBay, one account between them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

from ..tooling.paths import Problem
from ..tooling.servers import OdooServer
from .local_ebay import LocalEbay
from .person import Person

KEYSET = {
    "app_ref": "SIM-client",
    "client_secret": "SIM-secret",
    "ru_name": "SIM-RuName",
}


# Seconds that anything may take on a busy machine; what is there sooner ends the wait.
PATIENCE = 240


class Shop:
    """What a scenario plays on.

    ``person`` works in the shop, by the name that it knows Odoo by; without one it is
    the administrator, by the server's own name.
    """

    def __init__(
        self, odoo: OdooServer, ebay: LocalEbay, person: Person | None = None
    ) -> None:
        self.odoo = odoo
        self.ebay = ebay
        self.person = person or Person(odoo.url)
        self.account_id = 0
        callback = f"{self.person.odoo_url}/ebay/oauth/callback"
        ebay.control("runame", acceptUrl=callback, declineUrl=callback)

    @classmethod
    @contextlib.contextmanager
    def open(
        cls, series: str | None = None, seed: int = 1, **options: Any
    ) -> Iterator[Shop]:
        """Both servers started, both stopped and forgotten at the end."""
        with LocalEbay.fresh(seed) as ebay, OdooServer.fresh(series, options) as odoo:
            yield cls(odoo, ebay)

    def create_account(self, name: str = "Demo shop", **values: Any) -> int:
        """An account with the simulator's keys; returns its id."""
        values = {"local_url": self.ebay.url, **KEYSET, **values}
        self.account_id = self.person.call(
            "ebay.account", "create", {"name": name, **values}
        )
        return self.account_id

    def connect(self, **choices: str) -> str:
        """Go through the consent pages; returns the text of the last one."""
        answer = self.person.consent(self.account_id, **choices)
        if not answer.ok and choices.get("action", "agree") == "agree":
            raise Problem(f"The account was not connected: {answer.text[:800]}")
        return answer.text

    def account(self, *fields: str) -> dict[str, Any]:
        """Some fields of the account."""
        return self.person.call(
            "ebay.account", "read", [self.account_id], list(fields)
        )[0]

    def use_currency(self, code: str, rate: float = 1.0) -> None:
        """Switch a currency on, with a rate to the company's own."""
        context = {"active_test": False}
        [currency] = self.person.call(
            "res.currency", "search", [("name", "=", code)], context=context
        )
        self.person.call(
            "res.currency",
            "write",
            [currency],
            {"active": True, "rate_ids": [(0, 0, {"rate": rate})]},
        )

    def create_product(self, sku: str, quantity: int = 0, **values: Any) -> int:
        """A storable product with so many pieces on the shelf; returns its id."""
        product = {
            "name": f"Article {sku}",
            "default_code": sku,
            "type": "consu",
            "is_storable": True,
            **values,
        }
        product_id = self.person.call("product.product", "create", product)
        if quantity:
            self.put_on_shelf([product_id], quantity)
        return product_id

    def put_on_shelf(self, product_ids: list[int], quantity: int) -> None:
        """Count so many pieces of each product in the warehouse's stock."""
        [warehouse] = self.person.call(
            "stock.warehouse", "search_read", [], ["lot_stock_id"], limit=1
        )
        counted = [
            {
                "product_id": product_id,
                "location_id": warehouse["lot_stock_id"][0],
                "inventory_quantity": quantity,
            }
            for product_id in product_ids
        ]
        context = {"inventory_mode": True}
        quants = self.person.call("stock.quant", "create", counted, context=context)
        self.person.call("stock.quant", "action_apply_inventory", quants)

    def press_run_now(self, flow: str) -> None:
        """Press *Run now* for a flow, and do not wait."""
        domain = [("account_id", "=", self.account_id), ("flow", "=", flow)]
        [schedule] = self.person.call("ebay.schedule", "search", domain)
        self.person.call("ebay.schedule", "action_run_now", [schedule])

    def run_now(self, flow: str, seconds: float = PATIENCE) -> dict[str, Any]:
        """Press *Run now* for a flow and wait for its next log to be closed."""
        domain = [("account_id", "=", self.account_id), ("flow", "=", flow)]
        logs = self.person.call("ebay.sync.log", "search", domain, limit=1)
        last = logs[0] if logs else 0
        self.press_run_now(flow)
        closed = [*domain, ("id", ">", last), ("state", "!=", "running")]

        def look() -> list[dict[str, Any]]:
            return self.person.call("ebay.sync.log", "search_read", closed, limit=1)

        return wait_for(look, f"the run of {flow} to end", seconds)[0]


def wait_for(look: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """Ask again and again until there is an answer. Raises Problem in the end."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.1)
    raise Problem(f"Waited {seconds:.0f} s in vain for {what}.")
