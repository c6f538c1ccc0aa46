"""A change of stock wakes the comparison; nothing else is done where stock moves."""

from odoo import api, models
from odoo.tools import SQL

KEY = "ebay_sync.stock_changed"
COUNTS = {"quantity", "reserved_quantity"}


class StockQuant(models.Model):
    _inherit = "stock.quant"

    @api.model_create_multi
    def create(self, vals_list):
        self._ebay_stock_changed()
        return super().create(vals_list)

    def write(self, vals):
        if not COUNTS.isdisjoint(vals):
            self._ebay_stock_changed()
        return super().write(vals)

    @api.model
    @api.private
    def _ebay_stock_changed(self):
        """Wake stock_out of the live accounts when this transaction is committed.

        Once per transaction, whatever it moves: one row for the scheduled action, and
        no look at listings, let alone at eBay.
        """
        hooks = self.env.cr.precommit
        if KEY in hooks.data:
            return
        hooks.data[KEY] = True
        crons = self.env["ebay.account"]._live_stock_crons()
        if crons:
            schedules = self.env["ebay.schedule"]
            hooks.add(lambda: schedules._trigger(SQL("SELECT unnest(%s)", list(crons))))
