"""Places, exceptions and kits: what Odoo has is counted as the account's rules say."""

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ebay_sync.flows.stock_prices.stock_levels import StockLevels

from .stock_case import StockCase


@tagged("post_install", "-at_install")
class TestStockRules(StockCase):
    def setUp(self):
        super().setUp()
        self.mug = self.storable("MUG")
        self.stock(self.mug, 20)
        self.item = self.listing("MUG", 0, self.mug, "offer-mug")

    def shown(self):
        self.push()
        return self.ebay.quantity(self.item.listing_ref)

    def exception(self, kind, amount=0.0, **target):
        return self.env["ebay.override"].create(
            {"account_id": self.account.id, "kind": kind, "amount": amount, **target}
        )

    def test_the_accounts_rule(self):
        self.account.write({"stock_share": 50, "stock_buffer": 2, "stock_cap": 7})
        self.assertEqual(self.shown(), 7)
        self.account.stock_cap = 0
        self.assertEqual(self.shown(), 8)

    def test_the_closer_exception_holds(self):
        parent = self.env["product.category"].create({"name": "All mugs"})
        category = self.env["product.category"].create(
            {"name": "Blue mugs", "parent_id": parent.id}
        )
        self.mug.categ_id = category
        self.exception("buffer", 3, categ_id=parent.id)
        self.assertEqual(self.shown(), 17)
        self.exception("buffer", 4, categ_id=category.id)
        self.assertEqual(self.shown(), 16)
        self.exception("buffer", 5, product_tmpl_id=self.mug.product_tmpl_id.id)
        self.assertEqual(self.shown(), 15)
        self.exception("cap", 6, listing_id=self.item.id)
        self.assertEqual(self.shown(), 6)
        self.exception("fixed", 2, product_id=self.mug.id)
        self.assertEqual(self.shown(), 2)
        self.exception("never", listing_id=self.item.id)
        self.stock(self.mug, 5)
        self.assertEqual(self.shown(), 2)
        self.assertEqual(self.item.quantity_wanted, -1)

    def test_an_exception_is_for_one_thing(self):
        for target in ({}, {"product_id": self.mug.id, "listing_id": self.item.id}):
            with self.assertRaises(ValidationError):
                self.exception("cap", 1, **target)
        for kind, amount in (("cap", 1.5), ("cap", -1), ("share", 101)):
            with self.assertRaises(ValidationError):
                self.exception(kind, amount, product_id=self.mug.id)

    def test_only_the_places_that_count(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shop", "location_id": self.warehouse.lot_stock_id.id}
        )
        self.env["stock.quant"]._update_available_quantity(self.mug, shelf, 4)
        self.assertEqual(self.shown(), 24)
        self.account.stock_place_ids = shelf
        self.assertEqual(self.shown(), 4)
        self.account.stock_place_ids = False
        location = self.env["ebay.location"].create(
            {
                "account_id": self.account.id,
                "location_ref": "shop",
                "name": "Shop",
                "warehouse_id": self.warehouse.id,
                "stock_location_id": shelf.id,
            }
        )
        self.assertEqual(self.shown(), 4)
        location.stock_location_id = False
        self.assertEqual(self.shown(), 24)

    def test_another_warehouse_does_not_count(self):
        other = self.env["stock.warehouse"].create({"name": "Far", "code": "FAR"})
        self.env["stock.quant"]._update_available_quantity(
            self.mug, other.lot_stock_id, 100
        )
        self.account.warehouse_id = self.warehouse
        self.assertEqual(self.shown(), 20)

    def test_the_sources(self):
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Counter"}).id,
                "order_line": [
                    Command.create({"product_id": self.mug.id, "product_uom_qty": 25})
                ],
            }
        )
        sale.action_confirm()
        sale.picking_ids.do_unreserve()
        self.assertEqual(self.shown(), 20, "free: confirmed is not yet reserved")
        self.account.stock_source = "promised"
        self.assertEqual(self.shown(), 0)
        self.account.stock_source = "forecast"
        self.assertEqual(self.shown(), 0)

    def test_goods_that_are_not_counted_are_left_alone(self):
        service = self.env["product.product"].create(
            {"name": "Course", "type": "service"}
        )
        listing = self.listing("COURSE", 3, service, "offer-course")
        self.push()
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 3)
        self.exception("fixed", 9, listing_id=listing.id)
        self.push()
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 9)

    def test_why_this_quantity(self):
        self.account.write({"stock_share": 50, "stock_buffer": 2})
        self.push()
        listing = self.item.with_user(self.user)
        for words in ("50 % of it for eBay", "less 2 held back", ">8<"):
            self.assertIn(words, listing.quantity_why)
        self.assertIn("ri=9", listing.push_history)
        listing.sudo().stock_master = "ebay"
        listing.invalidate_recordset()
        self.assertIn("Odoo does not manage", listing.quantity_why)

    def test_a_kit_is_what_its_parts_allow(self):
        if "mrp.bom" not in self.env:
            self.skipTest("Manufacturing is not installed")
        lid = self.storable("LID")
        self.stock(lid, 9)
        kit = self.storable("KIT", is_storable=False)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "product_qty": 1,
                "bom_line_ids": [
                    Command.create({"product_id": self.mug.id, "product_qty": 4}),
                    Command.create({"product_id": lid.id, "product_qty": 1}),
                ],
            }
        )
        listing = self.listing("KIT", 0, kit, "offer-kit")
        self.push()
        self.assertEqual(self.ebay.quantity(listing.listing_ref), 5)
        self.later()
        self.ebay.sell(listing.listing_ref, "KIT", 2, orderPaymentStatus="PENDING")
        self.run_flow("orders_in")
        levels = StockLevels(self.account.with_user(self.robot))
        self.assertEqual(levels.available(kit.id), (3, 0.0))
        self.assertEqual(levels.available(self.mug.id), (20, 8))
        self.assertIn("MUG", listing.quantity_why)
        self.push()
        self.assertEqual(self.ebay.quantity(self.item.listing_ref), 12)
