"""Deliveries that are not one order, one picking, one parcel."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .shipments import ShipmentCase
from .test_shipments_lines import LinesCase


@tagged("post_install", "-at_install")
class TestSeveralOrders(ShipmentCase):
    """A clerk puts what one buyer ordered twice into one delivery."""

    def setUp(self):
        super().setUp()
        self.first = self.order("A-1")
        self.second = self.order("B-2", quantity=3)
        self.picking = self.first.picking_ids
        other = self.second.picking_ids
        other.move_ids.write({"picking_id": self.picking.id})
        other.move_line_ids.write({"picking_id": self.picking.id})
        self.env.flush_all()
        self.assertEqual(len(self.picking.move_ids), 2)

    def test_each_order_is_told_its_own_lines(self):
        self.leave(self.picking, "T1")
        self.send()
        self.assertEqual(self.ebay.told("A-1"), {"1A1": 2})
        self.assertEqual(self.ebay.told("B-2"), {"1B2": 3})
        for ref in ("A-1", "B-2"):
            [parcel] = self.ebay.parcels[ref]
            self.assertEqual(parcel["fulfillmentId"], "T1")
        # one buyer by name and address, whose name on eBay is another by now
        self.assertEqual(self.codes(), ["buyer_renamed"])

    def test_packages_keep_their_numbers(self):
        first, second = self.picking.move_line_ids.sorted("id")
        package = self.env[first.result_package_id._name]
        for line in (first, second):
            line.result_package_id = package.create({})
        self.leave(self.picking, "T1, T2")
        self.send()
        self.assertEqual(
            [self.ebay.parcels[ref][0]["fulfillmentId"] for ref in ("A-1", "B-2")],
            ["T1", "T2"],
        )

    def test_a_number_that_comes_later_reaches_both(self):
        self.leave(self.picking, False)
        self.send()
        self.assertFalse(self.ebay.parcels)
        self.picking.carrier_tracking_ref = "T1"
        self.send()
        self.assertEqual(self.ebay.told("A-1").total(), 2)
        self.assertEqual(self.ebay.told("B-2").total(), 3)
        self.picking.carrier_tracking_ref = "T2"
        self.send()
        for ref in ("A-1", "B-2"):
            [parcel] = self.ebay.parcels[ref]
            self.assertEqual(parcel["fulfillmentId"], "T2")

    def test_the_board_shows_both(self):
        rows = self.env["ebay.delivery"].search([])
        self.assertEqual(rows.sale_order_id, self.first | self.second)
        self.assertEqual(rows.picking_id, self.picking)


@tagged("post_install", "-at_install")
class TestNothingToValidate(ShipmentCase):
    """eBay waits for goods, and no delivery to the buyer is open."""

    def board(self, sale):
        self.env.flush_all()
        self.env.invalidate_all()
        board = self.env["ebay.delivery"].with_user(self.user)
        return board.search([("sale_order_id", "=", sale.id)])

    def due_soon(self, sale):
        sale.ebay_ship_by_at = fields.Datetime.now() + timedelta(hours=3)

    def test_what_is_picked_first_is_on_the_board_and_warned_of(self):
        for steps in ("pick_ship", "pick_pack_ship"):
            with self.subTest(steps):
                self.warehouse.delivery_steps = steps
                sale = self.order(f"A-{steps}")
                self.due_soon(sale)
                row = self.board(sale)
                self.assertEqual(row.picking_id, sale.picking_ids)
                self.assertEqual(row.next_action, "pick")
                self.send()
                self.assertIn("ship_by_near", self.codes())
                self.leave(row.picking_id, False)
                row = self.board(sale)
                self.assertEqual(len(row), 1)
                self.assertEqual(row.picking_id.state, "assigned")

    def test_a_cancelled_delivery_leaves_the_order_on_the_board(self):
        sale = self.order()
        self.due_soon(sale)
        sale.picking_ids.action_cancel()
        row = self.board(sale)
        self.assertEqual(row.next_action, "order")
        self.assertEqual(row.action_next()["res_id"], sale.id)
        self.send()
        self.assertIn("ship_by_near", self.codes())

    def test_a_cancelled_backorder_leaves_the_rest_on_the_board(self):
        sale = self.order(quantity=3)
        self.due_soon(sale)
        self.leave(sale.picking_ids, "T1", done=1)
        self.assertEqual(self.board(sale).next_action, "ship")
        self.send()
        sale.picking_ids.filtered(lambda one: one.state != "done").action_cancel()
        self.assertEqual(self.board(sale).next_action, "order")
        sale.order_line.filtered("ebay_line_ref").product_uom_qty = 1
        self.assertFalse(self.board(sale))

    def test_what_was_told_or_refunded_is_not_expected_any_more(self):
        sale = self.order()
        self.leave(sale.picking_ids)
        self.assertFalse(self.board(sale))  # and the flow has not run yet
        self.send()
        self.assertFalse(self.board(sale))
        other = self.order("B-2")
        other.picking_ids.action_cancel()
        other.ebay_payment_status = "FULLY_REFUNDED"
        self.assertFalse(self.board(other))

    def test_a_number_from_ebay_reaches_the_delivery_that_comes_later(self):
        self.warehouse.delivery_steps = "pick_ship"
        sale = self.order()
        pick = sale.picking_ids
        self.ebay.ship("A-1", None, "FOREIGN1", "DHL")
        self.run_flow("orders_in")
        self.send()
        self.assertFalse(pick.carrier_tracking_ref)
        self.leave(pick, False)
        ship = sale.picking_ids - pick
        self.send()
        self.assertEqual(ship.carrier_tracking_ref, "FOREIGN1")
        self.assertEqual(self.shipments(sale).picking_id, ship)
        self.leave(ship, "FOREIGN1")
        self.send()
        self.assertEqual(self.ebay.told("A-1").total(), 2)
        self.assertEqual(len(self.shipments(sale)), 1)


@tagged("post_install", "-at_install")
class TestReturned(LinesCase):
    """What comes back is no shipment, and holds up nothing else."""

    def give_back(self, picking, product):
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        for line in wizard.product_return_moves:
            line.quantity = line.move_id.quantity * (line.product_id == product)
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.carrier_tracking_ref = "BACK1"
        for move in back.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        back.button_validate()
        self.assertEqual(back.state, "done")
        return back

    def test_one_of_two_lines_that_came_back_first(self):
        other = self.storable("SKU-2")
        self.stock(other, 100)
        sale = self.buy("A-1", "SKU-2")
        picking = self.leave(sale.picking_ids, "T1")
        back = self.give_back(picking, other)
        self.send()
        [parcel] = self.ebay.parcels["A-1"]
        self.assertEqual(parcel["fulfillmentId"], "T1")
        self.assertFalse(back.ebay_shipment_ids)

    def test_a_replacement_is_no_second_shipment(self):
        sale = self.order()
        picking = self.leave(sale.picking_ids, "T1")
        self.send()
        back = self.give_back(picking, self.product)
        wizard = self.env["stock.return.picking"].create({"picking_id": back.id})
        wizard.product_return_moves.quantity = 2
        again = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        again.action_assign()
        self.leave(again, "T2")
        # eBay's list is behind: it still shows the order as open
        sale.ebay_fulfillment_status = "IN_PROGRESS"
        self.send()
        self.assertEqual(self.ebay.told("A-1").total(), 2)
        [parcel] = self.ebay.parcels["A-1"]
        self.assertEqual(parcel["fulfillmentId"], "T1")

    def test_the_method_at_the_door_counts(self):
        sale = self.order()
        sale.picking_ids.carrier_id = self.dhl
        self.leave(sale.picking_ids, "Z1", carrier=self.method("DPD Classic"))
        self.send()
        [parcel] = self.ebay.parcels["A-1"]
        self.assertEqual(parcel["shippingCarrierCode"], "DPD")
