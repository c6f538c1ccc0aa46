"""What may be changed on eBay at all: only what Odoo decides over, only when live."""

from odoo.tests import tagged

from .stock_case import StockCase


@tagged("post_install", "-at_install")
class TestPushScope(StockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.company_id.currency_id = cls.euro
        cls.account.price_move_limit = 1000
        cls.env["ebay.price.rule"].create({"account_id": cls.account.id})

    def thing(self, sku, stock="odoo", price="odoo", offer=True, **values):
        """Five on the shelf for 20, on eBay one for 10."""
        product = self.storable(sku, list_price=20.0)
        self.stock(product, 5)
        return self.listing(
            sku,
            1,
            product,
            f"offer-{sku}" if offer else None,
            stock_master=stock,
            price_master=price,
            **values,
        )

    def push_all(self):
        for flow in ("stock_out", "prices_out", "stock_out"):
            self.account._stock_schedule().compared_at = False
            self.run_flow(flow)

    def on_ebay(self, listing):
        thing = self.ebay.things[listing.listing_ref, listing.sku]
        return thing["quantity"], thing["price"]

    def test_each_value_has_its_own_master(self):
        for offer in (True, False):
            cases = {
                ("odoo", "odoo"): (5, 20.0),
                ("odoo", "nobody"): (5, 10.0),
                ("odoo", "ebay"): (5, 10.0),
                ("nobody", "odoo"): (1, 20.0),
                ("ebay", "odoo"): (1, 20.0),
                ("nobody", "nobody"): (1, 10.0),
            }
            listings = {
                masters: self.thing(f"{'-'.join(masters)}-{offer}", *masters, offer)
                for masters in cases
            }
            self.push_all()
            told = {masters: self.on_ebay(one) for masters, one in listings.items()}
            self.assertEqual(told, cases)

    def test_ended_ignored_unlinked_and_auctions_are_left_alone(self):
        listings = [
            self.thing("gone", active=False, state="ENDED"),
            self.thing("ignored", ignored=True),
            self.thing("auction", format="AUCTION"),
            self.thing("unlinked"),
        ]
        listings[-1].product_id = False
        self.push_all()
        self.assertEqual({self.on_ebay(one) for one in listings}, {(1, 10.0)})
        self.assertEqual(self.ebay.writes, 0)

    def test_only_a_live_and_armed_account_writes(self):
        listing = self.thing("T")
        for values in (
            {"mode": "mirror"},
            {"mode": "paused"},
            {"state": "reconnect"},
            {"armed_for": "another database"},
        ):
            with self.subTest(**values), self.env.cr.savepoint() as point:
                self.account.write(values)
                self.push_all()
                self.assertEqual(self.ebay.writes, 0)
                point.rollback()
                self.env.invalidate_all()
        self.push_all()
        self.assertEqual(self.on_ebay(listing), (5, 20.0))

    def go_live(self, stage):
        self.account.write({"golive_prices": True, "mode": "mirror"})
        self.account.with_user(self.manager).action_preview()
        action = {
            "pilot": "action_go_live_pilot",
            "live": "action_go_live",
        }[stage]
        getattr(self.account.with_user(self.manager), action)()

    def test_the_pilot_is_pushed_and_nothing_else(self):
        pilot = self.thing("P-1", "nobody", "nobody")
        others = [
            self.thing("O-1", "nobody", "nobody"),
            self.thing("O-2", "ebay", "ebay", False),
        ]
        self.account.pilot_domain = "[('sku', '=like', 'P-%')]"
        self.go_live("pilot")
        self.push_all()
        self.assertEqual(self.on_ebay(pilot), (5, 20.0))
        self.assertEqual({self.on_ebay(one) for one in others}, {(1, 10.0)})
        self.go_live("live")
        self.push_all()
        self.assertEqual({self.on_ebay(one) for one in others}, {(5, 20.0)})
        self.account.with_user(self.manager).action_back_to_mirror()
        sent = self.ebay.writes
        self.stock(pilot.product_id, 3)
        self.push_all()
        self.assertEqual(self.ebay.writes, sent)
