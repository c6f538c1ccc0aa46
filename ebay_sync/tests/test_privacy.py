"""Forgotten buyers: nothing of them is left that the law does not want kept."""

import base64
import json
from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.ebay_sync.compat import USER_GROUPS

from .orders import OrderCase, simple_order
from .pushes import PushMixin, closing_push

NAME = "Jörg Weißmüller"
STREET = "Lindenallee 12a"


class PrivacyCase(PushMixin, OrderCase):
    def buy(self, order_ref="12-1", username="anna_22", shipped=True, **changes):
        """An order of anna_22's, built; shipped, so that nothing is waited for."""
        order = simple_order(order_ref, **changes)
        order["buyer"]["username"] = username
        order["buyerCheckoutNotes"] = f"Please ring at {STREET}"
        self.account.orders_read_until_at = False
        self.pull(order)
        sale = self.sale(order_ref)
        if shipped:
            self.ship(order)
        return sale

    def ship(self, order):
        order["orderFulfillmentStatus"] = "FULFILLED"
        self.stored(order["orderId"]).write(
            {"fulfillment_status": "FULFILLED", "is_open": False}
        )

    def close(self, username="anna_22", user_ref="u-anna", **options):
        """eBay tells that the user is gone."""
        self.take(closing_push(username, user_ref, **options))
        return self.run_flow("notifications_in")

    def ledger(self, kind="deletion"):
        return self.env["ebay.erasure"].search([("kind", "=", kind)])

    def invoice(self, sale, day=None):
        sale.order_line.qty_delivered = 2
        move = sale._create_invoices()
        move.invoice_date = day or date.today()
        move.action_post()
        return move

    def everything_about(self, needle):
        """``table.column`` of every text of the database that still has the needle."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND data_type IN "
            "('text', 'character varying', 'jsonb', 'json')"
        )
        found = []
        for table, column in self.env.cr.fetchall():
            if table.startswith(("ir_", "pg_")) and table != "ir_attachment":
                continue
            self.env.cr.execute(
                f'SELECT 1 FROM "{table}" WHERE "{column}"::text ILIKE %s LIMIT 1',  # noqa: S608
                [f"%{needle}%"],
            )
            if self.env.cr.fetchone():
                found.append(f"{table}.{column}")
        return found


@tagged("post_install", "-at_install")
class TestAccountDeletion(PrivacyCase):
    def test_an_unknown_user_is_counted_and_not_kept(self):
        for number in range(5):
            self.take(closing_push(f"stranger_{number}", f"u-{number}"))
        log = self.run_flow("notifications_in")
        self.assertEqual(log.state, "done")
        self.assertEqual(self.ledger("unknown").count, 5)
        self.close("stranger_6", "u-6")
        self.assertEqual(self.ledger("unknown").count, 6)
        self.assertFalse(self.everything_about("stranger_"))

    def test_many_unknown_users_cost_nearly_nothing(self):
        for number in range(200):
            self.take(closing_push(f"stranger_{number}", f"u-{number}"))
        self.env.flush_all()
        with self.assertQueryCount(__system__=80):
            self.run_flow("notifications_in")

    def test_nothing_of_a_known_user_is_left(self):
        sale = self.buy()
        partner = sale.partner_id
        self.assertIn(NAME, partner.name)
        partner.message_post(body=f"{NAME} rang us", author_id=partner.id)
        sale.message_post(
            body="See the letter", attachments=[("letter.txt", b"Dear Anna")]
        )
        self.env["ebay.sync.log.line"].create(
            {
                "log_id": self.run_flow("tokens", work=lambda run: None).id,
                "action": "updated",
                "res_model": "res.partner",
                "res_id": partner.id,
                "changes": {"name": ["", NAME]},
            }
        )
        self.assertTrue(self.everything_about("anna_22"))
        self.close(ref="n-1")
        for needle in ("anna_22", "u-anna", NAME, STREET, "members.ebay.com"):
            self.assertFalse(self.everything_about(needle), needle)
        self.assertFalse(partner.active)
        self.assertEqual(partner.name, "Erased eBay user")
        self.assertFalse(self.stored("12-1").buyer_username)
        row = self.ledger()
        self.assertEqual(
            (row.state, row.notification_ref, row.order_count), ("done", "n-1", 1)
        )
        self.assertGreaterEqual(row.message_count, 2)
        self.assertEqual(self.pushes()[-1].state, "done")

    def test_amounts_goods_and_the_order_itself_stay(self):
        sale = self.buy()
        total, lines = sale.amount_total, sale.order_line.mapped("product_uom_qty")
        self.close()
        self.assertEqual(sale.amount_total, total)
        self.assertEqual(sale.order_line.mapped("product_uom_qty"), lines)
        self.assertEqual(sale.ebay_order_ref, "12-1")
        self.assertEqual(self.stored("12-1").payload["orderId"], "12-1")

    def test_a_forgotten_buyer_is_not_read_back(self):
        sale = self.buy()
        self.close()
        order = self.ebay.orders["12-1"]
        order["buyer"]["username"] = "anna_22"
        order["lastModifiedDate"] = "2026-12-24T10:00:00.000Z"
        order["orderPaymentStatus"] = "FULLY_REFUNDED"
        self.account._want_orders(["12-1"])
        self.run_flow("orders_in")
        self.assertEqual(sale.ebay_payment_status, "FULLY_REFUNDED")
        self.assertFalse(self.everything_about("anna_22"))
        self.assertFalse(self.everything_about(STREET))

    def test_twice_is_once(self):
        self.buy()
        self.close()
        self.close()
        self.assertEqual(len(self.ledger()), 1)
        self.assertEqual(self.ledger("unknown").count, 1)

    def test_what_is_posted_stays_until_the_years_are_over(self):
        self.account.company_id.account_fiscal_country_id.ebay_books_years = 3
        sale = self.buy()
        move = self.invoice(sale, date(2026, 5, 4))
        partner = move.partner_id
        self.close()
        self.assertEqual(partner.name, NAME)
        self.assertEqual(partner.street, STREET)
        self.assertFalse(partner.email or partner.phone or partner.ebay_username)
        self.assertEqual(partner.ebay_erase_at, date(2029, 12, 31))
        row = self.ledger()
        self.assertEqual((row.state, row.keep_until), ("kept", date(2029, 12, 31)))
        self.assertFalse(self.everything_about("anna_22"))
        with freeze_time("2030-01-01 05:00:00"):
            self.run_flow("housekeeping")
        self.assertEqual(partner.name, "Erased eBay user")
        self.assertFalse(self.everything_about(STREET))
        self.assertEqual(row.state, "done")
        self.assertTrue(row.finished_at)

    def test_a_draft_invoice_keeps_nobody(self):
        sale = self.buy()
        sale.order_line.qty_delivered = 2
        move = sale._create_invoices()
        self.close()
        self.assertEqual(move.partner_id.name, "Erased eBay user")
        self.assertFalse(self.everything_about(NAME))

    def test_an_open_order_is_shipped_first(self):
        sale = self.buy(shipped=False)
        self.close()
        self.assertEqual(sale.partner_id.name, NAME)
        self.assertEqual(self.ledger().state, "postponed")
        with freeze_time(datetime.now() + timedelta(days=1)):
            self.run_flow("housekeeping")
        self.assertEqual(sale.partner_id.name, NAME)
        self.stored("12-1").is_open = False
        with freeze_time(datetime.now() + timedelta(days=2)):
            self.run_flow("housekeeping")
        self.assertEqual(sale.partner_id.name, "Erased eBay user")
        self.assertEqual(self.ledger().state, "done")

    def test_portal_access_is_closed(self):
        partner = self.buy().partner_id
        user = self.env["res.users"].create(
            {
                "name": "Anna",
                "login": "anna@example.com",
                "partner_id": partner.id,
                USER_GROUPS: [Command.set([self.env.ref("base.group_portal").id])],
            }
        )
        self.close()
        self.assertFalse(user.active)
        self.assertNotIn("anna", user.login)
        self.assertEqual(self.ledger().login_count, 1)

    def test_a_user_of_odoo_is_for_a_human_to_decide(self):
        partner = self.buy().partner_id
        user = new_test_user(self.env, "anna_works_here", groups="base.group_user")
        user.partner_id.ebay_username = "anna_22"
        self.close()
        self.assertTrue(user.active)
        self.assertTrue(partner.active)
        self.assertEqual(self.ledger().state, "refused")
        issue = self.env["ebay.issue"].search([("code", "=", "erasure_of_staff")])
        self.assertEqual(issue.res_id, user.partner_id.id)

    def test_a_customer_of_other_business_loses_only_ebays_part(self):
        partner = self.buy().partner_id
        self.env["sale.order"].create({"partner_id": partner.id})
        self.close()
        self.assertEqual(partner.name, NAME)
        self.assertTrue(partner.active)
        self.assertFalse(partner.ebay_username)
        self.assertFalse(self.stored("12-1").buyer_username)
        self.assertFalse(self.everything_about("anna_22"))

    def test_the_user_is_forgotten_in_every_company(self):
        company, other = self.second_company()
        order = self.env["ebay.order"].create(
            {
                "account_id": other.id,
                "order_ref": "99-1",
                "state": "blocked",
                "payload": simple_order("99-1"),
                "buyer_username": "anna_22",
            }
        )
        self.close()
        self.assertFalse(order.buyer_username)
        self.assertEqual(order.state, "ignored")
        self.assertNotIn("buyer", order.payload)

    def test_it_is_done_while_the_account_is_archived_or_not_connected(self):
        self.buy()
        self.account.write({"active": False, "state": "reconnect", "mode": "paused"})
        self.assertEqual(self.close().state, "done")
        self.assertEqual(self.ledger().state, "done")

    def test_a_user_is_found_by_the_id_as_well(self):
        partner = self.buy().partner_id
        partner.ebay_user_ref = "u-anna"
        self.close(username="renamed_since")
        self.assertFalse(partner.active)


@tagged("post_install", "-at_install")
class TestRetention(PrivacyCase):
    def age(self, order_ref, days):
        past = datetime.now() - timedelta(days=days)
        self.stored(order_ref).ebay_modified_at = past
        self.sale(order_ref).date_order = past

    def test_finished_orders_are_stripped_by_the_rule(self):
        old, young, still_open = (
            self.buy("12-1", "anna_22"),
            self.buy("12-2", "bert_33"),
            self.buy("12-3", "cleo_44", shipped=False),
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
        young = self.buy("12-2", "bert_33")
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
        log = self.run_flow("tokens", work=lambda run: None)
        log.started_at = datetime.now() - timedelta(days=40)
        self.account.log_days = 30
        self.env["ebay.sync.log"]._gc_logs()
        self.assertFalse(log.exists())

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
        self.buy("12-2", "bert_33")
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
