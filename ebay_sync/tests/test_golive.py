"""From mirror to live: preview, opening stock, pilot, all; undone up to live."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ebay_sync.flows import takeover as takeover_flow

from .listings_case import ListingsCase


class GoLiveCase(ListingsCase):
    """Three linked listings: equal stock, other stock, none in Odoo."""

    def setUp(self):
        super().setUp()
        self.place = (
            self.env["stock.warehouse"]
            .search([("company_id", "=", self.account.company_id.id)], limit=1)
            .lot_stock_id
        )
        self.products = {}
        for ref, code, shelf, shown in (
            ("1001", "EVEN", 5, 5),
            ("1002", "OTHER", 9, 4),
            ("1003", "NONE", 0, 7),
        ):
            self.products[code] = self.product(code, shelf)
            self.ebay.add(ref, code, quantity=shown)
        self.pull()

    def product(self, code, shelf=0, **values):
        product = self.env["product.product"].create(
            {"name": code, "default_code": code, "is_storable": True, **values}
        )
        self.put(product, shelf)
        return product

    def put(self, product, pieces):
        if pieces:
            self.env["stock.quant"]._update_available_quantity(
                product, self.place, pieces
            )

    def on_hand(self, code):
        product = self.products[code]
        product.invalidate_recordset()
        return product.qty_available

    def preview(self):
        action = self.account.with_user(self.manager).action_preview()
        return (
            self.env["ebay.takeover"].browse(action["res_id"]).with_user(self.manager)
        )

    def line(self, takeover, code):
        return takeover.line_ids.filtered(
            lambda one: one.product_id == self.products[code]
        )

    def sell(self, code, pieces):
        """A confirmed order of somebody; nothing has left yet."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Buyer"}).id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.products[code].id,
                            "product_uom_qty": pieces,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        return order

    def adopted(self, **values):
        takeover = self.preview()
        takeover.write(values)
        takeover.action_adopt()
        self.pull()
        return takeover


@tagged("post_install", "-at_install")
class TestPreview(GoLiveCase):
    def test_both_sides_stand_side_by_side_and_nothing_changes(self):
        takeover = self.preview()
        self.assertEqual(takeover.line_count, 3)
        self.assertEqual((takeover.quantity_count, takeover.zero_count), (2, 1))
        other = self.line(takeover, "OTHER")
        self.assertEqual((other.ebay_quantity, other.odoo_quantity), (4, 9))
        self.assertTrue(self.line(takeover, "NONE").goes_to_zero)
        self.assertFalse(self.line(takeover, "EVEN").quantity_differs)
        self.assertEqual(self.on_hand("OTHER"), 9)
        self.assertEqual(set(self.rows().mapped("stock_master")), {"nobody"})

    def test_prices_are_compared_by_the_accounts_rules(self):
        pricelist = self.env["product.pricelist"].create(
            {"name": "P", "currency_id": self.rows()[0].currency_id.id}
        )
        self.env["ebay.price.rule"].create(
            {"account_id": self.account.id, "pricelist_id": pricelist.id}
        )
        self.account.price_move_limit = 30
        self.products["EVEN"].list_price = 10.0
        self.products["OTHER"].list_price = 11.0
        self.products["NONE"].list_price = 50.0
        takeover = self.preview()
        prices = {
            line.product_id.default_code: (line.price_differs, line.price_jumps)
            for line in takeover.line_ids
        }
        self.assertEqual(prices["EVEN"], (False, False))
        self.assertEqual(prices["OTHER"], (True, False))
        self.assertEqual(prices["NONE"], (True, True))

    def test_ended_ignored_and_unlinked_listings_are_no_lines(self):
        self.rows("1001").action_ignore()
        self.ebay.change("1002", status="Completed")
        self.pull()
        self.assertEqual(self.preview().line_count, 1)

    def test_only_managers_compare_and_decide(self):
        with self.assertRaises(AccessError):
            self.account.with_user(self.user).action_preview()
        takeover = self.preview()
        with self.assertRaises(AccessError):
            takeover.with_user(self.user).action_adopt()
        with self.assertRaises(AccessError):
            self.rows("1001").with_user(self.user).stock_master = "odoo"


@tagged("post_install", "-at_install")
class TestOpeningStock(GoLiveCase):
    def test_odoo_gets_what_ebay_shows_by_an_inventory_adjustment(self):
        takeover = self.adopted()
        self.assertEqual(takeover.state, "adopted")
        stock = {code: self.on_hand(code) for code in self.products}
        self.assertEqual(stock, {"EVEN": 5, "OTHER": 4, "NONE": 7})
        moves = self.env["stock.move"].search(
            [("product_id", "=", self.products["NONE"].id)]
        )
        self.assertTrue(moves.is_inventory)
        self.assertEqual((moves.state, moves.quantity), ("done", 7))
        self.assertEqual(set(self.rows().mapped("stock_master")), {"ebay"})
        self.assertEqual(self.line(takeover, "OTHER").adopted, -5)

    def test_orders_on_the_way_are_counted_on_top(self):
        self.sell("OTHER", 3)  # reserved
        self.sell("NONE", 2)  # promised, nothing to reserve yet
        self.adopted()
        self.assertEqual(self.on_hand("OTHER"), 7)
        self.assertEqual(self.on_hand("NONE"), 9)
        product = self.products["OTHER"]
        self.assertEqual(product.free_qty, 4)

    def test_orders_stored_and_not_built_are_counted_too(self):
        order = self.env["ebay.order"].create(
            {"account_id": self.account.id, "order_ref": "1-1", "state": "pending"}
        )
        self.env["ebay.order.line"].create(
            {
                "order_id": order.id,
                "account_id": self.account.id,
                "ordered_at": fields.Datetime.now(),
                "listing_ref": "1003",
                "sku": "NONE",
                "quantity": 2,
            }
        )
        self.adopted()
        self.assertEqual(self.on_hand("NONE"), 9)

    def test_only_chosen_lines_are_adopted(self):
        takeover = self.preview()
        self.line(takeover, "NONE").action_leave()
        takeover.action_adopt()
        self.pull()
        self.assertEqual(self.on_hand("NONE"), 0)
        self.assertEqual(self.rows("1003").stock_master, "nobody")
        self.assertEqual(self.rows("1002").stock_master, "ebay")

    def test_what_cannot_be_adopted_says_why(self):
        self.products["LOT"] = self.product("LOT", tracking="lot")
        self.products["FREE"] = self.product("FREE", is_storable=False)
        self.ebay.add("1004", "LOT", quantity=3)
        self.ebay.add("1005", "FREE", quantity=3)
        self.ebay.change("1004")
        self.ebay.change("1005")
        self.pull()
        takeover = self.preview()
        takeover.line_ids.action_choose()
        takeover.action_adopt()
        self.pull()
        self.assertEqual(self.line(takeover, "LOT").problem, "tracked")
        self.assertEqual(self.line(takeover, "FREE").problem, "not_counted")
        self.assertEqual(self.on_hand("NONE"), 7, "and the others are adopted")

    def test_listings_of_one_product_that_disagree_are_left_or_decided(self):
        self.ebay.add("1006", "TWIN", quantity=2)
        self.ebay.change("1006")
        self.pull()
        self.rows("1006").product_id = self.products["NONE"]
        takeover = self.adopted()
        problems = set(self.line(takeover, "NONE").mapped("problem"))
        self.assertEqual(problems, {"disagree"})
        self.assertEqual(self.on_hand("NONE"), 0)
        self.adopted(several="lowest")
        self.assertEqual(self.on_hand("NONE"), 2)

    def test_undoing_takes_back_the_difference_and_nothing_else(self):
        takeover = self.adopted()
        self.put(self.products["NONE"], 10)
        takeover.action_undo()
        self.pull()
        self.assertEqual(takeover.state, "undone")
        self.assertEqual(self.on_hand("OTHER"), 9)
        self.assertEqual(self.on_hand("NONE"), 10)
        self.assertEqual(set(self.rows().mapped("stock_master")), {"nobody"})

    def test_it_is_adopted_once_however_often_one_presses(self):
        takeover = self.preview()
        takeover.action_adopt()
        with self.assertRaises(UserError):
            takeover.action_adopt()
        self.pull()
        self.pull()
        with self.assertRaises(UserError):
            takeover.action_adopt()
        self.assertEqual(self.on_hand("NONE"), 7)

    def test_a_crowd_is_adopted_in_slices(self):
        takeover = self.preview()
        self.patch(takeover_flow, "ADJUST_AT_ONCE", 1)
        work = type(self.env["ebay.flow.listings.in"])._work

        def hurried(flow, run):
            run.checkpoint.deadline = 0
            work(flow, run)

        self.patch(type(self.env["ebay.flow.listings.in"]), "_work", hurried)
        takeover.action_adopt()
        states = [self.pull().state for _run in range(4)]
        self.assertEqual(states[0], "partial")
        self.assertEqual(takeover.state, "adopted")
        self.assertEqual((self.on_hand("OTHER"), self.on_hand("NONE")), (4, 7))


@tagged("post_install", "-at_install")
class TestEbayDecides(GoLiveCase):
    def setUp(self):
        super().setUp()
        self.adopted()
        self.account.orders_read_until_at = fields.Datetime.now() + timedelta(hours=1)

    def test_a_new_quantity_becomes_odoos_and_is_logged(self):
        self.ebay.change("1002", quantity=12)
        log = self.pull()
        self.assertEqual(self.on_hand("OTHER"), 12)
        changes = [line.changes for line in log.line_ids]
        self.assertIn({"stock": [4.0, 12.0]}, changes)
        self.assertFalse(self.rows("1002").stock_pending)

    def test_a_sale_that_odoo_knows_is_not_taken_off_twice(self):
        self.sell("OTHER", 1)
        self.ebay.change("1002", quantity=3)
        self.pull()
        self.assertEqual(self.on_hand("OTHER"), 4)
        self.assertEqual(self.products["OTHER"].free_qty, 3)

    def test_a_quantity_newer_than_the_orders_waits_for_them(self):
        self.account.orders_read_until_at = fields.Datetime.now() - timedelta(hours=1)
        self.ebay.change("1002", quantity=3)
        self.pull()
        self.assertEqual(self.on_hand("OTHER"), 4)
        self.assertTrue(self.rows("1002").stock_pending)
        self.account.orders_read_until_at = fields.Datetime.now() + timedelta(hours=1)
        self.pull()
        self.assertEqual(self.on_hand("OTHER"), 3)

    def test_stock_that_odoo_received_stays_until_ebay_says_something_new(self):
        self.put(self.products["OTHER"], 6)
        self.pull()
        self.assertEqual(self.on_hand("OTHER"), 10)

    def test_nobodys_stock_is_left_alone(self):
        self.rows("1002").stock_master = "nobody"
        self.ebay.change("1002", quantity=12)
        self.pull()
        self.assertEqual(self.on_hand("OTHER"), 4)


@tagged("post_install", "-at_install")
class TestGoLive(GoLiveCase):
    def test_the_preview_comes_first(self):
        account = self.account.with_user(self.manager)
        with self.assertRaises(UserError):
            account.action_go_live()
        takeover = self.preview()
        takeover.sudo().computed_at = fields.Datetime.now() - timedelta(days=2)
        with self.assertRaises(UserError):
            account.action_go_live()
        takeover.action_compute()
        account.action_go_live()
        self.assertEqual((self.account.mode, self.account.golive_stage), ("live",) * 2)

    def test_the_pilot_goes_first_and_then_all(self):
        self.preview()
        account = self.account.with_user(self.manager)
        with self.assertRaises(UserError):
            account.action_go_live_pilot()
        account.pilot_domain = "[('sku', '=', 'EVEN')]"
        account.action_go_live_pilot()
        masters = {row.sku: row.stock_master for row in self.rows()}
        self.assertEqual(masters, {"EVEN": "odoo", "OTHER": "nobody", "NONE": "nobody"})
        self.assertEqual(self.account.mode, "live")
        account.action_go_live()
        self.assertEqual(set(self.rows().mapped("stock_master")), {"odoo"})
        self.assertEqual(set(self.rows().mapped("price_master")), {"nobody"})

    def test_prices_go_live_only_when_wanted(self):
        self.preview()
        self.account.golive_prices = True
        self.account.with_user(self.manager).action_go_live()
        self.assertEqual(set(self.rows().mapped("price_master")), {"odoo"})

    def test_what_is_linked_later_follows_the_stage(self):
        self.preview()
        self.account.pilot_domain = "[('sku', 'like', 'NEW')]"
        self.account.with_user(self.manager).action_go_live_pilot()
        for ref, code in (("1010", "NEW-1"), ("1011", "LATER")):
            self.product(code)
            self.ebay.add(ref, code)
            self.ebay.change(ref)
        self.pull()
        self.assertEqual(self.rows("1010").stock_master, "odoo")
        self.assertEqual(self.rows("1011").stock_master, "nobody")

    def test_back_to_the_mirror_stops_every_write(self):
        self.preview()
        account = self.account.with_user(self.manager)
        account.action_go_live()
        account.action_back_to_mirror()
        self.assertEqual(self.account.mode, "mirror")
        self.assertFalse(self.account._may_write())
        self.assertEqual(set(self.rows().mapped("stock_master")), {"nobody"})

    def test_a_live_account_does_not_undo_its_opening_stock(self):
        takeover = self.adopted()
        self.account.with_user(self.manager).action_go_live()
        with self.assertRaises(UserError):
            takeover.action_undo()

    def test_a_copied_database_does_not_go_live(self):
        self.preview()
        self.account.armed_for = "another database"
        with self.assertRaises(UserError):
            self.account.with_user(self.manager).action_go_live()

    def test_a_pilot_that_is_no_filter_is_refused(self):
        for text in ("[('nothing', '=', 1)]", "__import__('os')", "[(", "{}"):
            with self.assertRaises(ValidationError):
                self.account.with_user(self.manager).pilot_domain = text

    def test_a_user_does_not_go_live(self):
        self.preview()
        for name in ("action_go_live", "action_go_live_pilot", "action_back_to_mirror"):
            with self.assertRaises(AccessError):
                getattr(self.account.with_user(self.user), name)()
