"""An account is bound to its seller, and leaves only when nothing hangs on it."""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..hooks import post_init_hook, uninstall_hook
from .common import EbayCase


@tagged("post_install", "-at_install")
class TestAccountLife(EbayCase):
    def test_a_manager_deletes_an_account_with_its_schedules(self):
        crons = self.account.schedule_ids.cron_id
        self.assertTrue(crons)
        self.account.with_user(self.manager).unlink()
        self.assertFalse(self.account.exists())
        self.assertFalse(crons.exists())

    def test_the_addon_leaves_without_secrets_and_scheduled_actions(self):
        self.connect()
        archived = self.env["ebay.account"].create({"name": "Old", "active": False})
        self.env["ebay.order"].create(
            {"account_id": self.account.id, "order_ref": "12-00000-00001"}
        )
        crons = (self.account | archived).schedule_ids.cron_id
        self.assertTrue(crons)
        uninstall_hook(self.env)
        self.assertFalse(crons.exists())
        self.assertFalse(self.env["ebay.token"].search([]))
        self.assertFalse(
            self.env["ir.config_parameter"].search([("key", "like", "ebay_sync.%")])
        )
        self.assertFalse(self.robot.active)
        post_init_hook(self.env)
        self.assertTrue(self.robot.active, "it was installed again")

    def test_an_account_with_orders_is_archived_instead(self):
        self.env["ebay.order"].create(
            {"account_id": self.account.id, "order_ref": "12-00000-00001"}
        )
        with self.assertRaisesRegex(UserError, "Archive it"):
            self.account.with_user(self.manager).unlink()
        self.account.with_user(self.manager).active = False
        self.assertFalse(self.account.active)

    def test_rules_of_one_company_keep_an_account_there(self):
        home = self.account.company_id
        away = self.env["res.company"].create({"name": "Away"})
        prices = self.env["product.pricelist"].create(
            {"name": "Home prices", "company_id": home.id}
        )
        rule = self.env["ebay.price.rule"].create(
            {"account_id": self.account.id, "pricelist_id": prices.id}
        )
        with self.assertRaisesRegex(ValidationError, "Home prices"):
            self.account.company_id = away
        rule.pricelist_id = False
        self.account.company_id = away
        self.assertEqual(rule.company_id, away)
        self.assertIn(away, self.robot.company_ids)

    @mute_logger("odoo.sql_db")
    def test_one_seller_is_one_account(self):
        self.connect()
        twin = self.env["ebay.account"].create({"name": "Twin"})
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            twin.user_ref = self.account.user_ref
            twin.flush_recordset()
