"""Parcels go out while people work: nobody waits for eBay, and nobody is overruled."""

from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.ebay_sync.flows.engine.run import Run
from odoo.addons.ebay_sync.flows.shipments import shipments_out

from .shipments import ShipmentCase


@tagged("post_install", "-at_install")
class TestShipmentsMeanwhile(ShipmentCase):
    def test_no_parcel_is_locked_while_ebay_is_asked(self):
        for ref in ("A-1", "A-2"):
            self.leave(self.order(ref).picking_ids)
        self.ebay.ship("A-1", None, "OTHER9", "DPD")
        steps = self.ebay.calls
        for target, name in ((shipments_out, "try_lock"), (Run, "save")):
            self._note_calls(steps, target, name)
        self.send()
        last, asked = None, set()
        for what, *_details in steps:
            if what in ("parcels", "create"):
                asked.add(what)
                self.assertEqual(last, "save", what)
            else:
                last = what
        self.assertEqual(asked, {"parcels", "create"})

    def _note_calls(self, steps, target, name):
        original = getattr(target, name)

        def noted(*args):
            steps.append([name])
            return original(*args)

        self.startPatcher(patch.object(target, name, noted))

    def test_a_parcel_that_somebody_takes_meanwhile_is_left_to_them(self):
        sale = self.order()
        self.ebay.ship("A-1", None, "OTHER9", "DPD")
        self.leave(sale.picking_ids)
        ask = self.ebay.get_shipping_fulfillments

        def decided_meanwhile(ref):
            self.shipments(sale).state = "dropped"
            return ask(ref)

        self.ebay.get_shipping_fulfillments = decided_meanwhile
        self.send()
        self.assertEqual(self.shipments(sale).state, "dropped")
