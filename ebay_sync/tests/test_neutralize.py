"""A copy of the database never speaks to eBay."""

from odoo.tests import tagged
from odoo.tools import file_open

from odoo.addons.ebay_sync.ebay_api.errors import WritesRefused

from .common import EbayCase


@tagged("post_install", "-at_install")
class TestCopies(EbayCase):
    def test_a_neutralised_database_has_no_token_and_no_secret(self):
        self.connect(mode="live")
        self.env.flush_all()
        with file_open("ebay_sync/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertEqual(self.account.mode, "paused")
        self.assertEqual(self.account.state, "reconnect")
        self.assertFalse(self.account.is_armed)
        self.assertFalse(self.env["ebay.token"].search([]))
        self.assertFalse(self.account.has_client_secret)

    def test_only_a_live_and_armed_account_may_write(self):
        self.connect(mode="live")
        self.assertTrue(self.account._may_write())
        self.account.mode = "mirror"
        self.assertFalse(self.account._may_write())
        self.account.mode = "live"
        self.account.armed_for = "another|database|"
        self.assertFalse(self.account._may_write())
        with self.assertRaises(WritesRefused):
            self.account._client().fulfillment.create_shipping_fulfillment("1-2-3", {})

    def test_another_uuid_disarms(self):
        self.connect(mode="live")
        self.env["ir.config_parameter"].set_param("database.uuid", "a-copy")
        self.account.invalidate_recordset(["is_armed"])
        self.assertFalse(self.account.is_armed)

    def test_another_address_disarms(self):
        self.connect(mode="live")
        self.env["ir.config_parameter"].set_param("web.base.url", "https://copy.test")
        self.account.invalidate_recordset(["is_armed"])
        self.assertFalse(self.account.is_armed)

    def test_a_manager_arms_again_and_it_is_written_down(self):
        self.account.armed_for = "another|database|"
        self.account.with_user(self.manager).action_rearm()
        self.assertTrue(self.account.is_armed)
        self.assertIn("armed", self.account.message_ids[0].body)
