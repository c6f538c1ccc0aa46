"""The account's rules for prices."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.ebay_access_mixin import MANAGER
from .stock import CONFLICT_RULES


class EbayAccount(models.Model):
    _inherit = "ebay.account"
    _people_set = {MANAGER: "price_move_limit price_conflict_rule"}

    price_rule_ids = fields.One2many("ebay.price.rule", "account_id")
    price_override_ids = fields.One2many(
        "ebay.override", "account_id", domain=[("about", "=", "price")]
    )
    price_move_limit = fields.Integer(
        "Ask when a price changes by more than (%)",
        default=30,
        help="A price that would move further waits until a manager has said yes; when "
        "many would, all prices wait.",
    )
    price_conflict_rule = fields.Selection(
        CONFLICT_RULES,
        "Price changed on eBay",
        required=True,
        default="odoo",
        help="When somebody changes it on eBay itself. That is known a few minutes "
        "later, when listings and orders have been read past the change.",
    )

    @api.constrains("price_move_limit")
    def _check_price_move_limit(self):
        for account in self:
            if not 0 < account.price_move_limit <= 1000:
                raise ValidationError(
                    self.env._("The limit for prices must be between 1 and 1000 %.")
                )
