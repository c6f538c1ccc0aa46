"""The money of orders: taxes, currencies, totals; to the cent, or blocked."""

from decimal import Decimal
from itertools import product
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.compat import SOL_TAXES
from odoo.addons.ebay_sync.mapping.orders.order import map_order

from .orders import OrderCase, fixture, simple_order

RUN_LOGGER = "odoo.addons.ebay_sync.flows.engine.run"


@tagged("post_install", "-at_install")
class TestOrderMoney(OrderCase):
    """Taxes, currencies, totals: to the cent, or blocked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.included = cls.tax("19 % included", 19, "tax_included")
        cls.excluded = cls.tax("19 % on top", 19, "tax_excluded")
        cls.zero = cls.tax("Export", 0, "tax_included")

    @classmethod
    def tax(cls, name, amount, price_include):
        return cls.env["account.tax"].create(
            {
                "name": name,
                "amount": amount,
                "price_include_override": price_include,
                "company_id": cls.account.company_id.id,
            }
        )

    def import_with(self, tax, cost, quantity=1, shipping="4.99"):
        """One order of SKU-1 for ``cost`` in all; its sale order."""
        self.product.taxes_id = tax
        self.account.shipping_product_id.taxes_id = tax
        order = simple_order("T-1")
        line = order["lineItems"][0]
        line["quantity"] = quantity
        line["lineItemCost"]["value"] = cost
        line["deliveryCost"]["shippingCost"]["value"] = shipping
        total = str(Decimal(cost) + Decimal(shipping))
        line["total"]["value"] = total
        order["pricingSummary"]["priceSubtotal"]["value"] = cost
        order["pricingSummary"]["deliveryCost"]["value"] = shipping
        order["pricingSummary"]["total"]["value"] = total
        self.pull(order)
        return self.sale("T-1"), Decimal(total)

    def test_prices_with_tax_in_them(self):
        sale, total = self.import_with(self.included, "119.00")
        self.assertEqual(sale.state, "sale")
        self.assertEqual(Decimal(str(sale.amount_total)), total)
        goods = sale.order_line.filtered("ebay_line_ref")
        self.assertEqual((goods.price_unit, goods.price_subtotal), (119, 100))

    def test_prices_that_odoo_adds_tax_to(self):
        self.account.shipping_product_id.taxes_id = self.excluded
        for cost in ("119.00", "10.01", "0.07", "33.33", "1999.99"):
            with self.subTest(cost):
                self.account.orders_read_until_at = False
                self.env["sale.order"].search([("ebay_order_ref", "=", "T-1")]).write(
                    {"ebay_order_ref": False}
                )
                self.stored("T-1").write({"order_ref": f"old-{cost}"})
                self.env["sale.order.line"].search(
                    [("ebay_line_ref", "!=", False)]
                ).write({"ebay_line_ref": False})
                sale, total = self.import_with(self.excluded, cost)
                self.assertEqual(sale.state, "sale", self.stored("T-1").message)
                self.assertEqual(Decimal(str(round(sale.amount_total, 2))), total)

    def test_pieces_whose_net_price_does_not_divide(self):
        """The price of one piece is rounded, and then it counts as often as there are
        pieces: what is left over is a line with the same tax."""
        sold = (("100.00", 8), ("117.87", 3), ("3.33", 9))
        for how, (cost, quantity) in product(("per_line", "globally"), sold):
            with self.subTest([how, cost]), self.env.cr.savepoint() as savepoint:
                self.env.company.tax_calculation_rounding_method = f"round_{how}"
                sale, total = self.import_with(self.excluded, cost, quantity)
                self.assertEqual(sale.state, "sale", self.stored("T-1").message)
                self.assertEqual(Decimal(str(round(sale.amount_total, 2))), total)
                savepoint.rollback()

    def test_the_odd_cents_of_many_orders_are_a_line_in_each(self):
        self.product.taxes_id = self.excluded
        self.account.shipping_product_id.taxes_id = self.excluded
        orders, totals = [], {}
        sold = (("100.00", 8), ("0.03", 1), ("0.09", 1), ("10.01", 1))
        for number, (cost, quantity) in enumerate(sold):
            order = simple_order(f"T-{number}")
            order["lineItems"][0].update(
                quantity=quantity, lineItemCost={"value": cost, "currency": "EUR"}
            )
            total = Decimal(cost) + Decimal("4.99")
            order["lineItems"][0].pop("total")
            order["pricingSummary"]["priceSubtotal"]["value"] = cost
            order["pricingSummary"]["total"]["value"] = str(total)
            orders.append(order)
            totals[f"T-{number}"] = total
        self.pull(*orders)
        rounding = self.account.rounding_product_id
        lines = 0
        for ref, total in totals.items():
            sale = self.sale(ref)
            self.assertEqual(sale.state, "sale", self.stored(ref).message)
            self.assertEqual(Decimal(str(round(sale.amount_total, 2))), total)
            odd = sale.order_line.filtered(
                lambda one: one.product_id == rounding and not one[SOL_TAXES]
            )
            self.assertLessEqual(len(odd), 1)
            self.assertLessEqual(abs(odd.price_unit), 0.01)
            lines += len(odd)
        self.assertGreater(lines, 1)

    def test_a_price_that_does_not_divide_is_rounded_off_by_a_line(self):
        sale, total = self.import_with(self.included, "10.00", quantity=3)
        self.assertEqual(sale.state, "sale")
        self.assertEqual(Decimal(str(round(sale.amount_total, 2))), total)
        rounding = sale.order_line.filtered(
            lambda line: line.product_id == self.account.rounding_product_id
        )
        self.assertAlmostEqual(rounding.price_unit, 0.01)

    def test_a_destination_has_its_own_taxes(self):
        position = self.env["account.fiscal.position"].create(
            {
                "name": "Germany",
                "auto_apply": True,
                "country_id": self.env.ref("base.de").id,
                "company_id": self.account.company_id.id,
            }
        )
        replacements = position._fields.get("tax_ids")
        if replacements and replacements.type == "one2many":
            position.tax_ids = [
                (0, 0, {"tax_src_id": self.included.id, "tax_dest_id": self.zero.id})
            ]
        else:
            self.zero.write(
                {
                    "fiscal_position_ids": [(4, position.id)],
                    "original_tax_ids": [(4, self.included.id)],
                }
            )
        sale, total = self.import_with(self.included, "50.00")
        self.assertEqual(sale.fiscal_position_id, position)
        self.assertEqual(sale.amount_tax, 0)
        self.assertEqual(Decimal(str(sale.amount_total)), total)

    def test_the_orders_currency_is_its_pricelists(self):
        document = fixture("jp_yen")
        document["lastModifiedDate"] = simple_order()["lastModifiedDate"]
        self.account.unknown_sku_rule = "placeholder"
        self.pull(document)
        sale = self.sale(document["orderId"])
        self.assertEqual(sale.currency_id.name, "JPY")
        self.assertEqual(
            Decimal(str(sale.amount_total)), map_order(document).expected_total
        )

    def test_a_currency_that_is_off_waits_until_it_is_on(self):
        document = fixture("jp_yen")
        document["lastModifiedDate"] = simple_order()["lastModifiedDate"]
        self.account.unknown_sku_rule = "placeholder"
        yen = self.env.ref("base.JPY")
        self.env["product.pricelist"].search([("currency_id", "=", yen.id)]).unlink()
        yen.active = False
        self.pull(document)
        row = self.stored(document["orderId"])
        self.assertEqual(row.state, "blocked")
        issue = row.issue_ids.filtered(lambda one: one.code == "currency_off")
        self.assertIn("JPY", issue.summary)
        yen.active = True
        row.with_user(self.user).action_build_now()
        self.run_flow("orders_in")
        self.assertEqual(row.state, "imported")
        self.assertEqual(issue.state, "done")

    def test_tax_that_ebay_pays_is_no_revenue(self):
        document = fixture("fr_ioss")
        document["lastModifiedDate"] = simple_order()["lastModifiedDate"]
        self.account.unknown_sku_rule = "placeholder"
        self.pull(document)
        order = map_order(document)
        sale = self.sale(document["orderId"])
        self.assertEqual(Decimal(str(sale.amount_total)), order.expected_total)
        self.assertEqual(
            Decimal(str(round(sale.ebay_remitted_tax, 2))), order.totals.remitted_tax
        )
        self.assertTrue(any(line.ebay_remitted_tax for line in sale.order_line))

    def test_an_invoice_is_made_once_when_the_rule_says_so(self):
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.account.company_id.id)],
            limit=1,
        )
        if not journal:
            self.skipTest("the database has no chart of accounts")
        self.account.write({"invoice_rule": "post", "payment_journal_id": journal.id})
        self.product.invoice_policy = "order"
        sale, total = self.import_with(False, "20.00")
        self.run_flow("orders_in")
        self.assertEqual(len(sale.invoice_ids), 1)
        self.assertEqual(sale.invoice_ids.state, "posted")
        self.assertEqual(Decimal(str(sale.invoice_ids.amount_total)), total)

    def invoicing(self):
        """Have invoices created and posted; the goods are invoiced when ordered."""
        if not self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.account.company_id.id)]
        ):
            self.skipTest("the database has no chart of accounts")
        self.account.invoice_rule = "post"
        self.product.invoice_policy = "order"
        self.account.shipping_product_id.invoice_policy = "order"

    def failing(self, *refs):
        """Have the invoices of these orders fail."""
        Sale = type(self.env["sale.order"])
        create_invoices = Sale._create_invoices

        def fail(orders, *args, **kwargs):
            if orders.ebay_order_ref in refs:
                raise ValueError("a secret of the books")
            return create_invoices(orders, *args, **kwargs)

        return patch.object(Sale, "_create_invoices", fail)

    def test_an_invoice_that_failed_is_told_until_it_exists(self):
        self.invoicing()
        order = simple_order("T-1")
        with self.failing("T-1"), mute_logger(RUN_LOGGER):
            self.pull(order)
            issue = self.stored("T-1").issue_ids
            self.assertEqual(issue.code, "invoice_failed")
            self.assertNotIn("secret", issue.advice)
            self.pull(self.changed(order, buyerCheckoutNotes="Changed on eBay"))
        self.assertEqual((issue.state, issue.count), ("open", 2))
        self.run_flow("orders_in")
        self.assertEqual(self.sale("T-1").invoice_ids.state, "posted")
        self.assertEqual(issue.state, "done")

    def test_an_invoice_made_by_hand_will_do(self):
        self.invoicing()
        with self.failing("T-1"), mute_logger(RUN_LOGGER):
            self.pull(simple_order("T-1"))
        invoice = self.sale("T-1")._create_invoices()
        self.run_flow("orders_in")
        self.assertEqual(self.stored("T-1").issue_ids.state, "done")
        self.assertEqual(self.sale("T-1").invoice_ids, invoice)

    def test_invoices_that_fail_keep_no_others_waiting(self):
        self.invoicing()
        module = "odoo.addons.ebay_sync.flows.orders.invoices"
        self.startPatcher(patch(f"{module}.AT_ONCE", 2))
        self.startPatcher(patch(f"{module}.FAILED_AT_ONCE", 1))
        orders = [simple_order(f"T-{number}") for number in range(4)]
        with self.failing("T-0", "T-1"), mute_logger(RUN_LOGGER):
            self.pull(*orders)
            self.assertFalse(self.sale("T-3").invoice_ids)
            self.run_flow("orders_in")
        for ref in ("T-2", "T-3"):
            self.assertEqual(self.sale(ref).invoice_ids.state, "posted")
        self.assertFalse(self.sale("T-0").invoice_ids)

    def test_the_invoice_is_paid_in_the_clearing_journal_once(self):
        self.invoicing()
        journal = self.env["account.journal"].create(
            {
                "name": "eBay clearing",
                "code": "EBAYC",
                "type": "bank",
                "company_id": self.account.company_id.id,
            }
        )
        self.account.payment_journal_id = journal
        order = simple_order("T-1")
        self.pull(order)
        self.pull(self.changed(order, buyerCheckoutNotes="Changed on eBay"))
        self.run_flow("orders_in")
        invoice = self.sale("T-1").invoice_ids
        self.assertEqual(len(invoice), 1)
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        payments = self.env["account.payment"].search([("journal_id", "=", journal.id)])
        self.assertEqual(len(payments), 1)
        self.assertEqual(payments.amount, invoice.amount_total)
        self.assertEqual(invoice.payment_reference, "T-1")

    def test_what_ignores_an_issue_says_why_and_is_not_asked_again(self):
        order = simple_order("A-1")
        order["lineItems"][0]["sku"] = "NEW-SKU"
        self.account.unknown_sku_rule = "placeholder"  # so that nothing waits
        self.pull(order)
        row = self.stored("A-1")
        issue = row.issue_ids.with_user(self.user)
        with self.assertRaises(UserError):
            issue.action_ignore()
        issue.ignore_reason = "A gift"
        issue.action_ignore()
        issue.action_try_again()
        self.run_flow("orders_in")
        self.assertEqual(len(row.issue_ids), 1)
        self.assertEqual(row.issue_ids.state, "ignored")
