"""Relisted: another item id, and what people decided of the listing goes with it."""

from odoo.fields import Command
from odoo.tests import tagged

from .listings_case import SHIRT, ListingsCase


@tagged("post_install", "-at_install")
class TestListingRelist(ListingsCase):
    def setUp(self):
        super().setUp()
        self.product = self.env["product.product"].create(
            {"name": "Something else", "default_code": "OURS", "is_storable": True}
        )
        self.ebay.add("1001", "EBAYS", title="Lamp")
        self.pull()
        self.old = self.rows("1001")

    def relist(self, title="Lamp", sku="EBAYS", **more):
        self.ebay.change("1001", status="Completed")
        self.ebay.add("1002", sku, title=title, **more)
        self.ebay.change("1002")
        self.log = self.pull()
        return self.rows("1002")

    def test_a_link_by_hand_goes_with_it(self):
        self.old.with_user(self.user).product_id = self.product
        new = self.relist()
        self.assertFalse(self.old.active)
        self.assertEqual(new.product_id, self.product)
        self.assertEqual((new.link_method, new.link_score), ("manual", 100))
        lines = self.log.line_ids.filtered(lambda one: one.res_id == new.id)
        self.assertIn(
            {"product_id": [False, self.product.display_name]}, lines.mapped("changes")
        )

    def test_one_sku_for_another_thing_is_another_thing(self):
        self.old.with_user(self.user).product_id = self.product
        self.assertFalse(self.relist(title="Chair").product_id)

    def test_what_was_refused_stays_refused(self):
        refused = self.env["product.product"].create(
            {"name": "Wrong", "default_code": "EBAYS"}
        )
        self.pull()
        self.assertEqual(self.old.product_id, refused)
        self.old.with_user(self.user).action_unlink_product()
        new = self.relist()
        self.assertFalse(new.product_id)
        self.assertTrue(new.link_by_hand)

    def test_what_was_ignored_stays_ignored(self):
        self.old.with_user(self.user).action_ignore()
        self.assertTrue(self.relist().ignored)

    def test_the_rules_come_before_a_link_that_they_made_once(self):
        self.product.default_code = "EBAYS"
        self.pull()
        self.assertEqual(self.old.link_method, "sku")
        self.product.default_code = "OURS"
        now = self.env["product.product"].create(
            {"name": "New one", "default_code": "EBAYS"}
        )
        self.assertEqual(self.relist().product_id, now)

    def test_a_link_that_the_rules_cannot_make_again_goes_with_it(self):
        self.product.default_code = "EBAYS"
        self.pull()
        self.product.default_code = "OURS"
        self.assertEqual(self.relist().product_id, self.product)

    def test_who_decides_and_the_exceptions_go_with_it(self):
        self.old.with_user(self.user).product_id = self.product
        self.old.with_user(self.manager).write({"stock_master": "ebay"})
        self.env["ebay.override"].create(
            {
                "account_id": self.account.id,
                "kind": "price_fixed",
                "amount": 12.5,
                "listing_id": self.old.id,
            }
        )
        new = self.relist()
        self.assertEqual((new.stock_master, new.stock_by_hand), ("ebay", True))
        self.assertEqual((new.price_master, new.price_by_hand), ("nobody", False))
        override = self.env["ebay.override"].search([("listing_id", "=", new.id)])
        self.assertEqual((override.kind, override.amount), ("price_fixed", 12.5))

    def test_another_marketplace_is_no_relisting(self):
        self.account.marketplace_ids = [
            Command.link(
                self.env["ebay.marketplace"].search([("code", "=", "EBAY_GB")]).id
            )
        ]
        self.old.with_user(self.user).product_id = self.product
        new = self.relist(site="UK", currency="GBP")
        self.assertFalse(new.product_id)

    def test_variations_find_their_own(self):
        self.ebay.add("2001", title="Shirt", **SHIRT)
        self.ebay.change("2001")
        self.pull()
        red = self.rows("2001").filtered(lambda row: row.sku == "S-R")
        red.with_user(self.user).product_id = self.product
        self.ebay.change("2001", status="Completed")
        self.ebay.add("2002", title="Shirt", **SHIRT)
        self.ebay.change("2002")
        self.pull()
        linked = self.rows("2002").filtered("product_id")
        self.assertEqual((linked.sku, linked.product_id), ("S-R", self.product))
