import json
from collections import defaultdict
from copy import deepcopy

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...compat import hold_rows
from .ebay_access_mixin import USER

STATES = [("open", "Open"), ("done", "Done"), ("ignored", "Ignored")]
SHOW = "action_open_record"
REOPENED = {
    "state": "open",
    "closed_at": False,
    "closed_by_id": False,
    "ignore_reason": False,
}
SEVERITIES = [("info", "For information"), ("warning", "To do"), ("danger", "Urgent")]


class EbayIssue(models.Model):
    """One thing that a human must fix. It closes itself when it is fixed.

    What happened is stored as a code and values, and is put into words when somebody
    looks, in that person's language. A cause that comes again is counted, not doubled.
    """

    _name = "ebay.issue"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay inbox"
    _order = "severity_rank desc, last_seen_at desc, id desc"
    _rec_name = "summary"
    _check_company_auto = True
    _people_set = {USER: "ignore_reason"}

    account_id = fields.Many2one(
        "ebay.account", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    code = fields.Char(required=True, index=True, readonly=True)
    cause = fields.Char(
        help="What makes two entries with the same code the same one: a SKU, a line, "
        "a tax.",
        readonly=True,
    )
    details = fields.Json(help="The values that appear in the sentence.", readonly=True)
    severity = fields.Selection(
        SEVERITIES, required=True, default="warning", readonly=True
    )
    severity_rank = fields.Integer(compute="_compute_severity_rank", store=True)
    state = fields.Selection(
        STATES, required=True, default="open", index=True, readonly=True
    )
    count = fields.Integer("Times", default=1, readonly=True)
    first_seen_at = fields.Datetime("Since", default=fields.Datetime.now, readonly=True)
    last_seen_at = fields.Datetime(
        "Last seen", default=fields.Datetime.now, readonly=True
    )
    closed_at = fields.Datetime("Closed", readonly=True)
    closed_by_id = fields.Many2one("res.users", readonly=True)
    ignore_reason = fields.Char("Why it is ignored")
    order_id = fields.Many2one(
        "ebay.order", index=True, ondelete="cascade", readonly=True
    )
    # superuser: a salesperson who sees only own orders sees which one an entry is
    # about, and opens it with the own rights; it is of the entry's company
    sale_order_id = fields.Many2one(related="order_id.sale_order_id")
    res_model = fields.Char("Model", readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    summary = fields.Char("What happened", compute="_compute_words")
    advice = fields.Char("What to do", compute="_compute_words")
    fix_label = fields.Char(compute="_compute_words")

    # An open cause stands in the inbox once.
    _ebay_indexes = {
        "ebay_issue_open_uniq": (
            "UNIQUE (account_id, code, COALESCE(cause, ''), COALESCE(order_id, 0), "
            "COALESCE(res_model, ''), COALESCE(res_id, 0)) WHERE state = 'open'"
        ),
    }

    @api.depends("severity")
    def _compute_severity_rank(self):
        ranks = {name: rank for rank, (name, _label) in enumerate(SEVERITIES)}
        for issue in self:
            issue.severity_rank = ranks[issue.severity]

    @api.depends("code", "details")
    @api.depends_context("lang")
    def _compute_words(self):
        words, hooks = self._words(), self.env["ebay.hook.inbox"]
        for issue in self:
            summary, advice, fix_label, _action = words.get(issue.code, (None,) * 4)
            details = _Lenient(issue._details_in_words())
            texts = hooks._prepare_issue_texts(
                {
                    "summary": (summary or issue.code).format_map(details),
                    "advice": (advice or "").format_map(details),
                },
                code=issue.code,
                details=dict(details),
                account=issue.account_id,
            )
            issue.update({**texts, "fix_label": fix_label or False})

    def _details_in_words(self):
        """The details as sentences take them; rooms put theirs into words."""
        self.ensure_one()
        return dict(self.details or {})

    @api.model
    def _words(self):
        """What each code means: ``{code: (summary, advice, button, method)}``.

        ``summary`` and ``advice`` may name the issue's details in braces. The method is
        called on the issue when its button is pressed. Each flow adds its own codes.
        """
        _ = self.env._
        return {
            "asker_gone": (
                _("{what}: {who} asked for something, and may not any more"),
                _("It was not done. Whoever may has to ask for it again."),
                _("Open it"),
                SHOW,
            )
        }

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        self._name_the_fixes(arch)
        return arch, view

    @api.model
    def _name_the_fixes(self, arch):
        """Make of the button that fixes one for each thing that it can do."""
        codes = defaultdict(list)
        for code, (_summary, _advice, label, _method) in self._words().items():
            if label:
                codes[label].append(code)
        for button in arch.findall(".//button[@name='action_fix']"):
            for label, some in codes.items():
                own = deepcopy(button)
                own.set("string", label)
                own.set("invisible", f"state != 'open' or code not in {some}")
                button.addprevious(own)
            button.getparent().remove(button)
        opens = [code for code, words in self._words().items() if words[3] == SHOW]
        for button in arch.findall(f".//button[@name='{SHOW}']"):
            button.set("invisible", f"state == 'open' and code in {opens}")

    # -- raised and closed by flows --------------------------------------------

    @api.model
    def _raise(self, account, code, cause="", order=None, record=None, **details):
        """Put something into the inbox, or count it when it stands there already.

        Returns the entry; none when another transaction puts it there at this moment.
        """
        severity = details.pop("severity", "warning")
        domain = [
            ("account_id", "=", account.id),
            ("code", "=", code),
            ("cause", "=", cause or False),
            ("state", "in", ("open", "ignored")),
            ("order_id", "=", order.id if order else False),
            ("res_model", "=", record._name if record else False),
        ]
        if record:
            domain.append(("res_id", "=", record.id))
        # sudo: the inbox is filled by flows, whoever started them
        # what somebody chose to ignore is counted on, and does not come back
        issue = self.sudo().search(domain, order="state desc, id desc", limit=1)
        if issue:
            issue.write(
                {
                    "count": issue.count + 1,
                    "last_seen_at": fields.Datetime.now(),
                    "details": details,
                }
            )
            if issue.state == "ignored" and issue._holds():
                issue.write(REOPENED)
            return issue
        return self.sudo()._add(
            account,
            {
                "code": code,
                "cause": cause or None,
                "details": json.dumps(details) if details else None,
                "severity": severity,
                "order_id": order.id if order else None,
                "res_model": record._name if record else None,
                "res_id": record.id if record else None,
            },
        )

    @api.model
    def _add(self, account, values):
        """Insert an open entry unless another transaction is faster; returns it.

        What the row points to is held first: that may fail, and the work is done again
        (``CONCURRENCY``). Then only the same entry of another transaction can collide,
        and that stands in the inbox.
        """
        self.flush_model()
        order = self.env["ebay.order"].browse(values["order_id"] or ())
        for parent in (account, order, self.env.user):
            hold_rows(parent)
        ranks = [name for name, _label in SEVERITIES]
        now = fields.Datetime.now()
        values = {
            **values,
            **{"account_id": account.id, "company_id": account.company_id.id},
            **{"severity_rank": ranks.index(values["severity"]), "state": "open"},
            **{"count": 1, "first_seen_at": now, "last_seen_at": now},
            **{"create_uid": self.env.uid, "write_uid": self.env.uid},
            **{"create_date": now, "write_date": now},
        }
        statement = SQL(
            "INSERT INTO ebay_issue (%s) VALUES %s ON CONFLICT DO NOTHING RETURNING id",
            SQL(", ").join(map(SQL.identifier, values)),
            tuple(values.values()),
        )
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(statement, log_exceptions=False)
                found = self.env.cr.fetchone()
        except SerializationFailure:  # made since this transaction began
            return self.browse()
        account.invalidate_recordset(["issue_ids"])
        order.invalidate_recordset(["issue_ids"])
        issue = self.browse(found or ())
        issue.modified(list(values), create=True)
        return issue

    def _still_holds(self):
        """Whether it is still so, though the flow did not say it again this time.

        Each flow adds the codes that it does not look at every time.
        """
        self.ensure_one()
        return False

    def _holds(self):
        """Whether something waits until a person has decided what this asks.

        Then it is no note that can be ignored: it stays until it is decided. Each flow
        says so of its own.
        """
        self.ensure_one()
        return False

    def _close(self):
        """Fixed: take it out of the inbox."""
        self.sudo().filtered(lambda issue: issue.state == "open").write(
            {
                "state": "done",
                "closed_at": fields.Datetime.now(),
                "closed_by_id": self.env.uid,
            }
        )

    # -- buttons ---------------------------------------------------------------

    @api.model
    def _other_fixes(self):
        """Buttons beside the one of ``_words``: ``{method: codes of the entries}``."""
        return {}

    def _must_ask_for(self, method):
        """Raise unless these entries are open and have this button.

        Over RPC every button can be pressed of every entry, and most of them close it.
        """
        self.check_access("write")
        words, others = self._words(), self._other_fixes().get(method, ())
        for issue in self:
            own = words[issue.code][3] if issue.code in words else None
            if issue.state != "open" or not (method == own or issue.code in others):
                # what the entry says may name a buyer, and Odoo logs what it refuses
                raise UserError(
                    self.env._(
                        "This has been answered already, or the entry asks for "
                        "something else."
                    )
                )

    def action_fix(self):
        """Button: what the issue's code says is the fix."""
        self.ensure_one()
        _summary, _advice, _label, method = self._words()[self.code]
        return getattr(self, method)()

    def action_open_record(self):
        """Open what the issue is about."""
        self.ensure_one()
        self.check_access("read")
        model, record_id = self.res_model, self.res_id
        if not model:
            model = "sale.order" if self.sale_order_id else "ebay.order"
            record_id = self.sale_order_id.id or self.order_id.id
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": record_id,
            "views": [(False, "form")],
        }

    def action_try_again(self):
        """Button: what was fixed elsewhere is tried again at once."""
        self.order_id.action_build_now()

    def action_ignore(self):
        """Button: take note, and do nothing about it."""
        self.check_access("write")
        if not all(issue.ignore_reason for issue in self):
            raise UserError(self.env._("Enter why it is to be ignored."))
        for issue in self:
            if issue._holds():
                raise UserError(  # without the entry's words, as above
                    self.env._(
                        "This cannot be ignored: something waits until it is decided. "
                        "Do what the entry says."
                    )
                )
        self.sudo().write(  # sudo: checked above; the state is nobody's to write
            {
                "state": "ignored",
                "closed_at": fields.Datetime.now(),
                "closed_by_id": self.env.uid,
            }
        )


class _Lenient(dict):
    """Details for a sentence: what is missing shows as a dash, never as an error."""

    def __missing__(self, key):
        return "-"
