from odoo import api, fields, models

from ...compat import sql_constraints
from ..engine.ebay_access_mixin import MANAGER

EVIDENCE = [
    ("sku", "SKU = internal reference"),
    ("barcode", "EAN, UPC or ISBN = barcode"),
    ("sku_barcode", "SKU = barcode"),
    ("title", "Title = name"),
]
# What an account begins with: (evidence, whether a single match is linked).
USUAL = [("sku", True), ("barcode", True), ("sku_barcode", False), ("title", False)]


class EbayLinkRule(models.Model):
    """One kind of evidence by which an account's listings find their products."""

    _name = "ebay.link.rule"
    _inherit = ["ebay.audited.mixin"]
    _description = "eBay linking rule"
    _order = "account_id, sequence, id"
    _rec_name = "evidence"
    _people_set = {MANAGER: "sequence evidence automatic"}
    _people_set_once = {MANAGER: "account_id"}

    locals().update(
        sql_constraints(
            account_evidence_uniq=(
                "UNIQUE(account_id, evidence)",
                "An account can use each kind of evidence only once.",
            )
        )
    )

    account_id = fields.Many2one(
        "ebay.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    evidence = fields.Selection(EVIDENCE, required=True)
    automatic = fields.Boolean(
        "Link automatically",
        help="If exactly one product matches. Otherwise it is only suggested.",
    )

    @api.model
    def _usual_rules(self):
        """The rules a new account begins with, as commands for ``link_rule_ids``."""
        return [
            fields.Command.create(
                {"evidence": evidence, "automatic": automatic, "sequence": place}
            )
            for place, (evidence, automatic) in enumerate(USUAL)
        ]
