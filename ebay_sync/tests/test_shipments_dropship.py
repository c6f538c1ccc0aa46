"""What a supplier sends to the buyer. Runs where Odoo's dropshipping is installed."""

from unittest import SkipTest

from odoo.fields import Command
from odoo.tests import tagged

from .shipments import ShipmentCase


@tagged("post_install", "-at_install")
class TestDropship(ShipmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        route = cls.env.ref("stock_dropshipping.route_drop_shipping", False)
        if not route:
            raise SkipTest("stock_dropshipping is not installed")
        supplier = cls.env["res.partner"].create({"name": "Supplier"})
        cls.product.write(
            {
                "route_ids": [Command.link(route.id)],
                "seller_ids": [Command.create({"partner_id": supplier.id, "price": 1})],
            }
        )

    def test_the_suppliers_parcel_is_told(self):
        sale = self.order()
        purchase = sale._get_purchase_orders()
        self.assertEqual(len(purchase), 1)
        purchase.button_confirm()
        self.send()
        self.assertFalse(self.ebay.parcels)
        self.leave(purchase.picking_ids, "DROP1")
        self.send()
        [parcel] = self.ebay.parcels["A-1"]
        self.assertEqual(parcel["fulfillmentId"], "DROP1")
        self.assertEqual(self.ebay.told("A-1").total(), 2)
        self.assertEqual(purchase.picking_ids.ebay_shipping_state, "sent")
