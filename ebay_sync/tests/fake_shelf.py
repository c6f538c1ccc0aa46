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
            bulk_update_price_quantity=self.bulk, offer_pages=self.offer_pages
        )
        self.trading = SimpleNamespace(
            revise_inventory_status=self.revise,
            get_user_preferences=self.preferences,
        )
        self.out_of_stock_control = "true"
        self.tokens = SimpleNamespace(user_token=lambda: "token")

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
            sku = entry.sku or next(
                (own for ref, own in self.things if ref == entry.item_id), ""
            )
            thing = self.things.get((entry.item_id, sku))
            number = "17" if thing is None else self.refuse.get(sku)
            if thing is not None and thing["offer"]:
                number = "21919474"
            if number:
                refused.append(ErrorDetail(number, "Refused", "Refused"))
                continue
            if entry.quantity is not None:
                thing["quantity"] = entry.quantity
            if entry.price is not None:
                thing["price"] = float(entry.price)
            done.append({"ItemID": entry.item_id, "SKU": sku})
        if refused and not done:
            raise refusal(
                *[one.error_id for one in refused],
                text=f"Refused ({refused[0].error_id})",
            )
        ack = "PartialFailure" if refused else "Success"
        return self._answered(answer({"Ack": ack, "InventoryStatus": done}, refused))

    def preferences(self):
        return answer({"OutOfStockControlPreference": self.out_of_stock_control})
