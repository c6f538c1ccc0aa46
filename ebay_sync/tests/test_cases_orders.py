"""Stories of orders that change at eBay after they came, played from their files."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .case_player import StoryCase

ULM = ("Otto Empfang", "Neugasse 9", "Ulm", "89073")


class OrderStoryCase(StoryCase):
    def goes_to_ulm(self, sale):
        """Order and open transfers have the address that eBay shows now."""
        self.assertEqual(sale.state, "sale", sale.ebay_order_id.message)
        place = sale.partner_shipping_id
        self.assertEqual((place.name, place.street, place.city, place.zip), ULM)
        transfers = sale.picking_ids.filtered(lambda one: one.state != "cancel")
        self.assertTrue(transfers)
        self.assertEqual(transfers.partner_id, place)

    def open_codes(self, sale):
        """The codes of the order's open entries."""
        issues = sale.ebay_issue_ids.filtered(lambda one: one.state == "open")
        return sorted(issues.mapped("code"))

    def all_is_well(self, player, total):
        """Imported, with eBay's total, and nobody asked."""
        sale, row = player.sale, self.stored(player.ref)
        self.assertEqual(row.state, "imported", row.message)
        self.assertAlmostEqual(sale.amount_total, total)
        self.assertEqual(self.open_codes(sale), [])


@tagged("post_install", "-at_install")
class TestStories(OrderStoryCase):
    def test_another_address_chosen_at_payment(self):
        player = self.player("other_address_chosen_at_payment")
        player.play(2)
        self.assertEqual(player.sale.state, "draft")
        self.assertEqual(player.sale.partner_shipping_id.city, "Köln")
        player.play()
        self.goes_to_ulm(player.sale)
        self.all_is_well(player, 10)

    def test_an_address_changed_before_shipping(self):
        player = self.player("address_changed_before_shipping")
        player.play()
        self.goes_to_ulm(player.sale)
        self.all_is_well(player, 10)

    def test_an_address_known_only_after_payment(self):
        player = self.player("address_known_only_after_payment")
        player.play(2)
        self.assertTrue(player.sale.partner_id.ebay_is_placeholder)
        player.play()
        self.goes_to_ulm(player.sale)
        self.all_is_well(player, 10)
        self.assertFalse(player.sale.partner_id.ebay_is_placeholder)

    def test_a_line_added_to_a_confirmed_order(self):
        player = self.player("line_added_to_a_confirmed_order")
        player.play()
        self.all_is_well(player, 20.9)
        goods = player.sale.order_line.filtered("ebay_line_ref")
        self.assertEqual(goods.product_id, self.mugs[0] | self.mugs[1])
        self.assertEqual(set(goods.move_ids.mapped("state")), {"assigned"})

    def test_a_shipping_charge_revised_before_payment(self):
        player = self.player("shipping_charge_revised_before_payment")
        player.play()
        self.assertEqual(player.sale.state, "sale")
        self.all_is_well(player, 14)

    def test_a_line_refunded_before_shipping(self):
        player = self.player("line_refunded_before_shipping")
        player.play()
        sale = player.sale
        moves = sale.picking_ids.move_ids.filtered(lambda one: one.state != "cancel")
        self.assertEqual(moves.product_id, self.mugs[0])
        self.all_is_well(player, 14)
        self.assertEqual(self.mugs[1].free_qty, 100)

    def test_two_unpaid_orders_paid_as_one(self):
        self.account.hold_days = 5
        player = self.player("two_unpaid_orders_paid_as_one")
        player.play(2)
        former = self.sale(player.shown[0]) | self.sale(player.shown[1])
        self.assertEqual(self.mugs[2].free_qty, 97)
        player.play(do=[lambda one: one.hide(*one.shown)])
        self.assertEqual(player.sale.state, "sale")
        self.assertEqual(set(former.mapped("state")), {"cancel"})
        self.assertEqual(self.mugs[2].free_qty, 97)
        self.all_is_well(player, 35.9)
        names = "".join(player.sale.message_ids.mapped("body"))
        for sale in former:
            self.assertIn(sale.name, names)
            self.assertIn(player.ref, "".join(sale.message_ids.mapped("body")))


@tagged("post_install", "-at_install")
class TestVariationsOfStories(OrderStoryCase):
    """The same stories a step earlier or later, under another number, two at once."""

    def test_the_address_comes_with_the_payment_under_the_same_number(self):
        player = self.player("other_address_chosen_at_payment")
        player.play(3)
        player.pay(renumber=False)
        self.run_flow("orders_in")
        self.goes_to_ulm(player.sale)

    def test_the_address_comes_a_run_before_the_payment(self):
        player = self.player("other_address_chosen_at_payment")
        player.play(3)
        self.run_flow("orders_in")
        self.assertEqual(player.sale.state, "draft")
        self.assertEqual(player.sale.partner_shipping_id.city, "Ulm")
        player.play()
        self.goes_to_ulm(player.sale)

    def test_two_such_orders_at_once_and_a_known_buyer(self):
        known = self.env["res.partner"].create({"name": "Otto", "ebay_username": "t_b"})
        first = self.player("other_address_chosen_at_payment")
        second = self.player("other_address_chosen_at_payment", mark="-2")
        first.play(2)
        second.play(3)
        first.play()
        second.play()
        for player in (first, second):
            self.goes_to_ulm(player.sale)
            self.assertEqual(player.sale.partner_id, known)
        self.assertNotEqual(first.sale, second.sale)

    def test_a_quotation_that_was_sent_is_confirmed_when_paid(self):
        player = self.player("shipping_charge_revised_before_payment")
        player.play(2)
        player.sale.state = "sent"
        player.play()
        self.assertEqual(player.sale.state, "sale")
        self.all_is_well(player, 14)

    def test_what_comes_with_the_payment_reaches_order_transfer_and_board(self):
        player = self.player("shipping_charge_revised_before_payment")
        player.play(3)
        order = player.document
        for line in order["lineItems"]:
            line["lineItemFulfillmentInstructions"] = {
                "shipByDate": "2027-01-04T22:59:59.000Z"
            }
        player.show_as_is(order)
        player.pay(buyerCheckoutNotes="Ring twice")
        self.run_flow("orders_in")
        sale, picking = player.sale, player.sale.picking_ids
        self.assertEqual(sale.state, "sale")
        self.assertEqual(str(sale.commitment_date), "2027-01-04 22:59:59")
        self.assertEqual(str(picking.move_ids.date_deadline), "2027-01-04 22:59:59")
        self.assertEqual(str(picking.ebay_ship_by_at), "2027-01-04 22:59:59")
        self.assertEqual(picking.ebay_buyer_note, "Ring twice")

    def test_quantities_go_up_and_down_and_a_line_is_dropped(self):
        player = self.player("line_added_to_a_confirmed_order")
        player.play()
        sale = player.sale

        def more(order):
            _quantity(order, 0, 3)

        player.changes_at_ebay(more)
        moves = self.open_moves(sale)
        self.assertEqual(moves, {self.mugs[0]: 3, self.mugs[1]: 1})
        self.all_is_well(player, 40.9)

        def less(order):
            _quantity(order, 0, 2)

        player.changes_at_ebay(less)
        self.assertEqual(self.open_moves(sale), {self.mugs[0]: 2, self.mugs[1]: 1})

        def dropped(order):
            _drop(order, 1)

        player.changes_at_ebay(dropped)
        self.assertEqual(self.open_moves(sale), {self.mugs[0]: 2})
        self.all_is_well(player, 24.9)
        self.assertFalse(
            sale.picking_ids.filtered(lambda one: one.picking_type_code == "incoming")
        )
        bodies = "".join(sale.message_ids.mapped("body"))
        self.assertIn("not to be sent any more", bodies)

    def open_moves(self, sale):
        """What is still to leave, ``{product: pieces}``."""
        moves = sale.picking_ids.move_ids.filtered(
            lambda one: one.state not in ("done", "cancel")
        )
        return {
            product: sum(own.mapped("product_uom_qty"))
            for product, own in moves.grouped("product_id").items()
        }

    def test_a_line_refunded_while_it_is_picked_holds_the_transfer(self):
        player = self.player("line_refunded_before_shipping")
        player.play(2)
        picking = player.sale.picking_ids
        picking.move_ids.picked = True
        player.play()
        self.assertEqual(self.open_codes(player.sale), ["order_changed_held"])
        self.assertIn("MUG-2", picking.ebay_held_reason)
        for leave in (picking.button_validate, picking._action_done):
            with self.assertRaises(UserError):
                leave()
        entry = player.sale.ebay_issue_ids.filtered(lambda one: one.state == "open")
        entry.with_user(self.user).action_fix()
        self.assertEqual(entry.state, "done")
        self.assertFalse(picking.ebay_held_reason)
        self.assertEqual(self.open_moves(player.sale), {self.mugs[0]: 1})
        self.all_is_well(player, 14)
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_an_address_changed_while_it_is_picked_is_kept_by_decision(self):
        player = self.player("address_changed_before_shipping")
        player.play(2)
        sale = player.sale
        sale.picking_ids.printed = True
        player.play()
        self.assertEqual(sale.partner_shipping_id.city, "Köln")
        entry = sale.ebay_issue_ids.filtered(lambda one: one.state == "open")
        self.assertEqual((entry.code, entry.severity), ("order_changed_held", "danger"))
        self.assertIn("Neugasse 9", entry.advice)
        entry.with_user(self.user).action_keep_ours()
        self.assertEqual(entry.state, "done")
        player.changes_at_ebay(lambda order: order.update(buyerCheckoutNotes="Hello"))
        self.assertEqual(self.open_codes(sale), [])
        self.assertEqual(sale.partner_shipping_id.city, "Köln")
        sale.picking_ids.button_validate()
        self.assertEqual(sale.picking_ids.state, "done")

    def test_an_address_changed_after_shipping_is_told_once(self):
        player = self.player("address_changed_before_shipping")
        player.play(2)
        picking = player.sale.picking_ids
        picking.move_ids.picked = True
        picking.button_validate()
        player.play()
        self.assertEqual(self.open_codes(player.sale), ["changed_after_shipping"])
        self.assertEqual(picking.partner_id.city, "Köln")

    def test_the_rest_of_two_unpaid_orders_that_were_confirmed_by_hand(self):
        player = self.player("two_unpaid_orders_paid_as_one")
        player.play(2)
        former = self.sale(player.shown[0]) | self.sale(player.shown[1])
        former.action_confirm()
        player.play(do=[lambda one: one.hide(*one.shown)])
        self.assertEqual(set(former.mapped("state")), {"cancel"})
        self.assertEqual(self.mugs[2].free_qty, 97)
        self.all_is_well(player, 35.9)


def _quantity(order, place, quantity):
    """The line at a place costs 10.00 a piece and is of so many pieces now."""
    line = order["lineItems"][place]
    line["quantity"] = quantity
    line["lineItemCost"]["value"] = f"{10 * quantity}.00"
    _add_up(order)


def _drop(order, place):
    order["lineItems"].pop(place)
    _add_up(order)


def _add_up(order):
    goods = sum(float(line["lineItemCost"]["value"]) for line in order["lineItems"])
    summary = order["pricingSummary"]
    summary["priceSubtotal"]["value"] = f"{goods:.2f}"
    total = goods + float(summary["deliveryCost"]["value"])
    summary["total"]["value"] = f"{total:.2f}"
