"""Rules without code: what they fill, what they leave, and what they never touch."""

from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from odoo.addons.ebay_sync.models.orders.ebay_field_rule import may_be_filled

from .orders import OrderCase, simple_order
from .privacy_case import PrivacyCase

CUSTOM = {
    "sale.order": {
        "x_company": "char",
        "x_pieces": "integer",
        "x_paid": "float",
        "x_day": "date",
        "x_moment": "datetime",
        "x_offer": "boolean",
        "x_site": "selection",
        "x_note": "text",
    },
    "sale.order.line": {"x_item": "char", "x_count": "integer"},
    "res.partner": {"x_login": "char"},
}
COMPANY = "fulfillmentStartInstructions[0].shippingStep.shipTo.companyName"


class RuleMixin:
    """Fields of the shop's own, and rules that fill them."""

    @classmethod
    def make_fields(cls):
        for model, names in CUSTOM.items():
            for name, kind in names.items():
                values = {
                    "model_id": cls.env["ir.model"]._get_id(model),
                    "name": name,
                    "field_description": name,
                    "ttype": kind,
                }
                if kind == "selection":
                    values["selection"] = "[('EBAY_DE', 'de')]"
                cls.env["ir.model.fields"].create(values)

    def rule(self, path, target, model="sale.order"):
        return self.env["ebay.field.rule"].create(
            {
                "account_id": self.account.id,
                "path": path,
                "target": f"{model}/{target}",
            }
        )


@tagged("post_install", "-at_install")
class TestFieldRules(RuleMixin, OrderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_fields()

    def with_company(self, ref="A-1", company="Anna GmbH"):
        order = simple_order(ref)
        [instruction] = order["fulfillmentStartInstructions"]
        instruction["shippingStep"]["shipTo"]["companyName"] = company
        return order

    def issues(self):
        return self.env["ebay.issue"].search(
            [("code", "=", "field_rule_failed"), ("state", "=", "open")]
        )

    # -- filling -------------------------------------------------------------------

    def test_order_line_and_customer_are_filled(self):
        self.rule(COMPANY, "x_company")
        self.rule("lineItems[].lineItemId", "x_item", "sale.order.line")
        self.rule("lineItems[].quantity", "x_count", "sale.order.line")
        self.rule("buyer.username", "x_login", "res.partner")
        self.rule("pricingSummary.total.value", "x_paid")
        self.rule("creationDate", "x_moment")
        self.rule("lineItems[0].quantity", "x_pieces")
        self.rule("lineItems[0].purchaseMarketplaceId", "x_site")
        order = self.with_company()
        self.pull(order)
        sale = self.sale("A-1")
        self.assertEqual(sale.state, "sale")
        self.assertEqual(sale.x_company, "Anna GmbH")
        self.assertEqual(sale.x_paid, 24.99)
        self.assertEqual(sale.x_pieces, 2)
        self.assertEqual(sale.x_moment, sale.date_order)
        self.assertEqual(sale.x_site, "EBAY_DE")
        self.assertEqual(sale.partner_id.x_login, "buyer-A-1")
        goods = sale.order_line.filtered("ebay_line_ref")
        self.assertEqual((goods.x_item, goods.x_count), (goods.ebay_line_ref, 2))
        self.assertFalse((sale.order_line - goods).mapped("x_item")[0])
        self.assertFalse(self.issues())

    def test_a_change_on_ebay_follows_until_somebody_types(self):
        self.rule(COMPANY, "x_company")
        self.pull(self.with_company())
        self.pull(self.changed(self.with_company(company="Berta GmbH")))
        sale = self.sale("A-1")
        self.assertEqual(sale.x_company, "Berta GmbH")
        sale.x_company = "By hand"
        self.pull(self.changed(self.with_company(company="Clara GmbH")))
        self.assertEqual(sale.x_company, "By hand")
        sale.x_company = False  # emptied: the rule may have it again
        self.pull(self.changed(self.with_company(company="Dora GmbH")))
        self.assertEqual(sale.x_company, "Dora GmbH")

    def test_what_ebay_does_not_say_stays(self):
        self.rule(COMPANY, "x_company")
        self.pull(simple_order("A-1"))
        self.assertFalse(self.sale("A-1").x_company)
        self.assertFalse(self.issues())

    def test_texts_are_cleaned_and_cut(self):
        self.rule(COMPANY, "x_company")
        self.pull(self.with_company(company="\u202e" + "x" * 5000))
        self.assertEqual(self.sale("A-1").x_company, "x" * 250)

    # -- trouble -------------------------------------------------------------------

    def test_a_value_that_does_not_fit_is_said_once_and_holds_nothing_up(self):
        rule = self.rule("buyer.username", "x_pieces")
        self.pull(simple_order("A-1"), simple_order("A-2"))
        for ref in ("A-1", "A-2"):
            self.assertEqual(self.sale(ref).state, "sale")
            self.assertEqual(self.stored(ref).state, "imported")
        issue = self.issues()
        self.assertEqual(len(issue), 1)
        self.assertEqual((issue.res_id, issue.count), (rule.id, 2))
        self.assertNotIn("buyer-A", str(issue.details))
        rule.with_user(self.manager).path = "lineItems[0].quantity"
        self.assertEqual(issue.state, "done")
        self.pull(self.changed(simple_order("A-1")))
        self.assertEqual(self.sale("A-1").x_pieces, 2)

    def test_no_choice_of_the_field(self):
        self.rule("buyer.username", "x_site")
        self.pull(simple_order("A-1"))
        self.assertFalse(self.sale("A-1").x_site)
        self.assertIn("choices", self.issues().advice)

    def test_what_odoo_refuses_spoils_neither_the_order_nor_the_other_rules(self):
        bad = self.rule("buyer.username", "x_company")
        self.rule("creationDate", "x_day")
        write = type(self.env["sale.order"]).write

        def refuse(orders, values):
            if "x_company" in values:
                raise ValueError("buyer-A-1 is not wanted here")
            return write(orders, values)

        with patch.object(type(self.env["sale.order"]), "write", refuse):
            self.pull(simple_order("A-1"))
        sale = self.sale("A-1")
        self.assertEqual(sale.state, "sale")
        self.assertTrue(sale.x_day)
        self.assertFalse(sale.x_company)
        self.assertEqual(self.issues().res_id, bad.id)
        self.assertNotIn("buyer-A-1", str(self.issues().details))

    def test_a_field_that_has_gone_is_said(self):
        rule = self.rule("buyer.username", "x_company")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ebay_field_rule SET target = 'sale.order/x_gone' WHERE id = %s",
            [rule.id],
        )
        self.env.invalidate_all()
        self.pull(simple_order("A-1"))
        self.assertEqual(self.sale("A-1").state, "sale")
        self.assertEqual(self.issues().res_id, rule.id)

    # -- what may be saved ---------------------------------------------------------

    def test_bad_paths_are_refused(self):
        for path in ("", "a..b", "$.orderId", "__class__", "a[x]", "a." * 200 + "b"):
            with self.assertRaises(ValidationError, msg=path):
                self.rule(path, "x_company")

    def test_several_values_fit_a_text_only(self):
        with self.assertRaises(ValidationError):
            self.rule("lineItems[].quantity", "x_pieces")
        self.rule("lineItems[].sku", "x_note")
        self.pull(simple_order("A-1"))
        self.assertEqual(self.sale("A-1").x_note, "SKU-1")

    def test_fields_that_no_rule_may_fill(self):
        for target in (
            "sale.order/name",
            "sale.order/state",
            "sale.order/partner_id",
            "sale.order/amount_total",
            "sale.order/access_token",
            "sale.order/ebay_order_ref",
            "sale.order/ebay_field_values",
            "sale.order/no_such_field",
            "sale.order.line/price_unit",
            "sale.order.line/product_id",
            "res.partner/email",
            "res.partner/user_ids",
            "res.partner/signup_type",
            "res.partner/active",
            "res.users/login",
            "ebay.account/name",
            "x",
        ):
            with self.assertRaises(ValidationError, msg=target):
                self.env["ebay.field.rule"].create(
                    {
                        "account_id": self.account.id,
                        "path": "buyer.username",
                        "target": target,
                    }
                )

    def test_every_field_offered_is_a_plain_writable_column(self):
        targets = [one for one, _label in self.env["ebay.field.rule"]._targets()]
        self.assertIn("sale.order/x_company", targets)
        self.assertIn("res.partner/ref", targets)
        for target in targets:
            model, _slash, name = target.partition("/")
            field = self.env[model]._fields[name]
            self.assertTrue(may_be_filled(model, field))
            self.assertFalse(field.relational or field.compute or field.groups)

    def test_who_may_edit_rules(self):
        rule = self.rule("buyer.username", "x_company").with_user(self.manager)
        rule.path = "orderId"
        for user in (self.user, self.outsider):
            with self.assertRaises(AccessError):
                rule.with_user(user).path = "buyer.username"
        with self.assertRaises(AccessError):
            rule.with_user(self.robot).unlink()


@tagged("post_install", "-at_install")
class TestFieldRulesPrivacy(RuleMixin, PrivacyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_fields()

    def test_what_a_rule_filled_is_shown_and_erased_with_the_person(self):
        rule = self.rule("buyer.username", "x_company")
        self.rule("creationDate", "x_day")
        self.rule("buyer.username", "x_item", "sale.order.line")
        self.rule("buyer.username", "x_login", "res.partner")
        sale = self.buy()
        rule.unlink()  # what it wrote is erased all the same
        partner = sale.partner_id
        self.assertTrue(sale.x_company and sale.x_day and partner.x_login)
        told = self.env["ebay.buyer.document"]._document(partner, self.stored("12-1"))
        [shown] = told["sale_orders"]
        self.assertEqual(shown["filled_by_rules"]["x_company"], "anna_22")
        self.close()
        self.assertFalse(sale.x_company or sale.x_day or partner.x_login)
        self.assertFalse(any(sale.order_line.mapped("x_item")))
        for records in (sale, sale.order_line, partner):
            self.assertFalse(any(records.mapped("ebay_field_values")))
        self.assertFalse(self.everything_about("anna_22"))
        order = self.ebay.orders["12-1"]
        order["buyer"]["username"] = "anna_22"
        order["lastModifiedDate"] = "2026-12-24T10:00:00.000Z"
        order["orderPaymentStatus"] = "FULLY_REFUNDED"
        self.account._want_orders(["12-1"])
        self.run_flow("orders_in")
        self.assertFalse(sale.x_day or partner.x_login)
