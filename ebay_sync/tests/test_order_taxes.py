"""Taxes of what is sold beside the goods, and of many cheap pieces."""

import random
from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.ebay_sync.compat import SOL_TAXES

from .case_player import StoryCase
from .orders import simple_order


class TaxCase(StoryCase):
    """Goods of several rates, with the tax in the price or on top."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seven = cls.tax("7 % included", 7, "tax_included")
        cls.nineteen = cls.tax("19 % included", 19, "tax_included")
        cls.book = cls.storable("BOOK", taxes_id=cls.seven)
        cls.lamp = cls.storable("LAMP", taxes_id=cls.nineteen)

    @classmethod
    def tax(cls, name, amount, price_include, **values):
        return cls.env["account.tax"].create(
            {
                "name": name,
                "amount": amount,
                "price_include_override": price_include,
                "company_id": cls.account.company_id.id,
                **values,
            }
        )

    def order(self, ref, goods, shipping="0.00", **summary):
        """An order of ``{sku: (cost, quantity, discounted cost or None)}``."""
        order = simple_order(ref)
        line = order["lineItems"].pop()
        total = Decimal(shipping)
        items = Decimal(0)
        for number, (sku, (cost, quantity, discounted)) in enumerate(goods.items()):
            own = {
                **line,
                "lineItemId": f"{ref}-{number}",
                "sku": sku,
                "quantity": quantity,
                "lineItemCost": self.euro(cost),
                "deliveryCost": {
                    "shippingCost": self.euro("0" if number else shipping)
                },
            }
            own.pop("total")
            if discounted:
                own["discountedLineItemCost"] = self.euro(discounted)
            total += Decimal(discounted or cost)
            items += Decimal(cost)
            order["lineItems"].append(own)
        total += sum((Decimal(amount) for amount in summary.values()), Decimal(0))
        discounts = sum(
            Decimal(one[2]) - Decimal(one[0]) for one in goods.values() if one[2]
        )
        if "priceDiscount" in summary:
            discounts += Decimal(summary.pop("priceDiscount"))
        order["pricingSummary"] = {
            "priceSubtotal": self.euro(items),
            "deliveryCost": self.euro(shipping),
            "total": self.euro(total),
            **{name: self.euro(amount) for name, amount in summary.items()},
        }
        if discounts:
            order["pricingSummary"]["priceDiscount"] = self.euro(discounts)
        return order

    @staticmethod
    def euro(amount):
        return {"value": str(amount), "currency": "EUR"}

    def booked(self, ref, part):
        """``{(tax names): amount with tax}`` of a part of the sale order."""
        found = {}
        for line in self.sale(ref).order_line.filtered(
            lambda one: one.ebay_part == part
        ):
            names = tuple(line[SOL_TAXES].mapped("name"))
            found[names] = Decimal(str(round(line.price_total, 2)))
        return found

    def assert_right(self, order):
        """Confirmed, to the cent; returns the sale order."""
        sale = self.sale(order["orderId"])
        row = self.stored(order["orderId"])
        self.assertEqual(sale.state, "sale", row.message)
        total = Decimal(order["pricingSummary"]["total"]["value"])
        self.assertEqual(Decimal(str(round(sale.amount_total, 2))), total)
        return sale


@tagged("post_install", "-at_install")
class TestTaxesOfCharges(TaxCase):
    """Shipping, discounts and adjustments are taxed like the goods."""

    def test_shipping_and_a_line_discount_have_the_rate_of_the_goods(self):
        order = self.order("X-1", {"BOOK": ("20.00", 1, "17.00")}, shipping="4.90")
        self.pull(order)
        sale = self.assert_right(order)
        self.assertEqual(
            self.booked("X-1", "shipping"), {("7 % included",): Decimal("4.90")}
        )
        self.assertEqual(
            self.booked("X-1", "discount"), {("7 % included",): Decimal("-3.00")}
        )
        self.assertAlmostEqual(sale.amount_tax, 1.43, 2)  # 21.90 * 7 / 107

    def test_several_rates_share_by_what_their_goods_cost(self):
        goods = {"BOOK": ("20.00", 1, "15.00"), "LAMP": ("45.00", 1, None)}
        order = self.order(
            "X-1", goods, shipping="4.99", priceDiscount="-6.01", adjustment="0.03"
        )
        self.pull(order)
        self.assert_right(order)
        book, lamp = ("7 % included",), ("19 % included",)
        shipping = {book: Decimal("1.25"), lamp: Decimal("3.74")}
        self.assertEqual(self.booked("X-1", "shipping"), shipping)
        adjustment = {book: Decimal("0.01"), lamp: Decimal("0.02")}
        self.assertEqual(self.booked("X-1", "adjustment"), adjustment)
        discounts = self.sale("X-1").order_line.filtered(
            lambda one: one.ebay_part == "discount"
        )
        amounts = [
            (one[SOL_TAXES].name, round(one.price_total, 2)) for one in discounts
        ]
        self.assertEqual(
            amounts,
            [("7 % included", -5.0), ("7 % included", -1.5), ("19 % included", -4.51)],
        )

    def test_goods_without_a_tax_have_shipping_without_one(self):
        self.account.shipping_product_id.taxes_id = self.nineteen
        order = self.order("X-1", {"SKU-1": ("20.00", 1, None)}, shipping="4.90")
        self.pull(order)
        self.assert_right(order)
        self.assertEqual(self.booked("X-1", "shipping"), {(): Decimal("4.90")})

    def test_the_account_may_take_the_taxes_of_its_products(self):
        self.account.charge_tax_rule = "product"
        self.account.shipping_product_id.taxes_id = self.nineteen
        self.account.discount_product_id.taxes_id = False
        order = self.order("X-1", {"BOOK": ("20.00", 1, "17.00")}, shipping="4.90")
        self.pull(order)
        self.assert_right(order)
        self.assertEqual(
            self.booked("X-1", "shipping"), {("19 % included",): Decimal("4.90")}
        )
        self.assertEqual(
            self.booked("X-1", "discount"), {("7 % included",): Decimal("-3.00")}
        )

    def test_a_tax_per_piece_is_no_tax_of_shipping(self):
        deposit = self.tax(
            "Deposit", 0.25, "tax_included", amount_type="fixed", sequence=0
        )
        self.book.taxes_id = self.seven + deposit
        order = self.order("X-1", {"BOOK": ("20.00", 4, None)}, shipping="4.90")
        self.pull(order)
        self.assert_right(order)
        self.assertEqual(
            self.booked("X-1", "shipping"), {("7 % included",): Decimal("4.90")}
        )

    def test_the_shares_wait_for_the_last_product(self):
        goods = {"BOOK": ("20.00", 1, None), "LATE": ("60.00", 3, None)}
        order = self.order("X-1", goods, shipping="4.00")
        self.pull(order)
        self.assertEqual(self.stored("X-1").state, "blocked")
        self.storable("LATE", taxes_id=self.nineteen)
        self.stored("X-1").action_build_now()
        self.run_flow("orders_in")
        self.assert_right(order)
        shipping = {
            ("7 % included",): Decimal("1.00"),
            ("19 % included",): Decimal("3.00"),
        }
        self.assertEqual(self.booked("X-1", "shipping"), shipping)

    def test_the_total_is_right_whatever_the_amounts(self):
        on_top = [
            self.tax(f"{rate} % on top", rate, "tax_excluded") for rate in (5, 23)
        ]
        self.storable("TEA", taxes_id=on_top[0])
        self.storable("DESK", taxes_id=on_top[1])
        for product in self.env["product.product"].search(
            [("default_code", "in", ("TEA", "DESK", "BOOK", "LAMP"))]
        ):
            self.stock(product, 100000)
        dice = random.Random(15)
        for method in ("round_per_line", "round_globally"):
            self.env.company.tax_calculation_rounding_method = method
            self.account.orders_read_until_at = False
            orders = []
            for number in range(40):
                skus = dice.sample(("TEA", "DESK"), dice.randint(1, 2))
                if number % 2:
                    skus = dice.sample(("BOOK", "LAMP"), dice.randint(1, 2))
                goods = {}
                for sku in skus:
                    cents = dice.randint(1, 30000)
                    cost = Decimal(cents) / 100
                    less = Decimal(dice.randint(1, cents)) / 100
                    quantity = dice.choice((1, 2, 3, 7, 60, 500))
                    goods[sku] = (str(cost), quantity, dice.choice((None, str(less))))
                shipping = str(Decimal(dice.randint(0, 1000)) / 100)
                orders.append(self.order(f"{method}-{number}", goods, shipping))
            self.pull(*orders)
            for order in orders:
                with self.subTest(order["orderId"]):
                    sale = self.assert_right(order)
                    untaxed = sale.order_line.filtered(lambda one: not one[SOL_TAXES])
                    cents = round(abs(sum(untaxed.mapped("price_total"))) * 100)
                    self.assertLessEqual(cents, len(sale.order_line))


@tagged("post_install", "-at_install")
class TestCheapPieces(TaxCase):
    """Hundreds of pieces whose net price is a fraction of a cent."""

    def test_the_tax_of_many_cheap_pieces_is_the_tax_of_their_price(self):
        fifteen = self.tax("15 % on top", 15, "tax_excluded")
        self.mugs[0].taxes_id = fifteen
        self.stock(self.mugs[0], 5000)
        for method in ("round_per_line", "round_globally"):
            self.env.company.tax_calculation_rounding_method = method
            self.account.orders_read_until_at = False
            player = self.player("cheap_pieces_by_hundreds", mark=method)
            player.play()
            for ref, total, tax in zip(
                player.shown, (215, 100, 4085), (28.04, 13.04, 532.83), strict=True
            ):
                with self.subTest([method, total]):
                    sale = self.sale(ref)
                    self.assertEqual(sale.state, "sale", self.stored(ref).message)
                    self.assertAlmostEqual(sale.amount_total, total, 2)
                    self.assertAlmostEqual(sale.amount_tax, tax, 2)
                    untaxed = sale.order_line.filtered(lambda one: not one[SOL_TAXES])
                    self.assertLessEqual(abs(sum(untaxed.mapped("price_total"))), 0.01)

    def test_what_a_price_of_one_piece_leaves_over_is_taxed_too(self):
        order = self.order("X-1", {"BOOK": ("215.37", 500, None)})
        self.stock(self.book, 500)
        self.pull(order)
        sale = self.assert_right(order)
        self.assertAlmostEqual(sale.amount_tax, 14.09, 2)
        self.assertEqual(
            self.booked("X-1", "rounding"), {("7 % included",): Decimal("0.37")}
        )

    def test_rounding_and_shipping_are_not_invoiced_before_the_goods(self):
        self.book.invoice_policy = "delivery"
        order = self.order("X-1", {"BOOK": ("10.00", 3, None)}, shipping="4.90")
        self.pull(order)
        sale = self.assert_right(order)
        self.assertTrue(self.booked("X-1", "rounding"))
        self.assertEqual(sale.invoice_status, "no")
