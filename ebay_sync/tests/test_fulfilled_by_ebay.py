"""Goods that lie at eBay: nobody here can ship them a second time."""

from datetime import datetime, timedelta, timezone

from .orders import FixCase, ebay_time, fixture, simple_order


class TestFulfilledByEbay(FixCase):
    def placed(self, **changes):
        order = fixture("us_fulfilled_by_ebay")
        for line in order["lineItems"]:
            line["sku"] = "SKU-1"
        order.update(changes)
        self.account.confirm_rule = "always"
        hour_ago = datetime.now(timezone.utc) - timedelta(hours=1)
        self.pull({**order, "lastModifiedDate": ebay_time(hour_ago)})
        return order, self.sale(order["orderId"])

    def test_there_is_no_transfer_that_somebody_could_ship(self):
        _order, sale = self.placed()
        self.assertTrue(sale.ebay_ships)
        self.assertEqual(sale.state, "sale")
        self.assertFalse(sale.picking_ids)
        self.env.flush_all()
        board = self.env["ebay.delivery"].search([("sale_order_id", "=", sale.id)])
        self.assertFalse(board)

    def test_the_own_shelf_is_left_alone(self):
        before = self.product.free_qty
        self.placed()
        self.assertEqual(self.product.free_qty, before)

    def test_what_ebay_has_shipped_is_delivered_and_can_be_invoiced(self):
        order, sale = self.placed(orderFulfillmentStatus="NOT_STARTED")
        goods = sale.order_line.filtered("ebay_line_ref")
        self.assertEqual(sum(goods.mapped("qty_delivered")), 0)
        self.pull_later({**order, "orderFulfillmentStatus": "FULFILLED"})
        self.assertEqual(goods.mapped("qty_delivered"), goods.mapped("product_uom_qty"))

    def test_an_order_of_the_own_shelf_is_none_of_these(self):
        self.pull(simple_order("A-1"))
        sale = self.sale("A-1")
        self.assertFalse(sale.ebay_ships)
        self.assertTrue(sale.picking_ids)
