"""Where the comparison of stock stands, and who wakes it."""

from odoo import api, fields, models


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


class EbayAccount(models.Model):
    _inherit = "ebay.account"

    @api.private
    def _stock_schedule(self):
        """The account's schedule of stock_out; its cursor is written by that flow."""
        return self.schedule_ids.filtered(lambda one: one.flow == "stock_out")

    @api.private
    def _price_schedule(self):
        """The account's schedule of prices_out; its cursor is written by that flow."""
        return self.schedule_ids.filtered(lambda one: one.flow == "prices_out")
