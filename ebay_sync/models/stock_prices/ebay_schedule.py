"""How far the comparison of stock is, and who wakes it."""

from odoo import fields, models


class EbaySchedule(models.Model):
    _inherit = "ebay.schedule"

    compared_at = fields.Datetime(
        "Everything compared",
        readonly=True,
        help="When all listings were last compared with what they should show.",
    )

    ingredients = fields.Char(readonly=True, help="What all prices were computed from.")

    def write(self, vals):
        result = super().write(vals)
        if "enabled" in vals:
            self.env.registry.clear_cache()
        return result
