"""The doctor's checks of what eBay says."""

from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import Mock, patch

from odoo import fields
from odoo.tests import tagged

from odoo.addons.ebay_sync.ebay_api.client import EbayClient
from odoo.addons.ebay_sync.ebay_api.errors import (
    AuthError,
    ErrorDetail,
    Forbidden,
    RateLimited,
    Rejected,
    Transient,
)
from odoo.addons.ebay_sync.ebay_api.hosts import Hosts
from odoo.addons.ebay_sync.ebay_api.scopes import scopes_for
from odoo.addons.ebay_sync.flows.account.doctor_case import PROVEN_BY_TOKEN, QUESTIONS
from odoo.addons.ebay_sync.flows.account.fixed_tokens import FixedTokens
from odoo.addons.ebay_sync.vault import VaultError

from .doctor import HEALTHY, DoctorCase


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

    def test_a_token_that_nobody_has_tried_is_not_called_good(self):
        self.ebay.replies["identity"] = Transient("eBay did not answer in time")
        self.assert_line("token", "grey", "did not answer")
        self.assert_line("permission_orders", "green")

    def test_a_permission_that_is_missing_is_told_apart(self):
        self.ebay.replies["orders"] = Forbidden(
            "The consent does not cover this call", errors=[ErrorDetail("1100")]
        )
        self.assertEqual(self.assert_line("permission_orders", "red").fix, "connect")
        self.assert_line("permission_listings", "green")
        self.account.use_refunds = True
        line = self.assert_line("permission_refunds", "amber", "not granted")
        self.assertEqual(line.fix, "connect")

    def grant(self, *options):
        """Switch optional features on, granted by the seller."""
        self.account.write(dict.fromkeys(options, True))
        self.account.granted_scopes = " ".join(scopes_for(self.account._features()))

    def test_disputes_are_proven_by_a_call(self):
        ask = self.ebay.client.payment_disputes.get_payment_dispute_summaries = Mock(
            side_effect=self.ebay.asker("payment_disputes")
        )
        self.assert_line("permission_payment_disputes", "grey", "switched off")
        self.account.use_payment_disputes = True
        self.assert_line("permission_payment_disputes", "amber", "not granted")
        ask.assert_not_called()
        self.grant("use_payment_disputes")
        self.assert_line("permission_payment_disputes", "green", "eBay answers")
        ask.assert_called_once_with(limit=1)
        refusal = Forbidden("not covered", errors=[ErrorDetail("1100")])
        for answer, state in ((refusal, "red"), (Transient("down"), "grey")):
            self.ebay.replies["payment_disputes"] = answer
            self.assert_line("permission_payment_disputes", state, str(answer))

    def test_what_no_harmless_call_proves_is_proven_by_a_token(self):
        refresh = self.ebay.oauth.refresh
        self.assert_line("permission_refunds", "grey", "switched off")
        refresh.assert_not_called()
        self.env["ebay.secret"]._set(self.account, "refresh_token", "v^1.1#long")
        options = ("refunds", "cancellation_topics", "return_topics", "inquiry_topics")
        self.grant(*(f"use_{feature}" for feature in options))
        refused = "Lacks a permission (invalid_scope)"

        def fresh(token, scopes):
            self.assertEqual(token, "v^1.1#long")
            if scopes == scopes_for(["return_topics"]):
                raise AuthError(refused)

        refresh.side_effect = fresh
        for feature in options:
            state = "red" if feature == "return_topics" else "green"
            found = refused if state == "red" else "issues a token"
            self.assert_line(f"permission_{feature}", state, found)
        self.assertEqual(
            {call.args[1] for call in refresh.call_args_list},
            {scopes_for([feature]) for feature in options},
        )
        refresh.side_effect = Transient("down")
        line = self.assert_line("permission_refunds", "grey", "down")
        self.assertFalse(line.fix)

    def test_a_lost_key_is_said_where_a_token_is_wanted(self):
        self.grant("use_refunds")
        refusal = VaultError("The encryption key is missing")
        with patch.object(type(self.env["ebay.secret"]), "_get", side_effect=refusal):
            self.assert_line("permission_refunds", "red", "key is missing", "key back")

    def test_every_permission_is_proven(self):
        checks = self.env["ebay.doctor.checks"]
        self.assertEqual(
            set(checks._permissions()) - {"identity"},
            set(PROVEN_BY_TOKEN)
            | set(QUESTIONS) - {"programs", "preferences", "rate_limits"},
        )

    def test_a_missing_identity_permission_does_not_end_the_rest(self):
        self.ebay.replies["identity"] = Forbidden("no", errors=[ErrorDetail("1100")])
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
                "limit is zero",
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

    def test_every_question_is_a_reading_call_of_the_client(self):
        sent = []

        def send(call, *_args):
            sent.append(call)
            raise Transient("nobody is there")

        client = EbayClient(
            Hosts.sandbox(), FixedTokens("user", "app"), SimpleNamespace(send=send)
        )
        for name, ask in QUESTIONS.items():
            with self.subTest(name), self.assertRaises(Transient):
                ask(client)
        self.assertEqual(len(sent), len(QUESTIONS))
        self.assertFalse([call.name for call in sent if call.writes])
