"""Many rows in one statement: what is written is what the ORM would have written."""

from odoo import fields
from odoo.tests import tagged

from odoo.addons.ebay_sync.rows import insert_rows, update_rows

from .listings_case import ListingsCase


@tagged("post_install", "-at_install")
class TestRows(ListingsCase):
    def listings(self, count):
        return self.Listing.create(
            [
                {"account_id": self.account.id, "listing_ref": f"9{number}"}
                for number in range(count)
            ]
        )

    def test_each_row_gets_its_own_value_or_the_common_one(self):
        one, two = rows = self.listings(2)
        product = self.env["product.product"].create({"name": "Lamp"})
        self.assertFalse(product.ebay_listing_ids, "read before, so that it is known")
        stamp = fields.Datetime.now()
        one.title = "Not written yet"
        update_rows(
            rows,
            product_id=[product.id, False],
            link_score=[100, 0],
            title=[False, "Ünïcode 'quoted' %s"],
            item_specifics=[{"Colour": ["Red"]}, False],
            linked_at=stamp,
            ignored=True,
            link_by_hand=False,
        )
        self.assertEqual((one.product_id, one.link_score), (product, 100))
        self.assertEqual((one.title, two.title), (False, "Ünïcode 'quoted' %s"))
        self.assertEqual(one.item_specifics, {"Colour": ["Red"]})
        self.assertFalse(two.product_id or two.item_specifics)
        self.assertEqual(rows.mapped("linked_at"), [stamp, stamp])
        self.assertEqual(rows.mapped("ignored"), [True, True])
        self.assertEqual(product.ebay_listing_ids, one)
        self.assertEqual(self.Listing.search([("link_by_hand", "=", False)]), rows)

    def test_nothing_to_write_is_no_statement(self):
        with self.assertQueryCount(0):
            update_rows(self.Listing, title="x")

    def test_rows_are_added_with_who_and_when(self):
        row = self.listings(1)
        lamp, bulb = self.env["product.product"].create(
            [{"name": "Lamp"}, {"name": "Bulb"}]
        )
        self.assertFalse(row.suggestion_ids, "read before, so that it is known")
        insert_rows(
            self.env["ebay.listing.suggestion"].with_user(self.user),
            listing_id=row.id,
            company_id=row.company_id.id,
            product_id=[lamp.id, bulb.id],
            score=[50, 80],
            evidence=["words", False],
        )
        best, other = row.suggestion_ids
        self.assertEqual((best.product_id, best.score), (bulb, 80))
        self.assertEqual((other.product_id, other.evidence), (lamp, "words"))
        self.assertEqual(best.create_uid, self.user)
        self.assertTrue(best.create_date and best.write_date)
