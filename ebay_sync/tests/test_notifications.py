"""eBay's pushes: only eBay's are let in, each counts once, and they wake the flows."""

import gzip
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from unittest.mock import patch

from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.controllers.webhook import LARGEST_BODY
from odoo.addons.ebay_sync.ebay_api.errors import Transient
from odoo.addons.ebay_sync.ebay_api.signature import SignatureInvalid
from odoo.addons.ebay_sync.models.account import public_keys

from .common import EbayCase
from .orders import OrderCase, simple_order
from .pushes import KID, PushMixin, closing_push, order_push, push, signature


class StandingClock(datetime):
    """The time of a test: so many minutes after its beginning."""

    minute = 0
    began = datetime.now(timezone.utc).replace(second=1)

    @classmethod
    def now(cls, tz=None):
        return cls.began + timedelta(minutes=cls.minute)


WEBHOOK_LOG = "odoo.addons.ebay_sync.controllers.webhook"


@tagged("post_install", "-at_install")
class TestDoor(PushMixin, EbayCase, HttpCase):
    """The address, from outside."""

    def setUp(self):
        super().setUp()
        self.path = f"/api/ebay/webhook/{self.account.webhook_key}"

    def send(self, body, path=None, **headers):
        self.env.flush_all()
        headers = {
            "Content-Type": "application/json",
            "x-ebay-signature": signature(body) if body else "",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return self.url_open(path or self.path, data=body, headers=headers)

    def assert_answer(self, answer, status, stored=0):
        self.assertEqual(answer.status_code, status)
        self.assertEqual(answer.content, b"")
        self.assertNotIn("Set-Cookie", answer.headers)
        self.env.invalidate_all()
        self.assertEqual(len(self.pushes()), stored)

    def test_what_ebay_signed_is_stored_and_acknowledged(self):
        body = order_push("12-1", ref="n-1")
        self.assert_answer(self.send(body), 204, stored=1)
        row = self.pushes()
        self.assertEqual(row.state, "new")
        self.assertEqual(row.body, body.decode())
        self.assertEqual(row.topic, "ORDER_CONFIRMATION")
        self.assertEqual(row.company_id, self.account.company_id)

    def test_a_repeat_is_acknowledged_and_no_second_row(self):
        body = order_push("12-1")
        for _ in range(3):
            answer = self.send(body)
        self.assert_answer(answer, 204, stored=1)
        self.assertEqual(self.fetched, [KID])

    def test_the_flow_is_woken_once_and_only_for_what_is_urgent(self):
        cron = self.account.schedule_ids.filtered(
            lambda one: one.flow == "notifications_in"
        ).cron_id
        body = order_push("12-1")
        self.send(body)
        self.send(body)
        self.send(closing_push("nobody_waits_for_this"))
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertEqual(len(triggers), 1)

    def test_a_push_costs_one_statement_and_one_more_to_wake(self):
        self.take(closing_push("warms_the_key_up"))
        key = self.account.webhook_key
        calm, urgent = closing_push("stranger"), order_push("12-1")
        forged = signature(b"something else")
        flow = self.env["ebay.flow.notifications.in"]
        self.env["ebay.account"]._by_webhook_key(key)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueries([]):
            account = self.env["ebay.account"]._by_webhook_key(key)
            with suppress(SignatureInvalid):
                flow._receive(account, calm, forged)
        self.assertEqual(len(self.pushes()), 1)
        for body, most in ((calm, 1), (calm, 1), (urgent, 2), (urgent, 1)):
            with self.subTest(body), self.assertQueryCount(most):
                account = self.env["ebay.account"]._by_webhook_key(key)
                flow._receive(account, body, signature(body))

    @mute_logger(WEBHOOK_LOG)
    def test_a_key_is_kept_over_restarts_whatever_is_forged_meanwhile(self):
        self.assert_answer(self.send(order_push("12-1")), 204, stored=1)
        self.assertEqual(self.fetched, [KID])
        public_keys._keys.clear()  # another process
        self.key_error = Transient("eBay is down")
        for number in range(30):
            body = order_push(f"66-{number}")
            kid = f"00000000-0000-0000-0000-{number:012d}"
            answer = self.send(body, x_ebay_signature=signature(body, kid=kid))
            self.assertIn(answer.status_code, (412, 500))
        self.assert_answer(self.send(order_push("12-2")), 204, stored=2)
        self.assertEqual(self.fetched.count(KID), 1)
        self.assertLessEqual(len(self.fetched), 1 + 5)

    @mute_logger(WEBHOOK_LOG)
    def test_ids_that_nobody_knows_have_one_budget_for_all_workers(self):
        """Of a minute; and another minute is another one."""
        self.startPatcher(patch.object(public_keys, "datetime", StandingClock))
        for minute in (0, 1):
            StandingClock.minute = minute
            self.fetched.clear()
            for number in range(20):
                public_keys._keys.clear()  # every push meets another worker
                body = order_push("66-1")
                kid = f"00000000-0000-0000-{minute:04d}-{number:012d}"
                self.send(body, x_ebay_signature=signature(body, kid=kid))
            self.assertEqual(len(self.fetched), 5)

    def test_what_is_packed_is_not_unpacked(self):
        for how in ("gzip", "deflate", "br", "gzip, identity"):
            with self.subTest(how):
                bomb = gzip.compress(b"0" * 10_000_000)
                self.assert_answer(self.send(bomb, Content_Encoding=how), 415)
        body = order_push("12-1")
        self.assert_answer(self.send(body, Content_Encoding="identity"), 204, stored=1)

    @mute_logger(WEBHOOK_LOG)
    def test_no_visitor_leaves_a_session(self):
        body = order_push("12-1")
        unknown = "/api/ebay/webhook/" + "x" * 32
        with patch.object(http.FilesystemSessionStore, "save") as save:
            for path in (self.path, unknown):
                self.url_open(path + "?challenge_code=abc")
                self.send(body, path=path)
                self.send(body, path=path, x_ebay_signature="forged")
        save.assert_not_called()

    def test_a_brand_new_account_is_there_at_once(self):
        self.env["ebay.account"]._webhook_keys()
        with patch.object(type(self.env.registry), "clear_cache"):
            second = self.env["ebay.account"].create({"name": "Second shop"})
        found = self.env["ebay.account"]._by_webhook_key(second.webhook_key)
        self.assertEqual(found, second)

    @mute_logger(WEBHOOK_LOG)
    def test_what_ebay_did_not_sign_is_refused(self):
        body = order_push("12-1")
        other = order_push("12-2")
        for title, header in {
            "none": "",
            "another body's": signature(other),
            "no base64": "ÿ" * 20,
            "no JSON": "eA==",
            "another algorithm": signature(body, alg="none"),
            "another digest": signature(body, digest="MD5"),
            "no signature": signature(body, signature=""),
            "a key that eBay does not know": signature(
                body, kid="00000000-0000-0000-0000-000000000001"
            ),
            "a path for a key": signature(body, kid="../../oauth2/token"),
            "a list for a key": signature(body, kid=[KID]),
            "too long": signature(body, more="x" * 9000),
        }.items():
            with self.subTest(title):
                answer = self.send(body, x_ebay_signature=header.encode())
                self.assert_answer(answer, 412)
        self.assertEqual(self.fetched, [KID, "00000000-0000-0000-0000-000000000001"])

    @mute_logger(WEBHOOK_LOG)
    def test_a_changed_bit_is_refused(self):
        body = order_push("12-1")
        header = signature(body)
        for place in range(0, len(body), 29):
            broken = bytearray(body)
            broken[place] ^= 1
            with self.subTest(place):
                answer = self.send(bytes(broken), x_ebay_signature=header)
                self.assert_answer(answer, 412)

    @mute_logger(WEBHOOK_LOG)
    def test_while_the_key_cannot_be_had_ebay_is_asked_to_repeat(self):
        body = order_push("12-1")
        self.key_error = Transient("down")
        self.assert_answer(self.send(body), 500)
        self.key_error = None
        self.assert_answer(self.send(body), 204, stored=1)

    def test_an_unknown_address_is_a_blank_wall(self):
        body = order_push("12-1")
        for key in ("x" * 32, self.account.webhook_key[:-1], "%00", "é"):
            with self.subTest(key):
                answer = self.send(body, path=f"/api/ebay/webhook/{key}")
                self.assertEqual(answer.status_code, 404)
                self.assertNotIn("Set-Cookie", answer.headers)
        self.assertFalse(self.fetched or self.pushes())

    def test_the_address_without_a_key_is_for_an_only_account(self):
        self.env["ebay.account"].search([("id", "!=", self.account.id)]).unlink()
        body = order_push("12-1")
        self.assert_answer(self.send(body, path="/api/ebay/webhook"), 204, stored=1)
        self.env["ebay.account"].create({"name": "Second shop"})
        answer = self.send(order_push("12-2"), path="/api/ebay/webhook")
        self.assert_answer(answer, 404, stored=1)

    def test_the_challenge_of_the_address_without_a_key_names_that_address(self):
        self.env["ebay.account"].search([("id", "!=", self.account.id)]).unlink()
        token = "verification-token-of-the-test-0123456789"
        self.env["ebay.secret"]._set(self.account, "verification_token", token)
        self.env.flush_all()
        answer = self.url_open("/api/ebay/webhook?challenge_code=abc")
        endpoint = self.account.get_base_url() + "/api/ebay/webhook"
        expected = sha256(f"abc{token}{endpoint}".encode()).hexdigest()
        self.assertEqual(answer.json(), {"challengeResponse": expected})

    @mute_logger(WEBHOOK_LOG)
    def test_only_json_of_a_sane_size_is_read(self):
        body = order_push("12-1")
        self.assert_answer(self.send(body, Content_Type="text/plain"), 415)
        self.assert_answer(
            self.send(b"a=b", Content_Type="application/x-www-form-urlencoded"), 415
        )
        address = self.base_url() + self.path
        empty = {"Content-Type": "application/json"}
        answer = self.opener.post(address, data=b"", headers=empty)
        self.assert_answer(answer, 412)
        answer = self.send(order_push("12-1") + b" " * LARGEST_BODY)
        self.assertEqual(answer.status_code, 413)
        self.assertFalse(self.fetched or self.pushes())

    def test_other_methods_are_not_for_this_address(self):
        self.env.flush_all()
        for method in ("PUT", "DELETE", "PATCH"):
            answer = self.opener.request(method, self.base_url() + self.path)
            self.assertEqual(answer.status_code, 405, method)

    @mute_logger(WEBHOOK_LOG)
    def test_hostile_json_costs_nothing(self):
        for body in (
            b"[" * 100_000,
            b'{"a":' * 40_000 + b"1" + b"}" * 40_000,
            b"\xff\xfe{}",
            b'{"notification":{"notificationId":"x"},"notification":{}}',
            b"null",
            b"1" * 5000,
            b'{"metadata":NaN}',
        ):
            forged = signature(b"something else")
            with self.subTest(body[:20]):
                answer = self.send(body, x_ebay_signature=forged)
                self.assert_answer(answer, 412)

    def test_what_ebay_signed_and_nobody_can_read_is_kept_once(self):
        for body in (b"[]", b"\xff\xfe", b"{", b'{"metadata":{},"metadata":{}}'):
            self.send(body)
            answer = self.send(body)
        self.assert_answer(answer, 204, stored=4)

    def test_it_works_while_the_account_is_paused_archived_or_not_connected(self):
        self.account.active = False
        self.assert_answer(self.send(closing_push("gone")), 204, stored=1)
        cron = self.account.schedule_ids.filtered(
            lambda one: one.flow == "notifications_in"
        ).cron_id
        self.assertTrue(cron.active)


@tagged("post_install", "-at_install")
class TestWork(PushMixin, OrderCase):
    """What a stored push does."""

    def work(self):
        return self.run_flow("notifications_in")

    def test_an_order_that_is_told_of_is_read_at_once(self):
        self.ebay.show(simple_order("12-1"))
        self.account.orders_read_until_at = datetime.now() - timedelta(minutes=3)
        self.take(order_push("12-1"))
        log = self.work()
        self.assertEqual(log.state, "done")
        self.assertEqual(self.pushes().state, "done")
        self.assertEqual(self.pushes().message, "12-1")
        self.run_flow("orders_in")
        self.assertIn(("byId", ["12-1"]), self.ebay.calls)
        self.assertEqual(self.sale("12-1").state, "sale")

    def test_orders_in_is_woken(self):
        cron = self.account.schedule_ids.filtered(
            lambda one: one.flow == "orders_in"
        ).cron_id
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self.take(order_push("12-1"))
        self.work()
        after = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self.assertEqual(after, before + 1)

    def test_repeated_late_and_reordered_pushes_make_one_order(self):
        self.ebay.show(simple_order("12-1"))
        for _ in range(3):
            self.take(order_push("12-1"))
            self.work()
            self.run_flow("orders_in")
        self.assertEqual(len(self.sale("12-1")), 1)
        self.assertEqual(set(self.pushes().mapped("state")), {"done"})

    def test_every_order_topic_names_its_orders(self):
        seller = {"userId": "SIMUSER1"}
        line = [{"orderId": "12-7", "orderLineItemId": "1"}]
        for topic, data in {
            "ORDER_CANCELLATION_ACTIVITY": {
                "orderCancellation": {"seller": seller, "cancellationLineItems": line}
            },
            "ORDER_RETURN_ACTIVITY": {
                "orderReturn": {"seller": seller, "returnLineItems": line}
            },
            "ORDER_INQUIRY_ACTIVITY": {
                "orderInquiry": {"seller": seller, "orderId": "12-7"}
            },
        }.items():
            self.take(push(topic, data))
            self.work()
            self.assertEqual(self.pushes()[-1].message, "12-7", topic)
        self.assertTrue(self.stored("12-7").wanted_at)

    def test_a_push_for_another_seller_goes_to_that_sellers_account(self):
        company, other = self.second_company()
        other.write({"user_ref": "OTHER", "state": "connected"})
        self.take(order_push("12-9", user_ref="OTHER"))
        self.take(order_push("12-8", user_ref="NOBODY"))
        self.work()
        order = self.env["ebay.order"].search([("order_ref", "in", ("12-8", "12-9"))])
        self.assertEqual(order.account_id, other)
        self.assertEqual(self.pushes().mapped("state"), ["done", "ignored"])

    def test_an_unknown_topic_is_put_down(self):
        self.take(push("NEW_MESSAGE", {"text": "hello"}))
        self.work()
        self.assertEqual(self.pushes().state, "ignored")

    def test_what_cannot_be_read_is_kept_and_told(self):
        body = b"[]"
        self.take(body)
        self.work()
        self.assertEqual(self.pushes().state, "failed")
        issue = self.env["ebay.issue"].search(
            [("code", "=", "notification_unreadable")]
        )
        self.assertEqual(len(issue), 1)
        self.assertIn("cannot be read", issue.summary)

    def test_one_that_fails_costs_only_itself_and_is_tried_again(self):
        self.take(order_push("12-1"))
        self.take(order_push("12-2"))
        accounts = type(self.account)
        original = accounts._want_orders

        def want(account, refs):
            if "12-1" in refs:
                raise ValueError("broken")
            return original(account, refs)

        with (
            patch.object(accounts, "_want_orders", want),
            mute_logger("odoo.addons.ebay_sync.flows.engine.run"),
        ):
            self.work()
        first, second = self.pushes()
        self.assertEqual((first.state, first.tries), ("new", 1))
        self.assertEqual(second.state, "done")
        first.next_try_at = datetime(2020, 1, 1)
        self.work()
        self.assertEqual(first.state, "done")

    def test_the_answer_to_the_test_button_is_put_down(self):
        self.account.write(
            {
                "notification_test_state": "sent",
                "notification_test_at": datetime.now() - timedelta(minutes=10),
            }
        )
        self.take(order_push("00-00000-00000"))
        self.take(order_push("12-1"))
        self.work()
        self.assertEqual(self.account.notification_test_state, "came")
        self.assertFalse(self.stored("00-00000-00000"))
        self.assertTrue(self.stored("12-1"))


@tagged("post_install", "-at_install")
class TestRevocation(PushMixin, EbayCase):
    def setUp(self):
        super().setUp()
        self.connect()
        self.account.connected_at = datetime.now() - timedelta(days=1)

    def revoke(self, when, **options):
        data = {"userId": "SIMUSER1", "username": "seller", "revokeReason": "X"}
        self.take(push("AUTHORIZATION_REVOCATION", data, happened_at=when, **options))
        self.run_flow("notifications_in")

    @mute_logger("odoo.addons.ebay_sync.models.account.connection")
    def test_a_revoked_consent_stops_the_account(self):
        self.revoke(datetime.now(timezone.utc))
        self.assertEqual(self.account.state, "reconnect")
        self.assertIn("withdrew the consent", self.account.connection_message)

    def test_one_from_before_the_last_consent_stops_nothing(self):
        self.revoke(datetime.now(timezone.utc) - timedelta(days=2))
        self.assertEqual(self.account.state, "connected")
        self.assertEqual(self.pushes().state, "ignored")

    def test_an_old_one_that_is_sent_again_stops_nothing(self):
        self.account.connected_at = False
        self.revoke(datetime.now(timezone.utc) - timedelta(days=4))
        self.assertEqual(self.account.state, "connected")
