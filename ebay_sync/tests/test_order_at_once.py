"""Orders that are confirmed together are what they would be one by one."""

from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.ebay_sync.compat import SOL_UOM

from .orders import OrderCase, simple_order


@tagged("post_install", "-at_install")
class TestOrderAtOnce(OrderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scarce, cls.ruled = cls.storable("SKU-2"), cls.storable("SKU-3")
        cls.stock(cls.scarce, 3)
        cls.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": cls.ruled.id,
                "warehouse_id": cls.warehouse.id,
                "product_min_qty": 5,
                "product_max_qty": 10,
                "trigger": "auto",
            }
        )

    def orders(self):
        """Seven of them: a shelf that runs out, and a product that is bought anew."""
        orders = []
        for number in range(7):
            order = simple_order(f"A-{number}")
            line = order["lineItems"][0]
            line["sku"] = ("SKU-1", "SKU-2", "SKU-2", "SKU-3")[number % 4]
            orders.append(order)
        return orders

    def confirmed(self):
        """What the import of all of them comes to, in words that can be compared."""
        self.pull(*self.orders())
        sales = self.env["sale.order"].search(
            [("ebay_account_id", "=", self.account.id)], order="ebay_order_ref"
        )
        self.assertEqual(set(sales.mapped("state")), {"sale"})
        self.env.flush_all()
        self.env.invalidate_all()
        return [self.words(sale) for sale in sales] + self.shelf()

    def words(self, sale):
        """A sale order with its transfers, moves and reservations."""
        return (
            sale.ebay_order_ref,
            sale.delivery_status,
            [
                (
                    picking.state,
                    picking.origin.replace(sale.name, "its number"),
                    picking.partner_id.name,
                    picking.picking_type_id.name,
                    picking.scheduled_date.date(),
                    picking.carrier_id.name,
                    [
                        (
                            move.product_id.default_code,
                            move.product_uom_qty,
                            move.quantity,
                            move.state,
                            move.sale_line_id.order_id == sale,
                            move.sale_line_id[SOL_UOM] == move.product_uom,
                            move.move_line_ids.mapped("quantity"),
                            len(move.move_orig_ids),
                        )
                        for move in picking.move_ids.sorted("id")
                    ],
                )
                for picking in sale.picking_ids.sorted(
                    lambda one: (one.picking_type_id.id, one.id)
                )
            ],
        )

    def shelf(self):
        """What is reserved of each product, and what was ordered because of it."""
        products = self.product | self.scarce | self.ruled
        quants = self.env["stock.quant"].search(
            [("product_id", "in", products.ids), ("location_id.usage", "=", "internal")]
        )
        incoming = self.env["stock.move"].search_count(
            [("product_id", "=", self.ruled.id), ("picking_code", "=", "incoming")]
        )
        reserved = [
            (one.product_id.default_code, one.reserved_quantity)
            for one in quants.sorted(lambda one: one.product_id.default_code)
        ]
        return [*reserved, incoming]

    def compare(self):
        """The same orders, confirmed by Odoo alone and at once."""
        with self.env.cr.savepoint() as savepoint:
            plain = patch.object(
                type(self.env["sale.order"]),
                "_confirm_at_once",
                lambda orders: [order.action_confirm() for order in orders],
            )
            with plain:
                one_by_one = self.confirmed()
            savepoint.rollback()
        self.env.invalidate_all()
        self.ebay.calls.clear()
        self.assertEqual(self.confirmed(), one_by_one)

    def test_from_one_place(self):
        self.compare()

    def test_picked_packed_and_shipped(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        self.compare()

    def test_in_one_transfer_of_all_that_is_there(self):
        self.warehouse.out_type_id.reservation_method = "manual"
        self.compare()

    def test_quants_of_several_places_and_a_strategy(self):
        shelves = self.env["stock.location"].create(
            [
                {"name": name, "location_id": self.warehouse.lot_stock_id.id}
                for name in ("Left", "Right")
            ]
        )
        lifo = self.env.ref("stock.removal_lifo")
        self.product.categ_id.removal_strategy_id = lifo
        for shelf in shelves:
            self.env["stock.quant"]._update_available_quantity(self.scarce, shelf, 1)
        self.compare()

    def test_buyers_do_not_follow_the_transfers(self):
        self.pull(*self.orders())
        sales = self.env["sale.order"].search(
            [("ebay_account_id", "=", self.account.id)]
        )
        buyers = sales.partner_id | sales.partner_shipping_id
        followers = sales.picking_ids.message_partner_ids
        self.assertFalse(followers & buyers)
        picking = sales.picking_ids[0]
        picking.message_subscribe(buyers[:1].ids)
        self.assertIn(buyers[:1], picking.message_partner_ids, "a person may say so")

    def test_analytic_models_still_apply(self):
        plan = self.env["account.analytic.plan"].create({"name": "Channels"})
        channel = self.env["account.analytic.account"].create(
            {"name": "eBay", "plan_id": plan.id}
        )
        self.env["account.analytic.distribution.model"].create(
            {
                "product_id": self.product.id,
                "analytic_distribution": {str(channel.id): 100},
            }
        )
        self.pull(simple_order("A-1"))
        line = self.sale("A-1").order_line.filtered("ebay_line_ref")
        self.assertEqual(line.analytic_distribution, {str(channel.id): 100})
