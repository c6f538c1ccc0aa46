"""A live account with listings, products on the shelf, and an eBay that sells them."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.addons.ebay_sync.flows.orders import orders_in

from .fake_shelf import FakeShelf
from .orders import OrderCase


class StockCase(OrderCase):
    """``self.ebay`` is a FakeShelf; listings are made with ``self.listing``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.germany = cls.env["ebay.marketplace"].search([("code", "=", "EBAY_DE")])
        cls.account.marketplace_ids = cls.germany
        cls.account.mode = "live"
        cls.euro = cls.env["res.currency"].search([("name", "=", "EUR")])
        cls.Listing = cls.env["ebay.listing"].with_context(active_test=False)

    def setUp(self):
        super().setUp()
        self.ebay = FakeShelf()
        self.startPatcher(
            patch.object(
                type(self.env["ebay.account"]), "_client", lambda *a, **k: self.ebay
            )
        )
        # what was sold a moment ago is shown already
        self.startPatcher(
            patch.object(orders_in, "SETTLED_AFTER", timedelta(seconds=-10))
        )
        self.account.orders_since_at = datetime.now() - timedelta(minutes=5)

    def listing(self, sku="SKU-1", on_ebay=0, product=None, offer=None, **values):
        """A linked listing, here and on eBay."""
        number = len(self.ebay.things) + 1
        ref = values.pop("listing_ref", f"11000000{number:04d}")
        self.ebay.add(ref, sku, on_ebay, offer=offer)
        return self.Listing.create(
            {
                "account_id": self.account.id,
                "marketplace_id": self.germany.id,
                "listing_ref": ref,
                "sku": sku,
                "title": f"Thing {sku}",
                "state": "ACTIVE",
                "format": "FIXED_PRICE",
                "currency_id": self.euro.id,
                "price": 10.0,
                "quantity": on_ebay,
                "owner": "inventory" if offer else "trading",
                "offer_ref": offer,
                "product_id": (product or self.product).id,
                "stock_master": "odoo",
                **values,
            }
        )

    def many(self, count, offers=True, on_ebay=0, quantity=5):
        """So many listings, each of a product of its own with so much on the shelf."""
        listings = self.Listing
        for number in range(count):
            sku = f"M-{number}"
            product = self.storable(sku)
            self.stock(product, quantity)
            offer = f"offer-{number}" if offers else None
            listings |= self.listing(sku, on_ebay, product, offer)
        return listings

    def push(self):
        """One run of stock_out that compares everything; returns its log."""
        self.account._stock_schedule().compared_at = False
        return self.run_flow("stock_out")

    def later(self, listings=None, seconds=60):
        """Time passes: what eBay took, it took so long ago."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ebay_listing SET quantity_acked_at = quantity_acked_at "
            "- make_interval(secs => %s), push_next_try_at = NULL",
            [seconds],
        )
        self.env.cr.execute(
            "UPDATE ebay_order_line SET ordered_at = ordered_at "
            "- make_interval(secs => %s)",
            [seconds],
        )
        self.env.cr.execute(
            "UPDATE ebay_account SET orders_read_until_at = orders_read_until_at "
            "- interval '5 minutes'"
        )
        self.env.invalidate_all()
