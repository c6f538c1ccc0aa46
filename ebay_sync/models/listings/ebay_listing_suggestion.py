from odoo import api, fields, models


class EbayListingSuggestion(models.Model):
    """A product that a listing may sell, how likely, and why."""

    _name = "ebay.listing.suggestion"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay linking suggestion"
    _order = "listing_id, score desc, id"
    _rec_name = "product_id"
    _account_path = "listing_id.account_id"
    _people_set = {}

    listing_id = fields.Many2one(
        "ebay.listing", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="listing_id.company_id", store=True)
    product_id = fields.Many2one(
        "product.product", required=True, index=True, ondelete="cascade"
    )
    score = fields.Integer(help="100 is an equal SKU.")
    evidence = fields.Char(help="Codes of the evidence, separated by commas.")
    evidence_text = fields.Char("Because", compute="_compute_evidence_text")

    @api.model
    def _reasons(self):
        """What each code of evidence means, in words."""
        _ = self.env._
        return {
            "sku": _("same SKU"),
            "sku_case": _("same SKU except for case or spaces"),
            "barcode": _("same barcode"),
            "sku_barcode": _("the SKU is the product's barcode"),
            "title": _("same title"),
            "words": _("similar title"),
            "variation": _("same variation"),
            "specifics": _("item specifics"),
        }

    @api.depends("evidence")
    @api.depends_context("lang")
    def _compute_evidence_text(self):
        reasons = self._reasons()
        for suggestion in self:
            codes = (suggestion.evidence or "").split(",")
            suggestion.evidence_text = ", ".join(
                str(reasons[code]) for code in codes if code in reasons
            )

    def action_accept(self):
        """Button: this is the product."""
        for suggestion in self:
            suggestion.listing_id._link(
                suggestion.product_id, "suggestion", suggestion.score
            )
