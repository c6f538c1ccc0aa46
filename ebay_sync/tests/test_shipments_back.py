"""Tracking that changes, parcels made on eBay, deadlines."""

from datetime import datetime, timedelta, timezone

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.models.shipments.ebay_delivery import day_borders

from .shipments import ShipmentCase, rejected

RUN = "odoo.addons.ebay_sync.flows.engine.run"


@tagged("post_install", "-at_install")
class TestTracking(ShipmentCase):
    def test_by_rule_a_parcel_waits_for_its_number(self):
        sale = self.order()
        picking = self.leave(sale.picking_ids, False)
        self.send()
        self.assertEqual(self.shipments(sale).state, "waiting")
        self.assertFalse(self.ebay.parcels)
        picking.carrier_tracking_ref = "LATE1"
        self.send()
        self.assertEqual(self.ebay.parcels["A-1"][0]["fulfillmentId"], "LATE1")

    def test_by_rule_it_is_told_without_a_number_after_some_hours(self):
        self.account.write({"untracked_rule": "hours", "untracked_hours": 2})
        sale = self.order()
        picking = self.leave(sale.picking_ids, False)
        self.send()
        shipment = self.shipments(sale)
        self.assertEqual(shipment.next_try_at, picking.date_done + timedelta(hours=2))
        self.send()
        self.assertFalse(self.ebay.parcels)
        self.settle()
        self.send()
        self.assertNotIn("shipmentTrackingNumber", self.ebay.parcels["A-1"][0])

    def test_a_number_that_comes_after_that_is_added(self):
        self.account.untracked_rule = "at_once"
        sale = self.order()
        picking = self.leave(sale.picking_ids, False)
        self.send()
        picking.carrier_tracking_ref = "LATE1"
        self.send()
        self.assertEqual(self.shipments(sale).fulfillment_ref, "LATE1")
        self.assertEqual(self.ebay.told("A-1").total(), 2)

    def test_a_corrected_number_replaces_the_old_one(self):
        sale = self.order()
        picking = self.leave(sale.picking_ids, "WRONG1")
        self.send()
        picking.carrier_tracking_ref = "RIGHT1"
        log = self.send()
        [parcel] = self.ebay.parcels["A-1"]
        self.assertEqual(parcel["fulfillmentId"], "RIGHT1")
        shipment = self.shipments(sale)
        self.assertEqual(shipment.told_tracking, "RIGHT1")
        self.assertFalse(shipment.correction)
        changes = [line.changes for line in log.line_ids if line.changes]
        self.assertIn({"tracking_number": ["WRONG1", "RIGHT1"]}, changes)
        self.ebay.calls.clear()
        self.send()
        self.assertFalse(self.ebay.calls)

    def test_another_method_is_a_correction_too(self):
        sale = self.order()
        picking = self.leave(sale.picking_ids, "SAME1")
        self.send()
        picking.carrier_id = self.method("GLS")
        self.send()
        [parcel] = self.ebay.parcels["A-1"]
        self.assertEqual(parcel["shippingCarrierCode"], "GLS")

    def test_one_number_of_several_parcels_is_corrected(self):
        sale = self.order(quantity=3)
        picking = self.leave(sale.picking_ids, "AAA1, AAA2")
        self.send()
        picking.carrier_tracking_ref = "AAA1, BBB2"
        log = self.send()
        [call] = [call for call in self.ebay.calls if call[0] == "completeSale"]
        self.assertEqual(
            call, ("completeSale", "A-1", [("DHL", "AAA1"), ("DHL", "BBB2")])
        )
        changes = [line.changes for line in log.line_ids if line.changes]
        self.assertIn({"tracking_number": ["AAA2", "BBB2"]}, changes)
        self.run_flow("orders_in")
        self.send()
        self.assertEqual(
            self.shipments(sale).mapped("fulfillment_ref"), ["AAA1", "BBB2"]
        )

    def test_the_numbers_of_two_deliveries_are_corrected_in_one_call(self):
        sale = self.order(quantity=3)
        first = self.leave(sale.picking_ids, "AAA1", done=1)
        second = self.leave(sale.picking_ids - first, "AAA2")
        self.send()
        first.carrier_tracking_ref = "BBB1"
        second.carrier_tracking_ref = "BBB2"
        self.send()
        calls = [call[2] for call in self.ebay.calls if call[0] == "completeSale"]
        self.assertEqual(calls, [[("DHL", "BBB1"), ("DHL", "BBB2")]])
        self.assertEqual(self.shipments(sale).mapped("told_tracking"), ["BBB1", "BBB2"])
        self.assertFalse(any(self.shipments(sale).mapped("correction")))

    def test_a_number_beside_the_label_bought_on_ebay_is_asked_about(self):
        self.account.shipped_on_ebay_rule = "validate"
        sale = self.order()
        line = self.ebay.orders["A-1"]["lineItems"][0]
        goods = [{"lineItemId": line["lineItemId"], "quantity": line["quantity"]}]
        self.ebay.ship("A-1", goods, "LABEL1", "DHL")
        self.run_flow("orders_in")
        self.send()
        picking = sale.picking_ids
        self.assertEqual(
            (picking.state, picking.carrier_tracking_ref), ("done", "LABEL1")
        )
        self.send()
        self.assertNotIn("tracking_by_hand", self.codes())
        picking.carrier_tracking_ref = "OTHER9"
        self.send()
        self.send()
        issue = self.env["ebay.issue"].search([("code", "=", "tracking_by_hand")])
        self.assertEqual(len(issue), 1)
        self.assertIn("OTHER9", issue.summary)
        self.assertIn("LABEL1", issue.advice)

    def test_while_a_part_is_still_here_a_person_corrects_on_ebay(self):
        sale = self.order(quantity=3)
        picking = self.leave(sale.picking_ids, "AAA1", done=1)
        self.send()
        picking.carrier_tracking_ref = "BBB1"
        self.send()
        self.assertNotIn("completeSale", [call[0] for call in self.ebay.calls])
        issue = self.env["ebay.issue"].search([("code", "=", "tracking_by_hand")])
        self.assertIn("BBB1", issue.summary)
        self.assertIn("AAA1", issue.advice)
        # the person does it there: Odoo sees it and the issue is gone
        line = self.ebay.orders["A-1"]["lineItems"][0]["lineItemId"]
        self.ebay.parcels["A-1"] = []
        self.ebay.ship("A-1", [{"lineItemId": line, "quantity": 1}], "BBB1", "DHL")
        self.run_flow("orders_in")
        self.send()
        self.assertEqual(self.shipments(sale).fulfillment_ref, "BBB1")
        self.assertEqual(issue.state, "done")

    @mute_logger(RUN)
    def test_a_refused_correction_is_told(self):
        sale = self.order()
        picking = self.leave(sale.picking_ids, "WRONG1")
        self.send()

        def refuse(*_args, **_values):
            raise rejected("37", "Not like this")

        self.ebay.complete_sale = refuse
        picking.carrier_tracking_ref = "RIGHT1"
        self.send()
        self.assertIn("correction_refused", self.codes())
        self.assertFalse(self.shipments(sale).correction)

    @mute_logger(RUN)
    def test_a_correction_is_sent_while_who_asked_may_ask(self):
        sale = self.order()
        picking = self.leave(sale.picking_ids, "WRONG1")
        self.send()
        complete = self.ebay.complete_sale

        def refuse(*_args, **_values):
            raise rejected("37", "Not like this")

        self.ebay.complete_sale = refuse
        picking.carrier_tracking_ref = "RIGHT1"
        self.send()
        self.ebay.complete_sale = complete
        parcel = self.shipments(sale)
        parcel.with_user(self.user).action_correct()
        self.assertEqual(parcel.correction_by_id, self.user)
        self.user.active = False
        self.send()
        self.assertEqual(parcel.told_tracking, "WRONG1")
        self.assertFalse(parcel.correction or parcel.correction_by_id)
        self.assertIn("asker_gone", self.codes())
        parcel.with_user(self.manager).action_correct()
        self.send()
        self.assertEqual(parcel.told_tracking, "RIGHT1")

    def test_unusable_numbers_are_asked_about(self):
        for ref, text, code in (
            ("A-1", "ÄÖÜ-123", "tracking_unreadable"),
            ("A-2", "9" * 200, "tracking_too_long"),
        ):
            sale = self.order(ref)
            self.leave(sale.picking_ids, text)
            self.send()
            self.assertEqual(self.shipments(sale).reason, code)
            self.assertIn(code, self.codes())
            self.assertNotIn(ref, self.ebay.parcels)

    def test_packages_are_parcels(self):
        sale = self.order(quantity=3)
        picking = sale.picking_ids
        [line] = picking.move_line_ids
        Package = self.env[line._fields["result_package_id"].comodel_name]
        line.write({"quantity": 1, "result_package_id": Package.create({}).id})
        line.copy({"quantity": 2, "result_package_id": Package.create({}).id})
        picking.move_ids.picked = True
        self.assertEqual(len(picking.move_line_ids.result_package_id), 2)
        picking.carrier_tracking_ref = "PACK1, PACK2"
        picking.button_validate()
        self.send()
        self.assertEqual(
            {
                one["fulfillmentId"]: one["lineItems"][0]["quantity"]
                for one in self.ebay.parcels["A-1"]
            },
            {"PACK1": 1, "PACK2": 2},
        )
        self.assertTrue(all(self.shipments(sale).mapped("parcel")))


@tagged("post_install", "-at_install")
class TestBackFromEbay(ShipmentCase):
    def shipped_there(self, ref="A-1", lines=None, number="EBAY1"):
        self.ebay.ship(ref, lines, number, "DHL")
        self.run_flow("orders_in")
        return self.send()

    def test_tracking_comes_to_the_open_delivery(self):
        sale = self.order()
        self.shipped_there()
        picking = sale.picking_ids
        self.assertEqual(picking.carrier_tracking_ref, "EBAY1")
        self.assertEqual(picking.state, "assigned")
        self.assertEqual(self.shipments(sale).origin, "ebay")
        self.ebay.calls.clear()
        self.send()
        self.assertFalse(self.ebay.calls)

    def test_what_is_validated_then_is_not_told_again(self):
        sale = self.order()
        self.shipped_there()
        self.leave(sale.picking_ids, sale.picking_ids.carrier_tracking_ref)
        self.run_flow("orders_in")
        self.send()
        self.assertEqual(self.ebay.told("A-1").total(), 2)
        self.assertEqual(len(self.shipments(sale)), 1)

    def test_by_rule_the_delivery_is_validated(self):
        self.account.shipped_on_ebay_rule = "validate"
        sale = self.order()
        self.shipped_there()
        self.assertEqual(sale.picking_ids.state, "done")
        self.assertEqual(sale.order_line.filtered("ebay_line_ref").qty_delivered, 2)

    def test_a_part_shipped_there_leaves_a_backorder(self):
        self.account.shipped_on_ebay_rule = "validate"
        sale = self.order(quantity=3)
        line = self.ebay.orders["A-1"]["lineItems"][0]["lineItemId"]
        self.shipped_there(lines=[{"lineItemId": line, "quantity": 1}])
        done = sale.picking_ids.filtered(lambda one: one.state == "done")
        self.assertEqual(done.move_ids.quantity, 1)
        rest = sale.picking_ids - done
        self.leave(rest, "MINE2")
        self.send()
        self.assertEqual(self.ebay.told("A-1").total(), 3)

    @mute_logger(RUN)
    def test_what_cannot_be_validated_is_in_the_inbox(self):
        self.account.shipped_on_ebay_rule = "validate"
        sale = self.order()
        sale.picking_ids.do_unreserve()
        self.shipped_there()
        self.assertNotEqual(sale.picking_ids.state, "done")
        self.assertEqual(sale.picking_ids.carrier_tracking_ref, "EBAY1")
        self.assertIn("validate_by_hand", self.codes())

    def test_a_number_corrected_on_ebay_counts(self):
        sale = self.order()
        picking = self.leave(sale.picking_ids, "OLD1")
        self.send()
        self.ebay.parcels["A-1"] = []
        self.shipped_there(number="NEW1")
        self.assertEqual(picking.carrier_tracking_ref, "NEW1")
        shipment = self.shipments(sale)
        self.assertEqual(shipment.fulfillment_ref, "NEW1")
        self.send()
        self.assertNotIn("completeSale", [call[0] for call in self.ebay.calls])

    def test_a_mirror_takes_parcels_over(self):
        self.account.mode = "mirror"
        sale = self.order()
        self.shipped_there()
        self.assertEqual(sale.picking_ids.carrier_tracking_ref, "EBAY1")

    def test_our_own_parcel_does_not_come_back(self):
        sale = self.order()
        self.leave(sale.picking_ids)
        self.send()
        self.run_flow("orders_in")
        self.ebay.calls.clear()
        self.send()
        self.assertFalse(self.ebay.calls)
        self.assertEqual(self.shipments(sale).origin, "odoo")


@tagged("post_install", "-at_install")
class TestBoard(ShipmentCase):
    def bucket(self, sale, zone="Europe/Warsaw"):
        self.env.flush_all()
        self.env.invalidate_all()
        board = self.env["ebay.delivery"].with_context(tz=zone).with_user(self.user)
        return board.search([("sale_order_id", "=", sale.id)])

    def test_days_are_those_of_the_user(self):
        now = datetime(2026, 10, 24, 22, 30, tzinfo=timezone.utc)
        self.assertEqual(
            day_borders(now, "Europe/Warsaw"),  # it is the 25th, a day of 25 hours
            (datetime(2026, 10, 25, 23), datetime(2026, 10, 26, 23)),
        )
        self.assertEqual(
            day_borders(now, "nowhere/at_all"),
            (datetime(2026, 10, 25), datetime(2026, 10, 26)),
        )

    def test_a_delivery_goes_through_the_board(self):
        sale = self.order()
        now = fields.Datetime.now()
        for deadline, bucket in (
            (now - timedelta(minutes=1), "overdue"),
            (day_borders(datetime.now(timezone.utc), "Europe/Warsaw")[0], "tomorrow"),
            (now + timedelta(days=9), "later"),
        ):
            sale.ebay_ship_by_at = deadline
            row = self.bucket(sale)
            self.assertEqual((row.bucket, row.next_action), (bucket, "ship"))
        self.assertEqual(row.action_next()["res_id"], sale.picking_ids.id)
        self.leave(sale.picking_ids, False)
        self.send()
        row = self.bucket(sale)
        self.assertEqual((row.bucket, row.next_action), ("unconfirmed", "tracking"))
        sale.picking_ids.carrier_tracking_ref = "Ä"
        self.send()
        row = self.bucket(sale)
        self.assertEqual((row.bucket, row.next_action), ("asking", "answer"))
        sale.picking_ids.carrier_tracking_ref = "GOOD1"
        self.send()
        self.assertFalse(self.bucket(sale))

    def test_the_days_have_a_column_and_the_rest_when_needed(self):
        sale = self.order()
        sale.ebay_ship_by_at = fields.Datetime.now() + timedelta(days=9)
        self.bucket(sale)
        groups = self.env["ebay.delivery"]._expand_buckets(["later", "asking"], [])
        self.assertEqual(groups, ["overdue", "today", "tomorrow", "asking", "later"])

    def test_another_companys_deliveries_are_not_shown(self):
        sale = self.order()
        company, _account = self.second_company()
        self.user.write(
            {"company_ids": [(6, 0, company.ids)], "company_id": company.id}
        )
        self.assertFalse(self.bucket(sale))

    def test_the_inbox_warns_before_the_deadline_and_forgets(self):
        sale = self.order()
        sale.ebay_ship_by_at = fields.Datetime.now() + timedelta(hours=30)
        self.send()
        self.assertNotIn("ship_by_near", self.codes())
        sale.ebay_ship_by_at = fields.Datetime.now() + timedelta(hours=20)
        self.send()
        self.send()
        issue = self.env["ebay.issue"].search([("code", "=", "ship_by_near")])
        self.assertEqual((issue.severity, issue.count), ("warning", 1))
        self.assertIn("1 deliveries", issue.summary)
        sale.ebay_ship_by_at = fields.Datetime.now() - timedelta(hours=1)
        self.send()
        self.assertEqual(
            self.env["ebay.issue"]
            .search([("code", "=", "ship_by_near"), ("state", "=", "open")])
            .severity,
            "danger",
        )
        self.leave(sale.picking_ids)
        self.send()
        self.assertNotIn("ship_by_near", self.codes())

    def test_who_ships_is_reminded_in_time(self):
        self.account.ship_by_user_id = self.user
        self.user.lang = "en_US"
        sale = self.order()
        sale.ebay_ship_by_at = fields.Datetime.now() + timedelta(hours=20)
        self.send()
        self.send()
        [reminder] = self.account.activity_ids
        self.assertEqual(reminder.user_id, self.user)
        self.assertIn("1 deliveries", reminder.summary)
        sale.ebay_ship_by_at = fields.Datetime.now() - timedelta(hours=1)
        self.send()
        self.assertIn("1 are late", self.account.activity_ids.summary)
        own = self.account.with_user(self.manager).activity_ids.create(
            {
                "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
                "res_model_id": self.env["ir.model"]._get_id("ebay.account"),
                "res_id": self.account.id,
                "summary": "Order new labels",
                "user_id": self.manager.id,
            }
        )
        self.leave(sale.picking_ids)
        self.send()
        self.assertEqual(self.account.activity_ids, own, "what a person noted stays")
        self.assertEqual(own.summary, "Order new labels")
