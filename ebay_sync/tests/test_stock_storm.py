"""Sales on both sides, receipts, corrections and every kind of trouble, at random."""

import random

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.ebay_api.errors import Transient

from .fake_shelf import silence
from .stock_case import StockCase

STEPS = 60
SEEDS = range(1, 7)


@tagged("post_install", "-at_install")
class TestStockStorm(StockCase):
    """After every run that went through, eBay shows what the shelf holds, and no more;
    in the end too, without help."""

    def setUp(self):
        super().setUp()
        self.account.stock_zero_limit = 100
        self.partner = self.env["res.partner"].create({"name": "Counter"})

    def storm(self, seed):
        self.chance = random.Random(seed)
        self.products = []
        self.listings = self.Listing
        for number in range(4):
            sku = f"S{seed}-{number}"
            product = self.storable(sku)
            self.stock(product, self.chance.randrange(5, 30))
            self.products.append(product)
            offer = f"o-{sku}" if number % 2 else None
            self.listings |= self.listing(sku, 0, product, offer)
            if number == 3:  # the same shelf behind two listings
                self.listings |= self.listing(f"{sku}b", 0, product, f"o-{sku}b")
        steps = (
            self.ebay_sale,
            self.ebay_sale,
            self.counter_sale,
            self.receipt,
            self.correction,
            self.trouble,
            self.run_once,
            self.run_once,
        )
        for _number in range(STEPS):
            self.chance.choice(steps)()
        self.calm()
        self.run_once(with_orders=True)
        self.run_once(with_orders=True)
        self.assert_equal("in the end")

    # -- what happens ------------------------------------------------------------

    def ebay_sale(self):
        listing = self.chance.choice(self.listings)
        shown = self.ebay.quantity(listing.listing_ref)
        if not shown:
            return
        quantity = self.chance.randrange(1, min(shown, 4) + 1)
        paid = {} if self.chance.random() < 0.7 else {"orderPaymentStatus": "PENDING"}
        self.ebay.sell(listing.listing_ref, listing.sku, quantity, **paid)

    def counter_sale(self):
        product = self.chance.choice(self.products)
        free = int(product.free_qty)
        if free < 1:
            return
        quantity = self.chance.randrange(1, min(free, 3) + 1)
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "order_line": [
                    (0, 0, {"product_id": product.id, "product_uom_qty": quantity})
                ],
            }
        )
        sale.action_confirm()

    def receipt(self):
        self.stock(self.chance.choice(self.products), self.chance.randrange(1, 10))

    def correction(self):
        product = self.chance.choice(self.products)
        free = int(product.free_qty)
        if free > 0:
            self.stock(product, -self.chance.randrange(1, free + 1))

    def trouble(self):
        kind = self.chance.choice(("lost", "down", "busy", "calm"))
        self.calm()
        if kind == "lost":
            self.ebay.lose = self.chance.randrange(1, 3)
        elif kind == "busy":
            modern = self.listings.filtered("offer_ref")
            self.ebay.refuse[self.chance.choice(modern).sku] = "25025"
        elif kind == "down":

            def down(_name, _entries):
                raise self.chance.choice((silence(), Transient("eBay is down")))

            self.ebay.trouble = down

    def calm(self):
        self.ebay.lose = 0
        self.ebay.refuse.clear()
        self.ebay.trouble = lambda name, entries: None

    def run_once(self, with_orders=None):
        """A run of stock_out; what it must achieve is known once orders are, too."""
        self.later(seconds=self.chance.choice((0, 20)))
        if with_orders is None:
            with_orders = self.chance.random() < 0.5
        if with_orders:
            self.run_flow("orders_in")
        with mute_logger("odoo.addons.ebay_sync.flows.engine.run"):
            log = self.push()
        if with_orders and log.state == "done" and not log.failed_count:
            self.assert_equal(f"after run {log.id}")

    # -- what must hold ----------------------------------------------------------

    def assert_equal(self, when):
        self.env.invalidate_all()
        for listing in self.listings:
            product = listing.product_id
            mine = self.listings.filtered(
                lambda one, product=product: one.product_id == product
            )
            lines = self.env["ebay.order.line"].search(
                [("listing_ref", "in", mine.mapped("listing_ref"))]
            )
            waiting = sum(
                lines.filtered(
                    lambda line: line.order_id.sale_order_id.state != "sale"
                ).mapped("quantity")
            )
            self.assertEqual(
                self.ebay.quantity(listing.listing_ref),
                max(int(product.free_qty) - waiting, 0),
                f"{listing.sku} {when}",
            )

    def test_storms(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.storm(seed)
