"""The chatter says who changed what, and never what a secret is."""

from odoo.tests import Form, tagged

from .common import EbayCase

SECRET = "SBX-another-secret-0123"


@tagged("post_install", "-at_install")
class TestAudit(EbayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.account.with_context(tracking_disable=False)
        cls.env.flush_all()
        cls.cr.execute("UPDATE ebay_account SET create_date = now() - interval '1 day'")
        cls.account.invalidate_recordset(["create_date"])

    def said(self, write):
        """Author and text of what a change left on the account."""
        self.env.flush_all()
        self.cr.precommit.run()
        before = self.account.message_ids
        write()
        self.env.flush_all()
        self.cr.precommit.run()
        messages = self.account.message_ids - before
        values = messages.sudo().tracking_value_ids
        lines = [
            f"{value.field_id.name}: {value.old_value_char or value.old_value_integer}"
            f" -> {value.new_value_char or value.new_value_integer}"
            for value in values
        ]
        return messages.author_id, lines + messages.mapped("body")

    def test_every_setting_leaves_a_line(self):
        account = self.account.with_user(self.manager)
        author, lines = self.said(
            lambda: account.write({"confirm_rule": "never", "pull_limit": 31})
        )
        self.assertEqual(author, self.manager.partner_id)
        self.assertIn("pull_limit: 30 -> 31", lines)
        self.assertTrue([line for line in lines if line.startswith("confirm_rule: ")])

    def test_what_the_flows_write_is_no_news(self):
        robot = self.account.with_user(self.robot)
        robot.connection_message = "Something"
        _author, lines = self.said(lambda: robot.write({"orders_since_at": False}))
        self.assertFalse(lines)

    def test_a_secret_is_replaced_without_a_word_of_it(self):
        admin = self.env.ref("base.user_admin")
        account = self.account.with_user(admin)
        author, lines = self.said(lambda: account.write({"client_secret": SECRET}))
        self.assertEqual(author, admin.partner_id)
        self.assertEqual(len(lines), 1)
        self.assertIn("The client secret was replaced.", lines[0])
        self.assertNotIn(SECRET, lines[0])

    def test_a_schedule_is_a_setting_too(self):
        schedule = self.account.schedule_ids.filtered(lambda one: one.flow == "tokens")
        schedule = schedule.with_user(self.manager)
        author, lines = self.said(lambda: schedule.write({"interval_number": 7}))
        self.assertEqual(author, self.manager.partner_id)
        self.assertIn("runs every 7 Minutes", lines[0])
        _author, lines = self.said(lambda: schedule.write({"enabled": False}))
        self.assertIn("was switched off", lines[0])

    def test_rows_of_the_settings_are_settings_too(self):
        rules = self.account.with_user(self.manager).price_rule_ids
        rule = {"account_id": self.account.id, "markup": 10}
        author, lines = self.said(lambda: rules.create(rule))
        self.assertEqual(author, self.manager.partner_id)
        self.assertIn("Markup (%): 10.0", lines[0])
        rule = self.account.with_user(self.manager).price_rule_ids
        _author, lines = self.said(lambda: rule.write({"markup": 12, "tax": "as_is"}))
        self.assertIn("(Markup (%): 10.0 -&gt; 12.0)", lines[0])
        _author, lines = self.said(lambda: rule.write({"markup": 12}))
        self.assertFalse(lines, "nothing was changed")
        _author, lines = self.said(rule.unlink)
        self.assertIn("- eBay price rule: ", lines[0])

    def test_a_name_is_text_and_no_markup(self):
        product = self.env["product.template"].create({"name": "<b>x</b>"})
        row = {"account_id": self.account.id, "kind": "buffer", "amount": 1}
        row["product_tmpl_id"] = product.id
        account = self.account.with_user(self.manager)
        with Form(account) as form, form.stock_override_ids.new() as line:
            line.kind = "buffer"
            line.amount = 1
            line.product_tmpl_id = product
        _author, lines = self.said(lambda: account.stock_override_ids.create(row))
        self.assertIn("&lt;b&gt;", lines[0])

    def test_a_new_account_and_the_flows_say_nothing_of_their_rows(self):
        account = self.env["ebay.account"].with_context(tracking_disable=False)
        account = account.create({"name": "New"})
        self.assertTrue(account.link_rule_ids)
        self.assertFalse([one for one in account.message_ids if "-&gt;" in one.body])
        rows = self.account.link_rule_ids.with_user(self.robot)
        _author, lines = self.said(lambda: rows.sudo().write({"automatic": True}))
        self.assertFalse(lines)
