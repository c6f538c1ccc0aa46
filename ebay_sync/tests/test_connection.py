"""Connecting: keys, consent, callback; and every way in which that can fail."""

from unittest.mock import Mock, patch
from urllib.parse import parse_qs, urlsplit

from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.ebay_api.errors import AuthError, Transient

from .common import EbayCase, token

STATE_MODULE = "odoo.addons.ebay_sync.models.account.ebay_oauth_state"


class Collision(SerializationFailure):
    """What PostgreSQL says when two transactions wrote the same row."""

    pgcode = "40001"


@tagged("post_install", "-at_install")
class TestKeys(EbayCase):
    def test_what_is_missing_is_said_before_ebay_is_asked(self):
        bare = self.env["ebay.account"].create({"name": "Bare"})
        with self.assertRaisesRegex(UserError, "App ID.*Cert ID.*RuName"):
            bare.action_connect()

    def test_keys_that_cannot_be_right_are_refused_at_the_field(self):
        for values in (
            {"app_ref": "Shop-Test-PRD-0123456789ab-01234567"},
            {"app_ref": "with spaces"},
            {"app_ref": "x" * 200},
            {"app_ref": "<script>alert(1)</script>"},
            {"ru_name": "https://shop.example/ebay/oauth/callback"},
            {"client_secret": "PRD-0123456789ab"},
            {"client_secret": "'; DROP TABLE ebay_account; --"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.account.write(values)

    def test_what_is_wrong_is_said_below_the_field_while_it_is_entered(self):
        admin = self.env.ref("base.user_admin")
        form = Form(self.env["ebay.account"].with_user(admin))
        problems = ("app_ref_problem", "client_secret_problem", "ru_name_problem")
        self.assertEqual([form[name] for name in problems], [False] * 3)
        form.name = "Being entered"
        form.app_ref = "with spaces"
        self.assertIn("does not look like", form.app_ref_problem)
        form.app_ref = "Shop-Test-PRD-0123456789ab-01234567"
        self.assertIn("other environment", form.app_ref_problem)
        form.environment = "production"
        self.assertFalse(form.app_ref_problem)
        form.client_secret = "SBX-0123456789ab"
        self.assertIn("other environment", form.client_secret_problem)
        form.ru_name = "https://shop.example/ebay/oauth/callback"
        self.assertIn("not an address", form.ru_name_problem)
        form.client_secret = False
        form.ru_name = "Shop-Test-runame"
        self.assertFalse(form.ru_name_problem)
        account = form.save()
        with Form(account) as form:
            self.assertFalse(form.app_ref_problem)
            self.assertIn("Required before", form.client_secret_problem)
            form.client_secret = "PRD-0123456789ab"
            self.assertFalse(form.client_secret_problem)
        self.assertFalse(account.client_secret_problem, "it is stored now")
        with Form(account.with_user(self.manager)) as form:
            form.app_ref = False
            self.assertIn("Required before", form.app_ref_problem)
            self.assertNotIn("client_secret_problem", form._view["fields"])

    def test_a_local_ebay_is_on_this_machine(self):
        self.account.local_url = "http://127.0.0.1:18000"
        for url in ("https://evil.example", "http://10.0.0.1", "file:///etc", "x"):
            with self.subTest(url), self.assertRaises(ValidationError):
                self.account.local_url = url


@tagged("post_install", "-at_install")
class TestConnection(EbayCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.oauth = Mock(spec=["exchange_code", "revoke", "refresh"])
        self.oauth.exchange_code.side_effect = lambda code, scopes: token(
            "v^1.1#new", refresh="v^1.1#refresh-new", scopes=scopes
        )
        self.seller = {"userId": "SIMUSER1", "username": "seller"}
        client = Mock()
        client.identity.get_user.side_effect = lambda: self.seller
        account = type(self.env["ebay.account"])
        self.real_oauth = account._oauth
        self.startPatcher(patch.object(account, "_oauth", lambda *a, **k: self.oauth))
        self.startPatcher(patch.object(account, "_client", lambda *a, **k: client))

    def state(self, user=None, account=None):
        account = (account or self.account).with_user(user or self.manager)
        return account.env["ebay.oauth.state"]._issue(account, ["scope-a"])

    def come_back(self, user="ebay_manager", **query):
        self.authenticate(user, user)
        answer = self.url_open(
            "/ebay/oauth/callback?"
            + "&".join(f"{name}={value}" for name, value in query.items())
        )
        self.env.invalidate_all()
        return answer

    def assert_untouched(self):
        self.assertEqual(self.account.state, "draft")
        self.assertFalse(self.account.user_ref)
        self.assertFalse(self.env["ebay.token"].search([]))

    def test_the_button_leads_to_the_consent_page(self):
        account = self.account.with_user(self.manager)
        with patch.object(type(account), "_oauth", self.real_oauth):
            action = account.action_connect()
        url = urlsplit(action["url"])
        query = {name: value[0] for name, value in parse_qs(url.query).items()}
        self.assertEqual(url.hostname, "auth.sandbox.ebay.com")
        self.assertEqual(query["prompt"], "login")
        self.assertEqual(query["redirect_uri"], self.account.ru_name)
        self.assertNotIn("secret", action["url"])
        row, _reason = account.env["ebay.oauth.state"]._redeem(query["state"])
        self.assertEqual(row.account_id.id, account.id)

    def test_who_comes_to_work_begins_at_once(self):
        """Connected, taken out of pause or archive: no flow waits for its next turn."""
        account, every = self.account, self.account.schedule_ids.cron_id
        account.write({"state": "draft", "mode": "mirror"})
        for idle, at_work in (
            ({}, {"state": "connected"}),
            ({"mode": "paused"}, {"mode": "live"}),
            ({"active": False}, {"active": True}),
        ):
            with self.subTest(idle):
                account.write(idle)
                self.woken().unlink()
                account.write(at_work)
                self.assertEqual(self.woken().cron_id, every)
        self.woken().unlink()
        account.write({"name": "Another name", "mode": "mirror"})
        self.assertFalse(self.woken())

    def test_a_consent_connects_the_account(self):
        self.account.consent_warned_days = 30
        answer = self.come_back(
            state=self.state(), code="v%255E1.1%23i", expires_in=299
        )
        self.assertEqual(answer.status_code, 200)
        self.assertIn("is connected", answer.text)
        self.oauth.exchange_code.assert_called_once_with("v%5E1.1#i", ["scope-a"])
        self.assertEqual(self.account.state, "connected")
        self.assertEqual(self.account.user_ref, "SIMUSER1")
        self.assertEqual(self.account.granted_scopes, "scope-a")
        self.assertTrue(self.account.refresh_expires_at)
        self.assertFalse(self.account.consent_warned_days, "its end is announced again")
        self.assertTrue(self.account.is_armed)
        self.assertEqual(
            self.env["ebay.secret"]._get(self.account, "refresh_token"),
            "v^1.1#refresh-new",
        )

    def test_a_request_that_odoo_repeats_exchanges_the_code_once(self):
        arm = type(self.env["ebay.account"])._arm
        collisions = [Collision()]

        def collide_once(account):
            if collisions:
                raise collisions.pop()
            return arm(account)

        with (
            patch.object(type(self.env["ebay.account"]), "_arm", collide_once),
            mute_logger("odoo.service.model"),
        ):
            answer = self.come_back(state=self.state(), code="abc")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.oauth.exchange_code.call_count, 1)
        self.assertEqual(self.account.state, "connected")

    def test_a_state_works_once(self):
        state = self.state()
        self.come_back(state=state, code="abc")
        answer = self.come_back(state=state, code="abc")
        self.assertEqual(answer.status_code, 400)
        self.assertIn("already been used", answer.text)
        self.assertEqual(self.oauth.exchange_code.call_count, 1)
        self.assertEqual(self.account.state, "connected")

    def test_a_declined_consent_changes_nothing(self):
        answer = self.come_back(state=self.state(), error="access_denied")
        self.assertIn("declined", answer.text)
        self.oauth.exchange_code.assert_not_called()
        self.assert_untouched()

    def test_who_declined_may_come_back_with_nothing_at_all(self):
        for parameters in ({}, {"error": "access_denied"}):
            answer = self.come_back(**parameters)
            self.assertEqual(answer.status_code, 400)
            self.assertIn("declined", answer.text)
        self.assert_untouched()

    def test_another_error_than_a_refusal_is_told_in_ebays_words(self):
        facts = {"error": "server_error", "error_description": "<b>Try later</b>"}
        answer = self.come_back(state=self.state(), **facts)
        self.assertIn("could not be connected", answer.text)
        self.assertIn("server_error: &lt;b&gt;Try later&lt;/b&gt;", answer.text)
        self.assertNotIn("declined", answer.text)
        self.assertNotIn("Try later", self.come_back(state="x", **facts).text)
        self.oauth.exchange_code.assert_not_called()
        self.assert_untouched()

    def test_a_state_from_elsewhere_changes_nothing(self):
        good = self.state()
        for bad in ("", "x", "AAAA", good[:-4] + "AAAA", "%00", "é" * 10, "A" * 9000):
            with self.subTest(bad):
                answer = self.come_back(state=bad, code="abc")
                self.assertEqual(answer.status_code, 400)
                self.assertIn("was not issued by this Odoo", answer.text)
        self.oauth.exchange_code.assert_not_called()
        self.assert_untouched()

    def test_an_old_state_has_expired(self):
        with patch(f"{STATE_MODULE}.VALID_SECONDS", -1):
            state = self.state()
        answer = self.come_back(state=state, code="abc")
        self.assertIn("took too long", answer.text)
        self.assert_untouched()

    def test_another_users_state_is_refused(self):
        answer = self.come_back(user="ebay_user", state=self.state(), code="abc")
        self.assertIn("Somebody else", answer.text)
        self.assert_untouched()

    def test_a_user_who_lost_the_right_meanwhile_is_refused(self):
        state = self.state(user=self.user)
        answer = self.come_back(user="ebay_user", state=state, code="abc")
        self.assertEqual(answer.status_code, 400)
        self.oauth.exchange_code.assert_not_called()
        self.assert_untouched()

    def test_nobody_comes_in_without_signing_in(self):
        answer = self.url_open("/ebay/oauth/callback?code=abc", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])

    @mute_logger("odoo.addons.ebay_sync.controllers.oauth")
    def test_ebays_refusal_is_shown_in_its_words(self):
        for error in (AuthError("The code was used before"), Transient("eBay is down")):
            self.oauth.exchange_code.side_effect = error
            answer = self.come_back(state=self.state(), code="abc")
            self.assertEqual(answer.status_code, 400)
            self.assertIn(str(error), answer.text)
        self.assert_untouched()

    def test_another_seller_is_refused_on_reconnect(self):
        self.come_back(state=self.state(), code="abc")
        self.seller = {"userId": "SIMUSER2", "username": "<b>other</b>"}
        answer = self.come_back(state=self.state(), code="abc")
        self.assertEqual(answer.status_code, 400)
        self.assertIn("&lt;b&gt;other", answer.text)
        self.assertEqual(self.account.user_ref, "SIMUSER1")

    def test_one_seller_is_one_account(self):
        self.come_back(state=self.state(), code="abc")
        twin = self.account.copy({"name": "Twin"})
        answer = self.come_back(state=self.state(account=twin), code="abc")
        self.assertIn("is already connected", answer.text)
        self.assertEqual(twin.state, "draft")

    def test_an_identity_without_an_id_is_a_refusal(self):
        self.seller = {"username": "nobody"}
        answer = self.come_back(state=self.state(), code="abc")
        self.assertEqual(answer.status_code, 400)
        self.assert_untouched()

    def test_disconnecting_gives_the_consent_back(self):
        self.come_back(state=self.state(), code="abc")
        self.account.with_user(self.manager).action_disconnect()
        self.oauth.revoke.assert_called_once_with("v^1.1#refresh-new")
        self.assertEqual(self.account.state, "draft")
        self.assertFalse(self.env["ebay.secret"]._get(self.account, "refresh_token"))
        self.assertTrue(self.account.user_ref, "a reconnect still knows its seller")

    def test_disconnecting_works_while_ebay_is_down(self):
        self.come_back(state=self.state(), code="abc")
        self.oauth.revoke.side_effect = Transient("eBay is down")
        self.account.with_user(self.manager).action_disconnect()
        self.assertEqual(self.account.state, "draft")
