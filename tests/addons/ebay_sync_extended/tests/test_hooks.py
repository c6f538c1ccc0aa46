"""What another addon decides in a hook is what happens; ours still guards the rest."""

import ast
import inspect
from decimal import Decimal
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.tests.listings_case import ListingsCase
from odoo.addons.ebay_sync.tests.orders import OrderCase, simple_order
from odoo.addons.ebay_sync.tests.shipments import ShipmentCase
from odoo.addons.ebay_sync.tests.stock_case import StockCase

BATCH = "odoo.addons.ebay_sync.flows"


@tagged("post_install", "-at_install")
class TestEveryHook(TransactionCase):
    def test_every_hook_is_overridden_here(self):
        """A hook that is added must be tried by this addon too."""
        for name in [one for one in self.env.registry if one.startswith("ebay.hook.")]:
            classes = type(self.env[name]).mro()
            mine = [one for one in classes if "ebay_sync_extended" in one.__module__]
            ours = [
                one
                for one in classes
                if one.__module__.startswith("odoo.addons.ebay_sync.")
            ]
            hooks = {
                method.name
                for one in ours
                for method in ast.walk(
                    ast.parse(inspect.getsource(inspect.getmodule(one)))
                )
                if isinstance(method, ast.FunctionDef)
                and method.name.startswith("_prepare_")
            }
            self.assertTrue(hooks, name)
            self.assertFalse(hooks - set().union(*map(vars, mine)), name)


@tagged("post_install", "-at_install")
class TestOrderHooks(OrderCase):
    def test_values_of_partner_order_and_lines(self):
        self.pull(simple_order("A-1"))
        sale = self.sale("A-1")
        self.assertEqual(sale.state, "sale", self.stored("A-1").message)
        self.assertEqual(sale.client_order_ref, "X A-1")
        self.assertEqual(sale.partner_id.ref, "eBay buyer-A-1")
        self.assertEqual(sale.partner_shipping_id.street2, "delivery of A-1")
        self.assertEqual(sale.partner_invoice_id.street2, "invoice of A-1")
        names = sale.order_line.mapped("name")
        self.assertEqual(names, ["goods 1A1", f"shipping {self.account.name}"])
        self.assertEqual(sale.amount_total, 24.99)

    def test_a_partner_is_found_by_what_the_hook_returned(self):
        order = simple_order("A-1")
        self.pull(order)
        partners = self.env["res.partner"].search_count([])
        self.pull(self.changed(order, buyerCheckoutNotes="again"))
        self.assertEqual(self.env["res.partner"].search_count([]), partners)

    def test_a_hook_that_raises_costs_its_own_order_only(self):
        hooks = type(self.env["ebay.hook.orders"])
        values = hooks._prepare_order_values

        def some(hook, values_, **source):
            if source["order"].order_ref == "A-2":
                raise ValueError("not this one")
            return values(hook, values_, **source)

        with (
            patch.object(hooks, "_prepare_order_values", some),
            mute_logger(f"{BATCH}.orders.build", f"{BATCH}.engine.run"),
        ):
            self.pull(simple_order("A-1"), simple_order("A-2"))
        self.assertEqual(self.sale("A-1").state, "sale")
        self.assertEqual(self.stored("A-2").state, "blocked")
        [issue] = self.stored("A-2").issue_ids
        self.assertEqual(issue.code, "order_failed")

    def test_a_hook_cannot_make_a_total_wrong(self):
        hooks = type(self.env["ebay.hook.orders"])

        def cheaper(_hook, values, **_source):
            return {**values, "price_unit": 1.0}

        with patch.object(hooks, "_prepare_order_line_values", cheaper):
            self.pull(simple_order("A-1"))
        self.assertEqual(self.sale("A-1").state, "draft")
        self.assertEqual(self.stored("A-1").issue_ids.code, "total_differs")

    def test_the_words_of_the_inbox(self):
        order = simple_order("A-1")
        order["lineItems"][0]["sku"] = "UNKNOWN"
        self.pull(order)
        [issue] = self.stored("A-1").issue_ids
        self.assertEqual(issue.summary, f"{self.account.name} lacks UNKNOWN")
        self.assertTrue(issue.advice.endswith(" Ask Anna."))
        self.assertEqual(issue.fix_label, "Link product")


@tagged("post_install", "-at_install")
class TestListingHooks(ListingsCase):
    def test_a_listing_is_linked_by_the_hooks_evidence(self):
        product = self.env["product.product"].create(
            {"name": "Thing", "default_code": "X-SKU-1", "is_storable": True}
        )
        self.ebay.add("1001", "SKU-1")
        self.ebay.add("1002", "SKU-2")
        self.pull()
        self.assertEqual(self.rows("1001").product_id, product)
        self.assertEqual(self.rows("1001").link_score, 90)
        self.assertFalse(self.rows("1002").product_id)


@tagged("post_install", "-at_install")
class TestStockHooks(StockCase):
    def setUp(self):
        super().setUp()
        self.account.company_id.currency_id = self.euro
        self.account.price_move_limit = 1000

    def test_the_quantity_is_the_hooks_and_is_explained(self):
        odd = self.listing("ODD", 1, self.storable("ODD"))
        self.stock(odd.product_id, 7)
        self.push()
        self.assertEqual(self.ebay.quantity(odd.listing_ref), 6)
        why = odd.with_context(lang="en_US").quantity_why
        self.assertIn("Another addon says", why)
        self.assertIn(">6<", why)

    def test_a_hook_leaves_a_listing_alone(self):
        nameless = self.listing("N", 1, self.storable(False))
        self.stock(nameless.product_id, 7)
        self.push()
        self.assertEqual(self.ebay.quantity(nameless.listing_ref), 1)
        self.assertIn("leave eBay", nameless.with_context(lang="en_US").quantity_why)

    def test_what_is_no_quantity_is_not_sent(self):
        listing = self.listing("ODD", 1, self.storable("ODD"))
        hooks = type(self.env["ebay.hook.stock.prices"])
        for bad in (2.5, float("nan"), "7", True):
            with (
                patch.object(
                    hooks,
                    "_prepare_quantities",
                    lambda hook, quantities, bad=bad, **_more: dict.fromkeys(
                        quantities, bad
                    ),
                ),
                mute_logger(f"{BATCH}.engine.flow", f"{BATCH}.engine.run"),
            ):
                log = self.push()
            self.assertEqual(log.state, "failed")
            self.assertEqual(self.ebay.quantity(listing.listing_ref), 1)

    def test_a_quantity_stays_within_what_ebay_takes(self):
        listing = self.listing("ODD", 1, self.storable("ODD"))
        hooks = self.env["ebay.hook.stock.prices"]
        with patch.object(
            type(hooks),
            "_prepare_quantities",
            lambda hook, quantities, **_more: dict.fromkeys(quantities, 10**9),
        ):
            found = hooks._quantities({listing.id: 1}, {listing.id: 1}, self.account)
        self.assertEqual(found, {listing.id: 999_999})

    def test_the_price_is_the_hooks_and_is_computed_again(self):
        self.env["ebay.price.rule"].create({"account_id": self.account.id})
        product = self.storable("P", list_price=20.0)
        listing = self.listing("P", 0, product, "offer-P", price_master="odoo")
        listing.stock_master = "nobody"
        self.run_flow("prices_out")
        self.assertEqual(self.ebay.things[listing.listing_ref, "P"]["price"], 21.0)
        self.assertIn(">21<", listing.price_why)
        self.env["ir.config_parameter"].set_param("ebay_sync_extended.extra", "2.5")
        self.run_flow("prices_out")
        self.assertEqual(self.ebay.things[listing.listing_ref, "P"]["price"], 22.5)

    def test_what_is_no_price_is_refused(self):
        listing = self.listing("ODD", 1, self.storable("ODD"))
        hooks = self.env["ebay.hook.stock.prices"]
        for bad in (2.5, Decimal("NaN"), "7"):
            with (
                patch.object(
                    type(hooks),
                    "_prepare_prices",
                    lambda hook, prices, bad=bad, **_more: dict.fromkeys(prices, bad),
                ),
                self.assertRaises(ValueError),
            ):
                hooks._prices({listing.id: Decimal(1)}, listing, self.account)


@tagged("post_install", "-at_install")
class TestShipmentHooks(ShipmentCase):
    def test_the_parcel_is_the_hooks_and_never_more_than_has_left(self):
        sale = self.order()
        self.leave(sale.picking_ids, "12345678")
        self.send()
        [parcel] = self.ebay.parcels["A-1"]
        self.assertEqual(parcel["shipmentTrackingNumber"], "JJD12345678")
        self.assertEqual(parcel["shippingCarrierCode"], "Hermes")
        [line] = parcel["lineItems"]
        self.assertEqual(line["quantity"], 1)

    def test_nothing_is_reported_of_an_empty_parcel(self):
        hooks = type(self.env["ebay.hook.shipments"])
        sale = self.order()
        with patch.object(hooks, "_prepare_parcel_lines", lambda *_args, **_more: {}):
            self.leave(sale.picking_ids, "12345678")
            log = self.send()
        self.assertEqual(log.state, "done", log.message)
        self.assertFalse(self.shipments(sale))
