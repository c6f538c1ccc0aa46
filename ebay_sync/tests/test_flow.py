"""The shared run: lock, log, slices, and what each kind of error means."""

from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.compat import Checkpoint
from odoo.addons.ebay_sync.ebay_api.calls import CallRecord
from odoo.addons.ebay_sync.ebay_api.errors import (
    AuthError,
    ContractError,
    RateLimited,
    Transient,
)
from odoo.addons.ebay_sync.flows.engine.run import Run

from .common import EbayCase

FLOW_LOGGER = "odoo.addons.ebay_sync.flows.engine.run"
RUN_LOGGER = "odoo.addons.ebay_sync.flows.engine.run"


@tagged("post_install", "-at_install")
class TestFlow(EbayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connect()
        cls.places = cls.env["ebay.marketplace"].search([], limit=3)

    def triggers(self, flow="tokens"):
        cron = self.account.schedule_ids.filtered(lambda s: s.flow == flow).cron_id
        return self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])

    def test_a_run_leaves_a_log_with_its_counts(self):
        def work(run):
            run.counts["seen"] += 2
            run.counts["unchanged"] += 2

        log = self.run_flow(work=work)
        self.assertEqual(log.state, "done")
        self.assertEqual((log.seen_count, log.unchanged_count), (2, 2))
        self.assertTrue(log.ended_at)
        self.assertEqual(log.flow, "tokens")

    def test_requests_are_counted_by_status_and_api(self):
        def record(status, seconds, api="fulfillment", ref="ri=1"):
            now = datetime.now(timezone.utc)
            return CallRecord(
                api, "getOrders", "GET", now, seconds, 1, "ok", status, ref
            )

        def work(run):
            run.requests += [record(200, 0.2), record(429, 0.1), record(503, 0.4)]
            run.requests += [record(404, 0.1, "inventory", "ri=2")]
            run.save()
            run.requests.append(record(200, 0.1, ref="ri=3"))

        log = self.run_flow(work=work)
        self.assertEqual(log.request_count, 5)
        self.assertEqual(log.error_4xx_count, 1)
        self.assertEqual(log.error_429_count, 1)
        self.assertEqual(log.error_5xx_count, 1)
        self.assertEqual(log.slowest_ms, 400)
        self.assertEqual(log.latency_ms, 900)
        self.assertEqual(log.requests_by_api, {"fulfillment": 4, "inventory": 1})
        self.assertEqual(log.request_refs.split("\n")[-1], "ri=3")

    def test_what_other_workers_sent_counts_for_the_budget(self):
        now = fields.Datetime.now()
        self.account.pull_limit = 10

        def other(used, ended, worker="another-1", state="done"):
            return {
                "account_id": self.account.id,
                "flow": "orders_in",
                "state": state,
                "worker_ref": worker,
                "started_at": ended - timedelta(minutes=1),
                "ended_at": ended if state == "done" else False,
                "budget_used": used,
            }

        self.env["ebay.sync.log"].sudo().create(
            [
                other({"fulfillment pull": 4, "inventory pull": 2}, now),
                other({"fulfillment pull": 3}, now, state="running"),
                other({"fulfillment pull": 9}, now - timedelta(minutes=11)),
                other({"fulfillment pull": 9}, now, self.account._worker_ref()),
                other(False, now),
            ]
        )
        seen = []

        def work(run):
            budget, _breaker = run.account._gate()
            moment = datetime.now(timezone.utc)
            for api in ("fulfillment", "inventory", "taxonomy"):
                seen.append(budget.used(api, "pull", moment))
            for _turn in range(4):
                budget.admit("fulfillment", "pull", moment)

        log = self.run_flow(work=work)
        self.assertEqual(seen, [7, 2, 0])
        self.assertEqual(log.state, "throttled")
        self.assertIn("limit of 10 pull requests", log.message)

    def test_one_bad_record_costs_only_itself(self):
        def rename(place):
            place.sudo().write({"website": "changed.example"})
            if place == self.places[1].with_env(place.env):
                raise ValueError("a buyer's name")
            return "updated", {"website": ["before", "changed.example"]}

        def work(run):
            run.each(run.env["ebay.marketplace"].browse(self.places.ids), rename)

        with mute_logger(RUN_LOGGER):
            log = self.run_flow(work=work)
        self.assertEqual(log.state, "done")
        self.assertEqual((log.updated_count, log.failed_count), (2, 1))
        changed = [place.website == "changed.example" for place in self.places]
        self.assertEqual(changed, [True, False, True])
        failed = log.line_ids.filtered(lambda line: line.action == "failed")
        self.assertEqual(failed.res_id, self.places[1].id)
        self.assertNotIn("buyer", failed.message)
        updated = log.line_ids - failed
        self.assertIn("before -> changed.example", updated[0].changes_text)

    def test_when_the_time_is_up_the_flow_wakes_itself(self):
        def work(run):
            run.checkpoint.deadline = 0
            run.each(
                run.env["ebay.marketplace"].browse(self.places.ids),
                lambda place: "unchanged",
            )

        log = self.run_flow(work=work)
        self.assertEqual(log.state, "partial")
        self.assertEqual(log.seen_count, 1)
        self.assertTrue(self.triggers())

    def test_a_quota_ends_the_turn_and_sets_the_next_one(self):
        until = datetime.now(timezone.utc).replace(microsecond=0) + timedelta(hours=2)

        def work(run):
            raise RateLimited("eBay's quota for orders is used up", until=until)

        log = self.run_flow(work=work)
        self.assertEqual(log.state, "throttled")
        self.assertIn("quota", log.message)
        self.assertEqual(self.triggers().call_at, until.replace(tzinfo=None))

    def test_an_error_of_ebay_is_kept_in_its_own_words(self):
        for error in (Transient("eBay did not answer"), ContractError("No JSON")):
            with self.subTest(error=type(error).__name__):

                def work(run, error=error):
                    raise error

                with mute_logger(FLOW_LOGGER):
                    log = self.run_flow(work=work)
                self.assertEqual((log.state, log.message), ("failed", str(error)))
                self.assertEqual(self.account.state, "connected")

    def test_our_own_bug_is_logged_without_what_it_quotes(self):
        def work(run):
            raise KeyError("Jane Doe, 12 Main Street")

        with mute_logger(FLOW_LOGGER):
            log = self.run_flow(work=work)
        self.assertEqual(log.state, "failed")
        self.assertNotIn("Jane", log.message)

    def test_what_a_failed_run_did_not_commit_is_gone(self):
        place = self.places[0]
        before = place.website

        def work(run):
            run.env["ebay.marketplace"].browse(place.id).sudo().website = "lost.example"
            raise Transient("eBay did not answer")

        with mute_logger(FLOW_LOGGER):
            self.run_flow(work=work)
        self.assertEqual(place.website, before)

    def test_a_lost_connection_stops_the_account_and_tells_its_managers(self):
        def work(run):
            raise AuthError("The consent was revoked", refreshable=False)

        with mute_logger("odoo.addons.ebay_sync.models.account.connection"):
            log = self.run_flow(work=work)
        self.assertEqual(log.state, "failed")
        self.assertEqual(self.account.state, "reconnect")
        self.assertIn("revoked", self.account.connection_message)
        self.assertIn(self.manager, self.account.activity_ids.user_id)
        told = self.env["mail.notification"].search(
            [("res_partner_id", "=", self.manager.partner_id.id)]
        )
        self.assertIn(self.account.name, told.mail_message_id.subject)
        self.assertFalse(self.run_flow(work=work), "a stopped account has no turn")

    def test_a_conflict_gives_way_and_comes_back(self):
        def work(run):
            raise SerializationFailure()

        log = self.run_flow(work=work)
        self.assertEqual(log.state, "interrupted")
        self.assertTrue(self.triggers())

    def test_a_conflict_before_the_work_is_no_lost_turn(self):
        """The account's row was written while the run began: it begins once more."""
        Log = type(self.env["ebay.sync.log"])
        with self.conflict_once(Log, "_begin"):
            log = self.run_flow(work=lambda run: None)
        self.assertEqual(log.state, "done")

    def test_a_conflict_with_the_last_change_gives_way_and_comes_back(self):
        """What the work left for the end is written while it can still give way."""
        place = self.places[0]
        before = place.website

        def work(run):
            run.env["ebay.marketplace"].browse(place.id).sudo().website = "lost.example"

        with self.conflict_once(Checkpoint, "__call__", after=1):
            log = self.run_flow(work=work)
        self.assertEqual(log.state, "interrupted")
        self.assertTrue(log.ended_at)
        self.assertEqual(place.website, before)
        self.assertTrue(self.triggers())

    def test_a_conflict_while_the_account_is_stopped_stops_it_all_the_same(self):
        def work(run):
            raise AuthError("The consent was revoked", refreshable=False)

        with (
            mute_logger("odoo.addons.ebay_sync.models.account.connection"),
            self.conflict_once(type(self.account), "_connection_lost"),
        ):
            log = self.run_flow(work=work)
        self.assertEqual(log.state, "failed")
        self.assertEqual(self.account.state, "reconnect")

    @contextmanager
    def conflict_once(self, owner, name, after=0):
        """PostgreSQL refuses one call of a method."""
        real, calls = getattr(owner, name), []

        def refused(*args, **kwargs):
            calls.append(name)
            if len(calls) == after + 1:
                raise SerializationFailure()
            return real(*args, **kwargs)

        with patch.object(owner, name, refused):
            yield
        self.assertGreater(len(calls), after)

    def test_a_flow_that_runs_elsewhere_leaves_quietly(self):
        name = f"ebay_sync:flow:{self.account.id}:tokens"
        with db_connect(self.env.cr.dbname).cursor() as other:
            other.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (name,)
            )
            self.assertFalse(self.run_flow(work=lambda run: None))
        self.assertTrue(self.run_flow(work=lambda run: None))

    def test_a_run_that_died_is_marked_by_the_next_one(self):
        dead = self.env["ebay.sync.log"].create(
            {"account_id": self.account.id, "flow": "tokens", "state": "running"}
        )
        self.run_flow(work=lambda run: None)
        self.assertEqual(dead.state, "interrupted")
        self.assertTrue(dead.ended_at)

    def test_a_record_that_another_worker_holds_is_skipped(self):
        def work(run):
            with patch(
                "odoo.addons.ebay_sync.flows.engine.run.try_lock",
                lambda records: records.browse(),
            ):
                run.each(run.env["ebay.marketplace"].browse(self.places.ids), None)

        log = self.run_flow(work=work)
        self.assertEqual((log.skipped_count, log.seen_count), (3, 0))

    def test_a_paused_or_archived_account_has_no_turn(self):
        flows = self.env["ebay.flow"]._flows()
        tokens = flows["tokens"]
        self.assertTrue(self.account._flow_may_run(tokens))
        self.account.active = False
        self.assertFalse(self.account._flow_may_run(tokens))
        self.account.write({"active": True, "mode": "paused"})
        with patch.object(type(tokens), "_flow_modes", ("live",)):
            self.assertFalse(self.account._flow_may_run(tokens))

    def test_the_client_of_a_run_reports_to_its_log(self):
        with self.committing_env() as env:
            account = env["ebay.account"].browse(self.account.id)
            run = Run(env["ebay.flow.tokens"], account, "button")
            with patch.object(type(account), "_client", autospec=True) as client:
                self.assertIs(run.client, run.client)
            client.assert_called_once_with(account, listener=run.requests.append)
