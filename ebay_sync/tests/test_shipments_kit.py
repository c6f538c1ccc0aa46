"""Kits are reported as what was sold. Runs where Odoo's manufacturing is installed."""

from unittest import SkipTest

from odoo.fields import Command
from odoo.tests import tagged

from .shipments import ShipmentCase


@tagged("post_install", "-at_install")
class TestKits(ShipmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "mrp.bom" not in cls.env or "bom_line_id" not in cls.env["stock.move"]:
            raise SkipTest("sale_mrp is not installed")
        parts = cls.storable("PART-A") + cls.storable("PART-B")
        for part in parts:
            cls.stock(part, 100)
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.product.product_tmpl_id.id,
                "product_qty": 1,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": parts[0].id, "product_qty": 2}),
                    Command.create({"product_id": parts[1].id, "product_qty": 1}),
                ],
            }
        )

    def test_a_kit_is_told_as_the_sold_line(self):
        sale = self.order()
        self.assertEqual(len(sale.picking_ids.move_ids), 2)
        self.leave(sale.picking_ids, "KIT1")
        self.send()
        [parcel] = self.ebay.parcels["A-1"]
        self.assertEqual([line["quantity"] for line in parcel["lineItems"]], [2])

    def test_a_kit_in_two_deliveries_is_told_when_it_is_whole(self):
        sale = self.order()
        first = sale.picking_ids
        first.carrier_tracking_ref = "KIT1"
        for move, quantity in zip(first.move_ids.sorted("id"), (4, 1), strict=True):
            move.quantity = quantity
            move.picked = True
        first.with_context(skip_backorder=True).button_validate()
        self.send()
        self.assertEqual(self.ebay.told("A-1").total(), 1)
        self.leave(sale.picking_ids - first, "KIT2")
        self.send()
        self.assertEqual(self.ebay.told("A-1").total(), 2)
        self.assertEqual(len(self.ebay.parcels["A-1"]), 2)
