"""A variation is the same thing for the mirror, an order, the shelf and the inbox."""

from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.ebay_sync.flows.orders.lines_of_listings import OF_LISTING
from odoo.addons.ebay_sync.flows.stock_prices.stock_levels import StockLevels
from odoo.addons.ebay_sync.mapping.listings.variation import rows_meant, variation_key

from .case_player import StoryCase


class TestVariations(StoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shirts = {size: cls.storable(f"SHIRT-{size}") for size in "SML"}
        cls.rows = {
            size: cls.row(size, sku="SHIRT-ALL" if size in "SM" else False)
            for size in "SML"
        }

    @classmethod
    def row(cls, size, **values):
        aspects = [["Size", size]]
        return cls.env["ebay.listing"].create(
            {
                "account_id": cls.account.id,
                "listing_ref": "110099",
                "is_variation": True,
                "variation_aspects": aspects,
                "variation_ref": variation_key(aspects),
                "title": "Shirt",
                "state": "ACTIVE",
                "quantity": 5,
                **values,
            }
        )

    def link_all(self):
        for size, row in self.rows.items():
            row.product_id = self.shirts[size]

    def story(self, name, **options):
        ids = {f"<variationId of {size}>": f"40000{size}" for size in "SML"}
        return self.player(name, values={"<itemId>": "110099", **ids}, **options)

    def sold(self, player):
        """Sizes in the sale order, by line number."""
        names = {product: size for size, product in self.shirts.items()}
        return {
            line.ebay_line_ref: names.get(line.product_id)
            for line in player.sale.order_line
            if line.ebay_line_ref
        }

    @staticmethod
    def none(_player):
        """What a person does, done already in this test."""

    def test_variation_without_sku_linked_by_hand(self):
        self.link_all()
        player = self.story("variation_without_sku_linked_by_hand")
        player.place = 2  # the mirror has read the listing
        player.play(do=[self.none])
        self.assertEqual(self.sold(player), {"C1": "L"})
        self.assertEqual(player.sale.state, "sale")

    def test_variations_sharing_one_sku(self):
        self.link_all()
        player = self.story("variations_sharing_one_sku")
        player.place = 2
        player.play(do=[self.none])
        self.assertEqual(self.sold(player), {"C2": "M", "C3": "S"})

    def test_link_product_rewrites_another_variation(self):
        """The button links exactly the row that the order names."""
        self.rows["S"].product_id = self.shirts["S"]
        player = self.story("link_product_rewrites_another_variation")
        player.place = 2

        def link_m(player):
            issue = self.issue(player.ref, "product_missing")
            self.assertEqual(len(issue), 1)
            self.assertIn("(M)", issue.summary)
            self.press(issue, product_id=self.shirts["M"]).action_link()

        player.play(do=[self.none, link_m])
        self.assertEqual(self.sold(player), {"C9": "S"})
        self.assertEqual(self.rows["S"].product_id, self.shirts["S"])
        self.assertEqual(self.rows["M"].product_id, self.shirts["M"])
        self.assertFalse(self.rows["L"].product_id)
        first = self.sale(player.shown[0])
        self.assertEqual(first.order_line[:1].product_id, self.shirts["M"])

    def test_two_variations_of_one_sku_are_asked_about_one_by_one(self):
        player = self.story("variations_sharing_one_sku")
        player.place = 2
        player.play(do=[self.none])
        issues = self.issue(player.ref, "product_missing")
        self.assertEqual(len(issues), 2)
        for issue in issues:
            size = issue.details["variation_aspects"][0][1]
            self.press(issue, product_id=self.shirts[size]).action_link()
        self.run_flow("orders_in")
        self.assertEqual(self.sold(player), {"C2": "M", "C3": "S"})

    def test_the_articles_own_product_is_no_variation(self):
        """A product with the SKU that all variations carry is not what was sold."""
        self.storable("SHIRT-ALL")
        player = self.story("variations_sharing_one_sku")
        player.place = 2
        player.play(do=[self.none])
        self.assertEqual(self.sold(player), {})
        self.assertEqual(len(self.issue(player.ref, "product_missing")), 2)

    def test_a_sku_changed_after_the_sale_is_no_question(self):
        self.link_all()

        def rename(document):
            for line in document["lineItems"]:
                line["sku"] = "OLD-NAME"

        player = self.story("variations_sharing_one_sku", change=rename)
        player.place = 2
        player.play(do=[self.none])
        self.assertEqual(self.sold(player), {"C2": "M", "C3": "S"})

    def test_without_aspects_the_clerk_says_which_variation_it_was(self):
        self.rows["S"].product_id = self.shirts["S"]
        self.rows["M"].product_id = self.shirts["M"]

        def forget(document):
            for line in document["lineItems"]:
                del line["variationAspects"]

        player = self.story(
            "link_product_rewrites_another_variation", mark="-x", change=forget
        )
        player.place = 2
        player.play(2, do=[self.none])
        player.play(1)
        issue = self.issue(player.ref, "product_ambiguous")
        action = issue.action_fix()
        wizard = (
            self.env["ebay.link.product"]
            .with_user(self.user)
            .with_context(**action["context"])
            .create({"product_id": self.shirts["M"].id})
        )
        self.assertEqual(wizard.listing_ids, self.rows["S"] | self.rows["M"])
        with self.assertRaises(UserError):
            wizard.action_link()
        wizard.listing_id = self.rows["M"]
        wizard.action_link()
        self.assertEqual(self.rows["S"].product_id, self.shirts["S"])

    def test_the_button_says_how_many_orders_continue(self):
        for mark in ("-a", "-b"):
            player = self.story("link_product_rewrites_another_variation", mark=mark)
            player.place = 2
            player.play(3, do=[self.none])
        issue = self.issue(player.ref, "product_missing")
        wizard = self.press(issue, product_id=self.shirts["M"])
        self.assertEqual(wizard.order_count, 2)
        told = wizard.action_link()
        self.assertIn("2", told["params"]["message"])
        self.run_flow("orders_in")
        states = {
            self.sale(ref).state
            for ref in self.env["ebay.order"]
            .search([("account_id", "=", self.account.id)])
            .mapped("order_ref")
        }
        self.assertEqual(states, {"sale"})

    def test_sql_and_python_mean_the_same_row(self):
        """What an order takes from a listing is counted as it is built."""
        asked = [
            (sku, ref)
            for sku in ("", "SHIRT-ALL", "OTHER")
            for ref in ("", "size=s", "size=m", "size=l", "size=xl")
        ]
        order = self.env["ebay.order"].create(
            {"account_id": self.account.id, "order_ref": "77-1", "state": "pending"}
        )
        lines = self.env["ebay.order.line"].create(
            [
                {
                    "order_id": order.id,
                    "account_id": self.account.id,
                    "listing_ref": "110099",
                    "sku": sku,
                    "variation_ref": ref,
                    "quantity": 1,
                    "ordered_at": "2026-01-01 00:00:00",
                }
                for sku, ref in asked
            ]
        )
        self.env.flush_all()
        found = self.env.execute_query(
            SQL(
                "SELECT line.id, listing.id FROM ebay_order_line line "
                "JOIN ebay_listing listing ON %s WHERE line.id = ANY(%s)",
                OF_LISTING,
                lines.ids,
            )
        )
        rows = list(self.rows.values())
        for line in lines:
            by_sql = {listing for one, listing in found if one == line.id}
            by_python = {
                row.id for row in rows_meant(rows, line.sku, line.variation_ref)
            }
            self.assertEqual(by_sql, by_python, (line.sku, line.variation_ref))

    def test_a_waiting_quotation_counts_for_the_product_it_holds(self):
        """Also when its listing has been linked to another product since."""
        self.link_all()
        for shirt in self.shirts.values():
            self.stock(shirt, 10)

        def unpaid(document):
            document["orderPaymentStatus"] = "PENDING"
            document["paymentSummary"]["payments"] = []

        player = self.story("variation_without_sku_linked_by_hand", change=unpaid)
        player.place = 2
        player.play(do=[self.none])
        self.assertEqual(player.sale.state, "draft")
        self.rows["L"].product_id = self.shirts["M"]
        self.env.flush_all()
        levels = self.levels()
        self.assertEqual(levels.net(self.shirts["L"].id), 9)
        self.assertEqual(levels.net(self.shirts["M"].id), 10)

    def levels(self):
        return StockLevels(self.account, list(p.id for p in self.shirts.values()))


class TestCreateProducts(StoryCase):
    """Rule: products are created for what nobody knows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.unknown_sku_rule = "create"

    def new_products(self, sku):
        return self.env["product.product"].search([("default_code", "=", sku)])

    def order(self, ref, **line_values):
        from .orders import simple_order

        order = simple_order(ref)
        order["lineItems"][0].update(line_values)
        return order

    def test_one_product_for_all_orders_of_a_batch(self):
        self.pull(*(self.order(f"31-0000{n}-1", sku="NEW-1") for n in range(5)))
        self.assertEqual(len(self.new_products("NEW-1")), 1)

    def test_without_a_sku_the_listing_is_one_product(self):
        orders = [
            self.order(f"32-0000{n}-1", sku=None, legacyItemId="120001")
            for n in range(3)
        ]
        self.pull(*orders)
        products = {self.sale(o["orderId"]).order_line[:1].product_id for o in orders}
        self.assertEqual(len(products), 1)
        row = self.env["ebay.listing"].search([("listing_ref", "=", "120001")])
        self.assertEqual(row.product_id, products.pop())
        self.assertEqual(row.link_method, "created")

    def test_a_second_match_is_asked_about(self):
        self.storable("TWICE")
        self.storable("TWICE")
        self.pull(self.order("33-00000-1", sku="TWICE"))
        self.assertEqual(len(self.new_products("TWICE")), 2)
        self.assertTrue(self.issue("33-00000-1", "product_ambiguous"))
