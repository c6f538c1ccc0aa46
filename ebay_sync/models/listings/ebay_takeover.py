from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..engine.ebay_access_mixin import MANAGER

STATES = [
    ("preview", "Preview"),
    ("adopting", "Being adopted"),
    ("adopted", "Adopted"),
    ("undoing", "Being undone"),
    ("undone", "Undone"),
]
SEVERAL = [
    ("skip", "Leave them as they are"),
    ("lowest", "Take the lowest"),
    ("highest", "Take the highest"),
]
KEEP_DAYS = 30  # a preview that nobody used; there is a line per listing
FILTERS = ("changes", "to_zero", "jumps", "problems")


class EbayTakeover(models.Model):
    """What Odoo and eBay say of every linked listing, before one of them is written.

    Nothing changes by looking. *Adopt* makes Odoo's stock what eBay shows, for the
    chosen lines, by an inventory adjustment; *undo* takes exactly that back.
    """

    _name = "ebay.takeover"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay preview before going live"
    _order = "id desc"
    _rec_name = "computed_at"
    _check_company_auto = True
    _people_set = {MANAGER: "several"}
    _people_set_once = {MANAGER: "account_id"}

    account_id = fields.Many2one(
        "ebay.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    state = fields.Selection(STATES, required=True, default="preview", readonly=True)
    computed_at = fields.Datetime("Computed", readonly=True)
    adopted_at = fields.Datetime("Stock adopted at", readonly=True)
    begun_by_id = fields.Many2one(
        "res.users",
        "Adopted or undone by",
        readonly=True,
        copy=False,
        help="Stock is changed only while this person may still ask for it.",
    )
    several = fields.Selection(
        SEVERAL,
        "If listings of one product show different quantities",
        required=True,
        default="skip",
    )
    line_ids = fields.One2many("ebay.takeover.line", "takeover_id")
    line_count = fields.Integer("Linked listings", compute="_compute_counts")
    quantity_count = fields.Integer("Other quantity", compute="_compute_counts")
    zero_count = fields.Integer("Would go to zero", compute="_compute_counts")
    price_count = fields.Integer("Other price", compute="_compute_counts")
    jump_count = fields.Integer("Price would jump", compute="_compute_counts")
    adopted_count = fields.Integer("Stock adopted", compute="_compute_counts")
    problem_count = fields.Integer("Cannot be adopted", compute="_compute_counts")

    @api.depends("line_ids.adopted", "line_ids.problem", "computed_at")
    def _compute_counts(self):
        for name, domain in self._kinds().items():
            found = dict(
                self.env["ebay.takeover.line"]._read_group(
                    [("takeover_id", "in", self.ids), *domain],
                    ["takeover_id"],
                    ["__count"],
                )
            )
            for takeover in self:
                takeover[name] = found.get(takeover._origin, 0)

    @api.depends("computed_at")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        there = self.env.context.get("tz") or False
        for takeover in self:
            time = takeover.computed_at
            takeover.display_name = time and format_datetime(
                self.env, time, tz=there, dt_format="short"
            )

    @api.model
    def _kinds(self):
        return {
            "line_count": [],
            "quantity_count": [("quantity_differs", "=", True)],
            "zero_count": [("goes_to_zero", "=", True)],
            "price_count": [("price_differs", "=", True)],
            "jump_count": [("price_jumps", "=", True)],
            "adopted_count": [("adopted", "!=", 0)],
            "problem_count": [("problem", "!=", False)],
        }

    @api.autovacuum
    def _gc_previews(self):
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.search(
            [("state", "=", "preview"), ("create_date", "<", limit)], limit=100
        ).unlink()

    # -- buttons -----------------------------------------------------------------

    def action_compute(self):
        """Button: compare again, with what is known now."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "preview":
            raise UserError(
                self.env._(
                    "This preview has already been used. Make a new one to compare "
                    "again."
                )
            )
        self.env["ebay.takeover.desk"]._compare(self)

    def action_adopt(self):
        """Button: set Odoo's stock to what eBay shows, for the chosen lines."""
        self._begin("preview", "adopting")

    def action_undo(self):
        """Button: take the adopted differences back."""
        if self.account_id.mode == "live":
            raise UserError(
                self.env._("Odoo already writes to eBay: go back to the mirror first.")
            )
        self._begin("adopted", "undoing")

    def _begin(self, before, after):
        self.ensure_one()
        self.check_access("write")
        if self.state != before:
            raise UserError(self.env._("This has already been done, or is being done."))
        # sudo: checked above; the state is nobody's to write
        self.sudo().write({"state": after, "begun_by_id": self.env.uid})
        done = [("takeover_id", "=", self.id), ("done", "=", True)]
        self.env["ebay.takeover.line"].search(done).sudo().done = False
        self.account_id._wake("listings_in")

    def action_view_lines(self):
        """Open the lines of the preview."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ebay_sync.ebay_takeover_line_action"
        )
        action["domain"] = [("takeover_id", "=", self.id)]
        acted = self.state != "preview"
        shown = self.env.context.get("ebay_filter") or (not acted and "changes")
        action["context"] = {"ebay_acted": acted}
        if shown in FILTERS:
            action["context"][f"search_default_{shown}"] = 1
        return action


class EbayTakeoverLine(models.Model):
    """One linked listing: eBay's and Odoo's quantity and price side by side."""

    _name = "ebay.takeover.line"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay preview line"
    _order = "takeover_id, id"
    _rec_name = "listing_id"
    _check_company_auto = True
    _account_path = "takeover_id.account_id"
    _people_set = {MANAGER: "chosen"}

    takeover_id = fields.Many2one(
        "ebay.takeover", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="takeover_id.company_id", store=True)
    listing_id = fields.Many2one(
        "ebay.listing", required=True, readonly=True, ondelete="cascade"
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    ebay_quantity = fields.Integer("eBay's quantity", readonly=True)
    odoo_quantity = fields.Integer(
        "Odoo would show", readonly=True, help="According to the account's stock rules."
    )
    quantity_known = fields.Boolean(
        readonly=True, help="Odoo tracks the stock of this product."
    )
    quantity_differs = fields.Boolean("Other quantity", readonly=True)
    goes_to_zero = fields.Boolean("Would go to zero", readonly=True)
    ebay_price = fields.Monetary("eBay's price", readonly=True)
    odoo_price = fields.Monetary(
        "Odoo would ask", readonly=True, help="0: no rule gives it a price."
    )
    price_differs = fields.Boolean("Other price", readonly=True)
    price_jumps = fields.Boolean(
        "Price would jump",
        readonly=True,
        help="More than the account's limit for prices.",
    )
    chosen = fields.Boolean(
        "Adopt", default=True, help="Set Odoo's stock to what eBay shows."
    )
    done = fields.Boolean(readonly=True)
    adopted = fields.Float(
        "Adjusted by", readonly=True, digits="Product Unit of Measure"
    )
    problem = fields.Char(
        "Problem code", readonly=True, help="Why the stock was not adopted."
    )
    problem_text = fields.Char("Problem", compute="_compute_problem_text")

    @api.depends("problem")
    @api.depends_context("lang")
    def _compute_problem_text(self):
        words = {
            "not_counted": self.env._("Odoo does not track stock of this product"),
            "tracked": self.env._("The product has lots or serial numbers"),
            "kit": self.env._("It is a kit: count its parts"),
            "disagree": self.env._("Its listings show different quantities"),
            "decided": self.env._("Odoo already manages its stock"),
            "gone": self.env._("The listing has ended or sells another product"),
            "elsewhere": self.env._("The pieces are in another location"),
        }
        for line in self:
            line.problem_text = words.get(line.problem, line.problem)

    def action_choose(self):
        """Button: adopt these lines."""
        self.check_access("write")
        self.chosen = True

    def action_leave(self):
        """Button: leave the stock of these lines alone."""
        self.check_access("write")
        self.chosen = False
