"""The inbox's fixes for orders: a tax is chosen, a partner is chosen, it is built."""

from decimal import Decimal

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ebay_sync.compat import SOL_TAXES

from .orders import FixCase, fixture, simple_order


@tagged("post_install", "-at_install")
class TestOrderTaxChoice(FixCase):
    """8.85 charged on goods of 100.00, delivery 10.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.taxes_id = cls.account.shipping_product_id.taxes_id = False
        cls.state_tax = cls.tax("Sales tax 8.85 %", 8.85)

    @classmethod
    def tax(cls, name, amount, price_include="tax_excluded"):
        return cls.env["account.tax"].create(
            {
                "name": name,
                "amount": amount,
                "price_include_override": price_include,
                "company_id": cls.account.company_id.id,
            }
        )

    def taxed_order(self, ref, name="us_sales_tax_by_seller"):
        """An American order of SKU-1 with the seller's own sales tax."""
        order = fixture(name)
        plain = simple_order(ref)
        order["orderId"], order["lastModifiedDate"] = ref, plain["lastModifiedDate"]
        order["creationDate"] = plain["creationDate"]
        order["buyer"]["username"] = f"buyer-{ref}"
        for number, line in enumerate(order["lineItems"]):
            line["lineItemId"], line["sku"] = f"{ref}-{number}", "SKU-1"
        return order

    def total(self, sale):
        return Decimal(str(sale.currency_id.round(sale.amount_total)))

    def test_it_waits_for_a_tax_and_goes_on_with_it(self):
        self.pull(self.taxed_order("T-1"), self.taxed_order("T-2"))
        sale, row = self.sale("T-1"), self.stored("T-1")
        self.assertEqual((row.state, sale.state), ("blocked", "draft"))
        self.assertIn("8.85 USD", row.message)
        self.assertEqual(sale.order_line.filtered("ebay_line_ref").product_uom_qty, 1)
        issue = self.issue("T-1", "tax_missing")
        self.assertEqual(issue.fix_label, "Map tax")
        wizard = self.press(issue)
        self.assertEqual(wizard.tax_id, self.state_tax, "the only one that fits")
        wizard.action_map()
        self.run_flow("orders_in")
        for ref in ("T-1", "T-2"):
            sale = self.sale(ref)
            self.assertEqual(self.stored(ref).state, "imported")
            self.assertEqual(sale.state, "sale")
            self.assertEqual(self.total(sale), Decimal("118.85"))
            self.assertAlmostEqual(sale.amount_tax, 8.85)
            goods = sale.order_line.filtered("ebay_line_ref")
            self.assertEqual(goods[SOL_TAXES], self.state_tax)
            self.assertFalse(self.issue(ref, "tax_missing"))

    def test_the_choice_is_remembered(self):
        self.pull(self.taxed_order("T-1"))
        self.press(self.issue("T-1", "tax_missing")).action_map()
        self.pull_later(self.taxed_order("T-3"))
        self.assertEqual(self.sale("T-3").state, "sale")
        self.assertFalse(self.issue("T-3", "tax_missing"))
        near = self.tax("Near", 8.86)
        rule = self.account.tax_rule_ids
        self.account.tax_rule_ids = [
            Command.create({"country_id": rule.country_id.id, "tax_id": near.id})
        ]
        self.pull_later(self.taxed_order("T-4"))
        self.assertEqual(self.sale("T-4").order_line[SOL_TAXES], self.state_tax)
        self.assertEqual((rule.country_id.code, rule.rate), ("US", 8.85))
        with self.assertRaises(AccessError):
            rule.with_user(self.user).tax_id = self.tax("Other", 8.85)

    def test_a_tax_of_the_summary_only_is_one_too(self):
        self.pull(self.taxed_order("T-1", "us_tax_only_in_summary"))
        self.press(self.issue("T-1", "tax_missing")).action_map()
        self.run_flow("orders_in")
        self.assertEqual(self.total(self.sale("T-1")), Decimal("118.85"))
        self.assertEqual(self.sale("T-1").state, "sale")

    def test_delivery_is_taxed_where_only_that_comes_to_the_amount(self):
        order = self.taxed_order("T-1", "us_tax_only_in_summary")
        order["pricingSummary"]["tax"]["value"] = "9.74"
        order["pricingSummary"]["total"]["value"] = "119.74"
        order["lineItems"][0].pop("total", None)
        self.pull(order)
        self.press(self.issue("T-1", "tax_missing")).action_map()
        self.run_flow("orders_in")
        sale = self.sale("T-1")
        self.assertEqual(self.total(sale), Decimal("119.74"))
        self.assertEqual(sale.order_line[SOL_TAXES], self.state_tax)
        self.assertEqual(sale.state, "sale")

    def test_a_tax_that_does_not_come_to_the_amount_is_refused(self):
        self.pull(self.taxed_order("T-1"))
        wizard = self.press(self.issue("T-1", "tax_missing"))
        wizard.tax_id = self.tax("Too little", 7)
        with self.assertRaisesRegex(UserError, "8.85 USD"):
            wizard.action_map()
        wizard.tax_id = self.tax("Included", 8.85, "tax_included")
        with self.assertRaises(ValidationError):
            wizard.action_map()

    def test_taxes_put_on_the_lines_by_hand_will_do(self):
        self.pull(self.taxed_order("T-1"))
        goods = self.sale("T-1").order_line.filtered("ebay_line_ref")
        goods[SOL_TAXES] = self.state_tax
        self.issue("T-1", "tax_missing").action_try_again()
        self.run_flow("orders_in")
        self.assertEqual(self.sale("T-1").state, "sale")
        self.assertFalse(self.account.tax_rule_ids)

    def test_another_companys_user_maps_nothing(self):
        self.pull(self.taxed_order("T-1"))
        issue = self.issue("T-1", "tax_missing")
        self.move_user()
        values = {"issue_id": issue.id, "tax_id": self.state_tax.id}
        wizards = self.env["ebay.map.tax"]
        with self.assertRaises(AccessError):
            wizards.with_user(self.user).create(values)
        wizard = wizards.create(values).with_user(self.user).sudo(False)
        with self.assertRaises(AccessError):
            wizard.action_map()
        with self.assertRaises(AccessError):
            wizard.read(["summary"])

    def test_what_an_order_waits_for_cannot_be_ignored(self):
        self.pull(self.taxed_order("T-1"))
        issue = self.issue("T-1", "tax_missing")
        with self.assertRaises(UserError):
            issue.action_ignore()
        issue.ignore_reason = "Booked by hand"
        with self.assertRaisesRegex(UserError, "until it is decided"):
            issue.with_user(self.user).action_ignore()
        self.assertEqual(self.account.health_reason, "1 orders are not in Odoo yet.")
        issue.sudo().state = "ignored"  # of a time when it could be
        issue.action_try_again()
        self.run_flow("orders_in")
        self.assertEqual(issue.state, "open")
        with self.assertRaises(UserError):
            self.stored("T-1").action_ignore()  # its quotation is in Odoo
        self.press(issue).action_map()
        self.run_flow("orders_in")
        self.assertEqual(issue.state, "done")
        self.assertFalse(self.account.held_reason)


@tagged("post_install", "-at_install")
class TestOrderPartnerChoice(FixCase):
    """A placeholder or one of several becomes who it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Right Customer",
                "street": "Am Markt 1",
                "city": "Bonn",
                "country_id": cls.env.ref("base.de").id,
            }
        )

    def nameless(self, ref, username="known-name"):
        """An order whose buyer has no more than a user name."""
        order = simple_order(ref)
        order["buyer"] = {"username": username}
        order["fulfillmentStartInstructions"] = []
        return order

    def test_a_placeholder_becomes_the_partner_also_of_later_orders(self):
        self.pull(self.nameless("A-1"))
        placeholder = self.sale("A-1").partner_id
        self.assertTrue(placeholder.ebay_is_placeholder)
        issue = self.issue("A-1", "buyer_missing")
        self.assertEqual(issue.count, 1)
        self.press(issue, partner_id=self.customer).action_choose()
        sale = self.sale("A-1")
        self.assertEqual(sale.partner_id, self.customer)
        self.assertEqual(sale.partner_shipping_id, self.customer)
        self.assertEqual(sale.partner_invoice_id, self.customer)
        self.run_flow("orders_in")
        self.assertEqual(sale.picking_ids.partner_id, self.customer)
        self.assertEqual(sale.state, "sale")
        self.assertFalse(placeholder.active)
        self.assertEqual(self.customer.ebay_username, "known-name")
        self.assertEqual(issue.state, "done")
        self.pull_later(self.nameless("A-2"))
        self.assertEqual(self.sale("A-2").partner_id, self.customer)
        self.assertFalse(self.issue("A-2", "buyer_missing"))

    def test_a_placeholder_is_asked_about_until_somebody_has_chosen(self):
        order = self.nameless("A-1")
        self.pull(order)
        order["orderFulfillmentStatus"] = "IN_PROGRESS"
        self.pull_later(order, self.nameless("A-2"))
        self.assertTrue(self.issue("A-1", "buyer_missing"))
        self.assertTrue(self.issue("A-2", "buyer_missing"))
        placeholder = self.sale("A-1").partner_id
        placeholder.name = "Filled in"
        issue = self.issue("A-1", "buyer_missing")
        self.press(issue, partner_id=placeholder).action_choose()
        self.assertFalse(placeholder.ebay_is_placeholder)
        self.assertTrue(placeholder.active)
        self.assertFalse(self.issue("A-2", "buyer_missing"))

    def twins(self, order):
        """Two partners with the address that the order has."""
        party = order["buyer"]["buyerRegistrationAddress"]
        address = party["contactAddress"]
        values = {
            "name": party["fullName"],
            "street": address["addressLine1"],
            "city": address["city"],
            "zip": address["postalCode"],
            "country_id": self.env.ref("base.de").id,
        }
        return self.env["res.partner"].create([values, values])

    def test_one_of_several_is_chosen(self):
        order = simple_order("A-1")
        twins = self.twins(order)
        self.pull(order)
        made = self.sale("A-1").partner_id
        self.assertNotIn(made, twins)
        self.assertEqual(self.sale("A-1").state, "sale")
        issue = self.issue("A-1", "partner_ambiguous")
        self.assertIn("2", issue.summary)
        order["orderFulfillmentStatus"] = "IN_PROGRESS"
        self.pull_later(order)
        self.assertEqual(issue.state, "open", "only a person settles it")
        delivery = self.sale("A-1").partner_shipping_id
        self.press(issue, partner_id=twins[1]).action_choose()
        sale = self.sale("A-1")
        self.assertEqual(sale.partner_id, twins[1])
        self.assertEqual(sale.partner_shipping_id.commercial_partner_id, twins[1])
        self.assertEqual(sale.partner_shipping_id.street, delivery.street)
        self.assertFalse(made.active)
        self.assertEqual(made.ebay_username, twins[1].ebay_username, "for an erasure")
        self.assertEqual(issue.state, "done")
        later = simple_order("A-2")
        later["buyer"]["username"] = order["buyer"]["username"]
        self.pull_later(later)
        self.assertEqual(self.sale("A-2").partner_id, twins[1])

    def test_the_parcel_goes_where_ebay_said(self):
        order = simple_order("A-1")
        self.twins(order)
        self.pull(order)
        street = self.sale("A-1").partner_shipping_id.street
        total = self.sale("A-1").amount_total
        issue = self.issue("A-1", "partner_ambiguous")
        self.press(issue, partner_id=self.customer).action_choose()
        sale = self.sale("A-1")
        self.assertEqual(sale.partner_id, self.customer)
        self.assertEqual(sale.partner_shipping_id.street, street)
        self.assertEqual(sale.partner_shipping_id.parent_id, self.customer)
        self.assertEqual(sale.picking_ids.partner_id, sale.partner_shipping_id)
        self.assertEqual(sale.amount_total, total)

    def test_who_is_another_buyer_already_is_refused(self):
        self.pull(self.nameless("A-1"))
        self.customer.ebay_username = "somebody-else"
        issue = self.issue("A-1", "buyer_missing")
        with self.assertRaisesRegex(UserError, "somebody else"):
            self.press(issue, partner_id=self.customer).action_choose()
        self.assertTrue(self.sale("A-1").partner_id.ebay_is_placeholder)

    def test_another_companys_user_chooses_nobody(self):
        self.pull(self.nameless("A-1"))
        issue = self.issue("A-1", "buyer_missing")
        self.move_user()
        values = {"issue_id": issue.id, "partner_id": self.customer.id}
        wizards = self.env["ebay.choose.partner"]
        with self.assertRaises(AccessError):
            wizards.with_user(self.user).create(values)
        wizard = wizards.create(values).with_user(self.user).sudo(False)
        with self.assertRaises(AccessError):
            wizard.action_choose()


@tagged("post_install", "-at_install")
class TestOrderLanguage(FixCase):
    """What flows leave for people to read is in the company's language."""

    def test_notes_and_lines_speak_the_companys_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.account.company_id.partner_id.lang = "de_DE"
        order = simple_order("A-1")
        line = order["lineItems"][0]
        line["quantity"], line["lineItemCost"]["value"] = 3, "20.00"
        other = simple_order("A-2")
        other["lineItems"][0]["sku"] = "NEW-SKU"
        self.pull(order, other)
        names = self.sale("A-1").order_line.mapped("name")
        self.assertIn("Rundung der Einzelpreise", names)
        issue = self.issue("A-2", "product_missing")
        german = issue.with_context(lang="de_DE").summary
        self.assertIn(german, self.stored("A-2").message)
        english = issue.with_context(lang="en_US").summary
        self.assertNotEqual(german, english)

    def test_a_new_buyer_has_the_countrys_language_if_it_is_installed(self):
        for code in ("de_DE", "fr_FR"):
            self.env["res.lang"]._activate_lang(code)
        self.account.company_id.partner_id.lang = "fr_FR"
        placed = {"A-DE": "DE", "A-AT": "AT", "A-CH": "CH", "A-PL": "PL", "A-ZZ": "ZZ"}
        orders = []
        for ref, country in placed.items():
            order = simple_order(ref)
            step = order["fulfillmentStartInstructions"][0]["shippingStep"]
            registered = order["buyer"]["buyerRegistrationAddress"]
            for contact in (step["shipTo"], registered):
                contact["contactAddress"]["countryCode"] = country
            step["shipTo"]["contactAddress"]["addressLine1"] = "Neuer Weg 7"
            orders.append(order)
        self.pull(*orders)
        found = {ref: self.sale(ref).partner_id.lang for ref in placed}
        expected = {
            "A-DE": "de_DE",
            "A-AT": "de_DE",
            "A-CH": "fr_FR",  # the company's, which is one of the country's
            "A-PL": "fr_FR",
            "A-ZZ": "fr_FR",
        }
        self.assertEqual(found, expected)
        delivery = self.sale("A-DE").partner_shipping_id
        self.assertNotEqual(delivery, self.sale("A-DE").partner_id)
        self.assertEqual(delivery.lang, "de_DE")

    def test_the_language_of_somebody_known_is_left_alone(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.pull(simple_order("A-1"))
        partner = self.sale("A-1").partner_id
        partner.lang = "en_US"
        later = simple_order("A-2")
        later["buyer"]["username"] = partner.ebay_username
        self.pull_later(later)
        self.assertEqual(self.sale("A-2").partner_id, partner)
        self.assertEqual(partner.lang, "en_US")

    def test_without_a_language_it_is_the_administrators(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        self.env.ref("base.user_admin").lang = "pl_PL"
        self.account.company_id.partner_id.lang = False
        seen = []
        self.run_flow(work=lambda run: seen.append(run.env.lang))
        self.assertEqual(seen, ["pl_PL"])
