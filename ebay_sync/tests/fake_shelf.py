"""An eBay that shows quantities and prices, takes new ones, and sells."""

import copy
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

from odoo.addons.ebay_sync.ebay_api.calls import Answer
from odoo.addons.ebay_sync.ebay_api.documents import Reply
from odoo.addons.ebay_sync.ebay_api.error_shapes import ErrorDetail
from odoo.addons.ebay_sync.ebay_api.errors import Rejected, Transient

from .orders import FakeFulfillment, ebay_time, simple_order


def answer(document, errors=()):
    """A document as the client hands it over."""
    reply = Reply(document, Answer(200, {"X-EBAY-C-REQUEST-ID": "ri=9"}, b"", "ri=9"))
    reply.errors = tuple(errors)
    return reply


def refusal(*error_ids, text="No."):
    """eBay refuses a whole call."""
    details = [ErrorDetail(one, text, text) for one in error_ids]
    return Rejected(text, errors=details, status=400, request_id="ri=8")


def silence():
    """No answer came; eBay may have done it."""
    return Transient("eBay did not answer in time", outcome_unknown=True)


class FakeShelf:
    """``things`` by (item id, SKU): quantity, price, offer. ``calls`` in order.

    ``trouble`` is asked before each writing call with its name and entries; it may
    raise. ``refuse`` holds error ids by SKU. ``lose`` answers so many calls with
    silence after they were done.
    """

    def __init__(self):
        self.things = {}
        self.calls = []
        self.refuse = {}
        self.lose = 0
        self.trouble = lambda name, entries: None
        self.fulfillment = FakeFulfillment()
        self.inventory = SimpleNamespace(
            bulk_update_price_quantity=self.bulk,
            offer_pages=self.offer_pages,
            withdraw_offer=self.withdraw_offer,
            withdraw_group=self.withdraw_group,
        )
        self.trading = SimpleNamespace(
            revise_inventory_status=self.revise,
            end_fixed_price_item=self.end,
            get_user_preferences=self.preferences,
        )
        self.feed = FakeFeed(self)
        self.programs = []
        self.account = SimpleNamespace(get_opted_in_programs=self.opted_in)
        self.out_of_stock_control = "true"
        self.tokens = SimpleNamespace(user_token=lambda: "token")

    def for_marketplace(self, _code, _locale=""):
        """The same shop, seen from another marketplace."""
        return self

    # -- the shop ----------------------------------------------------------------

    def add(self, ref, sku, quantity, price=10.0, offer=None):
        """Something for sale; with an offer it belongs to the Inventory API."""
        self.things[ref, sku] = {"quantity": quantity, "price": price, "offer": offer}

    def quantity(self, ref, sku=None):
        """What buyers can buy now."""
        if sku is None:
            [sku] = [one for item, one in self.things if item == ref]
        return self.things[ref, sku]["quantity"]

    def sell(self, ref, sku, quantity=1, number=None, **changes):
        """A buyer buys: the quantity goes down, an order appears."""
        thing = self.things[ref, sku]
        assert thing["quantity"] >= quantity, "eBay sells what it shows, and no more"
        thing["quantity"] -= quantity
        count = len(self.fulfillment.orders) + 1 if number is None else number
        order = simple_order(f"21-{count:05d}-00001")
        line = order["lineItems"][0]
        line |= {"legacyItemId": ref, "sku": sku, "quantity": quantity}
        line.pop("legacyVariationId", None)
        line.pop("variationAspects", None)
        now = datetime.now(timezone.utc) + timedelta(seconds=1)
        order["creationDate"] = order["lastModifiedDate"] = ebay_time(now)
        order.update(changes)
        self.fulfillment.show(order)
        return order

    @property
    def writes(self):
        """How many writing requests came."""
        return len([name for name, _entries in self.calls])

    def _writing(self, name, entries):
        self.trouble(name, entries)
        self.calls.append((name, copy.deepcopy(entries)))

    def _answered(self, reply):
        if self.lose:
            self.lose -= 1
            raise silence()
        return reply

    # -- Inventory ---------------------------------------------------------------

    def bulk(self, entries):
        self._writing("bulk", entries)
        assert len(entries) <= 25
        responses = []
        for entry in entries:
            sku = entry["sku"]
            for offer in entry["offers"]:
                told = {"sku": sku, "offerId": offer["offerId"]}
                if sku in self.refuse:
                    number = self.refuse[sku]
                    status = 500 if number in ("25025", "25001") else 400
                    errors = [{"errorId": int(number), "message": "Refused"}]
                    responses.append({**told, "statusCode": status, "errors": errors})
                    continue
                for thing in self.things.values():
                    if thing["offer"] == offer["offerId"]:
                        if "availableQuantity" in offer:
                            thing["quantity"] = offer["availableQuantity"]
                        if "price" in offer:
                            thing["price"] = float(offer["price"]["value"])
                responses.append({**told, "statusCode": 200})
        return self._answered(answer({"responses": responses}))

    def offer_pages(self, sku):
        offers = [
            {"offerId": thing["offer"], "sku": sku, "listing": {"listingId": ref}}
            for (ref, own), thing in self.things.items()
            if own == sku and thing["offer"]
        ]
        yield answer({"offers": offers})

    # -- Trading -----------------------------------------------------------------

    def revise(self, entries):
        self._writing("revise", [entry.fields() for entry in entries])
        assert len(entries) <= 4
        done, refused = [], []
        for entry in entries:
            sku, number = self.revise_one(entry)
            if number:
                refused.append(ErrorDetail(number, "Refused", "Refused"))
            else:
                done.append({"ItemID": entry.item_id, "SKU": sku})
        if refused and not done:
            raise refusal(
                *[one.error_id for one in refused],
                text=f"Refused ({refused[0].error_id})",
            )
        ack = "PartialFailure" if refused else "Success"
        return self._answered(answer({"Ack": ack, "InventoryStatus": done}, refused))

    def revise_one(self, entry):
        """Take one entry; its SKU, and the error id when it is refused."""
        sku = entry.sku or next(
            (own for ref, own in self.things if ref == entry.item_id), ""
        )
        thing = self.things.get((entry.item_id, sku))
        if thing is None:
            return sku, "17"
        if thing["offer"]:
            return sku, "21919474"
        if sku in self.refuse:
            return sku, self.refuse[sku]
        if entry.quantity is not None:
            thing["quantity"] = entry.quantity
        if entry.price is not None:
            thing["price"] = float(entry.price)
        return sku, None

    # -- ending --------------------------------------------------------------------

    def _over(self, name, over, error_id):
        """These things are for sale no more; eBay refuses when there are none."""
        self._writing(name, over)
        if not over:
            raise refusal(error_id)
        for key in over:
            del self.things[key]
        return self._answered(answer({}))

    def end(self, item_id):
        """EndFixedPriceItem: with all its variations."""
        over = [key for key in self.things if key[0] == item_id]
        if any(self.things[key]["offer"] for key in over):
            raise refusal("21919474")
        return self._over("end", over, "1047")

    def withdraw_offer(self, offer_id):
        """withdrawOffer."""
        over = [key for key, one in self.things.items() if one["offer"] == offer_id]
        return self._over("withdraw", over, "25713")

    def withdraw_group(self, group_key, _marketplace):
        """withdrawOfferByInventoryItemGroup: offers are named after their group."""
        over = [
            key
            for key, one in self.things.items()
            if (one["offer"] or "").startswith(group_key)
        ]
        return self._over("withdraw_group", over, "25725")

    def opted_in(self):
        return answer({"programs": [{"programType": one} for one in self.programs]})

    def preferences(self):
        return answer({"OutOfStockControlPreference": self.out_of_stock_control})


class FakeFeed:
    """Upload tasks. ``asked`` names every call; ``trouble`` is asked at each and may
    raise; ``status`` is what a task with a file becomes when it is looked at."""

    def __init__(self, shelf):
        self.shelf = shelf
        self.tasks = {}
        self.asked = []
        self.status = "COMPLETED"
        self.named = lambda number: True
        self.trouble = lambda name: None

    def _ask(self, name):
        self.asked.append(name)
        self.trouble(name)

    def create_task(self):
        self._ask("create")
        task_ref = f"task-8-{len(self.tasks) + 1}"
        self.tasks[task_ref] = {"status": "CREATED", "entries": None}
        self.trouble("created")
        return SimpleNamespace(created_id=task_ref)

    def upload_inventory_status(self, task_ref, entries):
        self._ask("upload")
        task = self.tasks[task_ref]
        if task["entries"] is not None:
            raise refusal("160023")
        task |= {"entries": list(entries), "status": "QUEUED"}
        self.trouble("uploaded")

    def get_task(self, task_ref):
        self._ask("look")
        task = self.tasks[task_ref]
        if task["entries"] is not None and task["status"] == "QUEUED":
            task["status"] = self.status
            if self.status == "COMPLETED":
                task["answers"] = [self.shelf.revise_one(e) for e in task["entries"]]
        return answer({"status": task["status"]})

    def download_result_file(self, task_ref, sink):
        self._ask("download")
        rows = "".join(
            f"<ReviseInventoryStatusResponse><CorrelationID>{number}</CorrelationID>"
            + (
                f"<Ack>Failure</Ack><Errors><ErrorCode>{error}</ErrorCode>"
                "<LongMessage>Refused</LongMessage></Errors>"
                if error
                else "<Ack>Success</Ack>"
            )
            + "</ReviseInventoryStatusResponse>"
            for number, (_sku, error) in enumerate(self.tasks[task_ref]["answers"])
            if self.named(number)
        )
        sink.write(
            f"<BulkDataExchangeResponses>{rows}</BulkDataExchangeResponses>".encode()
        )
        return Answer(200, {}, b"", "ri=7")
