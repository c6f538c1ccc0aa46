"""What is kept no longer than needed, and what a buyer may ask for."""

import base64
import json
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.ebay_sync.compat import Checkpoint

from .privacy_case import NAME, STREET, PrivacyCase
from .pushes import closing_push


@tagged("post_install", "-at_install")
class TestRetention(PrivacyCase):
    def age(self, order_ref, days):
        past = datetime.now() - timedelta(days=days)
        self.stored(order_ref).ebay_modified_at = past
        self.sale(order_ref).date_order = past

    def test_finished_orders_are_stripped_by_the_rule(self):
        old, young, still_open = (
            self.buy("12-1", "anna_22"),
            self.buy("12-2", "bert_33", street="Am Markt 3"),
            self.buy("12-3", "cleo_44", shipped=False, street="Am Markt 4"),
        )
        self.age("12-1", 181)
        self.age("12-2", 179)
        self.age("12-3", 181)
        log = self.run_flow("housekeeping")
        self.assertEqual(log.state, "done")
        self.assertTrue(self.stored("12-1").erased_at)
        self.assertNotIn("buyer", self.stored("12-1").payload)
        self.assertIn("buyer", self.stored("12-2").payload)
        self.assertIn("buyer", self.stored("12-3").payload)
        self.assertEqual(old.partner_id.ebay_username, "anna_22")
        self.assertTrue(young and still_open)

    def test_never_is_never(self):
        self.buy("12-1")
        self.age("12-1", 4000)
        self.account.payload_days = 0
        self.run_flow("housekeeping")
        self.assertIn("buyer", self.stored("12-1").payload)

    def test_buyers_are_erased_by_the_rule_when_there_is_one(self):
        old = self.buy("12-1", "anna_22")
        young = self.buy("12-2", "bert_33", street="Am Markt 3")
        self.age("12-1", 800)
        self.age("12-2", 600)
        self.run_flow("housekeeping")
        self.assertEqual(old.partner_id.name, NAME)
        self.account.buyer_days = 730
        self.run_flow("housekeeping")
        self.assertEqual(old.partner_id.name, "Erased eBay user")
        self.assertEqual(young.partner_id.ebay_username, "bert_33")
        self.assertEqual(self.ledger("retention").state, "done")

    def test_notifications_and_logs_go(self):
        self.close("stranger")
        self.pushes().received_at = datetime.now() - timedelta(days=31)
        self.take(closing_push("waits"))
        self.pushes()[-1].received_at = datetime.now() - timedelta(days=31)
        self.run_flow("housekeeping")
        self.assertEqual(self.pushes().mapped("state"), ["new"])

    def test_logs_go_however_many_there_are(self):
        logs = self.env["ebay.sync.log"].create(
            [
                {"account_id": self.account.id, "flow": "tokens", "state": "done"}
                for _ in range(450)
            ]
        )
        logs[:-1].started_at = datetime.now() - timedelta(days=40)
        self.account.log_days = 30
        self.run_flow("housekeeping")
        self.assertEqual(logs.exists(), logs[-1])

    def test_logs_go_in_slices_until_it_is_done(self):
        logs = self.env["ebay.sync.log"].create(
            [
                {"account_id": self.account.id, "flow": "tokens", "state": "done"}
                for _ in range(450)
            ]
        )
        logs.started_at = datetime.now() - timedelta(days=91)
        with patch.object(Checkpoint, "has_time", return_value=False):
            self.assertEqual(self.run_flow("housekeeping").state, "partial")
        self.assertEqual(len(logs.exists()), 250)
        self.assertTrue(self.woken(), "it continues automatically")
        self.run_flow("housekeeping")
        self.assertFalse(logs.exists())

    def test_closed_issues_go_with_the_logs(self):
        issue = self.env["ebay.issue"]._raise(self.account, "order_unknown")
        open_one = self.env["ebay.issue"]._raise(self.account, "buyer_missing")
        issue._close()
        issue.closed_at = datetime.now() - timedelta(days=91)
        self.run_flow("housekeeping")
        self.assertFalse(issue.exists())
        self.assertTrue(open_one.exists())

    def test_rules_that_make_no_sense_are_refused(self):
        for values in (
            {"payload_days": 3},
            {"notification_days": 1},
            {"log_days": 1},
            {"buyer_days": 100},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.account.with_user(self.manager).write(values)


@tagged("post_install", "-at_install")
class TestBuyersData(PrivacyCase):
    def wizard(self, user=None, **values):
        return (
            self.env["ebay.buyer.data"]
            .with_user(user or self.manager)
            .create({"account_id": self.account.id, **values})
        )

    def test_a_file_has_everything_of_one_buyer_and_nothing_of_another(self):
        sale = self.buy("12-1", "anna_22")
        self.buy("12-2", "bert_33", street="Am Markt 3")
        self.invoice(sale)
        sale.message_post(body="A word to Anna")
        wizard = self.wizard(username=" anna_22 ")
        self.assertIn("1 stored", wizard.found)
        wizard.action_export()
        document = json.loads(base64.b64decode(wizard.file))
        text = json.dumps(document, ensure_ascii=False)
        for part in (NAME, STREET, "12-1", "A word to Anna", sale.name):
            self.assertIn(part, text)
        self.assertNotIn("bert_33", text)
        self.assertNotIn("12-2", text)
        self.assertEqual(len(document["invoices"]), 1)
        self.assertEqual(document["ebay_orders"][0]["number"], "12-1")

    def test_it_is_for_managers_only(self):
        self.buy()
        with self.assertRaises(AccessError):
            self.wizard(self.user, username="anna_22")
        with self.assertRaises(AccessError):
            self.env["ebay.erasure"].with_user(self.user).search([])

    def test_raw_documents_and_rules_are_for_managers(self):
        self.buy()
        self.close("stranger", "u-1")
        order, push = self.stored("12-1"), self.pushes()[-1]
        for record, names in (
            (order, ["payload"]),
            (order, ["payload_text"]),
            (push, ["body"]),
        ):
            with self.subTest(names), self.assertRaises(AccessError):
                record.with_user(self.user).read(names)
            record.with_user(self.manager).read(names)
        with self.assertRaises(AccessError):
            self.account.with_user(self.user).payload_days = 400
        for action in ("action_export", "action_erase"):
            with self.subTest(action), self.assertRaises(AccessError):
                wizard = self.wizard(username="anna_22")
                getattr(wizard.with_user(self.user), action)()

    def test_what_expired_is_in_no_ones_file(self):
        self.buy()
        self.stored("12-1").ebay_modified_at = datetime.now() - timedelta(days=181)
        self.run_flow("housekeeping")
        wizard = self.wizard(username="anna_22")
        wizard.action_export()
        document = json.loads(base64.b64decode(wizard.file))
        [stored] = document["ebay_orders"]
        self.assertNotIn("buyer", stored["as_ebay_sent_it"])
        self.assertIn(NAME, json.dumps(document["contacts"], ensure_ascii=False))

    def test_another_managers_file_is_not_shown(self):
        self.buy()
        wizard = self.wizard(username="anna_22")
        wizard.action_export()
        other = new_test_user(
            self.env, "other_manager", groups="ebay_sync.group_ebay_manager"
        )
        with self.assertRaises(AccessError):
            wizard.with_user(other).read(["file"])

    def test_a_buyer_may_ask_to_be_forgotten(self):
        partner = self.buy().partner_id
        action = self.wizard(partner_id=partner.id).action_erase()
        row = self.env["ebay.erasure"].browse(action["res_id"])
        self.assertEqual((row.kind, row.state), ("request", "done"))
        self.assertFalse(self.everything_about("anna_22"))

    def test_nobody_is_nobody(self):
        with self.assertRaises(UserError):
            self.wizard(username="who").action_export()
        with self.assertRaises(UserError):
            self.wizard().action_erase()
