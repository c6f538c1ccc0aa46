"""Linking: automatic where one product is certain; elsewhere reasons to choose by."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ebay_sync.flows.listings import link as listing_link

from .listings_case import ListingsCase

EAN = "4006381333931"


@tagged("post_install", "-at_install")
class TestLinking(ListingsCase):
    def product(self, name="Thing", code=False, **values):
        return self.env["product.product"].create(
            {"name": name, "default_code": code, "is_storable": True, **values}
        )

    def listing(self, ref="1001"):
        return self.rows(ref)

    def pull_without_linking(self):
        linker = listing_link.ListingLinker
        with patch.object(linker, "link", lambda self: None):
            self.pull()

    def reasons(self, ref="1001"):
        return [
            (one.product_id.default_code, one.score, one.evidence)
            for one in self.listing(ref).suggestion_ids
        ]

    def test_an_equal_sku_links_and_the_log_says_so(self):
        product = self.product(code="SKU-1")
        self.ebay.add("1001", "SKU-1")
        log = self.pull()
        listing = self.listing()
        self.assertEqual(listing.product_id, product)
        self.assertEqual((listing.link_method, listing.link_score), ("sku", 100))
        line = log.line_ids.filtered(lambda one: one.action == "updated")
        self.assertEqual(line.changes, {"product_id": [False, product.display_name]})

    def test_a_barcode_links_where_there_is_no_sku(self):
        product = self.product(barcode=f"0{EAN}")
        details = {"ProductListingDetails": {"EAN": EAN}}
        self.ebay.add("1001", details=details)
        self.pull()
        self.assertFalse(self.listing().product_id)
        self.ebay.change("1001")
        self.pull()
        self.assertEqual(self.listing().product_id, product)
        self.assertEqual(self.listing().link_method, "barcode")

    def test_the_order_of_the_rules_and_which_link_is_the_accounts_choice(self):
        by_barcode = self.product(barcode="SKU-1")
        self.ebay.add("1001", "SKU-1")
        self.pull()
        self.assertFalse(self.listing().product_id, "only suggested by default")
        self.assertEqual(self.listing().suggested_product_id, by_barcode)
        rule = self.account.link_rule_ids.filtered(
            lambda one: one.evidence == "sku_barcode"
        )
        rule.with_user(self.manager).automatic = True
        self.listing().with_user(self.user).action_look_again()
        self.pull()
        self.assertEqual(self.listing().product_id, by_barcode)

    def test_two_products_with_one_sku_are_a_question(self):
        self.product("One", "SKU-1")
        self.product("Two", "SKU-1")
        self.ebay.add("1001", "SKU-1")
        self.pull()
        self.assertFalse(self.listing().product_id)
        self.assertEqual(self.reasons(), [("SKU-1", 100, "sku"), ("SKU-1", 100, "sku")])
        result = self.listing().with_user(self.user).action_accept_suggestion()
        self.assertEqual(result["params"]["type"], "warning")
        self.assertFalse(self.listing().product_id, "none is better than the other")
        self.assertFalse(self.listing().suggestion_clear)
        self.assertIn("several are equally likely", self.listing().suggestion_text)

    def test_the_suggestions_stand_first_where_a_product_is_chosen(self):
        one, two = self.product("Zz one", "SKU-1"), self.product("Zz two", "SKU-1")
        self.ebay.add("1001", "SKU-1")
        self.pull()
        Product = self.env["product.product"].with_user(self.user)
        usual = Product.name_search(limit=5)
        self.assertNotIn(one.id, [key for key, _name in usual])
        Product = Product.with_context(ebay_suggested_for=self.listing().id)
        offered = [key for key, _name in Product.name_search(limit=5)]
        self.assertEqual(offered[:2], [one.id, two.id])
        self.assertEqual(len(offered), len(set(offered)))
        named = [key for key, _name in Product.name_search("Zz two")]
        self.assertEqual(named, [two.id], "who types has the last word")

    def test_a_listing_opens_its_page_at_ebay(self):
        self.ebay.add("1001", "SKU-1")
        self.pull()
        told = self.listing().with_user(self.user).action_open_on_ebay()
        self.assertTrue(told["url"].endswith("/itm/1001"))

    def test_sku_and_barcode_that_disagree_are_a_conflict(self):
        self.product("By SKU", "SKU-1")
        self.product("By barcode", "OTHER", barcode=EAN)
        self.ebay.add("1001", "SKU-1", details={"ProductListingDetails": {"EAN": EAN}})
        self.ebay.inventory_items["SKU-1"] = {"sku": "SKU-1", "product": {"ean": [EAN]}}
        self.pull()
        listing = self.listing()
        self.assertFalse(listing.product_id)
        self.assertEqual(listing.conflict, "evidence")
        self.assertEqual(
            listing.suggestion_text,
            "SKU and barcode name different products; same SKU",
        )
        self.assertEqual(
            self.reasons(), [("SKU-1", 100, "sku"), ("OTHER", 98, "barcode")]
        )

    def test_a_title_is_a_suggestion_with_its_reason(self):
        self.product("Lumo Desk Lamp LED black", "LD-1")
        self.product("Garden chair", "GC-1")
        self.ebay.add("1001", "XX", title="LUMO desk lamp, LED, black (new)")
        self.pull()
        listing = self.listing()
        self.assertFalse(listing.product_id)
        self.assertEqual(listing.suggested_product_id.default_code, "LD-1")
        self.assertGreater(listing.suggestion_score, 60)
        self.assertEqual(listing.suggestion_text, "similar title")
        self.assertTrue(listing.suggestion_clear)
        told = listing.with_user(self.user).action_accept_suggestion()
        self.assertFalse(told, "a message would lie over the button of the next one")
        self.assertEqual(listing.product_id.default_code, "LD-1")
        self.assertEqual(listing.link_method, "suggestion")
        self.assertFalse(listing.suggestion_ids)

    def test_a_variation_finds_the_variant_with_its_values(self):
        size = self.env["product.attribute"].create(
            {
                "name": "Size",
                "value_ids": [Command.create({"name": n}) for n in ("M", "L")],
            }
        )
        template = self.env["product.template"].create(
            {
                "name": "Blue shirt",
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": size.id,
                            "value_ids": [Command.set(size.value_ids.ids)],
                        }
                    )
                ],
            }
        )
        large = template.product_variant_ids[1]
        self.ebay.add(
            "1001",
            title="Blue shirt",
            variations=[{"quantity": 1, "aspects": {"Size": "L"}}],
        )
        self.pull()
        listing = self.listing()
        self.assertEqual(listing.suggested_product_id, large)
        self.assertIn("variation", listing.suggestion_ids[0].evidence)

    def test_what_was_linked_later_in_odoo_is_linked_in_the_next_run(self):
        self.ebay.add("1001", "SKU-1")
        self.pull()
        self.assertFalse(self.listing().product_id)
        product = self.product(code="SKU-1")
        self.pull()
        self.assertEqual(self.listing().product_id, product)

    def test_a_product_made_later_is_suggested_by_its_title_too(self):
        self.ebay.add("1001", "XX", title="Lumo desk lamp LED, new")
        self.pull()
        self.assertFalse(self.listing().suggestion_ids)
        self.product("Lumo desk lamp LED", "LD-1")
        self.pull()
        suggested = self.listing().suggested_product_id
        self.assertEqual(suggested.default_code, "LD-1")

    def test_a_second_run_without_news_looks_for_nothing(self):
        self.product("Lumo lamp", "LD-1")
        self.ebay.add("1001", "XX", title="Lumo lamp new")
        self.pull()
        self.account.links_checked_at = "2100-01-01"
        before = self.listing().suggestion_ids
        log = self.pull()
        self.assertEqual(self.listing().suggestion_ids, before)
        self.assertFalse(log.line_ids)

    def test_a_refused_link_does_not_come_back_by_itself(self):
        self.product(code="SKU-1")
        self.ebay.add("1001", "SKU-1")
        self.pull()
        self.listing().with_user(self.user).action_unlink_product()
        self.pull()
        listing = self.listing()
        self.assertFalse(listing.product_id)
        self.assertEqual(listing.suggested_product_id.default_code, "SKU-1")
        listing.with_user(self.user).action_look_again()
        self.pull()
        self.assertTrue(self.listing().product_id)

    def test_an_ignored_listing_is_left_alone(self):
        self.ebay.add("1001", "SKU-1")
        self.pull()
        self.listing().with_user(self.user).action_ignore()
        self.product(code="SKU-1")
        self.pull()
        self.assertFalse(self.listing().product_id)
        self.assertEqual(self.account.unlinked_count, 0)

    def test_a_product_chosen_by_hand_is_a_link_by_hand(self):
        product = self.product("Anything")
        self.ebay.add("1001", "SKU-1")
        self.pull()
        self.listing().with_user(self.user).product_id = product
        self.assertEqual(self.listing().link_method, "manual")
        self.pull()
        self.assertEqual(self.listing().product_id, product)

    def test_conflicts_are_shown_and_go_when_they_are_solved(self):
        self.product(code="SAME")
        shared = self.product(code="ONE")
        self.ebay.add("1001", "SAME")
        self.ebay.add("1002", "SAME")
        self.ebay.add("1003", "ONE")
        self.ebay.add("1004", "TWO")
        self.pull()
        self.assertEqual(self.rows("1001").conflict, "sku")
        self.assertEqual(self.rows("1002").conflict, "sku")
        self.assertTrue(self.rows("1001").product_id, "shown, and linked all the same")
        self.rows("1004").product_id = shared
        self.pull()
        self.assertEqual(self.rows("1003").conflict, "product")
        self.ebay.change("1002", status="Completed")
        self.rows("1004").product_id = False
        self.pull()
        self.assertFalse(self.rows("1001").conflict)
        self.assertFalse(self.rows("1003").conflict)

    def test_one_sku_on_two_marketplaces_is_no_conflict(self):
        uk = self.env["ebay.marketplace"].search([("code", "=", "EBAY_GB")])
        self.account.marketplace_ids |= uk
        self.product(code="SAME")
        self.ebay.add("1001", "SAME")
        self.ebay.add("1002", "SAME", currency="GBP")
        self.pull()
        self.assertEqual(self.rows().mapped("conflict"), [False, False])
        self.assertEqual(len(self.rows().product_id), 1)

    def test_another_companys_products_are_not_taken(self):
        company, _account = self.second_company()
        self.product(code="SKU-1", company_id=company.id)
        self.ebay.add("1001", "SKU-1")
        self.pull()
        self.assertFalse(self.listing().product_id)
        mine = self.product(code="SKU-1", company_id=self.account.company_id.id)
        self.pull()
        self.assertEqual(self.listing().product_id, mine)

    def test_a_linked_account_does_not_change_its_company(self):
        home = self.account.company_id
        away = self.env["res.company"].create({"name": "Away"})
        product = self.product(code="SKU-1", company_id=home.id)
        self.ebay.add("1001", "SKU-1")
        self.pull()
        self.assertEqual(self.listing().product_id, product)
        with self.assertRaisesRegex(ValidationError, "SKU-1"), self.env.cr.savepoint():
            self.account.company_id = away
        self.assertEqual(self.account.company_id, home)
        product.company_id = False
        self.account.company_id = away
        self.assertEqual(self.listing().company_id, away)

    def test_an_account_with_listings_is_deleted_with_all_that_is_its_own(self):
        product = self.product(code="SKU-1")
        self.ebay.add("1001", "SKU-1")
        self.pull()
        listing = self.listing()
        self.env["ebay.override"].create(
            {"account_id": self.account.id, "kind": "never", "listing_id": listing.id}
        )
        self.account.with_user(self.manager).unlink()
        self.assertFalse(self.account.exists())
        self.assertFalse(listing.exists())
        self.assertTrue(product.exists())

    def test_an_archived_product_keeps_its_listing(self):
        product = self.product(code="SKU-1")
        self.ebay.add("1001", "SKU-1")
        self.pull()
        product.active = False
        self.pull()
        self.assertEqual(self.listing().product_id, product)
        self.assertTrue(
            self.Listing.search([("product_id.active", "=", False)]), "and is shown"
        )

    def test_a_makers_number_among_the_item_specifics_is_a_reason(self):
        self.ebay.add("1001", "X-9", title="Anything")
        self.pull()
        self.listing().item_specifics = {"Brand": ["Acme"], "MPN": ["ab-1234"]}
        product = self.product(code="AB-1234")
        self.pull()
        row = self.listing()
        self.assertFalse(row.product_id, "never automatically")
        self.assertEqual(row.suggested_product_id, product)
        self.assertEqual(row.suggestion_text, "item specifics")

    def test_a_product_that_is_live_on_ebay_is_not_deleted(self):
        product = self.product(code="SKU-1")
        self.ebay.add("1001", "SKU-1")
        self.pull()
        for record in (product, product.product_tmpl_id):
            with self.assertRaisesRegex(UserError, r"live on eBay \(1001\)"):
                record.unlink()
        self.listing().with_user(self.user).action_unlink_product()
        product.unlink()
        self.assertFalse(product.exists())

    def test_an_ended_listing_lets_its_product_go(self):
        product = self.product(code="SKU-1")
        self.ebay.add("1001", "SKU-1")
        self.pull()
        self.ebay.change("1001", status="Completed")
        self.pull()
        self.assertEqual(self.rows("1001").product_id, product)
        product.unlink()
        self.assertFalse(self.rows("1001").product_id or self.rows("1001").link_method)

    def test_a_variant_that_goes_out_of_use_while_it_is_sold_is_archived(self):
        colour = self.env["product.attribute"].create(
            {
                "name": "Colour",
                "value_ids": [(0, 0, {"name": "Red"}), (0, 0, {"name": "Blue"})],
            }
        )
        red, blue = colour.value_ids
        template = self.env["product.template"].create(
            {
                "name": "Shirt",
                "attribute_line_ids": [
                    (
                        0,
                        0,
                        {
                            "attribute_id": colour.id,
                            "value_ids": [(6, 0, [red.id, blue.id])],
                        },
                    )
                ],
            }
        )
        variant = template.product_variant_ids[0]
        variant.default_code = "SKU-1"
        self.ebay.add("1001", "SKU-1")
        self.pull()
        template.attribute_line_ids.value_ids = blue
        self.assertEqual(self.listing().product_id, variant)
        self.assertFalse(variant.active)

    def test_when_the_time_is_up_the_next_run_links_on(self):
        codes = [f"K{number}" for number in range(3)]
        for number, code in enumerate(codes):
            self.product(code=code)
            self.ebay.add(f"300{number}", code)
        self.product(name="Twin", code="K0")  # a question: nothing is linked for it
        self.patch(listing_link, "AT_ONCE", 1)
        flow = type(self.env["ebay.flow.listings.in"])
        work = flow._work

        def hurried(flow, run):
            run.checkpoint.has_time = lambda: False
            work(flow, run)

        self.pull_without_linking()
        self.patch(flow, "_work", hurried)
        states = [self.pull().state for _run in range(8)]
        self.assertEqual(states[0], "partial")
        self.assertEqual(states[-1], "done")
        self.assertEqual(len(self.rows().product_id), 2)
        self.assertFalse(self.rows("3000").product_id)

    def test_many_listings_link_with_few_queries(self):
        self.env["product.product"].create(
            [{"name": f"P {n}", "default_code": f"K{n}"} for n in range(600)]
        )
        for number in range(600):
            self.ebay.add(str(2000 + number), f"K{number}")
        with self.assertQueryCountBelow(350):
            self.pull()
        self.assertEqual(len(self.rows().product_id), 600)

    def test_many_suggestions_are_accepted_with_few_queries(self):
        for number in range(40):
            self.product(f"Lamp number {number} of the series X{number}", f"P{number}")
            title = f"Lamp number {number} of the series X{number}"
            self.ebay.add(str(3000 + number), f"K{number}", title=title)
        self.pull()
        rows = self.rows().with_user(self.user)
        self.env.flush_all()
        with self.assertQueryCountBelow(60):
            told = rows.action_accept_suggestion()
        self.assertIn("40 listings", told["params"]["message"])
        self.assertEqual(len(self.rows().product_id), 40)

    def test_filters_of_one_kind_narrow_those_of_another(self):
        view = self.env.ref("ebay_sync.ebay_listing_view_search")
        arch = view.get_combined_arch()
        unlinked, likely = arch.index('"unlinked"'), arch.index('"likely"')
        self.assertIn("<separator", arch[unlinked:likely])

    def assertQueryCountBelow(self, most):
        case = self

        class Counting:
            def __enter__(self):
                self.before = case.cr.sql_log_count

            def __exit__(self, *_error):
                case.assertLess(case.cr.sql_log_count - self.before, most)

        return Counting()

    def test_an_outsider_links_nothing(self):
        self.ebay.add("1001", "SKU-1")
        self.pull()
        with self.assertRaises(AccessError):
            self.listing().with_user(self.outsider).action_accept_suggestion()
