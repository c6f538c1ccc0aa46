"""Shipments for tests: an eBay that takes parcels, and deliveries to send."""

import copy
from collections import Counter
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from unittest.mock import patch

from odoo.addons.ebay_sync.ebay_api.errors import ErrorDetail, Rejected, Transient

from .orders import FakeFulfillment, OrderCase, ebay_time, simple_order

HREF = "https://api.ebay.com/sell/fulfillment/v1/order/x/shipping_fulfillment/"


def rejected(error_id, words="No"):
    """eBay's refusal with one error."""
    return Rejected(words, errors=[ErrorDetail(error_id, words)], request_id="r-1")


def unknown_outcome():
    """No answer came to a call that may have been carried out."""
    return Transient("eBay did not answer", outcome_unknown=True, request_id="r-2")


class Killed(BaseException):
    """The end of the process: nothing after it runs."""


class FakeShipping(FakeFulfillment):
    """Takes parcels as eBay does: a second call is a second parcel.

    ``before`` and ``after`` are errors raised before and after a parcel is taken, one
    for each call.
    """

    def __init__(self, orders=()):
        super().__init__(orders)
        self.parcels = {}
        self.before = []
        self.after = []

    def create_shipping_fulfillment(self, ref, document):
        """Take a parcel; its id is the tracking number."""
        self.calls.append(("create", ref, document))
        if self.before and (error := self.before.pop(0)):
            raise error
        number = self.ship(
            ref,
            document["lineItems"],
            document.get("trackingNumber"),
            document.get("shippingCarrierCode"),
            document["shippedDate"],
        )
        if self.after and (error := self.after.pop(0)):
            raise error
        return SimpleNamespace(created_id=number)

    def ship(self, ref, lines=None, number=None, carrier=None, shipped=None):
        """Somebody ships: here, or on eBay's own pages."""
        order = self.orders[ref]
        if lines is None:
            lines = [
                {"lineItemId": line["lineItemId"], "quantity": line["quantity"]}
                for line in order["lineItems"]
            ]
        known = self.parcels.setdefault(ref, [])
        parcel = {
            "fulfillmentId": number or str(999 + len(known)),
            "shippedDate": shipped or ebay_time(datetime.now(timezone.utc)),
            "lineItems": copy.deepcopy(lines),
        }
        if number:
            parcel["shipmentTrackingNumber"] = number
            parcel["shippingCarrierCode"] = carrier
        known.append(parcel)
        self._restate(ref)
        return parcel["fulfillmentId"]

    def _restate(self, ref):
        order, sent = self.orders[ref], self.told(ref)
        states = set()
        for line in order["lineItems"]:
            done = sent[line["lineItemId"]]
            state = "FULFILLED" if done >= line["quantity"] else "IN_PROGRESS"
            states.add(state if done else "NOT_STARTED")
        whole = states.pop() if len(states) == 1 else "IN_PROGRESS"
        order["orderFulfillmentStatus"] = whole
        order["fulfillmentHrefs"] = [
            HREF + one["fulfillmentId"] for one in self.parcels[ref]
        ]
        order["lastModifiedDate"] = ebay_time(
            datetime.now(timezone.utc) - timedelta(minutes=5)
        )

    def told(self, ref):
        """What was reported to eBay in all, ``{line: quantity}``."""
        return Counter(
            {
                line["lineItemId"]: sum(
                    one["quantity"]
                    for parcel in self.parcels.get(ref, [])
                    for one in parcel["lineItems"]
                    if one["lineItemId"] == line["lineItemId"]
                )
                for line in self.orders[ref]["lineItems"]
            }
        )

    def get_shipping_fulfillments(self, ref):
        """eBay's parcels of an order."""
        self.calls.append(("parcels", ref))
        found = copy.deepcopy(self.parcels.get(ref, []))
        return {"total": len(found), "fulfillments": found}

    def complete_sale(self, ref, parcels):
        """Trading: all numbers of an order, each for the whole of it."""
        self.calls.append(("completeSale", ref, parcels))
        self.parcels[ref] = []
        for carrier, number in parcels:
            self.ship(ref, None, number, carrier)


class ShipmentCase(OrderCase):
    """A live account, and an eBay that takes parcels."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.mode = "live"
        cls.dhl = cls.method("DHL Paket")

    def setUp(self):
        super().setUp()
        self.ebay = FakeShipping()
        client = SimpleNamespace(fulfillment=self.ebay, trading=self.ebay)
        self.startPatcher(
            patch.object(
                type(self.env["ebay.account"]), "_client", lambda *a, **k: client
            )
        )

    @classmethod
    def method(cls, name):
        """A delivery method."""
        product = cls.env["product.product"].create({"name": name, "type": "service"})
        return cls.env["delivery.carrier"].create(
            {"name": name, "product_id": product.id, "delivery_type": "fixed"}
        )

    def order(self, ref="A-1", quantity=2, **changes):
        """An imported, confirmed order; its delivery is ready."""
        moment = datetime.now(timezone.utc) - timedelta(minutes=5)
        document = simple_order(
            ref, **{"lastModifiedDate": ebay_time(moment), **changes}
        )
        if quantity != 2:
            line = document["lineItems"][0]
            line["quantity"] = quantity
            line["lineItemCost"]["value"] = f"{quantity * 10}.00"
            total = f"{quantity * 10 + 4.99:.2f}"
            line["total"]["value"] = total
            summary = document["pricingSummary"]
            summary["priceSubtotal"]["value"] = f"{quantity * 10}.00"
            summary["total"]["value"] = total
        self.pull(document)
        sale = self.sale(ref)
        self.assertEqual(sale.state, "sale", self.stored(ref).message)
        return sale

    def leave(self, picking, tracking="00340434161094021501", done=None, carrier=None):
        """Validate a delivery, wholly or in part; a backorder is made."""
        picking.write(
            {
                "carrier_id": (carrier or self.dhl).id,
                "carrier_tracking_ref": tracking,
            }
        )
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty if done is None else done
            move.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")
        return picking

    def send(self):
        """Run the flow; returns the log."""
        return self.run_flow("shipments_out")

    def send_and_die(self):
        """Run the flow and be killed where the fake eBay raises Killed."""
        with self.committing_env() as env:
            flow = env["ebay.flow"]._flows()["shipments_out"]
            try:
                flow._run(env["ebay.account"].browse(self.account.id))
            except Killed:
                env.cr.rollback()
            else:
                self.fail("Nobody was killed")

    def shipments(self, sale):
        """The parcels of an order, oldest first."""
        return self.env["ebay.shipment"].search(
            [("sale_order_id", "=", sale.id)], order="id"
        )

    def settle(self):
        """The time passes after which an unknown outcome is asked about."""
        rows = self.env["ebay.shipment"].search([("next_try_at", "!=", False)])
        rows.next_try_at = datetime(2020, 1, 1)
        self.env.flush_all()

    def codes(self):
        """The codes of the open inbox."""
        return self.env["ebay.issue"].search([("state", "=", "open")]).mapped("code")
