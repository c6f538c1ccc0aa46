from datetime import datetime, timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ... import bell
from ...compat import sql_constraints
from .ebay_access_mixin import MANAGER
from .ebay_sync_log import RUN_STATES

UNITS = [
    ("minutes", "Minutes"),
    ("hours", "Hours"),
    ("days", "Days"),
    ("weeks", "Weeks"),
]
NEARLY_A_SECOND = timedelta(microseconds=999_999)


class EbaySchedule(models.Model):
    """When one flow runs for one account: the account's side of a scheduled action.

    One scheduled action per account and flow, so that accounts run side by side on
    as many cron workers and hosts as Odoo has.
    """

    _name = "ebay.schedule"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay schedule"
    _order = "account_id, sequence, id"
    _rec_name = "flow"
    _people_set = {MANAGER: "enabled interval_number interval_type"}

    locals().update(
        sql_constraints(
            account_flow_uniq=(
                "UNIQUE(account_id, flow)",
                "A flow has one schedule per account.",
            )
        )
    )

    account_id = fields.Many2one(
        "ebay.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    flow = fields.Selection(selection="_selection_flow", required=True, readonly=True)
    sequence = fields.Integer(readonly=True)
    enabled = fields.Boolean("Active", default=True)
    interval_number = fields.Integer("Every", required=True, default=1)
    interval_type = fields.Selection(UNITS, "Unit", required=True, default="hours")
    cron_id = fields.Many2one("ir.cron", readonly=True, copy=False, ondelete="restrict")
    next_run_at = fields.Datetime("Next run", compute="_compute_next_run_at")
    last_run_at = fields.Datetime("Last run", compute="_compute_last_run")
    last_state = fields.Selection(
        RUN_STATES, "Last result", compute="_compute_last_run"
    )
    last_message = fields.Char("What stopped it", compute="_compute_last_run")

    @api.model
    def _selection_flow(self):
        return self.env["ebay.sync.log"]._selection_flow()

    @api.depends("cron_id")
    def _compute_next_run_at(self):
        for schedule in self:
            # sudo: a manager may see when a flow runs without the right to all crons
            cron = schedule.cron_id.sudo()
            schedule.next_run_at = cron.nextcall if cron.active else False

    @api.depends("account_id", "flow")
    def _compute_last_run(self):
        Log = self.env["ebay.sync.log"]
        last = {
            (account.id, flow): Log.browse(log_id)
            for account, flow, log_id in Log._read_group(
                [("account_id", "in", self.account_id.ids)],
                ["account_id", "flow"],
                ["id:max"],
            )
        }
        for schedule in self:
            log = last.get((schedule.account_id.id, schedule.flow), Log)
            schedule.last_run_at = log.started_at
            schedule.last_state = log.state
            schedule.last_message = log.message

    @api.constrains("interval_number")
    def _check_interval_number(self):
        for schedule in self:
            if not 1 <= schedule.interval_number <= 10000:
                raise ValidationError(
                    self.env._("Enter 1 to 10000 minutes, hours or days.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        schedules = super().create(vals_list)
        schedules._sync_crons()
        return schedules

    def write(self, vals):
        result = super().write(vals)
        if {"enabled", "interval_number", "interval_type"} & set(vals):
            self._sync_crons()
            self._note_change()
        return result

    def _note_change(self):
        """Say on the account who changed when its flows run."""
        units = dict(self._fields["interval_type"]._description_selection(self.env))
        flows = dict(self._selection_flow())
        for schedule in self:
            text = (
                self.env._(
                    "%(flow)s runs every %(number)s %(unit)s.",
                    flow=flows[schedule.flow],
                    number=schedule.interval_number,
                    unit=units[schedule.interval_type],
                )
                if schedule.enabled
                else self.env._("%(flow)s was switched off.", flow=flows[schedule.flow])
            )
            schedule.account_id._note(text)

    def unlink(self):
        crons = self.cron_id.sudo()  # the actions are ours; nobody else sees them
        result = super().unlink()
        crons.unlink()
        return result

    def _sync_crons(self):
        """Make the scheduled actions say what the schedules say."""
        # sudo: scheduled actions are for system administrators; these are ours alone
        Cron = (
            self.env["ir.cron"]
            .sudo()
            .with_context(
                active_test=False,
                mail_auto_subscribe_no_notify=True,  # a robot reads no mail
            )
        )
        model_id = self.env["ir.model"]._get_id(self._name)
        robot = self.env.ref("ebay_sync.user_ebay_robot")
        flows = self.env["ebay.flow"]._flows()
        for schedule in self:
            wanted = schedule.account_id.active or flows[schedule.flow]._flow_always
            values = {
                "name": f"eBay: {schedule.account_id.name} / {schedule.flow}",
                "active": schedule.enabled and wanted,
                "interval_number": schedule.interval_number,
                "interval_type": schedule.interval_type,
            }
            if schedule.cron_id:
                schedule.cron_id.sudo().write(values)
                continue
            # sudo: which action is the schedule's own is nobody's to say
            schedule.sudo().cron_id = Cron.create(
                {
                    **values,
                    "model_id": model_id,
                    "state": "code",
                    "code": f"model._cron_run({schedule.id})",
                    "user_id": robot.id,
                }
            )

    @api.model
    def _cron_run(self, schedule_id):
        """Called by the scheduled action."""
        schedule = self.browse(schedule_id).exists()
        if schedule:
            self.env["ebay.flow"]._flows()[schedule.flow]._run(schedule.account_id)

    def _wake(self, at=None):
        """Run soon, or at the time ``at`` (naive UTC), in the background."""
        self.flush_model(["cron_id"])
        chosen = SQL("SELECT cron_id FROM ebay_schedule WHERE id = ANY(%s)", self.ids)
        self._trigger(chosen, at)

    @api.model
    def _trigger(self, cron_ids, at=None):
        """Have scheduled actions run soon, or at ``at`` (naive UTC).

        ``cron_ids`` is an SQL query of their ids. What ``_trigger()`` of Odoo's does,
        in one statement that loads no model: this runs in eBay's request and where
        clerks wait. An action that is gone or switched off is no reason to refuse that.
        """
        exact = datetime.now(timezone.utc).replace(tzinfo=None)
        soon = at is None or at <= exact
        # whole seconds, as Odoo has them; never earlier than asked for
        call_at = (exact if soon else at + NEARLY_A_SECOND).replace(microsecond=0)
        self.env["ir.cron"].flush_model(["active"])
        self.env.cr.execute(
            SQL(
                "INSERT INTO ir_cron_trigger (cron_id, call_at, create_uid, "
                "create_date) SELECT id, %s, %s, now() at time zone 'UTC' "
                "FROM ir_cron WHERE active AND id IN (%s)",
                call_at,
                self.env.uid,
                cron_ids,
            ),
            log_exceptions=False,  # the action may just be noting that it ran
        )
        after = self.env.cr.postcommit
        if soon and self.env.cr.rowcount and bell.NOTIFIES not in after.data:
            # once per transaction: it wakes every cron worker
            after.data[bell.NOTIFIES] = True
            after.add(lambda: bell.ring(self.env))

    # -- what the bell brings, after somebody's commit -------------------------------

    @api.model
    def _stock_has_moved(self, cron_ids):
        """Trigger these scheduled actions: stock moved."""
        self._trigger(SQL("SELECT unnest(%s)", list(cron_ids)))

    @api.model
    def _deliveries_have_left(self, picking_ids):
        """Trigger shipments_out of the accounts whose orders these are of."""
        ids = list(picking_ids)
        self._trigger(
            SQL(
                """
                SELECT schedule.cron_id
                  FROM ebay_schedule schedule
                  JOIN sale_order sale ON sale.ebay_account_id = schedule.account_id
                 WHERE schedule.flow = 'shipments_out' AND sale.id IN (
                       SELECT sale_id FROM stock_picking WHERE id = ANY(%s)
                        UNION
                       SELECT line.order_id
                         FROM stock_move move
                         JOIN sale_order_line line ON line.id = move.sale_line_id
                        WHERE move.picking_id = ANY(%s))
                """,
                ids,
                ids,
            )
        )

    def action_run_now(self):
        """Button: run in the background, at once."""
        self.check_access("read")
        self._wake()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("The run is being started in the background."),
            },
        }
