"""Shipments out: every parcel exactly once, whatever happens on the way."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync import bell
from odoo.addons.ebay_sync.ebay_api.errors import ContractError, RateLimited

from .orders import ebay_time
from .shipments import Killed, ShipmentCase, rejected, unknown_outcome

RUN = "odoo.addons.ebay_sync.flows.engine.run"
FLOW = "odoo.addons.ebay_sync.flows.engine.run"


@tagged("post_install", "-at_install")
class TestShipmentsOut(ShipmentCase):
    def test_a_validated_delivery_is_told_once(self):
        sale = self.order()
        self.leave(sale.picking_ids, "0034 0434-1610 9402 1501")
        log = self.send()
        self.assertEqual(log.state, "done", log.message)
        shipment = self.shipments(sale)
        self.assertEqual(shipment.state, "sent")
        self.assertEqual(shipment.fulfillment_ref, "00340434161094021501")
        [parcel] = self.ebay.parcels["A-1"]
        self.assertEqual(parcel["shippingCarrierCode"], "DHL")
        self.assertEqual(parcel["lineItems"][0]["quantity"], 2)
        self.assertTrue(parcel["shippedDate"].endswith("Z"))
        self.assertEqual(sale.ebay_shipping_state, "sent")
        self.send()
        self.assertEqual(len(self.ebay.parcels["A-1"]), 1)

    def test_a_run_with_nothing_to_do_asks_ebay_nothing(self):
        self.order()
        self.ebay.calls.clear()
        self.send()
        self.assertFalse(self.ebay.calls)

    def test_the_clerk_only_wakes_the_flow(self):
        sale = self.order()
        cron = self.account.schedule_ids.filtered(
            lambda one: one.flow == "shipments_out"
        ).cron_id
        Trigger = self.env["ir.cron.trigger"].sudo()
        before = Trigger.search_count([("cron_id", "=", cron.id)])
        self.ebay.calls.clear()
        self.env.cr.postcommit.clear()
        self.leave(sale.picking_ids)
        self.assertFalse(self.ebay.calls)
        self.assertFalse(self.shipments(sale))
        with patch.object(bell, "ring") as rung:
            self.env.cr.postcommit.run()
        left = {call.args[1]: call.args[2] for call in rung.call_args_list}
        pickings = left["_deliveries_have_left"]
        self.assertEqual(pickings, set(sale.picking_ids.ids))
        self.env["ebay.schedule"]._deliveries_have_left(pickings)
        after = Trigger.search_count([("cron_id", "=", cron.id)])
        self.assertEqual(after, before + 1)

    def test_a_mirror_tells_nothing(self):
        sale = self.order()
        self.account.mode = "mirror"
        self.leave(sale.picking_ids)
        self.send()
        self.assertFalse(self.shipments(sale))
        self.assertFalse(self.ebay.parcels)

    def test_partial_deliveries_are_parcels_of_their_own(self):
        sale = self.order(quantity=3)
        first = sale.picking_ids
        self.leave(first, "AAA1", done=1)
        self.send()
        self.leave(sale.picking_ids - first, "AAA2")
        self.send()
        told = [
            (one["fulfillmentId"], one["lineItems"][0]["quantity"])
            for one in self.ebay.parcels["A-1"]
        ]
        self.assertEqual(told, [("AAA1", 1), ("AAA2", 2)])

    def test_two_numbers_on_one_delivery_are_two_parcels(self):
        sale = self.order(quantity=3)
        self.leave(sale.picking_ids, "AAA1, AAA2")
        self.send()
        told = {
            one["fulfillmentId"]: one["lineItems"][0]["quantity"]
            for one in self.ebay.parcels["A-1"]
        }
        self.assertEqual(told, {"AAA1": 1, "AAA2": 2})

    def test_a_two_step_route_tells_the_last_step(self):
        self.warehouse.delivery_steps = "pick_ship"
        sale = self.order()
        pick = sale.picking_ids.filtered(lambda one: one.state == "assigned")
        self.assertEqual(len(pick), 1)
        self.leave(pick, False)
        self.send()
        self.assertFalse(self.shipments(sale))
        ship = sale.picking_ids.filtered(
            lambda one: one.location_dest_id.usage == "customer"
        )
        ship.action_assign()
        self.leave(ship)
        self.send()
        self.assertEqual(self.shipments(sale).state, "sent")
        self.assertEqual(self.ebay.told("A-1").total(), 2)

    def test_a_three_step_route_tells_the_last_step_and_its_backorder(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        sale = self.order(quantity=3)
        tracking = iter(("INSIDE1", "INSIDE2", "SHIP1"))
        for _step in range(3):
            step = self.env["stock.picking"].search(
                [
                    ("sale_id", "=", sale.id),
                    ("state", "=", "assigned"),
                ]
            )
            self.assertEqual(len(step), 1)
            is_last = step.location_dest_id.usage == "customer"
            self.leave(step, next(tracking), done=1 if is_last else None)
            self.send()
        [parcel] = self.ebay.parcels["A-1"]
        self.assertEqual(parcel["fulfillmentId"], "SHIP1")
        self.assertEqual(self.ebay.told("A-1").total(), 1)
        backorder = self.env["stock.picking"].search([("backorder_id", "=", step.id)])
        backorder.action_assign()
        self.leave(backorder, "SHIP2")
        self.send()
        self.assertEqual(self.ebay.told("A-1").total(), 3)

    def test_what_comes_back_after_ebay_was_told_stays_told(self):
        sale = self.order()
        picking = self.leave(sale.picking_ids, "T1")
        self.send()
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 2
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.quantity = 2
        back.move_ids.picked = True
        back.button_validate()
        picking.carrier_tracking_ref = False  # cancelled at the carrier's
        self.ebay.calls.clear()
        self.send()
        self.assertNotIn("create", [call[0] for call in self.ebay.calls])
        self.assertNotIn("completeSale", [call[0] for call in self.ebay.calls])
        self.assertEqual(self.ebay.told("A-1").total(), 2)
        self.assertEqual(self.shipments(sale).state, "sent")

    def test_goods_that_a_supplier_sends_are_told(self):
        sale = self.order()
        sale.picking_ids.action_cancel()
        line = sale.order_line.filtered("ebay_line_ref")
        supplier = self.env.ref("stock.stock_location_suppliers")
        customer = self.env.ref("stock.stock_location_customers")
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "location_id": supplier.id,
                "location_dest_id": customer.id,
            }
        )
        values = {
            "product_id": line.product_id.id,
            "product_uom_qty": 2,
            "picking_id": picking.id,
            "location_id": supplier.id,
            "location_dest_id": customer.id,
            "sale_line_id": line.id,
        }
        if "name" in self.env["stock.move"]._fields:
            values["name"] = "dropship"
        self.env["stock.move"].create(values)
        picking.action_confirm()
        self.leave(picking, "DROP1")
        self.send()
        self.assertEqual(self.ebay.told("A-1").total(), 2)

    def test_another_unit_is_counted_in_sold_units(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.assertEqual(dozen._compute_quantity(2, self.product.uom_id), 24)
        sale = self.order(quantity=24)
        sale.picking_ids.move_ids.move_line_ids.write(
            {"product_uom_id": dozen.id, "quantity": 2}
        )
        sale.picking_ids.move_ids.picked = True
        sale.picking_ids.carrier_tracking_ref = "X1"
        sale.picking_ids.button_validate()
        self.send()
        self.assertEqual(self.ebay.told("A-1").total(), 24)

    # -- never twice -----------------------------------------------------------

    @mute_logger(RUN)
    def test_a_time_out_after_ebay_took_it_is_asked_about(self):
        sale = self.order()
        self.leave(sale.picking_ids)
        self.ebay.after = [unknown_outcome()]
        self.send()
        self.assertEqual(self.shipments(sale).state, "sending")
        self.settle()
        self.send()
        self.assertEqual(self.shipments(sale).state, "sent")
        self.assertEqual(len(self.ebay.parcels["A-1"]), 1)

    @mute_logger(RUN)
    def test_a_time_out_before_ebay_took_it_is_sent_again(self):
        sale = self.order()
        self.leave(sale.picking_ids)
        self.ebay.before = [unknown_outcome()]
        self.send()
        self.assertFalse(self.ebay.parcels)
        self.settle()
        self.ebay.calls.clear()
        self.send()
        self.assertEqual(
            [call[0] for call in self.ebay.calls], ["byId", "parcels", "create"]
        )
        self.assertEqual(self.shipments(sale).state, "sent")

    @mute_logger(RUN)
    def test_without_tracking_the_same_parcel_is_known_again(self):
        self.account.untracked_rule = "at_once"
        sale = self.order()
        self.leave(sale.picking_ids, False)
        self.ebay.after = [ContractError("unreadable", request_id="r")]
        self.send()
        self.settle()
        self.send()
        self.assertEqual(self.shipments(sale).fulfillment_ref, "999")
        self.assertEqual(len(self.ebay.parcels["A-1"]), 1)

    def test_a_kill_between_claim_and_call_is_asked_about(self):
        sale = self.order()
        self.leave(sale.picking_ids)

        def die(*_args):
            raise Killed

        taken = self.ebay.create_shipping_fulfillment
        for call in (die, lambda *a: (taken(*a), die())):
            self.ebay.create_shipping_fulfillment = call
            self.send_and_die()
            self.settle()
            self.assertEqual(self.shipments(sale).state, "sending")
        self.ebay.create_shipping_fulfillment = taken
        self.send()
        self.assertEqual(self.shipments(sale).state, "sent")
        self.assertEqual(self.ebay.told("A-1").total(), 2)

    def test_a_parcel_that_exists_already_is_not_made_again(self):
        sale = self.order()
        self.ebay.ship("A-1", None, "00340434161094021501", "DHL")
        self.leave(sale.picking_ids)
        self.send()
        self.assertEqual(self.shipments(sale).state, "sent")
        self.assertEqual(len(self.ebay.parcels["A-1"]), 1)

    def test_what_was_shipped_on_ebay_with_another_number_stays(self):
        sale = self.order()
        self.ebay.ship("A-1", None, "OTHER9", "DPD")
        self.leave(sale.picking_ids, "MINE1")
        self.send()
        self.assertEqual(self.shipments(sale).state, "sent")
        self.assertEqual(self.ebay.told("A-1").total(), 2)
        self.assertIn("shipped_elsewhere", self.codes())

    def test_only_the_rest_is_told_when_ebay_knows_a_part(self):
        sale = self.order(quantity=3)
        line = self.ebay.orders["A-1"]["lineItems"][0]["lineItemId"]
        self.ebay.ship("A-1", [{"lineItemId": line, "quantity": 1}], "HAND1", "DHL")
        self.leave(sale.picking_ids, "MINE1")
        self.send()
        self.assertEqual(self.ebay.told("A-1").total(), 3)
        self.assertEqual(self.shipments(sale).line_ids.quantity, 2)

    def test_more_than_ordered_is_cut(self):
        sale = self.order()
        self.leave(sale.picking_ids, done=5)
        self.send()
        self.assertEqual(self.ebay.told("A-1").total(), 2)

    def test_ebay_changed_the_number_of_the_order(self):
        sale = self.order()
        self.leave(sale.picking_ids)
        document = self.ebay.orders.pop("A-1")
        self.send()
        self.assertEqual(self.shipments(sale).state, "ready")
        self.assertTrue(self.stored("A-1").wanted_at)
        self.ebay.show({**document, "orderId": "B-2"})
        sale.ebay_order_ref = "B-2"
        self.settle()
        self.send()
        self.assertEqual(self.ebay.told("B-2").total(), 2)

    # -- errors by kind --------------------------------------------------------

    @mute_logger(RUN, FLOW)
    def test_over_quota_nothing_is_claimed(self):
        sale = self.order()
        self.leave(sale.picking_ids)
        self.ebay.before = [RateLimited(request_id="r")]
        log = self.send()
        self.assertEqual(log.state, "throttled")
        shipment = self.shipments(sale)
        self.assertEqual((shipment.state, shipment.attempts), ("ready", 0))

    @mute_logger(RUN)
    def test_refused_tracking_is_asked_about_and_sent_when_mended(self):
        sale = self.order()
        picking = self.leave(sale.picking_ids)
        self.ebay.before = [rejected("32300", "Invalid tracking")]
        self.send()
        self.assertEqual(self.shipments(sale).state, "asking")
        self.assertIn("tracking_refused", self.codes())
        self.send()
        self.assertFalse(self.ebay.parcels)
        picking.carrier_tracking_ref = "NEW1"
        self.send()
        self.assertEqual(self.shipments(sale).fulfillment_ref, "NEW1")
        self.assertNotIn("tracking_refused", self.codes())

    @mute_logger(RUN)
    def test_another_refusal_shows_ebays_words(self):
        sale = self.order()
        self.leave(sale.picking_ids)
        self.ebay.before = [rejected("32400", "The seller is suspended")]
        self.send()
        shipment = self.shipments(sale)
        self.assertEqual(
            (shipment.state, shipment.reason), ("asking", "shipment_refused")
        )
        [issue] = shipment._issues()
        self.assertIn("suspended", issue.advice)
        shipment.with_user(self.user).action_send()
        self.send()
        self.assertEqual(shipment.state, "sent")
        self.assertEqual(issue.state, "done")

    def test_cancelled_or_refunded_meanwhile_asks(self):
        for ref, changes, code in (
            ("A-1", {"cancelStatus": {"cancelState": "CANCELED"}}, "order_cancelled"),
            ("A-2", {"orderPaymentStatus": "FULLY_REFUNDED"}, "order_refunded"),
            (
                "A-3",
                {"cancelStatus": {"cancelState": "IN_PROGRESS"}},
                "cancel_requested",
            ),
        ):
            sale = self.order(ref)
            self.leave(sale.picking_ids, f"T{ref[-1]}")
            self.ebay.orders[ref].update(changes)
            self.send()
            shipment = self.shipments(sale)
            self.assertEqual((shipment.state, shipment.reason), ("asking", code))
            self.assertIn(code, self.codes())
            self.assertNotIn(ref, self.ebay.parcels)
        shipment.with_user(self.user).action_send()
        self.send()
        self.assertEqual(self.ebay.told("A-3").total(), 2)

    def test_to_send_without_tracking_answers_no_other_question(self):
        sale = self.order()
        self.leave(sale.picking_ids, False)
        self.send()
        shipment = self.shipments(sale)
        shipment.with_user(self.user).action_send()
        self.ebay.orders["A-1"]["orderPaymentStatus"] = "FULLY_REFUNDED"
        self.send()
        self.assertEqual(shipment.reason, "order_refunded")
        shipment.with_user(self.user).action_send()
        self.send()
        self.assertEqual(self.ebay.told("A-1").total(), 2)

    def test_a_delivery_that_came_back_first_asks(self):
        sale = self.order()
        picking = self.leave(sale.picking_ids)
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 2
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.quantity = 2
        back.move_ids.picked = True
        back.button_validate()
        self.send()
        self.assertFalse(self.ebay.parcels)
        shipment = self.shipments(sale)
        self.assertEqual(shipment.reason, "returned_before_told")
        shipment.with_user(self.user).action_drop()
        self.send()
        self.assertFalse(self.ebay.parcels)
        self.assertNotIn("returned_before_told", self.codes())

    def test_a_person_marks_a_parcel_as_done(self):
        sale = self.order()
        self.leave(sale.picking_ids, "Ä1")
        self.send()
        shipment = self.shipments(sale)
        self.assertEqual(shipment.reason, "tracking_unreadable")
        shipment.with_user(self.user).action_mark_done()
        self.send()
        self.assertFalse(self.ebay.parcels)
        self.assertEqual(shipment.state, "sent")
        self.assertIn(self.user.name, shipment.message)

    def test_times_are_utc(self):
        sale = self.order()
        picking = self.leave(sale.picking_ids)
        self.send()
        self.assertEqual(
            self.ebay.parcels["A-1"][0]["shippedDate"], ebay_time(picking.date_done)
        )
