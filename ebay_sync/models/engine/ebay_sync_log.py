from datetime import timedelta

from odoo import api, fields, models

RUN_STATES = [
    ("running", "Running"),
    ("done", "Done"),
    ("partial", "More to do"),
    ("throttled", "Waiting for eBay's quota"),
    ("failed", "Failed"),
    ("interrupted", "Interrupted"),
]
ORIGINS = [("schedule", "Schedule"), ("button", "Button"), ("push", "Notification")]
# The budget's window of ten minutes, and the time that a run may take.
LONGEST_MEMORY = timedelta(minutes=15)


class EbaySyncLog(models.Model):
    """One run of one flow. Append-only: only the run itself writes it."""

    _name = "ebay.sync.log"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay synchronisation log"
    _order = "id desc"
    _rec_name = "flow"
    _check_company_auto = True
    _people_set = {}

    account_id = fields.Many2one(
        "ebay.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, precompute=True
    )
    flow = fields.Selection(selection="_selection_flow", required=True)
    origin = fields.Selection(ORIGINS, required=True, default="schedule")
    state = fields.Selection(RUN_STATES, required=True, index=True)
    message = fields.Char(help="What stopped the run, in words.")
    started_at = fields.Datetime(
        "Started", default=fields.Datetime.now, required=True, index=True
    )
    ended_at = fields.Datetime("Ended")
    duration = fields.Float(
        "Seconds",
        compute="_compute_duration",
        store=True,
        precompute=True,
        aggregator="avg",
    )
    seen_count = fields.Integer("Seen")
    created_count = fields.Integer("Created")
    updated_count = fields.Integer("Updated")
    unchanged_count = fields.Integer("Unchanged")
    failed_count = fields.Integer("Not done")
    skipped_count = fields.Integer("Skipped")
    request_count = fields.Integer("Requests")
    error_4xx_count = fields.Integer("Refused (4xx)")
    error_429_count = fields.Integer("Over quota (429)")
    error_5xx_count = fields.Integer("eBay errors (5xx)")
    latency_ms = fields.Integer("Milliseconds in requests")
    slowest_ms = fields.Integer("Slowest request (ms)", aggregator="max")
    requests_by_api = fields.Json(help="How many requests went to which API.")
    budget_used = fields.Json(
        help="How many requests counted for which budget: API and kind."
    )
    worker_ref = fields.Char(help="The process that ran it.")
    request_refs = fields.Text(
        "Request ids", help="eBay's ids of the last requests, for its support."
    )
    line_ids = fields.One2many("ebay.sync.log.line", "log_id")

    @api.model
    def _selection_flow(self):
        return [(n, f._flow_label()) for n, f in self.env["ebay.flow"]._flows().items()]

    @api.depends("started_at", "ended_at")
    def _compute_duration(self):
        for log in self:
            ended = log.ended_at or log.started_at
            log.duration = (ended - log.started_at).total_seconds() if ended else 0

    @api.model
    def _begin(self, account, flow, origin):
        """Open a run's log. The caller holds the flow's lock.

        What a run that died left open is closed, and the account's budget hears of the
        requests that other processes sent lately.
        """
        lately = self.search_fetch(
            [
                ("account_id", "=", account.id),
                "|",
                ("state", "=", "running"),
                ("started_at", ">=", fields.Datetime.now() - LONGEST_MEMORY),
            ],
            ["flow", "state", "ended_at", "budget_used", "worker_ref"],
        )
        left = lately.filtered(lambda log: log.flow == flow and log.state == "running")
        left.write({"state": "interrupted", "ended_at": fields.Datetime.now()})
        account._hear_of_others(lately)
        return self.create(
            {
                "account_id": account.id,
                "flow": flow,
                "origin": origin,
                "state": "running",
                "worker_ref": account._worker_ref(),
            }
        )


class EbaySyncLogLine(models.Model):
    """One record that a run changed or could not do."""

    _name = "ebay.sync.log.line"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay synchronisation log line"
    _order = "id"
    _rec_name = "action"
    _account_path = "log_id.account_id"
    _people_set = {}

    log_id = fields.Many2one(
        "ebay.sync.log", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="log_id.company_id", store=True)
    action = fields.Selection(
        [("created", "Created"), ("updated", "Updated"), ("failed", "Not done")],
        required=True,
    )
    res_model = fields.Char("Model")
    res_id = fields.Many2oneReference("Record", model_field="res_model")
    changes = fields.Json("Differences", help="Field: [before, after].")
    changes_text = fields.Text("Changes", compute="_compute_changes_text")
    message = fields.Char()
    request_ref = fields.Char("Request id")

    @api.depends("changes")
    def _compute_changes_text(self):
        for line in self:
            line.changes_text = "\n".join(
                f"{name}: {before} -> {after}"
                for name, (before, after) in (line.changes or {}).items()
            )

    def action_open_record(self):
        """Open what the line speaks of."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
