from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...compat import sql_constraints
from ..engine.ebay_access_mixin import MANAGER

# A hundred percent of this shows a rate to four places after the point.
MUCH = 10000.0


class EbayTaxRule(models.Model):
    """Which tax of Odoo's stands for one that the seller charged on eBay.

    eBay puts such a tax on top of the price, and so must Odoo's.
    """

    _name = "ebay.tax.rule"
    _inherit = ["ebay.audited.mixin"]
    _description = "eBay tax"
    _order = "account_id, country_id, rate, id"
    _rec_name = "tax_id"
    _check_company_auto = True
    _people_set = {MANAGER: "country_id tax_id"}
    _people_set_once = {MANAGER: "account_id"}

    locals().update(
        sql_constraints(
            place_rate_uniq=(
                "UNIQUE(account_id, country_id, rate)",
                "There can be only one tax for each rate of a country.",
            )
        )
    )

    account_id = fields.Many2one(
        "ebay.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    country_id = fields.Many2one("res.country", required=True, ondelete="cascade")
    tax_id = fields.Many2one(
        "account.tax",
        "Tax in Odoo",
        required=True,
        ondelete="restrict",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale'), ('price_include', '=', False), "
        "('amount_type', 'in', ('percent', 'group'))]",
    )
    rate = fields.Float(
        "Rate (%)", digits=(16, 4), compute="_compute_rate", store=True, readonly=True
    )

    @api.depends("tax_id.amount", "tax_id.children_tax_ids.amount")
    def _compute_rate(self):
        for rule in self:
            rule.rate = rule._rate_of(rule.tax_id)

    @api.model
    def _rate_of(self, tax):
        """What the tax makes of a hundred; groups have no amount of their own."""
        return round(tax.compute_all(MUCH)["total_included"] / MUCH * 100 - 100, 4)

    @api.constrains("tax_id")
    def _check_tax(self):
        """Included taxes and fixed amounts cannot say what eBay put on top."""
        for tax in self.tax_id:
            parts = tax | tax.children_tax_ids
            kinds = set(parts.mapped("amount_type")) - {"percent", "group"}
            is_included = any(parts.mapped("price_include"))
            if tax.type_tax_use != "sale" or kinds or is_included:
                raise ValidationError(
                    self.env._(
                        "%(tax)s must be a percentage sales tax that is added "
                        "on top of the price, as on eBay.",
                        tax=tax.name,
                    )
                )

    def _covers(self, charged, currency):
        """What of a ``ChargedTax`` this rate was taken of; empty when it was not."""
        self.ensure_one()
        return charged.covers(self._percent(), Decimal(str(currency.rounding)))

    def _percent(self):
        """The rate as a Decimal, to four places."""
        return Decimal(str(round(self.rate, 4)))
