"""The doctor's checks of this server: keys, schedules, addresses, the webhook."""

import os
from datetime import timedelta
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.ebay_sync import vault
from odoo.addons.ebay_sync.ebay_api.calls import Answer
from odoo.addons.ebay_sync.ebay_api.errors import ContractError, Rejected, Transient

from .doctor import TOKEN, DoctorCase


@tagged("post_install", "-at_install")
class TestDoctorServer(DoctorCase):
    def test_missing_keys_are_named(self):
        self.account.write({"ru_name": False})
        self.assert_line("keys", "red", "RuName")

    def test_a_lost_encryption_key_is_said(self):
        lost = [Fernet(Fernet.generate_key())]
        with patch.object(vault, "_keys", lambda create=False: lost):
            self.assert_line("keys", "red", "no longer here")
            self.assert_line("encryption", "red", "no longer here", "Put the key")

    def test_a_key_file_that_others_can_read_is_said(self):
        with patch.object(vault, "is_readable_by_others", lambda: True):
            self.assert_line("encryption", "red", "Other users", "chmod 600")

    def test_an_administrator_encrypts_again_with_the_newest_key(self):
        old, new = (Fernet.generate_key().decode() for _ in range(2))
        environment = dict(os.environ)
        environment[vault.ENVIRONMENT_VARIABLE] = old
        with patch.dict(os.environ, environment):
            for name in ("client_secret", "refresh_token", "verification_token"):
                self.env["ebay.secret"]._set(self.account, name, TOKEN)
            self.env["ebay.token"].search([]).access_token = vault.encrypt("access")
            # secrets of other databases' accounts have keys of their own
            self.env["ir.config_parameter"].search(
                [
                    ("key", "=like", "ebay_sync.secret.%"),
                    ("key", "not like", f".{self.account.id}."),
                ]
            ).unlink()
            self.assert_line("encryption", "green", "environment variable")
            os.environ[vault.ENVIRONMENT_VARIABLE] = f"{new},{old}"
            line = self.assert_line("encryption", "amber", "older key")
            self.assertEqual(line.fix, "encrypt")
            with self.assertRaises(AccessError):
                line.action_encrypt_again()
            self.line("encryption", user=self.administrator).action_encrypt_again()
            os.environ[vault.ENVIRONMENT_VARIABLE] = new
            self.assert_line("encryption", "green")
            self.assertEqual(
                self.env["ebay.secret"]._get(self.account, "client_secret"), TOKEN
            )

    def test_encrypting_again_without_the_old_key_changes_nothing(self):
        line = self.line("encryption", user=self.administrator)
        before = self.env["ebay.secret"]._get(self.account, "client_secret")
        lost = [Fernet(Fernet.generate_key())]
        with (
            patch.object(vault, "_keys", lambda create=False: lost),
            self.assertRaises(UserError),
        ):
            line.action_encrypt_again()
        self.assertEqual(
            self.env["ebay.secret"]._get(self.account, "client_secret"), before
        )

    def test_a_copied_database_is_said(self):
        self.account.armed_for = "another"
        self.assert_line("database", "red", "copy", "arm the account")

    def test_late_actions_are_told_from_dead_workers(self):
        past = fields.Datetime.now() - timedelta(hours=2)
        self.env["ir.cron"].search([]).lastcall = past
        self.crons.nextcall = past
        self.assert_line("schedule", "red", "No scheduled action", "max_cron_threads")
        other = self.env["ir.cron"].search([("id", "not in", self.crons.ids)], limit=1)
        other.lastcall = fields.Datetime.now()
        self.assert_line("schedule", "amber", self.crons[0].name)

    def test_stopped_actions_are_named(self):
        self.crons[0].active = False
        self.assert_line("schedule", "red", self.crons[0].name, "off and on")

    def test_an_archived_robot_is_said(self):
        self.robot.active = False
        self.assert_line("schedule", "red", "archived")

    def test_actions_that_were_never_due_are_grey(self):
        self.crons.lastcall = False
        self.assert_line("schedule", "grey", "None has run")

    def test_an_address_that_ebay_cannot_reach_is_said(self):
        for url, found in (
            ("http://shop.example.com", "not https"),
            ("https://localhost:8069", "internet"),
            ("https://192.168.0.200", "internet"),
            ("https://[::1]", "internet"),
            ("https://10.1.2.3/odoo", "internet"),
            ("https://odoo", "internet"),
            ("https://erp.local", "internet"),
            ("https://", "internet"),
            ("https://[", "not readable"),
            ("", "not https"),
        ):
            with self.subTest(url):
                self.env["ir.config_parameter"].set_param("web.base.url", url)
                self.assert_line("base_url", "red", found, "web.base.url")
        self.account.local_url = "http://127.0.0.1:18000"
        self.assert_line("base_url", "amber")

    def test_an_address_that_may_change_is_said(self):
        self.env["ir.config_parameter"].set_param("web.base.url.freeze", False)
        self.assert_line("base_url", "amber", "change", "web.base.url.freeze")

    def test_the_webhook_is_tried(self):
        def fails(error):
            def answer(_call):
                raise error

            return answer

        for answer, state, found in (
            (lambda call: Answer(200, {}, b"<html>"), "red", "something else"),
            (lambda call: Answer(200, {}, b"[" * 99999), "red", "something else"),
            (lambda call: Answer(200, {}, b'{"a": 1}'), "red", "something else"),
            (fails(Rejected("no", status=404)), "red", "404"),
            (fails(Transient("busy", status=502)), "red", "502"),
            (fails(ContractError("redirect", status=302)), "red", "another address"),
            (fails(Transient("no way")), "amber", "cannot reach its own"),
        ):
            with self.subTest(found):
                self.ebay.webhook = answer
                self.assert_line("webhook", state, found)

    def test_a_webhook_without_a_token_offers_one(self):
        self.env["ebay.secret"]._set(self.account, "verification_token", None)
        line = self.assert_line("webhook", "amber", "verification token")
        self.assertEqual(line.fix, "verification_token")
