"""eBay asks what Odoo asks: rules, refusals to send nonsense, and the stop."""

from odoo.fields import Command
from odoo.tests import tagged

from .stock_case import StockCase


@tagged("post_install", "-at_install")
class TestPricesOut(StockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.company_id.currency_id = cls.euro
        cls.account.price_move_limit = 1000
        cls.rule = cls.env["ebay.price.rule"].create({"account_id": cls.account.id})

    def priced(self, price=20.0, sku="P", on_ebay=10.0, **values):
        product = self.storable(sku, list_price=price)
        listing = self.listing(
            sku, 0, product, f"offer-{sku}", price_master="odoo", **values
        )
        listing.write({"stock_master": "nobody", "price": on_ebay})
        return listing

    def prices(self):
        return self.run_flow("prices_out")

    def shown(self, listing):
        return self.ebay.things[listing.listing_ref, listing.sku]["price"]

    def issues(self, code):
        return self.env["ebay.issue"].search([("code", "=", code)])

    def test_ebay_asks_what_odoo_asks(self):
        listing = self.priced()
        log = self.prices()
        self.assertEqual(log.state, "done", log.message)
        self.assertEqual(self.shown(listing), 20.0)
        self.assertEqual(listing.price_acked, 20.0)
        self.assertEqual(log.line_ids.changes, {"price": [10.0, 20.0]})
        again = self.prices()
        self.assertEqual((again.updated_count, self.ebay.writes), (0, 1))

    def test_a_changed_product_is_computed_again(self):
        listing = self.priced()
        other = self.priced(30.0, "Q")
        self.prices()
        listing.product_id.list_price = 25.0
        self.prices()
        self.assertEqual(self.shown(listing), 25.0)
        self.assertEqual(self.shown(other), 30.0)
        self.assertEqual(len(self.ebay.calls[-1][1]), 1)

    def test_the_rule_step_by_step(self):
        listing = self.priced(100.0, on_ebay=50.0)
        self.rule.write({"markup": 10, "extra": 1, "fee": 10, "rounding": "99"})
        self.prices()
        # (100 * 1.10 + 1) / 0.90 = 123.33
        self.assertEqual(self.shown(listing), 122.99)
        self.assertIn("122.99", listing.with_user(self.user).price_why)

    def test_a_pricelist_in_another_currency(self):
        dollar = self.env["res.currency"].search([("name", "=", "USD")])
        dollar.rate_ids = [
            Command.clear(),
            Command.create({"name": "2020-01-01", "rate": 2.0}),
        ]
        listing = self.priced(currency_id=dollar.id)
        self.prices()
        self.assertEqual(self.shown(listing), 40.0)

    def test_without_a_rate_nothing_is_sent(self):
        zloty = self.env["res.currency"].search([("name", "=", "PLN")])
        zloty.rate_ids.unlink()
        listing = self.priced(currency_id=zloty.id)
        self.prices()
        self.assertEqual(self.shown(listing), 10.0)
        self.assertIn("PLN", self.issues("price_no_rate").summary)

    def test_a_price_of_nothing_is_never_sent(self):
        free = self.priced(0.0)
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Odd",
                "currency_id": self.euro.id,
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "3_global",
                            "compute_price": "formula",
                            "price_discount": 0,
                            "price_surcharge": -50,
                        }
                    )
                ],
            }
        )
        self.rule.pricelist_id = pricelist
        negative = self.priced(20.0, "N")
        self.prices()
        self.assertEqual((self.shown(free), self.shown(negative)), (10.0, 10.0))
        self.assertEqual(len(self.issues("price_none")), 2)
        self.assertEqual(self.ebay.writes, 0)
        self.rule.pricelist_id = False
        self.prices()
        self.assertEqual(self.shown(negative), 20.0)
        states = dict((one.res_id, one.state) for one in self.issues("price_none"))
        self.assertEqual(states, {free.id: "open", negative.id: "done"})

    def test_never_below_cost(self):
        listing = self.priced(20.0)
        listing.product_id.standard_price = 30.0
        self.rule.write({"has_floor": True, "margin": 10})
        self.prices()
        self.assertEqual(self.shown(listing), 33.0)

    def test_tax_as_the_marketplace_shows_it(self):
        tax = self.env["account.tax"].create(
            {"name": "19", "amount": 19, "price_include_override": "tax_excluded"}
        )
        listing = self.priced(100.0, on_ebay=50.0)
        listing.product_id.taxes_id = tax
        self.rule.tax = "included"
        self.prices()
        self.assertEqual(self.shown(listing), 119.0)

    def test_a_marketplace_has_a_rule_of_its_own(self):
        poland = self.env["ebay.marketplace"].search([("code", "=", "EBAY_PL")])
        self.env["ebay.price.rule"].create(
            {
                "account_id": self.account.id,
                "marketplace_id": poland.id,
                "markup": 50,
            }
        )
        listing = self.priced(marketplace_id=poland.id)
        self.prices()
        self.assertEqual(self.shown(listing), 30.0)

    def test_exceptions(self):
        listing = self.priced()
        never = self.priced(20.0, "Q")
        self.env["ebay.override"].create(
            [
                {
                    "account_id": self.account.id,
                    "product_tmpl_id": listing.product_id.product_tmpl_id.id,
                    "kind": "price_fixed",
                    "amount": 17.5,
                },
                {
                    "account_id": self.account.id,
                    "listing_id": never.id,
                    "kind": "price_never",
                },
            ]
        )
        self.prices()
        self.assertEqual((self.shown(listing), self.shown(never)), (17.5, 10.0))

    def test_a_price_that_moves_far_waits(self):
        far, near = self.priced(20.0), self.priced(10.5, "Q")
        self.account.price_move_limit = 30
        self.prices()
        self.assertEqual((self.shown(far), self.shown(near)), (10.0, 10.5))
        held = self.env["ebay.held.push"].search([])
        self.assertEqual(held.line_ids.listing_id, far)
        held.with_user(self.manager).action_approve()
        self.prices()
        self.assertEqual((self.shown(far), self.shown(near)), (20.0, 10.5))

    def test_when_many_prices_move_far_none_is_sent(self):
        self.account.price_move_limit = 30
        for number in range(5):
            self.priced(20.0, f"P{number}")
        near = self.priced(10.5, "Q")
        self.prices()
        self.assertEqual(self.ebay.writes, 0)
        held = self.env["ebay.held.push"].search([])
        held.with_user(self.manager).action_approve()
        self.prices()
        self.assertEqual(self.shown(near), 10.5)

    def test_while_many_wait_no_price_goes_along_with_a_quantity(self):
        self.account.price_move_limit = 30
        for number in range(5):
            self.priced(20.0, f"P{number}")
        near = self.priced(10.5, "Q")
        near.stock_master = "odoo"
        self.stock(near.product_id, 4)
        self.prices()
        self.push()
        self.assertEqual(self.ebay.quantity(near.listing_ref), 4)
        self.assertEqual(self.shown(near), 10.0)
        held = self.env["ebay.held.push"].search([])
        held.with_user(self.manager).action_approve()
        self.prices()
        self.assertEqual(self.shown(near), 10.5)

    def test_price_and_quantity_travel_together(self):
        listing = self.priced(12.0)
        listing.stock_master = "odoo"
        self.stock(listing.product_id, 4)
        self.account.mode = "mirror"
        self.prices()
        self.account.mode = "live"
        self.push()
        self.assertEqual(self.ebay.writes, 1)
        self.assertEqual((self.shown(listing), listing.quantity_acked), (12.0, 4))
        self.assertEqual(listing.price_acked, 12.0)
        self.prices()
        self.assertEqual(self.ebay.writes, 1)
