"""Products created from listings: variants, category, tax, codes, picture."""

import base64
from contextlib import contextmanager
from io import BytesIO
from unittest.mock import patch

from PIL import Image

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.ebay_api.errors import ContractError
from odoo.addons.ebay_sync.flows.listings import products as listing_products

from .listings_case import SHIRT, ListingsCase

EAN = "4006381333931"
OTHER_EAN = "4012345123456"
RUN_LOGGER = "odoo.addons.ebay_sync.flows.engine.run"
DETAILS = {
    "PrimaryCategory": {"CategoryID": "20706", "CategoryName": "Home:Light:Lamps"},
    "PictureDetails": {"PictureURL": ["https://i.ebayimg.com/1.jpg"]},
    "ProductListingDetails": {"EAN": EAN},
    "ShippingPackageDetails": {"WeightMajor": {"value": "2", "unit": "kg"}},
}


def picture():
    """A small JPEG."""
    target = BytesIO()
    Image.new("RGB", (8, 8), "red").save(target, "JPEG")
    return target.getvalue()


@tagged("post_install", "-at_install")
class TestListingProducts(ListingsCase):
    def setUp(self):
        super().setUp()
        self.ebay.transport = None
        self.fetched = []
        self.picture = picture()
        self.startPatcher(
            patch.object(listing_products, "fetch_picture", self._fetch_picture)
        )
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create({"currency_id": euro.id, "rate": 1.0})

    def _fetch_picture(self, transport, hosts, url):
        self.fetched.append(url)
        if not self.picture:
            raise ContractError("What eBay sent is no picture")
        return self.picture

    def make(self, *refs):
        self.pull()
        rows = self.Listing.browse()
        for ref in refs:
            rows |= self.rows(ref).filtered(lambda row: not row.product_id)[:1]
        rows.with_user(self.manager).action_create_products()
        return self.pull()

    def test_a_listing_becomes_a_product_with_all_that_ebay_knows(self):
        self.ebay.add("1001", "L-1", price="19.90", title="Lamp", details=DETAILS)
        self.make("1001")
        product = self.rows("1001").product_id
        self.assertRecordValues(
            product,
            [
                {
                    "name": "Lamp",
                    "default_code": "L-1",
                    "barcode": EAN,
                    "weight": 2.0,
                    "is_storable": True,
                    "company_id": self.account.company_id.id,
                }
            ],
        )
        self.assertEqual(product.categ_id.complete_name, "Home / Light / Lamps")
        self.assertTrue(product.image_1920)
        self.assertEqual(self.fetched, ["https://i.ebayimg.com/1.jpg"])
        self.assertEqual(self.rows("1001").link_method, "created")
        self.assertFalse(self.rows("1001").product_wanted)

    def test_variations_become_variants_of_one_product(self):
        self.ebay.add("1002", title="Shirt", **SHIRT)
        self.make("1002")
        rows = self.rows("1002")
        self.assertEqual(len(rows.product_id), 2)
        template = rows.product_id.product_tmpl_id
        self.assertEqual(len(template), 1)
        red = rows.filtered(lambda row: row.sku == "S-R").product_id
        values = red.product_template_attribute_value_ids
        self.assertEqual(set(values.mapped("name")), {"Red", "M"})
        self.assertEqual(red.default_code, "S-R")
        self.assertEqual(len(template.product_variant_ids), 2, "and no other")

    def test_a_second_listing_uses_the_same_attributes(self):
        self.ebay.add("1002", **SHIRT)
        self.ebay.add(
            "1003",
            variations=[{"sku": "T-R", "quantity": 1, "aspects": {"Colour": "Red"}}],
        )
        self.make("1002", "1003")
        colours = self.env["product.attribute"].search([("name", "=", "Colour")])
        self.assertEqual(len(colours), 1)
        self.assertEqual(len(colours.value_ids.filtered(lambda v: v.name == "Red")), 1)

    def test_one_sku_on_two_marketplaces_becomes_one_product(self):
        self.account.link_rule_ids.automatic = False
        self.ebay.add("1001", "L-1")
        self.ebay.add("1002", "L-1", site="UK", currency="GBP")
        self.make("1001", "1002")
        self.assertEqual(len(self.rows().product_id), 1)
        self.assertEqual(self.rows("1002").link_method, "sku")
        self.assertFalse(self.account.issue_ids)

    def test_a_variation_that_came_later_becomes_a_variant_of_the_same_product(self):
        self.ebay.add("1002", **SHIRT)
        self.make("1002")
        template = self.rows("1002").product_id.product_tmpl_id
        green = {"sku": "S-G", "quantity": 1, "aspects": {"Colour": "Green"}}
        green["aspects"]["Size"] = "L"
        self.ebay.change("1002", variations=[*SHIRT["variations"], green])
        self.make("1002")
        rows = self.rows("1002")
        self.assertEqual(rows.product_id.product_tmpl_id, template)
        self.assertEqual(len(template.product_variant_ids), 3)
        new = rows.filtered(lambda row: row.sku == "S-G").product_id
        values = new.product_template_attribute_value_ids
        self.assertEqual(set(values.mapped("name")), {"Green", "L"})

    def test_no_savepoint_is_open_while_a_picture_is_fetched(self):
        open_now, seen = [], []
        savepoint = type(self.env.cr).savepoint

        @contextmanager
        def watched(cr, *args, **kwargs):
            with savepoint(cr, *args, **kwargs) as inner:
                open_now.append(cr)
                try:
                    yield inner
                finally:
                    open_now.pop()

        def fetch(transport, hosts, url):
            seen.append(len(open_now))
            return self.picture

        self.ebay.add("1001", "L-1", details=DETAILS)
        self.pull()
        with (
            patch.object(listing_products, "fetch_picture", fetch),
            patch.object(type(self.env.cr), "savepoint", watched),
        ):
            self.make("1001")
        self.assertEqual(seen, [0])

    def test_values_are_the_same_whatever_their_case(self):
        self.ebay.add("1002", **SHIRT)
        loud = {"COLOUR": "RED", "size": "m"}
        self.ebay.add(
            "1003", variations=[{"sku": "T-R", "quantity": 1, "aspects": loud}]
        )
        self.make("1002", "1003")
        red = self.rows("1002").filtered(lambda row: row.sku == "S-R").product_id
        values = "product_template_attribute_value_ids.product_attribute_value_id"
        self.assertEqual(
            self.rows("1003").product_id.mapped(values), red.mapped(values)
        )

    @mute_logger(RUN_LOGGER)
    def test_two_variations_that_are_the_same_are_a_question(self):
        twice = [
            {"sku": "S-1", "quantity": 1, "aspects": {"Colour": "Red"}},
            {"sku": "S-2", "quantity": 1, "aspects": {"Colour": "red"}},
        ]
        self.ebay.add("1002", variations=twice)
        self.make("1002")
        self.assertFalse(self.rows("1002").product_id)
        self.assertIn("Two variations are identical", self.account.issue_ids.summary)

    def test_a_variation_that_comes_back_with_another_sku_is_its_old_variant(self):
        self.ebay.add("1002", **SHIRT)
        self.make("1002")
        red = self.rows("1002").filtered(lambda row: row.sku == "S-R")
        variant, blue = red.product_id, SHIRT["variations"][1]
        self.ebay.change("1002", variations=[blue])
        self.pull()
        self.assertFalse(red.active)
        red.variation_ref = "colour=crimson|size=m"  # it is not to be known again
        again = {**SHIRT["variations"][0], "sku": "S-R2"}
        self.ebay.change("1002", variations=[blue, again])
        self.make("1002")
        new = self.rows("1002").filtered(lambda row: row.sku == "S-R2")
        self.assertEqual(new.product_id, variant)
        self.assertEqual(variant.default_code, "S-R", "the clerk may have printed it")

    def test_three_aspects_make_a_variant_each(self):
        variations = [
            {
                "sku": f"M-{number}",
                "quantity": 1,
                "aspects": {
                    "Colour": f"C{number % 5}",
                    "Size": f"S{number // 5 % 5}",
                    "Cut": f"F{number // 25}",
                },
            }
            for number in range(50)
        ]
        self.ebay.add("1002", variations=variations)
        self.make("1002")
        products = self.rows("1002").product_id
        self.assertEqual((len(products), len(products.product_tmpl_id)), (50, 1))
        last = self.rows("1002").filtered(lambda row: row.sku == "M-49").product_id
        values = last.product_template_attribute_value_ids.mapped("name")
        self.assertEqual(sorted(values), ["C4", "F1", "S4"])

    def test_two_clerks_who_press_twice_make_one_product(self):
        self.ebay.add("1001", "L-1")
        self.pull()
        for _press in range(2):
            self.rows("1001").with_user(self.manager).action_create_products()
        self.pull()
        product = self.rows("1001").product_id
        self.rows("1001").with_user(self.manager).action_create_products()
        self.pull()
        self.assertEqual(self.rows("1001").product_id, product)
        made = self.env["product.product"].search_count([("default_code", "=", "L-1")])
        self.assertEqual(made, 1)

    def test_the_price_loses_the_tax_that_odoo_adds(self):
        tax = self.env["account.tax"].create(
            {"name": "19 %", "amount": 19.0, "price_include_override": "tax_excluded"}
        )
        self.account.new_product_tax_ids = tax
        self.account.company_id.currency_id = self.env.ref("base.EUR")
        self.ebay.add("1001", "L-1", price="119.00")
        self.make("1001")
        product = self.rows("1001").product_id
        self.assertEqual(product.taxes_id, tax)
        self.assertAlmostEqual(product.list_price, 100.0)

    def test_without_a_rate_there_is_no_invented_price(self):
        pounds = self.env.ref("base.GBP")
        pounds.rate_ids.unlink()
        self.ebay.add("1001", "L-1", price="10.00", currency="GBP", site="UK")
        self.make("1001")
        self.assertEqual(self.rows("1001").product_id.list_price, 0.0)

    def test_the_category_tree_is_mirrored_and_the_admins_mapping_kept(self):
        tree = self.env["ebay.category.tree"].create(
            {
                "environment": "sandbox",
                "tree_ref": "77",
                "marketplace_ids": [Command.set(self.germany.ids)],
            }
        )
        parent = self.env["ebay.category"]
        for ref, name in (("1", "Heim"), ("2", "Licht"), ("20706", "Lampen")):
            parent = parent.create(
                {
                    "tree_id": tree.id,
                    "category_ref": ref,
                    "name": name,
                    "parent_id": parent.id,
                }
            )
        own = self.env["product.category"].create({"name": "Our lighting"})
        parent.parent_id.with_user(self.manager).product_category_id = own
        self.ebay.add("1001", "L-1", details=DETAILS)
        self.make("1001")
        category = self.rows("1001").product_id.categ_id
        self.assertEqual(category.complete_name, "Our lighting / Lampen")
        self.assertEqual(parent.product_category_id, category)
        self.assertFalse(parent.parent_id.parent_id.product_category_id)

    def test_a_category_is_made_once_below_the_accounts_own(self):
        root = self.env["product.category"].create({"name": "From eBay"})
        self.account.new_product_categ_id = root
        self.ebay.add("1001", "L-1", details=DETAILS)
        details = {**DETAILS, "ProductListingDetails": {}}
        self.ebay.add("1002", "L-2", details=details)
        self.make("1001", "1002")
        categories = self.rows().product_id.categ_id
        self.assertEqual(categories.complete_name, "From eBay / Home / Light / Lamps")

    def test_a_used_barcode_is_left_out_and_a_known_sku_refused(self):
        self.env["product.product"].create({"name": "Other", "barcode": EAN})
        self.account.link_rule_ids.automatic = False
        self.ebay.add("1001", "L-1", details=DETAILS)
        self.ebay.add("1002", "TAKEN")
        self.env["product.product"].create({"name": "X", "default_code": "TAKEN"})
        with mute_logger("odoo.addons.ebay_sync.flows.engine.run"):
            self.make("1001", "1002")
        self.assertFalse(self.rows("1001").product_id.barcode)
        self.assertFalse(self.rows("1002").product_id)
        issue = self.account.issue_ids
        self.assertEqual(issue.code, "product_not_created")
        self.assertIn("TAKEN", issue.summary)
        taken = self.env["product.product"].search([("default_code", "=", "TAKEN")])
        self.rows("1002").with_user(self.user).product_id = taken
        self.assertEqual(issue.state, "done", "what was linked needs no product")

    @mute_logger(RUN_LOGGER)
    def test_an_archived_product_with_the_sku_is_named(self):
        self.env["product.product"].create(
            {"name": "Old", "default_code": "L-1", "active": False}
        )
        self.ebay.add("1001", "L-1")
        self.make("1001")
        self.assertFalse(self.rows("1001").product_id)
        self.assertIn("archived product has the SKU", self.account.issue_ids.summary)

    def test_a_barcode_counts_as_used_where_odoo_says_so(self):
        company, _other = self.second_company()
        theirs = {"name": "Theirs", "barcode": EAN, "company_id": company.id}
        self.env["product.product"].create(theirs)
        self.ebay.add("1001", "L-1", details=DETAILS)
        self.make("1001")
        self.assertEqual(self.rows("1001").product_id.barcode, EAN)
        carton = self.env["product.product"].create({"name": "Carton"})
        if "product.packaging" in self.env:
            self.env["product.packaging"].create(
                {"name": "Box", "product_id": carton.id, "barcode": OTHER_EAN}
            )
        else:
            unit = self.env.ref("uom.product_uom_dozen")
            self.env["product.uom"].create(
                {"product_id": carton.id, "uom_id": unit.id, "barcode": OTHER_EAN}
            )
        details = {**DETAILS, "ProductListingDetails": {"EAN": OTHER_EAN}}
        self.ebay.add("1002", "L-2", details=details)
        self.ebay.change("1002")
        self.make("1002")
        self.assertTrue(self.rows("1002").product_id)
        self.assertFalse(self.rows("1002").product_id.barcode)

    def test_a_useless_picture_is_no_reason_against_the_product(self):
        for content in (None, b"\xff\xd8\xff broken"):
            self.picture = content
            ref = "1001" if content else "1002"
            details = {**DETAILS, "ProductListingDetails": {}}
            self.ebay.add(ref, f"L-{ref}", details=details)
            self.ebay.change(ref)
            log = self.make(ref)
            product = self.rows(ref).product_id
            self.assertTrue(product)
            self.assertFalse(product.image_1920)
            told = " ".join(filter(None, log.line_ids.mapped("message")))
            self.assertIn("no picture", told)

    def test_a_picture_of_more_dots_than_can_be_unpacked_is_left_out(self):
        self.ebay.add("1001", "L-1", details=DETAILS)
        with patch.object(Image, "MAX_IMAGE_PIXELS", 4):
            self.make("1001")
        self.assertTrue(self.rows("1001").product_id)
        self.assertFalse(self.rows("1001").product_id.image_1920)

    def test_pictures_are_left_where_they_are_when_not_wanted(self):
        self.account.new_product_pictures = False
        self.ebay.add("1001", "L-1", details=DETAILS)
        self.make("1001")
        self.assertFalse(self.fetched)

    def test_the_picture_is_stored_whole(self):
        self.ebay.add("1001", "L-1", details=DETAILS)
        self.make("1001")
        stored = base64.b64decode(self.rows("1001").product_id.image_1920)
        self.assertEqual(Image.open(BytesIO(stored)).size, (8, 8))

    def test_only_managers_have_products_created(self):
        self.ebay.add("1001", "L-1")
        self.pull()
        with self.assertRaises(AccessError):
            self.rows("1001").with_user(self.user).action_create_products()
        with self.assertRaises(AccessError):
            self.rows("1001").with_user(self.user).write({"product_wanted": True})

    def test_products_lead_to_their_listings(self):
        self.ebay.add("1001", "L-1")
        self.make("1001")
        product = self.rows("1001").product_id.with_user(self.user)
        self.assertEqual(product.ebay_listing_count, 1)
        template = product.product_tmpl_id
        self.assertEqual(template.ebay_listing_count, 1)
        domain = template.action_view_ebay_listings()["domain"]
        self.assertEqual(self.Listing.search(domain), self.rows("1001"))
        with self.assertRaises(AccessError):
            product.with_user(self.outsider).read(["ebay_listing_count"])
