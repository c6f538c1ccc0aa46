"""What people do to an order in Odoo stays; where eBay goes on, they are asked."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_cases_orders import OrderStoryCase, _quantity


@tagged("post_install", "-at_install")
class TestClerks(OrderStoryCase):
    def confirmed(self, name="line_added_to_a_confirmed_order", steps=2):
        player = self.player(name)
        player.play(steps)
        self.assertEqual(player.sale.state, "sale")
        return player

    def note(self, player, text="Hello"):
        """Something changes at eBay that has nothing to do with a clerk's work."""
        player.changes_at_ebay(lambda order: order.update(buyerCheckoutNotes=text))
        self.assertEqual(player.sale.ebay_buyer_note, text)

    def entry(self, player, code):
        found = player.sale.ebay_issue_ids.filtered(
            lambda one: one.state == "open" and one.code == code
        )
        self.assertEqual(len(found), 1, self.open_codes(player.sale))
        return found.with_user(self.user)

    # -- stays -----------------------------------------------------------------

    def test_a_clerks_edits_stay_while_ebay_says_the_same(self):
        player = self.confirmed(steps=4)
        sale = player.sale
        first, second = sale.order_line.filtered("ebay_line_ref")
        other = self.env["res.partner"].create({"name": "Neighbour", "street": "X 1"})
        carrier = self.env["delivery.carrier"].create(
            {"name": "By hand", "product_id": self.storable("HAND").id}
        )
        sale.write({"partner_shipping_id": other.id, "carrier_id": carrier.id})
        second.product_uom_qty = 0
        first.price_unit = 9
        self.note(player)
        self.assertEqual(sale.partner_shipping_id, other)
        self.assertEqual(sale.carrier_id, carrier)
        self.assertEqual((first.price_unit, second.product_uom_qty), (9, 0))
        self.assertEqual(self.open_codes(sale), [])
        self.assertEqual(self.stored(player.ref).state, "imported")

    def test_a_split_line_stays_split(self):
        player = self.confirmed()
        player.changes_at_ebay(lambda order: _quantity(order, 0, 4))
        sale = player.sale
        line = sale.order_line.filtered("ebay_line_ref")
        line.product_uom_qty = 3
        line.copy({"order_id": sale.id, "product_uom_qty": 1})
        self.note(player)
        self.assertEqual(line.product_uom_qty, 3)
        self.assertEqual(self.open_codes(sale), [])

    def test_a_substituted_product_stays_when_the_quantity_changes(self):
        player = self.player("shipping_charge_revised_before_payment")
        player.play(2)
        line = player.sale.order_line.filtered("ebay_line_ref")
        line.write({"product_id": self.mugs[1].id, "price_unit": 10})
        player.play()
        self.assertEqual(player.sale.state, "sale")
        self.assertEqual(line.product_id, self.mugs[1])
        self.all_is_well(player, 14)

    # -- both ------------------------------------------------------------------

    def test_both_changed_the_quantity_and_ebays_is_taken(self):
        player = self.confirmed()
        line = player.sale.order_line.filtered("ebay_line_ref")
        line.product_uom_qty = 5
        player.changes_at_ebay(lambda order: _quantity(order, 0, 2))
        self.assertEqual(line.product_uom_qty, 5)
        entry = self.entry(player, "order_changed_held")
        with self.assertRaises(UserError):
            player.sale.picking_ids.button_validate()
        entry.action_take_ebays()
        self.assertEqual(line.product_uom_qty, 2)
        self.all_is_well(player, 24.9)
        with self.assertRaises(UserError):  # pressed twice
            entry.action_take_ebays()

    def test_to_ignore_is_to_keep_ours(self):
        player = self.confirmed()
        line = player.sale.order_line.filtered("ebay_line_ref")
        line.product_uom_qty = 5
        player.changes_at_ebay(lambda order: _quantity(order, 0, 2))
        entry = self.entry(player, "order_changed_held")
        entry.ignore_reason = "Agreed by telephone"
        entry.action_ignore()
        self.assertEqual((entry.state, line.product_uom_qty), ("done", 5))
        self.note(player)
        self.assertEqual(self.open_codes(player.sale), [])
        player.changes_at_ebay(lambda order: _quantity(order, 0, 3))
        self.assertTrue(self.entry(player, "order_changed_held"))

    def test_what_ebay_takes_back_is_asked_no_longer(self):
        player = self.confirmed()
        line = player.sale.order_line.filtered("ebay_line_ref")
        line.product_uom_qty = 5
        player.changes_at_ebay(lambda order: _quantity(order, 0, 2))
        self.entry(player, "order_changed_held")
        player.changes_at_ebay(lambda order: _quantity(order, 0, 1))
        self.assertEqual(self.open_codes(player.sale), [])
        self.assertEqual(line.product_uom_qty, 5)

    # -- cancelling ------------------------------------------------------------

    def test_cancelled_here_and_open_at_ebay_is_said_at_once_and_reopened(self):
        player = self.confirmed()
        sale = player.sale
        sale.with_user(self.env.ref("base.user_admin"))._action_cancel()
        entry = self.entry(player, "cancelled_here")
        self.assertEqual(entry.severity, "danger")
        player.changes_at_ebay(lambda order: order.update(buyerCheckoutNotes="Hello?"))
        entry = self.entry(player, "cancelled_here")
        entry.sudo().action_reopen()
        self.run_flow("orders_in")
        self.assertEqual((sale.state, sale.ebay_buyer_note), ("sale", "Hello?"))
        self.assertEqual(self.open_codes(sale), [])

    def test_ebays_own_cancellation_asks_nobody(self):
        player = self.confirmed()
        player.changes_at_ebay(_cancel)
        self.assertEqual(player.sale.state, "cancel")
        self.assertEqual(self.open_codes(player.sale), [])

    def test_a_pick_inside_the_house_is_no_shipment(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        player = self.confirmed()
        sale = player.sale
        shelf = self.warehouse.lot_stock_id
        pick = sale.picking_ids.filtered(lambda one: one.location_id == shelf)
        pick.move_ids.picked = True
        pick.button_validate()
        self.assertEqual(pick.state, "done")
        player.changes_at_ebay(_cancel)
        self.assertEqual(sale.state, "cancel")
        self.assertEqual(set((sale.picking_ids - pick).mapped("state")), {"cancel"})
        entry = self.entry(player, "bring_back")
        self.assertIn(pick.name, entry.advice)
        entry.action_fix()
        self.assertEqual(entry.state, "done")

    def test_the_rest_of_a_partly_shipped_order_is_cancelled(self):
        player = self.confirmed(steps=4)
        sale = player.sale
        picking = sale.picking_ids
        picking.move_ids[0].picked = True
        picking.with_context(skip_backorder=True).button_validate()
        rest = sale.picking_ids - picking
        self.assertEqual((picking.state, len(rest)), ("done", 1))
        player.changes_at_ebay(_cancel)
        self.assertEqual(rest.state, "cancel")
        self.entry(player, "cancelled_after_shipping")

    def test_a_wish_to_cancel_holds_the_transfer_until_it_is_answered(self):
        player = self.confirmed()
        picking = player.sale.picking_ids
        player.changes_at_ebay(
            lambda order: order["cancelStatus"].update(cancelState="IN_PROGRESS")
        )
        with self.assertRaises(UserError):
            picking._action_done()
        player.changes_at_ebay(
            lambda order: order["cancelStatus"].update(cancelState="NONE_REQUESTED")
        )
        picking.move_ids.picked = True
        picking._action_done()
        self.assertEqual(picking.state, "done")

    # -- money -----------------------------------------------------------------

    def test_a_total_that_somebody_confirmed_is_accepted(self):
        player = self.player("shipping_charge_revised_before_payment")
        player.play(2)
        line = player.sale.order_line.filtered("ebay_line_ref")
        line.price_unit = 8
        player.play()
        sale = player.sale
        self.assertEqual(
            (sale.state, self.open_codes(sale)), ("draft", ["total_differs"])
        )
        sale.action_confirm()
        self.assertEqual(self.open_codes(sale), [])
        self.note(player)
        self.assertEqual((line.price_unit, self.open_codes(sale)), (8, []))

    # -- before bases were kept ------------------------------------------------

    def test_an_order_of_before_follows_where_nobody_has_touched_it(self):
        player = self.confirmed("address_changed_before_shipping")
        self.stored(player.ref).applied = False
        player.play()
        self.goes_to_ulm(player.sale)

    def test_an_order_of_before_keeps_what_somebody_changed(self):
        player = self.confirmed("address_changed_before_shipping")
        sale = player.sale
        self.stored(player.ref).applied = False
        other = self.env["res.partner"].create({"name": "Neighbour", "street": "X 1"})
        sale.partner_shipping_id = other
        player.play()
        self.assertEqual(sale.partner_shipping_id, other)
        self.entry(player, "order_changed_held")

    # -- nothing ---------------------------------------------------------------

    def test_the_same_document_again_writes_nothing(self):
        player = self.confirmed(steps=4)
        sale = player.sale
        messages = len(sale.message_ids)
        row = self.stored(player.ref)
        applied = row.applied
        row._build_again()
        refuses = AssertionError("written again")
        for model in ("sale.order", "sale.order.line", "stock.picking", "res.partner"):
            self.startPatcher(
                patch.object(type(self.env[model]), "write", side_effect=refuses)
            )
        self.run_flow("orders_in")
        self.assertEqual(row.state, "imported", row.message)
        self.assertEqual(row.applied, applied)
        self.assertEqual(len(sale.message_ids), messages)

    def test_what_was_applied_forgets_the_buyer_with_the_document(self):
        player = self.confirmed()
        row = self.stored(player.ref)
        self.assertIn("Probeweg", str(row.applied))
        self.account.payload_days = 30
        row.write({"is_open": False, "ebay_modified_at": "2020-01-01 00:00:00"})
        self.run_flow("housekeeping")
        self.assertNotIn("Probeweg", str(row.applied))
        self.assertIn("quantity/", str(row.applied))


def _cancel(order):
    order["cancelStatus"]["cancelState"] = "CANCELED"
