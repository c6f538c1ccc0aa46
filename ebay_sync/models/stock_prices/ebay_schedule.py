"""Where the comparison of stock stands, and who wakes it."""

from odoo import fields, models


class EbaySchedule(models.Model):
    _inherit = "ebay.schedule"

    compared_at = fields.Datetime(
        "Everything compared",
        readonly=True,
        help="When every listing was last compared with what it should show.",
    )

    ingredients = fields.Char(
        readonly=True, help="What all prices were made of when they were computed."
    )

    def write(self, vals):
        result = super().write(vals)
        if "enabled" in vals:
            self.env.registry.clear_cache()
        return result
