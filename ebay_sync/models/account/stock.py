"""The account's rules for stock."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..engine.ebay_access_mixin import MANAGER

SOURCES = [
    ("free", "Free to use: on hand minus reserved"),
    ("promised", "On hand minus everything promised, reserved or not"),
    ("forecast", "Forecast: including incoming goods"),
]
CONFLICT_RULES = [
    ("odoo", "Odoo's value is sent again"),
    ("ebay", "eBay's value is adopted"),
    ("ask", "Ask in the inbox"),
]
ZERO_RULES = [
    ("end", "Send zero: the listing ends"),
    ("ask", "Ask; the last piece stays on show"),
]


class EbayAccount(models.Model):
    _inherit = "ebay.account"
    _people_set = {
        MANAGER: (
            "stock_source stock_place_ids stock_share stock_buffer "
            "stock_cap stock_zero_limit feed_from stock_conflict_rule "
            "zero_rule"
        ),
    }

    stock_source = fields.Selection(
        SOURCES, "What is available", required=True, default="free"
    )
    stock_place_ids = fields.Many2many(
        "stock.location",
        string="Places that count",
        check_company=True,
        domain="[('usage', '=', 'internal'), ('company_id', '=', company_id)]",
        help="Empty: the warehouses of the eBay locations, otherwise the account's "
        "warehouse, otherwise all warehouses of the company.",
    )
    stock_share = fields.Float("Share for eBay (%)", default=100.0, digits=(5, 2))
    stock_buffer = fields.Integer("Hold back (pieces)", default=0)
    stock_cap = fields.Integer(
        "Show at most (pieces)", default=0, help="0: no upper limit."
    )
    stock_zero_limit = fields.Integer(
        "Ask when more go to zero (%)",
        default=20,
        help="When a larger part of the live listings would go to zero, these wait "
        "until a manager has said yes; the others are sent.",
    )
    feed_from = fields.Integer(
        "Large changes from (listings)",
        default=200,
        help="From this number of changes on, listings outside the Inventory API are "
        "changed by uploading one file instead of four at a time. 0: never.",
    )
    push_feed_ids = fields.One2many("ebay.push.feed", "account_id", "Uploads")
    stock_conflict_rule = fields.Selection(
        CONFLICT_RULES,
        "Quantity changed on eBay",
        required=True,
        default="odoo",
        help="When somebody changes it on eBay itself. That is known a few minutes "
        "later, when listings and orders have been read past the change.",
    )
    out_of_stock_control = fields.Selection(
        [("unknown", "Not known yet"), ("on", "On"), ("off", "Off")],
        "Listings survive zero",
        required=True,
        default="unknown",
        readonly=True,
        copy=False,
        help="eBay's out-of-stock control: a preference of the seller.",
    )
    zero_rule = fields.Selection(
        ZERO_RULES,
        "Where zero ends a listing",
        required=True,
        default="end",
        help="Only without eBay's out-of-stock control. While the last piece stays "
        "on show, it can be bought although the shelf is empty.",
    )
    out_of_stock_checked_at = fields.Datetime(readonly=True, copy=False)
    stock_override_ids = fields.One2many(
        "ebay.override", "account_id", domain=[("about", "=", "stock")]
    )
    behind_count = fields.Integer("Out of step", compute="_compute_behind_count")

    def _compute_behind_count(self):
        counts = dict(
            self.env["ebay.listing"]._read_group(
                [
                    ("account_id", "in", self.ids),
                    ("push_error", "!=", False),
                ],
                ["account_id"],
                ["__count"],
            )
        )
        for account in self:
            account.behind_count = counts.get(account, 0)

    @api.constrains(
        "stock_share", "stock_buffer", "stock_cap", "stock_zero_limit", "feed_from"
    )
    def _check_stock_rules(self):
        for account in self:
            if not 0 <= account.stock_share <= 100:
                raise ValidationError(
                    self.env._("A share must be between 0 and 100 %.")
                )
            if not 0 <= account.stock_zero_limit <= 100:
                raise ValidationError(
                    self.env._("A share must be between 0 and 100 %.")
                )
            if min(account.stock_buffer, account.stock_cap, account.feed_from) < 0:
                raise ValidationError(self.env._("These numbers cannot be negative."))

    def write(self, vals):
        result = super().write(vals)
        if {"mode", "state", "active", "company_id"} & set(vals):
            self.env.registry.clear_cache()
        return result

    def _stock_schedule(self):
        """The account's schedule of stock_out; its cursor is written by that flow."""
        return self.schedule_ids.filtered(lambda one: one.flow == "stock_out")

    def _price_schedule(self):
        """The account's schedule of prices_out; its cursor is written by that flow."""
        return self.schedule_ids.filtered(lambda one: one.flow == "prices_out")

    # -- waking ----------------------------------------------------------------

    @api.model
    @ormcache()
    def _live_stock_crons(self):
        """The scheduled actions that a change of stock wakes, as ids."""
        # sudo: who moves stock need not see eBay's accounts
        schedules = (
            self.env["ebay.schedule"]
            .sudo()
            .search(
                [
                    ("flow", "=", "stock_out"),
                    ("enabled", "=", True),
                    ("account_id.mode", "=", "live"),
                    ("account_id.state", "=", "connected"),
                ]
            )
        )
        return tuple(schedules.cron_id.ids)
