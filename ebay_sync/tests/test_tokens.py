"""Access tokens: refreshed with a margin, once, and a dead consent stops everything."""

from datetime import timedelta
from unittest.mock import Mock, patch

from psycopg2.errors import LockNotAvailable

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.ebay_api.errors import AuthError, Transient
from odoo.addons.ebay_sync.models.account.tokens import AccountTokens

from .common import SCOPE, EbayCase, token

CONNECTION_LOGGER = "odoo.addons.ebay_sync.models.account.connection"


@tagged("post_install", "-at_install")
class TestTokens(EbayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connect()
        cls.row = cls.env["ebay.token"].search(
            [("account_id", "=", cls.account.id), ("kind", "=", "user")]
        )

    def setUp(self):
        super().setUp()
        self.oauth = Mock(spec=["refresh", "app_token", "exchange_code", "revoke"])
        self.oauth.refresh.return_value = token("v^1.1#fresh")
        self.oauth.app_token.return_value = token("v^1.1#app")
        self.startPatcher(
            patch.object(
                type(self.env["ebay.account"]), "_oauth", lambda *a, **k: self.oauth
            )
        )

    def ask(self, method="user_token", *args, tokens=None):
        with self.committing_env() as env:
            tokens = tokens or AccountTokens(
                env["ebay.account"].browse(self.account.id)
            )
            try:
                return getattr(tokens, method)(*args)
            except AuthError as error:
                return error

    def end_in(self, **delta):
        self.row.expires_at = fields.Datetime.now() + timedelta(**delta)

    def test_a_token_that_holds_is_handed_out_without_a_call(self):
        self.assertEqual(self.ask(), "v^1.1#access")
        self.oauth.refresh.assert_not_called()

    def test_a_token_near_its_end_is_refreshed_with_the_granted_scopes(self):
        self.end_in(minutes=4)
        self.assertEqual(self.ask(), "v^1.1#fresh")
        self.oauth.refresh.assert_called_once_with("v^1.1#refresh", scopes=[SCOPE])
        self.assertNotIn("fresh", self.row.access_token)

    def test_a_refresh_outlives_the_rollback_of_its_caller(self):
        self.end_in(minutes=-1)
        with self.committing_env() as env:
            AccountTokens(env["ebay.account"].browse(self.account.id)).user_token()
            env.cr.rollback()
        self.assertGreater(self.row.expires_at, fields.Datetime.now())

    def test_the_second_worker_finds_the_first_ones_token(self):
        self.end_in(minutes=-1)
        self.ask()
        self.ask()
        self.assertEqual(self.oauth.refresh.call_count, 1)

    def test_a_token_that_ebay_refuses_is_renewed_once(self):
        self.assertEqual(self.ask("renew", "user", "v^1.1#access"), "v^1.1#fresh")
        self.assertEqual(self.ask("renew", "user", "v^1.1#access"), "v^1.1#fresh")
        self.assertEqual(self.oauth.refresh.call_count, 1)

    def test_who_is_in_a_hurry_does_not_wait_for_another_worker(self):
        limits = []

        def refresh(*_args, **_kwargs):
            raise LockNotAvailable

        self.end_in(minutes=-1)
        self.oauth.refresh.side_effect = refresh
        with self.committing_env() as env:
            hasty = AccountTokens(env["ebay.account"].browse(self.account.id), Mock())
            locked = hasty._locked

            def watched(env, kind, rejected):
                try:
                    return locked(env, kind, rejected)
                finally:
                    env.cr.execute("SHOW lock_timeout")
                    limits.append(env.cr.fetchone()[0])

            with patch.object(hasty, "_locked", watched), self.assertRaises(Transient):
                hasty.user_token()
        self.assertEqual(limits, ["3s"])

    def test_a_refresh_token_that_is_not_rotated_is_kept(self):
        self.end_in(minutes=-1)
        self.ask()
        self.assertEqual(
            self.env["ebay.secret"]._get(self.account, "refresh_token"), "v^1.1#refresh"
        )

    def test_an_application_token_is_kept_too(self):
        self.assertEqual(self.ask("app_token"), "v^1.1#app")
        self.assertEqual(self.ask("app_token"), "v^1.1#app")
        self.assertEqual(self.oauth.app_token.call_count, 1)

    def test_a_dead_consent_is_not_asked_about_twice(self):
        self.end_in(minutes=-1)
        self.oauth.refresh.side_effect = AuthError("invalid_grant", refreshable=False)
        for _ in range(2):
            self.assertIsInstance(self.ask(), AuthError)
        self.assertEqual(self.oauth.refresh.call_count, 1)
        self.assertTrue(self.row.refused_at)

    def test_a_dead_consent_stops_the_account(self):
        self.end_in(minutes=-1)
        self.oauth.refresh.side_effect = AuthError("invalid_grant", refreshable=False)
        with mute_logger(CONNECTION_LOGGER):
            log = self.run_flow("tokens")
        self.assertEqual(log.state, "failed")
        self.assertEqual(self.account.state, "reconnect")

    def test_ebay_being_down_is_no_reason_to_reconnect(self):
        self.end_in(minutes=-1)
        self.oauth.refresh.side_effect = Transient("eBay did not answer")
        with mute_logger("odoo.addons.ebay_sync.flows.engine.run"):
            log = self.run_flow("tokens")
        self.assertEqual(log.state, "failed")
        self.assertEqual(self.account.state, "connected")
        self.assertFalse(self.row.refused_at)

    def test_a_lost_key_is_a_clear_state(self):
        self.end_in(minutes=-1)
        self.env["ir.config_parameter"].set_param(
            self.env["ebay.secret"]._key(self.account, "refresh_token"), "gAAAAA-not"
        )
        with mute_logger(CONNECTION_LOGGER, "odoo.addons.ebay_sync.flows.engine.run"):
            log = self.run_flow("tokens")
        self.assertEqual(log.state, "failed")
        self.assertEqual(self.account.state, "reconnect")
        self.assertIn("key", self.account.connection_message)
        self.env["ebay.secret"]._set(self.account, "refresh_token", "v^1.1#refresh")
        self.account.with_user(self.manager).action_try_again()
        self.assertEqual(self.account.state, "connected")

    def test_an_access_token_that_cannot_be_read_is_fetched_anew(self):
        self.row.access_token = "gAAAAA-not-ours"
        self.assertEqual(self.ask(), "v^1.1#fresh")

    def test_the_end_of_the_consent_is_announced_three_times(self):
        told = []
        for days in (60, 30, 29, 14, 10, 3, 1):
            self.account.refresh_expires_at = fields.Datetime.now() + timedelta(
                days=days, minutes=-5
            )
            before = len(self.account.activity_ids)
            self.run_flow("tokens")
            told.append(len(self.account.activity_ids) > before)
        self.assertEqual(told, [False, True, False, True, False, True, False])

    def test_a_refresh_never_asks_for_more_than_was_granted(self):
        self.account.granted_scopes = False
        self.end_in(minutes=-1)
        self.ask()
        self.oauth.refresh.assert_called_once_with("v^1.1#refresh", scopes=None)
