"""The doctor: every trouble has a sentence, and none hides another."""

import os
import time
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from types import SimpleNamespace
from unittest.mock import Mock, patch

from cryptography.fernet import Fernet

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync import vault
from odoo.addons.ebay_sync.ebay_api.calls import Answer
from odoo.addons.ebay_sync.ebay_api.documents import Reply
from odoo.addons.ebay_sync.ebay_api.errors import (
    AuthError,
    ContractError,
    ErrorDetail,
    RateLimited,
    Rejected,
    Transient,
)
from odoo.addons.ebay_sync.ebay_api.scopes import scopes_for
from odoo.addons.ebay_sync.ebay_api.signature import challenge_document
from odoo.addons.ebay_sync.flows import doctor_case
from odoo.addons.ebay_sync.flows.doctor_case import QUESTIONS, Case, Patience

from .common import EbayCase

CHECKS_LOGGER = "odoo.addons.ebay_sync.flows.doctor"
TOKEN = "verification-token-of-the-test-0123456789"
HEALTHY = {
    "identity": {"userId": "SIMUSER1", "username": "seller"},
    "orders": {"orders": []},
    "listings": {"locations": []},
    "account": {
        "sellerRegistrationCompleted": True,
        "sellingLimit": {
            "quantity": 500,
            "amount": {"value": "9000.0", "currency": "EUR"},
        },
    },
    "notifications": {"subscriptions": []},
    "programs": {"programs": [{"programType": "SELLING_POLICY_MANAGEMENT"}]},
    "preferences": {"OutOfStockControlPreference": "true"},
    "rate_limits": {
        "rateLimits": [
            {
                "apiName": "inventory",
                "resources": [
                    {
                        "name": "sell.inventory",
                        "rates": [{"limit": 2000000, "remaining": 1999000}],
                    }
                ],
            }
        ]
    },
}


class Ebay:
    """An eBay whose answers are set by name; an exception is raised, a call made."""

    def __init__(self):
        self.replies = dict(HEALTHY)
        self.date = datetime.now(timezone.utc)
        self.webhook = None
        self.tokens = SimpleNamespace(user_token=self.token, app_token=self.token)
        self.refusal = None
        ask = self.asker
        self.client = SimpleNamespace(
            tokens=self.tokens,
            identity=Mock(get_user=ask("identity")),
            fulfillment=Mock(get_orders=ask("orders")),
            inventory=Mock(location_pages=ask("listings", pages=True)),
            account=Mock(
                get_privileges=ask("account"), get_opted_in_programs=ask("programs")
            ),
            notification=Mock(subscription_pages=ask("notifications", pages=True)),
            trading=Mock(get_user_preferences=ask("preferences")),
            analytics=Mock(get_rate_limits=ask("rate_limits")),
        )

    def token(self):
        if self.refusal:
            raise self.refusal
        return "v^1.1#held"

    def asker(self, name, pages=False):
        def answer(*_args, **_kwargs):
            document = self.replies[name]
            if isinstance(document, Exception):
                raise document
            if callable(document):
                document = document()
            headers = {"Date": format_datetime(self.date, usegmt=True)}
            reply = Reply(document, Answer(200, headers, b""))
            return iter([reply]) if pages else reply

        return answer

    def send(self, call, *_args):
        """The transport, which carries nothing here but the webhook's challenge."""
        return self.webhook(call)


class DoctorCase(EbayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connect()
        cls.account.granted_scopes = " ".join(scopes_for(cls.account._features()))
        cls.account.refresh_expires_at = fields.Datetime.now() + timedelta(days=500)
        cls.env["ebay.secret"]._set(cls.account, "verification_token", TOKEN)
        parameters = cls.env["ir.config_parameter"]
        parameters.set_param("web.base.url", "https://shop.example.com")
        parameters.set_param("web.base.url.freeze", "True")
        cls.account._arm()
        cls.location = cls.env["ebay.location"].create(
            {
                "account_id": cls.account.id,
                "location_ref": "MAIN",
                "name": "Main warehouse",
                "warehouse_id": cls.env["stock.warehouse"].search([], limit=1).id,
            }
        )
        cls.crons = cls.account.schedule_ids.cron_id
        now = fields.Datetime.now()
        cls.crons.write({"lastcall": now, "nextcall": now + timedelta(minutes=5)})
        cls.administrator = new_test_user(
            cls.env,
            "ebay_administrator",
            groups="base.group_system,ebay_sync.group_ebay_manager",
        )

    def setUp(self):
        super().setUp()
        self.ebay = Ebay()
        self.ebay.webhook = self.right_answer
        account = type(self.env["ebay.account"])
        self.startPatcher(
            patch.object(account, "_client", lambda *a, **k: self.ebay.client)
        )
        self.startPatcher(patch.object(doctor_case, "Transport", lambda **k: self.ebay))

    def right_answer(self, call):
        address, _, code = call.url.partition("?challenge_code=")
        document = challenge_document(code, TOKEN, address)
        body = str(document).replace("'", '"').encode()
        return Answer(200, {"Content-Type": "application/json"}, body)

    def examine(self, user=None):
        account = self.account.with_user(user or self.manager)
        action = account.action_doctor()
        return account.env["ebay.doctor"].browse(action["res_id"])

    def line(self, check, **kwargs):
        doctor = self.examine(**kwargs)
        return doctor.line_ids.filtered(lambda line: line.check == check)

    def assert_line(self, check, state, found="", advice=""):
        line = self.line(check)
        self.assertEqual(line.state, state, line.found)
        self.assertIn(found, line.found)
        if state in ("red", "amber"):
            self.assertTrue(line.advice, "trouble without a way out")
        self.assertIn(advice, line.advice or "")
        return line


@tagged("post_install", "-at_install")
class TestDoctor(DoctorCase):
    def test_a_healthy_account_has_nothing_to_do(self):
        doctor = self.examine()
        trouble = {
            line.check: (line.state, line.found)
            for line in doctor.line_ids
            if line.state in ("red", "amber")
        }
        self.assertEqual(trouble, {})
        self.assertGreater(len(doctor.line_ids), 20)
        switched_off = doctor.line_ids.filtered(lambda line: line.state == "grey")
        self.assertEqual(
            set(switched_off.mapped("check")),
            {
                "permission_refunds",
                "permission_payment_disputes",
                "permission_cancellation_topics",
                "permission_return_topics",
                "permission_inquiry_topics",
            },
        )
        self.assertLess(doctor.seconds, 5)

    def test_the_page_opens(self):
        with Form(self.examine()) as form:
            self.assertEqual(form.account_id, self.account)
        with Form(self.account.with_user(self.manager)) as form:
            form.name = "Looked at"

    def test_an_account_that_is_not_connected_is_not_asked_about(self):
        self.account.state = "draft"
        doctor = self.examine()
        by_check = {line.check: line for line in doctor.line_ids}
        self.assertEqual(by_check["token"].state, "amber")
        self.assertEqual(by_check["token"].fix, "connect")
        self.assertEqual(by_check["seller"].state, "grey")
        self.assertEqual(by_check["keys"].state, "green")
        self.assertEqual(by_check["webhook"].state, "green")

    def test_one_failing_check_hides_no_other(self):
        checks = type(self.env["ebay.doctor.checks"])
        whole = len(self.examine().line_ids)
        with (
            patch.object(checks, "_check_keys", side_effect=KeyError("secret-text")),
            patch.object(
                checks,
                "_check_schedule",
                lambda self, case: self.env.cr.execute("SELECT no_such_column"),
            ),
            mute_logger(CHECKS_LOGGER, "odoo.sql_db"),
        ):
            doctor = self.examine()
        self.assertEqual(len(doctor.line_ids), whole)
        failed = doctor.line_ids.filtered(lambda line: "failed itself" in line.found)
        self.assertEqual(failed.mapped("check"), ["keys", "schedule"])
        self.assertNotIn("secret-text", " ".join(failed.mapped("found")))

    def test_a_slow_ebay_costs_seconds_and_hides_nothing(self):
        def slow():
            time.sleep(4)
            return {}

        for name in ("orders", "programs", "rate_limits"):
            self.ebay.replies[name] = slow
        with patch.object(doctor_case, "TOTAL_SECONDS", 1):
            began = time.monotonic()
            doctor = self.examine()
        self.assertLess(time.monotonic() - began, 3)
        states = {line.check: line.state for line in doctor.line_ids}
        self.assertEqual(states["permission_orders"], "grey")
        self.assertEqual(states["policies"], "grey")
        self.assertEqual(states["permission_account"], "green")
        self.assertEqual(states["schedule"], "green")

    def test_no_request_begins_after_the_time_is_up(self):
        now = [0.0]
        patience = Patience(5, clock=lambda: now[0])
        self.assertEqual(patience.admit("account", "pull", None), 0.0)
        now[0] = 5.0
        with self.assertRaises(Transient):
            patience.admit("account", "pull", None)

    def test_hostile_answers_break_nothing(self):
        junk = (
            {},
            {
                name: value
                for document in HEALTHY.values()
                for name, value in zip(
                    document, [None, [], "x", -1, {"a": 1}], strict=False
                )
            },
            {
                "sellerRegistrationCompleted": "yes",
                "sellingLimit": [1],
                "programs": "x",
                "rateLimits": [{"resources": [{"rates": [{"limit": "placeholder"}]}]}],
                "userId": "<b>'; DROP TABLE</b>",
                "OutOfStockControlPreference": {"a": 1},
            },
        )
        for document in junk:
            with self.subTest(document):
                self.ebay.replies = dict.fromkeys(HEALTHY, document)
                doctor = self.examine()
                self.assertFalse(
                    "failed itself" in " ".join(doctor.line_ids.mapped("found"))
                )
                self.assertEqual(doctor.state, "red")

    def test_nothing_secret_is_shown(self):
        for error in (AuthError("refused"), Transient("down")):
            self.ebay.refusal = error
            doctor = self.examine()
            page = " ".join(f"{line.found} {line.advice}" for line in doctor.line_ids)
            for secret in (TOKEN, "SBX-0123456789ab-secret", "v^1.1#"):
                self.assertNotIn(secret, page)

    def test_the_doctor_is_for_managers(self):
        for user in (self.user, self.outsider, self.robot):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.examine(user=user)

    def test_an_examination_is_its_askers_own(self):
        doctor = self.examine()
        other = new_test_user(
            self.env, "other_manager", groups="ebay_sync.group_ebay_manager"
        )
        for records in (doctor, doctor.line_ids[:1]):
            with self.assertRaises(AccessError):
                records.with_user(other).read([])
            with self.assertRaises(AccessError):
                records.write({"create_uid": self.manager.id})

    def test_the_buttons_lead_where_they_say(self):
        line = self.examine(user=self.administrator).line_ids[0]
        oauth = Mock()
        oauth.consent_url.return_value = "https://auth.example/consent"
        with patch.object(type(self.account), "_oauth", lambda *a, **k: oauth):
            self.assertEqual(line.action_connect()["type"], "ir.actions.act_url")
        action = line.action_new_verification_token()
        self.assertEqual(action["tag"], "display_notification")
        again = line.doctor_id.action_examine_again()
        self.assertNotEqual(again["res_id"], line.doctor_id.id)


@tagged("post_install", "-at_install")
class TestDoctorServer(DoctorCase):
    def test_missing_keys_are_named(self):
        self.account.write({"ru_name": False})
        self.assert_line("keys", "red", "RuName")

    def test_a_lost_encryption_key_is_said(self):
        lost = [Fernet(Fernet.generate_key())]
        with patch.object(vault, "_keys", lambda create=False: lost):
            self.assert_line("keys", "red", "not here any more")
            self.assert_line("encryption", "red", "not here any more", "Put the key")

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


@tagged("post_install", "-at_install")
class TestDoctorEbay(DoctorCase):
    def test_a_dead_consent_is_red_and_the_rest_is_not_asked(self):
        self.ebay.refusal = AuthError("The consent is gone")
        orders = self.ebay.client.fulfillment.get_orders = Mock()
        line = self.assert_line("token", "red", "The consent is gone")
        self.assertEqual(line.fix, "connect")
        orders.assert_not_called()

    def test_a_token_that_ebay_refuses_for_good_is_red(self):
        self.ebay.replies["identity"] = AuthError("eBay rejects a new token as well")
        self.assert_line("token", "red", "rejects")

    def test_a_lost_connection_is_red(self):
        self.account.write({"state": "reconnect", "connection_message": "Revoked"})
        self.assert_line("token", "red", "Revoked")

    def test_an_end_that_is_near_is_amber(self):
        self.account.refresh_expires_at = fields.Datetime.now() + timedelta(days=20)
        self.assert_line("token", "amber", "ends on")

    def test_an_ebay_that_is_down_is_grey(self):
        self.ebay.refusal = Transient("eBay could not be reached")
        for check in ("token", "permission_orders", "seller", "clock"):
            self.assert_line(check, "grey", "could not be reached", "few minutes")

    def test_a_permission_that_is_missing_is_told_apart(self):
        self.ebay.replies["orders"] = AuthError(
            "The consent does not cover this call", errors=[ErrorDetail("1100")]
        )
        self.assertEqual(self.assert_line("permission_orders", "red").fix, "connect")
        self.assert_line("permission_listings", "green")
        self.account.use_refunds = True
        line = self.assert_line("permission_refunds", "amber", "not granted")
        self.assertEqual(line.fix, "connect")

    def test_a_missing_identity_permission_does_not_end_the_rest(self):
        self.ebay.replies["identity"] = AuthError("no", errors=[ErrorDetail("1100")])
        self.assert_line("permission_identity", "red")
        self.assert_line("token", "green")
        self.assert_line("permission_orders", "green")

    def test_a_limit_that_is_reached_is_amber(self):
        self.ebay.replies["orders"] = RateLimited("Too many requests")
        self.assert_line("permission_orders", "amber", "Too many requests")

    def test_another_sellers_token_is_red(self):
        self.ebay.replies["identity"] = {"userId": "SIMUSER2", "username": "other"}
        self.assert_line("permission_identity", "red", "other")

    def test_the_sellers_limits_are_told(self):
        self.assert_line("seller", "green", "500 items / 9000.0 EUR")
        for document, state, found in (
            ({"sellerRegistrationCompleted": True}, "green", "without a monthly"),
            ({"sellerRegistrationCompleted": False}, "red", "incomplete"),
            (
                {
                    "sellerRegistrationCompleted": True,
                    "sellingLimit": {"quantity": 0},
                },
                "red",
                "nought",
            ),
        ):
            self.ebay.replies["account"] = document
            self.assert_line("seller", state, found)

    def test_business_policies_have_to_be_on(self):
        for answer in (
            {"programs": []},
            {"programs": [{"programType": "PARTNER_MOTORS_DEALER"}]},
            Rejected("nothing", status=404),
            Rejected("no", status=400, errors=[ErrorDetail("20404")]),
        ):
            self.ebay.replies["programs"] = answer
            self.assert_line("policies", "red", "not opted in")
        self.ebay.replies["programs"] = Rejected("odd", status=400)
        self.assert_line("policies", "red", "odd")

    def test_out_of_stock_control_has_to_be_on(self):
        self.ebay.replies["preferences"] = {"OutOfStockControlPreference": "false"}
        self.assert_line("out_of_stock", "red", "ends a listing")
        self.ebay.replies["programs"] = {
            "programs": [{"programType": "OUT_OF_STOCK_CONTROL"}]
        }
        self.assert_line("out_of_stock", "green")

    def test_every_location_wants_a_warehouse(self):
        self.location.warehouse_id = False
        self.assert_line("locations", "amber", "Main warehouse")
        self.location.unlink()
        self.assert_line("locations", "amber", "No merchant location", "Refresh")

    def test_quotas_are_told_before_they_are_used_up(self):
        def limits(remaining):
            rate = {
                "limit": 5000,
                "remaining": remaining,
                "reset": "2026-11-22T08:00:00.000Z",
            }
            return {
                "rateLimits": [
                    *HEALTHY["rate_limits"]["rateLimits"],
                    {
                        "apiName": "TradingAPI",
                        "resources": [{"name": "GetItem", "rates": [rate]}],
                    },
                ]
            }

        for remaining, state in ((499, "amber"), (0, "red"), (500, "green")):
            self.ebay.replies["rate_limits"] = limits(remaining)
            self.assert_line("rate_limits", state, f"GetItem: {remaining} of 5000")
        self.ebay.replies["rate_limits"] = {}
        self.assert_line("rate_limits", "grey", "no limits")

    def test_a_wrong_clock_is_red(self):
        self.ebay.date += timedelta(minutes=10)
        self.assert_line("clock", "red", "behind", "NTP")
        self.ebay.date -= timedelta(minutes=20)
        self.assert_line("clock", "red", "ahead")

    def test_every_question_is_one_that_the_client_knows(self):
        case = Case(self.account)
        case.ask(None)
        self.assertLessEqual(set(QUESTIONS), set(case.answers))
        errors = [a for a in case.answers.values() if isinstance(a, Exception)]
        self.assertFalse(errors)
