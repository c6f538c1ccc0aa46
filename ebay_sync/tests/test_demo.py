"""The demonstration shop installs, agrees with itself and reaches nobody."""

from unittest.mock import patch

from odoo.modules.module import get_manifest
from odoo.tests import TransactionCase, tagged
from odoo.tools.convert import convert_file

from odoo.addons.ebay_sync.ebay_api.transport import Transport


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """What a database with demo data gets, loaded the way Odoo loads it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env.ref("ebay_sync.demo_account", raise_if_not_found=False):
            with patch.object(Transport, "send", side_effect=AssertionError("eBay")):
                for path in get_manifest("ebay_sync")["demo"]:
                    convert_file(
                        cls.env, "ebay_sync", path, {}, mode="init", noupdate=True
                    )
        cls.account = cls.env.ref("ebay_sync.demo_account")

    def test_the_account_was_never_connected(self):
        self.assertEqual((self.account.state, self.account.mode), ("draft", "mirror"))
        stored = self.env["ebay.token"].sudo().search([])
        self.assertFalse(stored.filtered(lambda row: row.account_id == self.account))
        flows = self.env["ebay.flow"]._flows()
        self.assertEqual(
            {name for name in flows if self.account._flow_may_run(flows[name])},
            {"housekeeping", "notifications_in"},  # neither asks eBay for anything
        )

    def test_orders_became_sale_orders_to_the_cent(self):
        orders = self.env["ebay.order"].search([("account_id", "=", self.account.id)])
        self.assertEqual(
            dict(
                orders._read_group([("id", "in", orders.ids)], ["state"], ["__count"])
            ),
            {"imported": 2, "blocked": 1},
        )
        sales = orders.sale_order_id
        self.assertEqual(sales.mapped("state"), ["sale", "sale"])
        for sale in sales:
            self.assertEqual(sale.amount_total, sale.ebay_total)
            self.assertEqual(sale.ebay_order_id.sale_order_id, sale)

    def test_the_held_order_stands_in_the_inbox_with_its_fix(self):
        held = self.env.ref("ebay_sync.demo_order_held")
        self.assertIn("storage tins", held.issue_ids.summary)
        self.assertTrue(held.issue_ids.fix_label)

    def test_listings_are_linked_suggested_and_open(self):
        Listing = self.env["ebay.listing"].with_context(active_test=False)
        listings = Listing.search([("account_id", "=", self.account.id)])
        self.assertEqual(len(listings), 5)
        self.assertEqual(len(listings.filtered("product_id")), 3)
        self.assertEqual(len(listings.filtered("suggestion_clear")), 1)

    def test_the_parcel_has_left(self):
        parcel = self.env.ref("ebay_sync.demo_shipment")
        self.assertEqual(parcel.picking_id.state, "done")
        self.assertEqual(parcel.picking_id.carrier_tracking_ref, parcel.told_tracking)
        mill = self.env.ref("ebay_sync.demo_product_mill")
        self.assertEqual(mill.qty_available, 13)
