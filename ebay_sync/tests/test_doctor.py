"""The doctor: every trouble has a sentence, and none hides another."""

import threading
from unittest.mock import Mock, patch

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.ebay_api.errors import AuthError, Transient
from odoo.addons.ebay_sync.flows.account import doctor_case
from odoo.addons.ebay_sync.flows.account.doctor_case import Patience

from .doctor import HEALTHY, TOKEN, DoctorCase

CHECKS_LOGGER = "odoo.addons.ebay_sync.flows.account.doctor"


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
        self.assertEqual(doctor.state, "green")

    def test_what_could_not_be_checked_is_not_called_well(self):
        self.ebay.replies["orders"] = Transient("eBay could not be reached")
        self.assertEqual(self.examine().state, "grey")
        self.ebay.replies["programs"] = {}
        self.assertEqual(self.examine().state, "red")

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
        failed = doctor.line_ids.filtered(lambda line: "itself failed" in line.found)
        self.assertEqual(failed.mapped("check"), ["keys", "schedule"])
        self.assertNotIn("secret-text", " ".join(failed.mapped("found")))

    def test_a_slow_ebay_costs_seconds_and_hides_nothing(self):
        hold, waited_for = threading.Event(), []
        self.addCleanup(hold.set)

        def slow():
            waited_for.append(hold.wait(120))
            return {}

        for name in ("orders", "programs", "rate_limits"):
            self.ebay.replies[name] = slow
        with patch.object(doctor_case, "TOTAL_SECONDS", 3):
            doctor = self.examine()
        self.assertFalse(waited_for, "the page waited for eBay")
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
                    "itself failed" in " ".join(doctor.line_ids.mapped("found"))
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
