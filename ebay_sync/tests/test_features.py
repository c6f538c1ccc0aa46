"""Features decide the consent; what eBay refuses never blocks the connection."""

import re
from datetime import timedelta
from unittest.mock import Mock, patch
from urllib.parse import parse_qs, urlsplit

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.ebay_api.errors import AuthError, ErrorDetail
from odoo.addons.ebay_sync.ebay_api.scopes import scope, scopes_for
from odoo.addons.ebay_sync.models.account.features import CORE, OPTIONAL
from odoo.addons.ebay_sync.models.account.tokens import AccountTokens

from .common import EbayCase, token

FINANCES = scope("sell.finances")
DISPUTES = scope("sell.payment.dispute")


def refusal(error_id="invalid_scope"):
    return AuthError(
        "The keyset lacks a permission", errors=[ErrorDetail(error_id=error_id)]
    )


def asked(url):
    """The scopes in the address of a consent page."""
    return parse_qs(urlsplit(url).query)["scope"][0].split()


@tagged("post_install", "-at_install")
class TestFeatures(EbayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connect().granted_scopes = " ".join(scopes_for(CORE))

    def test_only_what_is_on_is_asked_for(self):
        self.assertEqual(
            asked(self.account.action_connect()["url"]), list(scopes_for(CORE))
        )
        self.account.use_payment_disputes = True
        self.assertIn(DISPUTES, asked(self.account.action_connect()["url"]))
        self.assertNotIn(FINANCES, asked(self.account.action_connect()["url"]))

    def test_every_optional_feature_is_one_that_ebay_has(self):
        self.account.write(dict.fromkeys(OPTIONAL, True))
        self.assertEqual(
            len(scopes_for(self.account._features())), 1 + len(CORE) + len(OPTIONAL)
        )

    def test_a_new_feature_says_that_it_needs_a_consent(self):
        self.assertFalse(self.account.needs_consent)
        with Form(self.account.with_user(self.manager)) as form:
            form.use_refunds = True
            self.assertTrue(form.needs_consent, "said before it is saved")
        self.assertEqual(self.account.missing_scopes, "sell.finances")
        self.account.granted_scopes += f" {FINANCES}"
        self.assertFalse(self.account.needs_consent)
        self.assertFalse(self.account.missing_scopes)

    def test_an_account_that_is_not_connected_is_told_nothing(self):
        self.account.write({"state": "draft", "granted_scopes": False})
        self.account.use_refunds = True
        self.assertFalse(self.account.needs_consent)

    def test_a_refresh_never_asks_for_more_than_was_granted(self):
        self.account.write(dict.fromkeys(OPTIONAL, True))
        row = self.env["ebay.token"]._of(self.account, "user")
        row.expires_at = fields.Datetime.now() - timedelta(minutes=1)
        oauth = Mock(spec=["refresh"])
        oauth.refresh.return_value = token("v^1.1#fresh")
        account_class = type(self.env["ebay.account"])
        with (
            patch.object(account_class, "_oauth", lambda *a, **k: oauth),
            self.committing_env() as env,
        ):
            AccountTokens(env["ebay.account"].browse(self.account.id)).user_token()
        oauth.refresh.assert_called_once_with(
            "v^1.1#refresh", scopes=list(scopes_for(CORE))
        )

    def test_connecting_without_the_options_keeps_what_was_granted(self):
        self.account.write(
            {
                "use_refunds": True,
                "use_return_topics": True,
                "granted_scopes": f"{self.account.granted_scopes} {FINANCES}",
            }
        )
        self.assertTrue(self.account.can_drop_options)
        url = self.account.with_user(self.manager).action_connect_without_options()[
            "url"
        ]
        self.assertTrue(self.account.use_refunds)
        self.assertFalse(self.account.use_return_topics)
        self.assertEqual(set(asked(url)), {*scopes_for(CORE), FINANCES})
        self.assertFalse(self.account.can_drop_options, "nothing is missing now")

    def test_what_ebay_takes_back_can_be_dropped_too(self):
        self.account.write(
            {
                "use_refunds": True,
                "granted_scopes": f"{self.account.granted_scopes} {FINANCES}",
                "state": "reconnect",
            }
        )
        self.assertTrue(self.account.can_drop_options)
        self.account.action_connect_without_options()
        self.assertFalse(self.account.use_refunds)

    def test_a_user_changes_no_feature(self):
        account = self.account.with_user(self.user)
        with self.assertRaises(AccessError):
            account.use_refunds = True
        with self.assertRaises(AccessError):
            account.action_connect_without_options()

    def test_without_keys_no_feature_is_dropped_for_nothing(self):
        bare = self.env["ebay.account"].create({"name": "Bare", "use_refunds": True})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            bare.action_connect_without_options()
        self.assertTrue(bare.use_refunds)


@tagged("post_install", "-at_install")
class TestRefusedScopes(EbayCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.account.use_refunds = True

    def come_back(self, user="ebay_manager", **query):
        account = self.account.with_user(self.manager)
        state = account.env["ebay.oauth.state"]._issue(account, ["scope-a"])
        self.authenticate(user, user)
        answer = self.url_open(
            f"/ebay/oauth/callback?state={state}&"
            + "&".join(f"{name}={value}" for name, value in query.items())
        )
        self.env.invalidate_all()
        return answer

    def press(self, page, **data):
        [csrf_token] = re.findall(r'name="csrf_token" value="([^"]+)"', page.text)
        answer = self.url_open(
            "/ebay/oauth/without_options",
            data={"csrf_token": csrf_token, "account_id": self.account.id, **data},
            allow_redirects=False,
        )
        self.env.invalidate_all()
        return answer

    def test_a_refused_scope_offers_the_way_without_it(self):
        page = self.come_back(error="invalid_scope")
        self.assertEqual(page.status_code, 400)
        self.assertIn("Refunds and finances", page.text)
        self.assertTrue(self.account.use_refunds, "nothing changes automatically")
        answer = self.press(page)
        self.assertEqual(answer.status_code, 303)
        url = answer.headers["Location"]
        self.assertEqual(urlsplit(url).hostname, "auth.sandbox.ebay.com")
        self.assertEqual(asked(url), list(scopes_for(CORE)))
        self.assertFalse(self.account.use_refunds)

    @mute_logger("odoo.addons.ebay_sync.controllers.oauth")
    def test_a_scope_refused_at_the_exchange_is_the_same_page(self):
        oauth = Mock(spec=["exchange_code"])
        oauth.exchange_code.side_effect = refusal()
        with patch.object(type(self.account), "_oauth", lambda *a, **k: oauth):
            page = self.come_back(code="abc")
        self.assertIn("Connect without the optional features", page.text)
        self.assertEqual(self.account.state, "draft")
        with patch.object(type(self.account), "_oauth", lambda *a, **k: oauth):
            oauth.exchange_code.side_effect = refusal("invalid_grant")
            page = self.come_back(code="abc")
        self.assertNotIn("Connect without the optional features", page.text)

    def test_a_refused_core_scope_is_a_case_for_ebay(self):
        self.account.use_refunds = False
        page = self.come_back(error="invalid_scope")
        self.assertIn("developer support", page.text)
        self.assertNotIn("<form", page.text)

    def test_the_way_without_is_for_managers_and_real_accounts(self):
        page = self.come_back(error="invalid_scope")
        for account_id in ("", "0", "-1", "x", "1e3", "99999999", "9" * 30, "²"):
            with self.subTest(account_id):
                answer = self.press(page, account_id=account_id)
                self.assertEqual(answer.status_code, 400)
        _company, foreign = self.second_company()
        foreign.use_refunds = True
        self.assertEqual(self.press(page, account_id=foreign.id).status_code, 400)
        self.assertTrue(foreign.use_refunds)
        self.authenticate("ebay_user", "ebay_user")
        answer = self.url_open("/ebay/oauth/callback", allow_redirects=False)
        token = self.csrf_of_session()
        answer = self.press(Mock(text=f'name="csrf_token" value="{token}"'))
        self.assertEqual(answer.status_code, 400)
        self.assertTrue(self.account.use_refunds)

    def csrf_of_session(self):
        page = self.url_open("/web/login")
        found = re.findall(r'csrf_token: "([^"]+)"', page.text)
        return found[0]

    @mute_logger("odoo.http")
    def test_a_foreign_page_cannot_press_the_button(self):
        self.authenticate("ebay_manager", "ebay_manager")
        answer = self.url_open(
            "/ebay/oauth/without_options", data={"account_id": self.account.id}
        )
        self.assertEqual(answer.status_code, 400)
        self.env.invalidate_all()
        self.assertTrue(self.account.use_refunds)
