"""One scheduled action per account and flow, with its interval on the account."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

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
