"""eBay's quantities become Odoo's: adopted before going live, or followed."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ebay_sync.flows.listings import takeover as takeover_flow
from odoo.addons.ebay_sync.flows.listings.store import ListingStore

from .golive_case import GoLiveCase


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

    def test_what_changed_after_the_preview_is_left_alone(self):
        takeover = self.preview()
        self.rows("1002").product_id = self.product("NEW", 6)
        self.ebay.change("1003", status="Completed")
        self.pull()
        takeover.action_adopt()
        self.pull()
        for code, stays in (("OTHER", 9), ("NONE", 0)):
            self.assertEqual(self.line(takeover, code).problem, "gone")
            self.assertEqual(self.on_hand(code), stays)
        self.assertEqual(self.rows("1002").product_id.qty_available, 6)
        self.assertEqual(self.rows("1002").stock_master, "nobody")

    def test_of_several_warehouses_the_accounts_own_gets_the_difference(self):
        second = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        Quant = self.env["stock.quant"]
        there, none = second.lot_stock_id, self.products["NONE"]
        Quant._update_available_quantity(none, there, 3)
        Quant._update_available_quantity(self.products["EVEN"], there, 2)
        self.adopted()
        here = {
            code: Quant._get_available_quantity(self.products[code], self.place)
            for code in self.products
        }
        self.assertEqual(here, {"EVEN": 3, "OTHER": 4, "NONE": 4})
        self.assertEqual(Quant._get_available_quantity(none, there), 3)

    def test_a_kit_is_left_alone(self):
        if "mrp.bom" not in self.env:
            self.skipTest("Manufacturing is not installed")
        kit = self.products["NONE"]
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create(
                        {"product_id": self.product("PART").id, "product_qty": 2}
                    )
                ],
            }
        )
        takeover = self.adopted()
        self.assertEqual(self.line(takeover, "NONE").problem, "kit")
        self.assertFalse(kit.stock_move_ids)

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

    def test_it_waits_until_what_ebay_has_sold_is_known(self):
        self.account.orders_read_until_at = fields.Datetime.now() - timedelta(hours=1)
        takeover = self.preview()
        takeover.action_adopt()
        orders = type(self.env["ebay.flow.orders.in"])
        with patch.object(orders, "_fetch_changed", lambda flow, run: None):
            self.pull()
        self.assertEqual(takeover.state, "adopting")
        self.assertEqual(self.on_hand("OTHER"), 9)

        def fetch(flow, run):
            run.account.orders_read_until_at = fields.Datetime.now()

        with patch.object(orders, "_fetch_changed", fetch):
            self.pull()
        self.assertEqual(takeover.state, "adopted")
        self.assertEqual(self.on_hand("OTHER"), 4)

    def test_where_odoo_decides_already_nothing_is_adopted(self):
        self.rows("1002").stock_master = "odoo"
        takeover = self.adopted()
        self.assertEqual(self.line(takeover, "OTHER").problem, "decided")
        self.assertEqual(self.on_hand("OTHER"), 9)

    def test_an_archived_product_is_adopted_and_counted_like_any_other(self):
        self.products["OTHER"].active = False
        takeover = self.adopted()
        self.assertFalse(self.line(takeover, "OTHER").problem)
        self.assertEqual(self.on_hand("OTHER"), 4)

    def test_a_place_that_holds_nothing_itself_gets_nothing(self):
        self.account.stock_place_ids = self.place.location_id
        self.assertEqual(self.place.location_id.usage, "view")
        self.adopted()
        quant = self.products["NONE"].stock_quant_ids
        here = quant.filtered(lambda one: one.location_id == self.place)
        self.assertEqual(here.quantity, 7)

    def test_two_companies_adopt_their_own_stock_of_a_shared_product(self):
        company, other = self.second_company()
        shared = self.products["OTHER"]
        self.assertFalse(shared.company_id)
        theirs = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
        theirs = theirs or self.env["stock.warehouse"].create(
            {"name": "Theirs", "code": "THEIR", "company_id": company.id}
        )
        Quant = self.env["stock.quant"].with_company(company)
        Quant._update_available_quantity(shared, theirs.lot_stock_id, 30)
        self.connect(other)
        other.orders_read_until_at = fields.Datetime.now() + timedelta(hours=1)
        ours, self.account = self.account, other
        self.pull()
        listing = self.rows("1002")
        self.assertEqual((listing.company_id, listing.product_id), (company, shared))
        self.manager.company_ids |= company
        takeover = self.preview()
        self.assertEqual(self.line(takeover, "OTHER").odoo_quantity, 30)
        takeover.action_adopt()
        self.pull()
        self.account = ours
        quants = self.env["stock.quant"].search([("product_id", "=", shared.id)])
        here = {
            quant.company_id: quant.quantity
            for quant in quants
            if quant.location_id.usage == "internal"
        }
        self.assertEqual(here, {self.account.company_id: 9, company: 4})

    def test_undoing_takes_back_the_difference_and_nothing_else(self):
        takeover = self.adopted()
        self.put(self.products["NONE"], 10)
        takeover.action_undo()
        self.pull()
        self.assertEqual(takeover.state, "undone")
        self.assertEqual(self.on_hand("OTHER"), 9)
        self.assertEqual(self.on_hand("NONE"), 10)
        self.assertEqual(set(self.rows().mapped("stock_master")), {"nobody"})

    def test_what_has_moved_meanwhile_is_said_and_can_be_tried_again(self):
        takeover = self.adopted()
        quant = self.products["NONE"].stock_quant_ids.filtered(
            lambda one: one.location_id == self.place
        )
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.place.id}
        )
        quant._update_available_quantity(self.products["NONE"], shelf, 7)
        quant._update_available_quantity(self.products["NONE"], self.place, -7)
        takeover.action_undo()
        self.pull()
        self.assertEqual(self.on_hand("OTHER"), 9)
        self.assertEqual(self.on_hand("NONE"), 7, "not below nothing in any place")
        line = self.line(takeover, "NONE")
        self.assertEqual((line.problem, line.adopted), ("elsewhere", 7))
        self.assertEqual(self.rows("1003").stock_master, "ebay")
        self.assertEqual(takeover.state, "adopted", "not undone: it can be tried again")
        quant._update_available_quantity(self.products["NONE"], shelf, -7)
        quant._update_available_quantity(self.products["NONE"], self.place, 7)
        takeover.action_undo()
        self.pull()
        self.assertEqual(self.on_hand("NONE"), 0)
        self.assertEqual((takeover.state, line.problem), ("undone", False))
        self.assertEqual(self.on_hand("OTHER"), 9, "what was taken back is not again")
        self.assertEqual(self.rows("1003").stock_master, "nobody")

    def test_a_listing_that_ebay_has_not_described_says_nothing_of_stock(self):
        unread = self.Listing.create(  # as the inbox makes one, from an order
            {
                "account_id": self.account.id,
                "listing_ref": "1020",
                "product_id": self.products["OTHER"].id,
            }
        )
        self.assertNotIn(unread, self.preview().line_ids.listing_id)
        unread.with_user(self.manager).stock_master = "ebay"
        with patch.object(ListingStore, "store", lambda *args, **kw: self.Listing):
            log = self.pull()
        self.assertEqual(log.state, "done")
        self.assertEqual(self.on_hand("OTHER"), 9)

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

    def test_a_new_quantity_becomes_odoos_and_is_logged(self):
        self.ebay.change("1002", quantity=12)
        log = self.pull()
        self.assertEqual(self.on_hand("OTHER"), 12)
        changes = [line.changes for line in log.line_ids]
        self.assertIn({"stock": [4.0, 12.0]}, changes)
        self.assertFalse(self.rows("1002").stock_pending)

    def test_a_listing_that_ends_takes_nothing_off_the_shelf(self):
        self.ebay.change("1002", status="Completed")
        self.pull()
        self.assertEqual(self.rows("1002").quantity, 0)
        self.pull()
        self.assertEqual(self.on_hand("OTHER"), 4)

    def test_a_sale_that_odoo_knows_is_not_taken_off_twice(self):
        self.sell("OTHER", 1)
        self.ebay.change("1002", quantity=3)
        self.pull()
        self.assertEqual(self.on_hand("OTHER"), 4)
        self.assertEqual(self.products["OTHER"].free_qty, 3)

    def test_a_quantity_newer_than_the_orders_waits_for_them(self):
        self.account.orders_read_until_at = fields.Datetime.now() - timedelta(hours=1)
        self.ebay.change("1002", quantity=3)
        self.woken().unlink()
        self.pull()
        self.assertEqual(self.on_hand("OTHER"), 4)
        self.assertTrue(self.rows("1002").stock_pending)
        flows = self.account.schedule_ids.grouped("cron_id")
        woken = {flows[one.cron_id].flow for one in self.woken()}
        self.assertGreaterEqual(woken, {"orders_in", "listings_in"}, "soon")
        self.woken().unlink()
        self.rows("1002").changed_at -= timedelta(minutes=1)
        self.pull()
        self.assertFalse(self.woken(), "once for each change")
        self.account.orders_read_until_at = fields.Datetime.now() + timedelta(hours=1)
        self.pull()
        self.assertEqual(self.on_hand("OTHER"), 3)

    def test_stock_that_odoo_received_stays_until_ebay_says_something_new(self):
        self.put(self.products["OTHER"], 6)
        self.pull()
        self.assertEqual(self.on_hand("OTHER"), 10)

    def test_ebay_chosen_by_hand_brings_its_quantity(self):
        self.put(self.products["OTHER"], 6)
        self.rows("1002").with_user(self.manager).stock_master = "ebay"
        self.pull()
        self.assertEqual(self.on_hand("OTHER"), 4)

    def test_listings_that_disagree_stand_in_the_inbox_until_they_agree(self):
        self.ebay.add("1006", "TWIN", quantity=2)
        self.ebay.change("1006")
        self.pull()
        twin = self.rows("1006")
        twin.write({"product_id": self.products["OTHER"].id, "stock_master": "ebay"})
        self.pull()
        issue = self.account.issue_ids
        self.assertEqual((issue.code, issue.state), ("quantities_disagree", "open"))
        self.assertIn("2, 4", issue.summary)
        self.assertEqual(self.on_hand("OTHER"), 4)
        self.ebay.change("1006", quantity=4)
        self.pull()
        self.assertEqual(issue.state, "done")

    def test_nobodys_stock_is_left_alone(self):
        self.rows("1002").stock_master = "nobody"
        self.ebay.change("1002", quantity=12)
        self.pull()
        self.assertEqual(self.on_hand("OTHER"), 4)
