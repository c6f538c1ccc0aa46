"""The overview's cards: an account that works, that is off, that fell silent."""

import json
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import EbayCase


@tagged("post_install", "-at_install")
class TestOverview(EbayCase):
    """What a user sees of an account at a glance."""

    def setUp(self):
        super().setUp()
        self.connect()
        self.crons = self.account.schedule_ids.cron_id.sudo()
        self.crons.write({"nextcall": fields.Datetime.now() + timedelta(minutes=1)})
        self.card = self.account.with_user(self.user).with_context(tz="Europe/Warsaw")

    def seen(self):
        self.env.invalidate_all()
        return self.card.health

    def test_an_account_that_works(self):
        self.assertEqual(self.seen(), "works")
        self.assertFalse(self.card.health_reason)

    def test_no_connection_and_paused_are_off(self):
        self.account.mode = "paused"
        self.assertEqual(self.seen(), "off")
        self.account.state = "draft"
        self.assertEqual(self.seen(), "off")
        self.assertIn("Not connected", self.card.health_reason)

    def test_a_lost_connection_stops(self):
        self.account.state = "reconnect"
        self.assertEqual(self.seen(), "stopped")
        self.assertIn("connect again", self.card.health_reason)

    def test_live_in_a_copy_stops(self):
        self.account.write({"mode": "live", "armed_for": "another database"})
        self.assertEqual(self.seen(), "stopped")

    def test_silence_is_said(self):
        orders = self.account.schedule_ids.filtered(lambda one: one.flow == "orders_in")
        cron = orders.cron_id.sudo()
        cron.nextcall = fields.Datetime.now() - timedelta(minutes=14)
        self.assertEqual(self.seen(), "works", "others may have been before it")
        cron.nextcall = fields.Datetime.now() - timedelta(minutes=16)
        self.assertEqual(self.seen(), "stopped")
        self.assertIn("scheduler", self.card.health_reason)
        orders.enabled = False
        self.assertEqual(self.seen(), "works", "it is not wanted")

    def test_the_last_run_counts(self):
        for state, health in (("failed", "attention"), ("done", "works")):
            self.env["ebay.sync.log"].sudo().create(
                {
                    "account_id": self.account.id,
                    "flow": "orders_in",
                    "state": state,
                    "message": "eBay answered 503",
                    "ended_at": fields.Datetime.now(),
                    "request_count": 3,
                }
            )
            self.assertEqual(self.seen(), health)
        self.assertEqual(self.card.today_request_count, 6)
        self.assertTrue(self.card.orders_read_at)

    def test_figures_by_the_users_day(self):
        _company, other = self.second_company()
        (midnight,) = self.card._day_borders([0])
        moments = [midnight, midnight - timedelta(seconds=1)]
        moments += [midnight - timedelta(days=12), midnight - timedelta(days=20)]
        for number, moment in enumerate(moments):
            for account in self.account + other:
                self.env["ebay.order"].sudo().create(
                    {
                        "account_id": account.id,
                        "order_ref": f"12-00000-0000{number}",
                        "ebay_created_at": moment,
                        "state": "blocked",
                        "payload": {},
                    }
                )
        self.env["ebay.issue"]._raise(self.account, "buyer_missing")
        self.env.invalidate_all()
        self.assertEqual(self.card.today_order_count, 1)
        self.assertEqual(self.card.blocked_order_count, 4)
        self.assertEqual(self.card.issue_count, 1)
        (graph,) = json.loads(self.card.orders_graph)
        values = [bar["value"] for bar in graph["values"]]
        self.assertEqual(values, [0, 1, *[0] * 10, 1, 1])
