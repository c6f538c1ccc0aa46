"""A change of stock wakes the comparison; nothing else happens where stock moves."""

from odoo import api, models

from ... import bell

KEY = "ebay_sync.stock_changed"
COUNTS = {"quantity", "reserved_quantity"}


class StockQuant(models.Model):
    _inherit = "stock.quant"

    # Each run of stock_out begins with what changed lately: of 1,000,000 quants that
    # took 99 ms without it (``scripts/bench plans``), twice a second in a burst.
    _ebay_indexes = {"stock_quant_ebay_written_idx": "(write_date)"}

    @api.model_create_multi
    def create(self, vals_list):
        self._ebay_stock_changed()
        return super().create(vals_list)

    def write(self, vals):
        if not COUNTS.isdisjoint(vals):
            self._ebay_stock_changed()
        return super().write(vals)

    @api.model
    def _ebay_stock_changed(self):
        """Wake stock_out of the live accounts when this transaction is committed.

        Once per transaction, whatever it moves; and no look at listings here, let alone
        at eBay. Not even a row is written while somebody waits.
        """
        after = self.env.cr.postcommit
        if KEY in after.data:
            return
        after.data[KEY] = True
        if crons := self.env["ebay.account"]._live_stock_crons():
            after.add(lambda: bell.ring(self.env, "_stock_has_moved", crons))
