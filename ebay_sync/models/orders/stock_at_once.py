"""What Odoo may leave out while a batch of eBay's orders is confirmed.

Nothing here changes what is delivered or reserved; it only spares work that is done
anew for each order. All of it waits for the context key ``ebay_at_once``.
"""

from odoo import models

AT_ONCE = "ebay_at_once"


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def message_post_with_source(self, source_ref, *args, **kwargs):
        """No note "created from" on each transfer: its form links the sale order."""
        if self.env.context.get(AT_ONCE) and source_ref == "mail.message_origin_link":
            return self.env["mail.message"]
        return super().message_post_with_source(source_ref, *args, **kwargs)


class StockMove(models.Model):
    _inherit = "stock.move"

    def _trigger_scheduler(self):
        """Odoo looks for a reordering rule move by move; here for all products once."""
        if self.env.context.get(AT_ONCE) and self:
            ruled = self.env["stock.warehouse.orderpoint"].search(
                [
                    ("product_id", "in", self.product_id.ids),
                    ("trigger", "=", "auto"),
                    ("company_id", "in", self.company_id.ids),
                ]
            )
            moves = self.filtered(lambda move: move.product_id in ruled.product_id)
            return super(StockMove, moves)._trigger_scheduler()
        return super()._trigger_scheduler()


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _confirm_at_once(self):
        """Confirm these orders, with the shelf's quants read once for all of them."""
        quants = self.env["stock.quant"]._get_quants_by_products_locations(
            self.order_line.product_id.filtered("is_storable"),
            self.warehouse_id.lot_stock_id,
        )
        self.with_context(**{AT_ONCE: True}, quants_cache=quants).action_confirm()
