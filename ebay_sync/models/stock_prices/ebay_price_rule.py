"""How an account makes its prices: one rule for all marketplaces, or for one."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.ebay_access_mixin import MANAGER

ROUNDINGS = [
    ("cent", "To the cent"),
    ("99", "To x.99"),
    ("0.05", "To 0.05"),
    ("whole", "To whole amounts"),
]
TAXES = [
    ("as_is", "As in the pricelist"),
    ("included", "Tax included"),
    ("excluded", "Without tax"),
]


class EbayPriceRule(models.Model):
    """From a pricelist to eBay's price."""

    _name = "ebay.price.rule"
    _inherit = ["ebay.audited.mixin"]
    _description = "eBay price rule"
    _order = "account_id, marketplace_id, id"
    _rec_name = "account_id"
    _check_company_auto = True
    _people_set = {
        MANAGER: (
            "marketplace_id pricelist_id tax markup extra fee rounding "
            "has_floor margin smallest largest"
        ),
    }
    _people_set_once = {MANAGER: "account_id"}

    account_id = fields.Many2one(
        "ebay.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    marketplace_id = fields.Many2one(
        "ebay.marketplace",
        ondelete="cascade",
        help="Empty: for all marketplaces without a rule of their own.",
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        ondelete="restrict",
        check_company=True,
        help="Empty: the sales price.",
    )
    tax = fields.Selection(TAXES, "On eBay", required=True, default="as_is")
    markup = fields.Float("Markup (%)", digits=(16, 2))
    extra = fields.Float(
        "Added", digits=(16, 2), help="In the currency of the marketplace."
    )
    fee = fields.Float(
        "eBay's fee (%)",
        digits=(16, 2),
        help="The price is raised so that the wanted amount remains after eBay's fee.",
    )
    rounding = fields.Selection(ROUNDINGS, required=True, default="cent")
    has_floor = fields.Boolean("Never below cost")
    margin = fields.Float(
        "Minimum margin (%)", digits=(16, 2), help="On top of the cost."
    )
    smallest = fields.Float(
        "eBay's minimum", digits=(16, 2), default=1.0, help="0: none."
    )
    largest = fields.Float(
        "eBay's maximum",
        digits=(16, 2),
        default=1_000_000.0,
        help="A higher price is not sent and appears in the inbox. 0: no maximum.",
    )

    # One rule for each marketplace, and one for the others.
    _ebay_indexes = {
        "ebay_price_rule_place_uniq": (
            "UNIQUE (account_id, COALESCE(marketplace_id, 0))"
        ),
    }

    @api.constrains("markup", "fee", "margin", "smallest", "largest")
    def _check_numbers(self):
        for rule in self:
            if rule.markup <= -100 or not 0 <= rule.fee <= 90 or rule.margin <= -100:
                raise ValidationError(
                    self.env._(
                        "A markup or margin must be above -100 %, and eBay's "
                        "fee between 0 and 90 %."
                    )
                )
            if min(rule.smallest, rule.largest) < 0:
                raise ValidationError(self.env._("A limit cannot be negative."))
