"""One scheduled action per account and flow, with its interval on the account."""

from datetime import datetime, timezone
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.ebay_sync import bell

from .common import EbayCase


@tagged("post_install", "-at_install")
class TestSchedule(EbayCase):
    def test_every_flow_of_an_account_has_its_own_action(self):
        flows = self.env["ebay.flow"]._flows()
        self.assertEqual(set(self.account.schedule_ids.mapped("flow")), set(flows))
        for schedule in self.account.schedule_ids:
            cron = schedule.cron_id
            self.assertTrue(cron.active)
            self.assertEqual(cron.user_id, self.robot)
            self.assertEqual(
                (cron.interval_number, cron.interval_type),
                flows[schedule.flow]._flow_interval,
            )

    def test_the_robot_gets_no_mail_about_its_actions(self):
        partner = self.robot.partner_id
        told = [("partner_ids", "in", partner.ids), ("model", "=", "ir.cron")]
        self.patch(self.env.registry, "ready", True)  # as in a running server
        account = self.account.with_context(tracking_disable=False).copy()
        self.assertTrue(account.schedule_ids.cron_id)
        self.assertFalse(self.env["mail.message"].search(told))

    def test_the_form_sets_the_action(self):
        schedule = self.account.schedule_ids[0].with_user(self.manager)
        schedule.write(
            {"interval_number": 7, "interval_type": "hours", "enabled": False}
        )
        cron = schedule.sudo().cron_id
        self.assertEqual((cron.interval_number, cron.interval_type), (7, "hours"))
        self.assertFalse(cron.active)
        self.assertFalse(schedule.next_run_at)

    def test_an_interval_that_makes_no_sense_is_refused(self):
        for number in (0, -5, 100000):
            with self.assertRaises(ValidationError):
                self.account.schedule_ids[0].interval_number = number

    def test_the_archive_stops_the_actions(self):
        crons = self.account.schedule_ids.cron_id
        self.account.active = False
        duties = self.account.schedule_ids.filtered(
            lambda one: self.env["ebay.flow"]._flows()[one.flow]._flow_always
        )
        self.assertEqual(crons.filtered("active"), duties.cron_id)
        self.account.active = True
        self.assertTrue(all(crons.mapped("active")))

    def test_deleting_an_account_leaves_no_action(self):
        crons = self.account.schedule_ids.cron_id
        self.account.unlink()
        self.assertFalse(crons.exists())

    def test_an_update_brings_the_schedules_of_new_flows(self):
        flows = set(self.account.schedule_ids.mapped("flow"))
        self.account.schedule_ids[0].unlink()
        self.env["ebay.account"]._ensure_all_schedules()
        self.assertEqual(set(self.account.schedule_ids.mapped("flow")), flows)

    def test_run_now_only_wakes(self):
        schedule = self.account.schedule_ids[0]
        schedule.with_user(self.user).action_run_now()
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", schedule.cron_id.id)]
        )
        self.assertEqual(len(triggers), 1)
        self.assertFalse(self.account.log_ids)

    def test_the_action_runs_the_flow(self):
        self.connect()
        schedule = self.account.schedule_ids.filtered(lambda s: s.flow == "tokens")
        action = schedule.cron_id.ir_actions_server_id
        with self.committing_env() as env:
            env["ir.actions.server"].browse(action.id).run()
            env["ebay.schedule"]._cron_run(0)
        self.assertEqual(schedule.last_state, "done")
        self.assertEqual(len(self.account.log_ids), 1)

    def test_the_robot_may_work_in_every_company_with_an_account(self):
        company, account = self.second_company()
        self.assertIn(company, self.robot.company_ids)
        self.connect(account)
        schedule = account.schedule_ids.filtered(lambda s: s.flow == "tokens")
        with self.committing_env() as env:
            env["ebay.schedule"]._cron_run(schedule.id)
        self.assertEqual(account.log_ids.state, "done")

    def test_a_connected_account_keeps_its_environment(self):
        self.connect()
        with self.assertRaises(UserError):
            self.account.environment = "production"


@tagged("post_install", "-at_install")
class TestWake(EbayCase):
    """What wakes a flow: a row for Odoo's scheduler, and one call to its workers."""

    def wake(self, work):
        """The times of the new triggers, and how often the workers were called."""
        self.env.cr.postcommit.clear()
        Trigger = self.env["ir.cron.trigger"].sudo()
        before = Trigger.search([])
        with patch.object(bell, "ring") as called:
            work()
            self.env.cr.postcommit.run()
        new = Trigger.search([]) - before
        return sorted(new.mapped("call_at")), called.call_count

    def test_many_wakes_of_one_transaction_call_the_workers_once(self):
        def work():
            for _ in range(3):
                self.account._wake("orders_in")
            self.account._wake("tokens")

        times, calls = self.wake(work)
        self.assertEqual((len(times), calls), (4, 1))

    def test_a_time_that_has_come_is_now_whatever_its_fraction(self):
        now = datetime.now(timezone.utc).replace(tzinfo=None, microsecond=999_999)
        with freeze_time(now):
            times, calls = self.wake(lambda: self.account._wake("orders_in", at=now))
        self.assertEqual((times, calls), ([now.replace(microsecond=0)], 1))

    def test_a_later_time_is_never_early_and_calls_nobody(self):
        later = datetime(2099, 1, 1, 12, 0, 0, 1)
        times, calls = self.wake(lambda: self.account._wake("orders_in", at=later))
        self.assertEqual((times, calls), ([datetime(2099, 1, 1, 12, 0, 1)], 0))

    def test_what_is_switched_off_sleeps_on(self):
        schedule = self.account.schedule_ids.filtered(
            lambda one: one.flow == "orders_in"
        )
        schedule.enabled = False
        self.assertEqual(self.wake(schedule.action_run_now), ([], 0))
        self.assertEqual(self.wake(lambda: self.account._wake("orders_in")), ([], 0))
