"""The webhook's challenge: answered for eBay, and a blank wall for anybody else."""

from hashlib import sha256
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync import vault

from .common import EbayCase

TOKEN = "verification-token-of-the-test-0123456789"
CODE = "71745723-d031-455c-bfa5-f90d11b4f20a"


@tagged("post_install", "-at_install")
class TestChallenge(EbayCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.env["ebay.secret"]._set(self.account, "verification_token", TOKEN)
        self.path = f"/api/ebay/webhook/{self.account.webhook_key}"

    def call(self, path=None, code=CODE):
        query = "" if code is None else f"?challenge_code={code}"
        self.env.flush_all()
        return self.url_open((path or self.path) + query)

    def assert_nothing_there(self, answer):
        self.assertEqual(answer.status_code, 404)
        self.assertEqual(answer.content, b"")
        self.assertNotIn("Set-Cookie", answer.headers)

    def test_the_answer_is_ebays_formula(self):
        answer = self.call()
        endpoint = self.env["ir.config_parameter"].get_param("web.base.url") + self.path
        self.assertEqual(endpoint, self.account.webhook_url)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        self.assertNotIn("Set-Cookie", answer.headers)
        expected = sha256(f"{CODE}{TOKEN}{endpoint}".encode()).hexdigest()
        self.assertEqual(answer.json(), {"challengeResponse": expected})

    def test_an_archived_account_still_answers(self):
        self.account.active = False
        self.assertEqual(self.call().status_code, 200)

    def test_an_unknown_key_is_a_blank_wall(self):
        key = self.account.webhook_key
        for other in (
            "x" * 32,
            key[:-1],
            key + "A",
            key.swapcase(),
            key[:-1] + "%00",
            "é" * 32,
            "%25' OR 1=1 --",
            "A" * 5000,
        ):
            with self.subTest(other):
                self.assert_nothing_there(self.call(f"/api/ebay/webhook/{other}"))

    def test_a_code_that_is_none_is_a_blank_wall(self):
        for code in (None, "", "A" * 257, "%20", "a%20b", "%00", "%C3%A9", "a%0Ab"):
            with self.subTest(code):
                self.assert_nothing_there(self.call(code=code))

    def test_without_a_token_there_is_nothing(self):
        self.env["ebay.secret"]._set(self.account, "verification_token", None)
        self.assert_nothing_there(self.call())

    @mute_logger("odoo.addons.ebay_sync.controllers.webhook")
    def test_a_lost_key_is_no_traceback(self):
        with patch.object(
            vault, "_keys", lambda create=False: [Fernet(Fernet.generate_key())]
        ):
            self.assert_nothing_there(self.call())

    def test_an_old_address_ends_at_once(self):
        self.account.with_user(self.manager).action_new_webhook_key()
        self.assert_nothing_there(self.call())
        self.assertEqual(
            self.call(f"/api/ebay/webhook/{self.account.webhook_key}").status_code, 200
        )


@tagged("post_install", "-at_install")
class TestWebhookKeys(EbayCase):
    def test_every_account_has_an_address_of_its_own(self):
        copy = self.account.copy({"name": "Copy"})
        self.assertRegex(copy.webhook_key, r"^[A-Za-z0-9_-]{32}$")
        self.assertNotEqual(copy.webhook_key, self.account.webhook_key)

    def test_nobody_makes_a_key_by_hand(self):
        with self.assertRaises(AccessError):
            self.account.with_user(self.manager).webhook_key = "x" * 32
        for key in ("short", "é" * 32, "x" * 31 + "/", "x" * 33, False):
            with self.subTest(key), self.assertRaises(ValidationError):
                self.account.webhook_key = key

    def test_the_address_is_for_managers_to_see(self):
        with self.assertRaises(AccessError):
            self.account.with_user(self.user).read(["webhook_url"])
        [values] = self.account.with_user(self.manager).read(["webhook_url"])
        self.assertIn(self.account.webhook_key, values["webhook_url"])

    def test_a_token_is_shown_once_and_kept_encrypted(self):
        administrator = new_test_user(
            self.env,
            "ebay_administrator",
            groups="base.group_system,ebay_sync.group_ebay_manager",
        )
        account = self.account.with_user(administrator)
        message = account.action_new_verification_token()["params"]["message"]
        token = self.env["ebay.secret"]._get(self.account, "verification_token")
        self.assertRegex(token, r"^[A-Za-z0-9_-]{32,80}$")
        self.assertTrue(message.startswith(token))
        self.assertTrue(self.account.has_verification_token)
        stored = self.env["ir.config_parameter"].search([]).mapped("value")
        self.assertFalse([value for value in stored if token in value])
        chatter = " ".join(self.account.message_ids.mapped("body"))
        self.assertIn("token was replaced", chatter)
        self.assertNotIn(token, chatter)

    def test_a_manager_replaces_no_token(self):
        with self.assertRaises(AccessError):
            self.account.with_user(self.manager).action_new_verification_token()
        self.assertFalse(self.account.has_verification_token)
