"""Links as a CSV file: out, worked on, and in again."""

import base64
import csv
import io
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.ebay_sync.wizards.listings import ebay_link_file

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
        self.assertIn("Line 2: there is no such listing", result)
        self.assertIn("Line 3: no product is named NOPE", result)
        self.assertIn("Line 4: several products are named LAMP", result)
        self.assertNotIn("Line 5", result)

    def test_a_line_says_only_what_is_needed(self):
        wizard = self.wizard(b"item_id;product\n1001;LAMP\n1002;LAMP\n")
        wizard.action_import()
        self.assertEqual(self.rows("1001").product_id, self.lamp)
        self.assertIn("Line 3: there are several listings", wizard.result)
        self.assertFalse(self.rows("1002").product_id)
        self.import_lines("1002,,S-R,LAMP")
        linked = self.rows("1002").filtered("product_id")
        self.assertEqual(linked.sku, "S-R")

    def test_what_stands_there_already_is_no_fault(self):
        self.lamp.create({"name": "Another", "default_code": "LAMP"})
        self.rows("1001").product_id = self.lamp
        gone = self.lamp.create({"name": "Gone", "default_code": "GONE"})
        self.rows("1003").product_id = gone
        gone.active = False
        told = self.import_lines("1001,,A-1,LAMP", "1003,,,GONE")
        self.assertEqual(told, "0 listings were changed.")

    def test_a_listing_that_stands_twice_gets_the_first_product(self):
        self.lamp.create({"name": "Chair", "default_code": "CHAIR"})
        with patch.object(ebay_link_file, "AT_ONCE", 1):
            told = self.import_lines(
                "1001,,A-1,LAMP", "1001,,A-1,CHAIR", "1001,,A-1,LAMP"
            )
        self.assertIn("Line 3: an earlier line gives the listing another product", told)
        self.assertNotIn("Line 4", told)
        self.assertEqual(self.rows("1001").product_id, self.lamp)

    def test_several_products_of_one_name_are_told_apart(self):
        twin = self.lamp.create({"name": "Another", "default_code": "LAMP"})
        told = self.import_lines("1001,,A-1,LAMP")
        self.assertIn(f"#{twin.id}", told)
        self.import_lines(f"1001,,A-1,#{twin.id}")
        self.assertEqual(self.rows("1001").product_id, twin)

    def test_a_spreadsheet_of_a_polish_clerk(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        self.user.lang = "pl_PL"
        wizard = self.wizard().with_context(lang="pl_PL")
        wizard.action_export()
        text = base64.b64decode(wizard.content).decode("utf-8-sig")
        self.assertTrue(text.startswith("item_id;variation;sku;"))
        turtle = self.lamp.create({"name": "Turtle", "default_code": "ŻÓŁW"})
        wizard.content = base64.b64encode(
            "item_id;sku;product\n1001;A-1;ŻÓŁW\n1,1E+11;;LAMP\n".encode("cp1250")
        )
        wizard.action_import()
        self.assertEqual(self.rows("1001").product_id, turtle)
        self.assertEqual(len(wizard.result.splitlines()), 2)

    def test_another_companys_product_is_not_known(self):
        company, _account = self.second_company()
        self.lamp.create(
            {"name": "Theirs", "default_code": "THEIRS", "company_id": company.id}
        )
        self.assertIn("no product is named", self.import_lines("1001,,A-1,THEIRS"))
        self.assertFalse(self.rows("1001").product_id)

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
