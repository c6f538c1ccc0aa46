"""A seller's listings at eBay, behind the client's methods that the mirror uses."""

import copy
import gzip
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from unittest.mock import patch

from odoo.addons.ebay_sync.ebay_api.calls import Answer
from odoo.addons.ebay_sync.ebay_api.documents import Reply
from odoo.addons.ebay_sync.ebay_api.errors import ErrorDetail, Rejected

PAGE = 200


def reply(document):
    """A document as the client hands it over."""
    return Reply(document, Answer(200, {}, b"", "ri=1"))


def gone(item_id):
    """eBay's answer for an item that it no longer shows."""
    detail = ErrorDetail("17", f"Item {item_id} cannot be accessed", "Error")
    return Rejected("Item cannot be accessed", errors=[detail], status=200)


class FakeListings:
    """Items in simple form; ``calls`` names every request that was made."""

    def __init__(self, per_page=PAGE):
        self.items = {}
        self.inventory_items = {}
        self.changed = []
        self.calls = []
        self.per_page = per_page
        self.before_call = lambda name: None
        self.list_total = None
        self.report_status = "COMPLETED"
        self.report_bytes = None
        self.idle_shown = True  # lists may leave out variations without activity
        self.trading = self
        self.inventory = self
        self.feed = self
        self.tokens = SimpleNamespace(user_token=lambda: "token")

    # -- the shop ----------------------------------------------------------------

    def add(self, ref, sku=None, quantity=5, price="10.00", title=None, **more):
        """A listing; ``variations`` is a list of {sku, quantity, aspects}."""
        self.items[ref] = {
            "ref": ref,
            "sku": sku,
            "quantity": quantity,
            "price": price,
            "title": title or f"Thing {ref}",
            "status": "Active",
            "currency": "EUR",
            **more,
        }
        return self.items[ref]

    def change(self, ref, **values):
        """The seller changes a listing on eBay's pages."""
        self.items[ref].update(values)
        self.changed.append(ref)

    @contextmanager
    def serve(self):
        """Every account's client is this one for a while."""
        target = "odoo.addons.ebay_sync.models.account.client.EbayAccount._client"
        with patch(target, lambda account, listener=None, tokens=None: self):
            yield self

    def _call(self, name):
        self.before_call(name)
        self.calls.append(name)

    # -- Trading -----------------------------------------------------------------

    def get_my_ebay_selling(
        self, page=1, per_page=PAGE, output=(), auctions_only=False
    ):
        self._call("GetMyeBaySelling")
        active = [
            item
            for item in self.items.values()
            if item["status"] == "Active"
            and (item.get("type") == "Chinese" or not auctions_only)
        ]
        shown = active[(page - 1) * self.per_page : page * self.per_page]
        total = len(active) if self.list_total is None else self.list_total
        result = {
            "TotalNumberOfEntries": str(total),
            "TotalNumberOfPages": str(-(-len(active) // self.per_page)),
        }
        array = {"Item": [self._without_idle(self._short(item)) for item in shown]}
        return reply({"ActiveList": {"ItemArray": array, "PaginationResult": result}})

    def event_windows(self, modified, output=()):
        self._call("GetSellerEvents")
        refs = self.changed
        if "Site" in output:  # to be stored, not only to see whether the list moved
            self.changed = []
        items = [self._listed(self.items[ref]) for ref in dict.fromkeys(refs)]
        yield reply({"ItemArray": {"Item": items}})

    def seller_list_pages(self, *, start=None, end=None, output=(), first=1):
        tomorrow = datetime.now(timezone.utc) + timedelta(days=1)
        wanted = "Active" if end and end[1] > tomorrow else "Completed"
        active = [i for i in self.items.values() if i["status"] == wanted]
        pages = -(-len(active) // self.per_page)
        for page in range(first, pages + 1):
            self._call("GetSellerList")
            shown = active[(page - 1) * self.per_page : page * self.per_page]
            found = [self._listed(item) for item in shown]
            yield reply({"ItemArray": {"Item": found}})

    def get_item(self, item_id, output=()):
        self._call("GetItem")
        if item_id not in self.items:
            raise gone(item_id)
        return reply({"Item": self._full(self.items[item_id])})

    def _listed(self, item):
        return self._without_idle(self._full(item))

    def _without_idle(self, entry):
        if self.idle_shown or "Variations" not in entry:
            return entry
        live = [v for v in entry["Variations"]["Variation"] if v["Quantity"] != "3"]
        if live:
            entry["Variations"]["Variation"] = live
        else:
            del entry["Variations"]
        return entry

    def _short(self, item):
        entry = {
            "ItemID": item["ref"],
            "Title": item["title"],
            "ListingType": item.get("type", "FixedPriceItem"),
            "SellingStatus": {
                "CurrentPrice": {"value": item["price"], "currencyID": item["currency"]}
            },
        }
        if item.get("variations"):
            entry["Variations"] = {"Variation": self._variations(item)}
        else:
            entry["QuantityAvailable"] = str(item["quantity"])
            if item["sku"]:
                entry["SKU"] = item["sku"]
        return entry

    def _full(self, item):
        entry = copy.deepcopy(self._short(item))
        entry["SellingStatus"]["ListingStatus"] = item["status"]
        entry["Site"] = item.get("site", "Germany")
        entry["ListingDetails"] = {"EndTime": "2026-01-02T03:04:05.000Z"}
        entry.update(copy.deepcopy(item.get("details", {})))
        return entry

    def _variations(self, item):
        return [
            {
                **({"SKU": one["sku"]} if one.get("sku") else {}),
                "StartPrice": {
                    "value": one.get("price", item["price"]),
                    "currencyID": item["currency"],
                },
                "Quantity": str(one["quantity"] + 3),
                "SellingStatus": {"QuantitySold": "3"},
                "VariationSpecifics": {
                    "NameValueList": [
                        {"Name": name, "Value": [value]}
                        for name, value in one["aspects"].items()
                    ]
                },
            }
            for one in item["variations"]
        ]

    # -- Inventory ---------------------------------------------------------------

    def item_pages(self, *, first=0):
        entries = list(self.inventory_items.values())
        pages = max(-(-len(entries) // self.per_page), 1)
        for page in range(first, pages):
            self._call("getInventoryItems")
            shown = entries[page * self.per_page : (page + 1) * self.per_page]
            yield reply({"inventoryItems": shown, "total": len(entries)})

    def bulk_get_items(self, skus):
        self._call("bulkGetInventoryItem")
        found = [
            {"sku": sku, "inventoryItem": self.inventory_items[sku]}
            for sku in skus
            if sku in self.inventory_items
        ]
        return reply({"responses": found})

    # -- Feed --------------------------------------------------------------------

    def create_active_inventory_report(self):
        self._call("createInventoryTask")
        return SimpleNamespace(created_id="task-1")

    def get_inventory_task(self, task_id):
        self._call("getInventoryTask")
        return reply({"status": self.report_status})

    def get_inventory_tasks(self, feed_type):
        self._call("getInventoryTasks")
        now = datetime.now(timezone.utc).isoformat().replace("+00:00", "Z")
        return reply({"tasks": [{"taskId": "task-9", "creationDate": now}]})

    def download_result_file(self, task_id, sink):
        self._call("getResultFile")
        body = self.report_bytes or gzip.compress(self.report().encode())
        sink.write(body)

    def report(self):
        """The active inventory report's XML."""
        parts = []
        for item in self.items.values():
            if item["status"] != "Active" or item.get("type") == "Chinese":
                continue
            parts.append(f"<SKUDetails>{_numbers(item)}<ItemID>{item['ref']}</ItemID>")
            if item.get("variations"):
                inner = "".join(
                    f"<Variation>{_numbers({**item, **one})}{_aspects(one)}</Variation>"
                    for one in item["variations"]
                )
                parts.append(f"<Variations>{inner}</Variations>")
            parts.append("</SKUDetails>")
        return (
            '<BulkDataExchangeResponses xmlns="urn:ebay:apis:eBLBaseComponents">'
            f"<ActiveInventoryReport>{''.join(parts)}</ActiveInventoryReport>"
            "</BulkDataExchangeResponses>"
        )


def _aspects(one):
    pairs = "".join(
        f"<NameValueList><Name>{name}</Name><Value>{value}</Value></NameValueList>"
        for name, value in one["aspects"].items()
    )
    return f"<VariationSpecifics>{pairs}</VariationSpecifics>"


def _numbers(item):
    sku = f"<SKU>{item['sku']}</SKU>" if item.get("sku") else ""
    return (
        f'{sku}<Price currencyID="{item["currency"]}">{item["price"]}</Price>'
        f"<Quantity>{item['quantity']}</Quantity>"
    )
