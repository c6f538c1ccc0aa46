"""An hour without eBay while parcels wait: their order is kept, and the budget."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.ebay_api.errors import Transient

from .shipments import ShipmentCase

QUIET = (
    "odoo.addons.ebay_sync.flows.engine.run",
    "odoo.addons.ebay_sync.flows.engine.run",
)
ORDERS, EACH = 10, 50
PARCELS = ORDERS * EACH


def down():
    """eBay answers with an error; it has done nothing."""
    return Transient("down", request_id="r")


@tagged("post_install", "-at_install")
class TestOutage(ShipmentCase):
    def wait(self, orders=ORDERS, each=EACH):
        """Parcels that are due, each with a number that says its place."""
        rows, place = [], 0
        for number in range(orders):
            sale = self.order(f"A-{number}", quantity=each)
            line = sale.order_line.filtered("ebay_line_ref")
            for _piece in range(each):
                rows.append(self.parcel(sale, line, place))
                place += 1
        return self.env["ebay.shipment"].create(rows)

    def parcel(self, sale, line, place):
        content = {
            "sale_line_id": line.id,
            "line_item_ref": line.ebay_line_ref,
            "quantity": 1,
        }
        return {
            "account_id": self.account.id,
            "sale_order_id": sale.id,
            "carrier_code": "DHL",
            "tracking_number": f"T{place:04d}",
            "shipped_at": datetime.now() - timedelta(minutes=1),
            "state": "ready",
            "line_ids": [Command.create(content)],
        }

    def calls(self, name):
        return [call for call in self.ebay.calls if call[0] == name]

    @mute_logger(*QUIET)
    def test_an_hour_with_500_parcels_waiting(self):
        waiting = self.wait()
        self.ebay.calls.clear()
        self.ebay.before = [down() for _ in range(1000)]
        begin = datetime.now()
        for minutes in range(0, 60, 5):
            with freeze_time(begin + timedelta(minutes=minutes), tick=True):
                self.assertEqual(self.send().state, "failed")
        # each run reads once and fails three times, and asks no more of eBay
        self.assertEqual(len(self.calls("byId")), 12)
        self.assertEqual(len(self.calls("create")), 36)
        self.assertFalse(self.ebay.parcels)
        self.assertEqual(set(waiting.mapped("state")), {"ready"})
        self.assertFalse(
            self.env["ebay.issue"].search([("code", "=", "shipment_gave_up")])
        )

        self.ebay.before.clear()
        self.ebay.calls.clear()
        runs = 0  # more than one on a machine where a run's minute is too short
        with freeze_time(begin + timedelta(minutes=60), tick=True):
            while "ready" in waiting.mapped("state"):
                runs += 1
                self.assertIn(self.send().state, ("done", "partial"))
        self.assertEqual(set(waiting.mapped("state")), {"sent"})
        sent = [call[2]["trackingNumber"] for call in self.calls("create")]
        self.assertEqual(len(sent), PARCELS)  # each once
        # the first shows that eBay works again; then what has waited longest
        self.assertEqual(sent[1:], sorted(sent[1:]))
        # one reading request for fifty parcels
        self.assertLess(len(self.calls("byId")), PARCELS / 50 + 2 + runs)

    @mute_logger(*QUIET)
    def test_one_parcel_that_always_fails_holds_up_nobody(self):
        waiting = self.wait(orders=2, each=2)
        take = self.ebay.create_shipping_fulfillment

        def fail_at_the_first(ref, document):
            if document["trackingNumber"] == "T0000":
                raise down()
            return take(ref, document)

        self.ebay.create_shipping_fulfillment = fail_at_the_first
        self.send()
        self.assertEqual(waiting.mapped("state"), ["ready", "sent", "sent", "sent"])
        self.assertTrue(waiting[0].message)
        self.assertGreater(waiting[0].next_try_at, datetime.now())
        self.settle()
        self.ebay.create_shipping_fulfillment = take
        self.send()
        self.assertEqual(waiting[0].state, "sent")
        self.assertFalse(waiting[0].message)
