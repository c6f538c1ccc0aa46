"""Links as a CSV file: out, worked on, and in again."""

import base64
import csv
import io

from odoo.exceptions import UserError
from odoo.tests import tagged

from .listings_case import SHIRT, ListingsCase


@tagged("post_install", "-at_install")
class TestLinkFile(ListingsCase):
    def setUp(self):
        super().setUp()
        self.ebay.add("1001", "A-1", title="=cmd|' /C calc'!A0")
        self.ebay.add("1002", **SHIRT)
        self.ebay.add("1003")
        self.pull()
        self.lamp = self.env["product.product"].create(
            {"name": "Lamp", "default_code": "LAMP", "barcode": "4006381333931"}
        )

    def wizard(self, content=None):
        wizard = (
            self.env["ebay.link.file"]
            .with_user(self.user)
            .create({"account_id": self.account.id})
        )
        if content is not None:
            wizard.content = base64.b64encode(content)
        return wizard

    def exported(self, **values):
        wizard = self.wizard()
        wizard.write(values)
        wizard.action_export()
        text = base64.b64decode(wizard.content).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    def import_lines(self, *lines):
        content = "\n".join(("item_id,variation,sku,product", *lines)).encode()
        wizard = self.wizard(content)
        wizard.action_import()
        return wizard.result

    def test_what_goes_out_has_no_formula_in_it(self):
        rows = self.exported()
        self.assertEqual(len(rows), 4)
        self.assertTrue(rows[0]["title"].startswith("[A-1]"))
        self.Listing.search([("listing_ref", "=", "1003")]).title = "=1+1"
        bare = next(row for row in self.exported() if row["item_id"] == "1003")
        self.assertEqual(bare["title"], "'=1+1")
        self.assertEqual(bare["price"], "10.00 EUR")

    def test_the_same_file_in_again_changes_nothing(self):
        self.rows("1001").product_id = self.lamp
        self.rows("1003").action_ignore()
        rows = self.exported(only_unlinked=False)
        named = {row["item_id"]: row["product"] for row in rows}
        self.assertEqual((named["1001"], named["1003"]), ("LAMP", "-"))
        lines = [
            f"{r['item_id']},{r['variation']},{r['sku']},{r['product']}" for r in rows
        ]
        self.assertIn("0 listings were changed", self.import_lines(*lines))

    def test_products_are_named_by_reference_barcode_or_id(self):
        result = self.import_lines(
            "1001,,A-1,LAMP",
            "1002,colour=red|size=m,S-R,4006381333931",
            f"1002,colour=blue|size=m,S-B,#{self.lamp.id}",
            "1003,,,-",
        )
        self.assertIn("4 listings were changed", result)
        self.assertEqual(self.rows("1001").product_id, self.lamp)
        self.assertEqual(self.rows("1001").link_method, "file")
        self.assertEqual(self.rows("1002").product_id, self.lamp)
        self.assertTrue(self.rows("1003").ignored)

    def test_many_lines_are_linked_with_few_queries(self):
        Product = self.env["product.product"]
        Product.create([{"name": f"P{n}", "default_code": f"P{n}"} for n in range(60)])
        self.Listing.create(
            [
                {"account_id": self.account.id, "listing_ref": f"7{n}", "sku": f"S{n}"}
                for n in range(60)
            ]
        )
        wizard = self.wizard(
            "\n".join(
                ["item_id,sku,product", *(f"7{n},S{n},P{n}" for n in range(60))]
            ).encode()
        )
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        wizard.action_import()
        self.env.flush_all()
        self.assertIn("60 listings were changed", wizard.result)
        self.assertLess(self.cr.sql_log_count - before, 60)

    def test_what_cannot_be_done_is_named_by_line(self):
        self.lamp.create({"name": "Another", "default_code": "LAMP"})
        result = self.import_lines(
            "9999,,X,LAMP", "1001,,A-1,NOPE", "1003,,,LAMP", "1001,,A-1,"
        )
        self.assertIn("0 listings were changed", result)
        self.assertIn("Line 2: no such listing", result)
        self.assertIn("Line 3: no product is called NOPE", result)
        self.assertIn("Line 4: several products are called LAMP", result)
        self.assertNotIn("Line 5", result)

    def test_another_accounts_listings_cannot_be_named(self):
        _company, other = self.second_company()
        self.Listing.create({"account_id": other.id, "listing_ref": "7", "sku": "Z"})
        self.assertIn("no such listing", self.import_lines("7,,Z,LAMP"))

    def test_a_file_that_is_none_says_so(self):
        for content in (b"\xff\xfe\x00", b"a,b\n1,2", b""):
            with self.assertRaises(UserError):
                self.wizard(content or b"\n").action_import()
        with self.assertRaises(UserError):
            self.wizard().action_import()
