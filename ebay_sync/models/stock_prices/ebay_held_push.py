"""A run that stopped before it sent anything, and what it would have sent."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_datetime

from ..engine.ebay_access_mixin import MANAGER

STATES = [
    ("waiting", "Waits for a decision"),
    ("approved", "Approved"),
    ("dropped", "No longer needed"),
]
FLOWS = [("stock_out", "Quantities to zero"), ("prices_out", "Large price changes")]
APPROVAL_HOLDS = timedelta(days=1)


class EbayHeldPush(models.Model):
    """What looked like an accident. Approving sends exactly this list."""

    _name = "ebay.held.push"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay stopped run"
    _order = "id desc"
    _rec_name = "flow"
    _check_company_auto = True
    _people_set = {}

    account_id = fields.Many2one(
        "ebay.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    flow = fields.Selection(FLOWS, "What", required=True, readonly=True)
    state = fields.Selection(STATES, required=True, default="waiting", readonly=True)
    total = fields.Integer("Listings", readonly=True)
    held_at = fields.Datetime(
        "Since", default=fields.Datetime.now, required=True, readonly=True
    )
    decided_at = fields.Datetime("Decided", readonly=True)
    decided_by_id = fields.Many2one("res.users", "By", readonly=True)
    line_ids = fields.One2many("ebay.held.push.line", "held_id", readonly=True)
    sentence = fields.Char("What happened", compute="_compute_sentence")

    @api.depends("flow", "total")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for held in self:
            held.sentence = held._sentence()

    @api.depends("flow", "held_at")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        what = dict(self._fields["flow"]._description_selection(self.env))
        for held in self:
            at = format_datetime(self.env, held.held_at, dt_format="short")
            held.display_name = f"{what[held.flow]}, {at}"

    def _sentence(self):
        """What the run was about to do, in words."""
        self.ensure_one()
        if self.flow == "stock_out":
            return self.env._(
                "%(count)s listings would go to zero on eBay. They wait for a "
                "decision.",
                count=self.total,
            )
        return self.env._(
            "%(count)s prices would change by more than %(limit)s %%. They wait for a "
            "decision.",
            count=self.total,
            limit=self.account_id.price_move_limit,
        )

    # -- for the flows -----------------------------------------------------------

    @api.model
    def _waiting(self, account, flow):
        return self.search(
            [
                ("account_id", "=", account.id),
                ("flow", "=", flow),
                ("state", "=", "waiting"),
            ],
            limit=1,
        )

    @api.model
    def _approved(self, account, flow):
        """What managers have approved lately: ``{listing id: value}``."""
        held = self.search(
            [
                ("account_id", "=", account.id),
                ("flow", "=", flow),
                ("state", "=", "approved"),
                ("decided_at", ">", fields.Datetime.now() - APPROVAL_HOLDS),
            ]
        )
        lawful = held.filtered(
            lambda one: one._may_still(one.decided_by_id, MANAGER, account.company_id)
        )
        return {line.listing_id.id: line.after for line in lawful.line_ids}

    def _list(self, moves, total):
        """Show these moves, and put the question into the inbox."""
        self.ensure_one()
        self.line_ids.unlink()
        self.env["ebay.held.push.line"].create(
            [
                {
                    "held_id": self.id,
                    "listing_id": listing_id,
                    "before": before,
                    "after": after,
                }
                for listing_id, before, after in moves
            ]
        )
        self.total = total
        self.env["ebay.issue"]._raise(
            self.account_id,
            f"held_{self.flow}",
            record=self,
            severity="danger",
            count=total,
            limit=self.account_id.price_move_limit,
        )

    def _drop(self):
        """The cause is gone without a decision."""
        if self:
            self.write({"state": "dropped", "decided_at": fields.Datetime.now()})
            self._close_issues()

    def _close_issues(self):
        # sudo: the question is answered, whoever may close issues
        self.env["ebay.issue"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "=", "open"),
            ]
        )._close()

    # -- buttons -------------------------------------------------------------------

    def action_approve(self):
        """Button for managers: send exactly this list."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "waiting":
            raise UserError(self.env._("This has already been decided."))
        self.sudo().write(  # sudo: checked above; the state is nobody's to write
            {
                "state": "approved",
                "decided_at": fields.Datetime.now(),
                "decided_by_id": self.env.uid,
            }
        )
        self._close_issues()
        self.account_id._note(self._sentence() + " " + self.env._("Approved."))
        # the comparison starts over, with everything
        self.account_id._stock_schedule().sudo().compared_at = False
        self.account_id._wake(self.flow)


class EbayHeldPushLine(models.Model):
    """One listing of a stopped run."""

    _name = "ebay.held.push.line"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay stopped run: listing"
    _order = "id"
    _rec_name = "listing_id"
    _account_path = "held_id.account_id"
    _people_set = {}

    held_id = fields.Many2one(
        "ebay.held.push", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="held_id.company_id", store=True)
    listing_id = fields.Many2one("ebay.listing", required=True, ondelete="cascade")
    # superuser: the product of a listing of the same company; who decides about the
    # list need not have rights on products
    product_id = fields.Many2one(related="listing_id.product_id")
    before = fields.Float("Now on eBay", digits=(16, 2))
    after = fields.Float("Would become", digits=(16, 2))
    before_shown = fields.Char("On eBay now", compute="_compute_shown")
    after_shown = fields.Char("Would be", compute="_compute_shown")

    @api.depends("before", "after", "held_id.flow", "listing_id.currency_id")
    @api.depends_context("lang")
    def _compute_shown(self):
        for line in self:
            line.before_shown = line._shown(line.before)
            line.after_shown = line._shown(line.after)

    def _shown(self, value):
        """Pieces, or an amount of money."""
        currency = self.listing_id.currency_id
        if self.held_id.flow == "stock_out" or not currency:
            return f"{value:g}"
        return format_amount(self.env, value, currency)
