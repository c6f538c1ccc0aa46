"""Orders whose goods lie at eBay and are sent by eBay: nothing leaves the own shelf."""

from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # read with every sale order, so that confirming one needs no statement more
    ebay_ships = fields.Boolean(
        "Shipped by eBay",
        readonly=True,
        copy=False,
        help="eBay's fulfilment program holds the goods and sends them: Odoo makes no "
        "transfer. The lines count as delivered once eBay has shipped.",
    )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _action_launch_stock_rule(self, *args, **kwargs):
        """What eBay sends needs no transfer that somebody here could ship."""
        ours = self.filtered(lambda line: not line.order_id.ebay_ships)
        return super(SaleOrderLine, ours)._action_launch_stock_rule(*args, **kwargs)

    @api.depends("order_id.ebay_ships", "order_id.ebay_fulfillment_status")
    def _compute_qty_delivered(self):
        """Without a transfer, eBay's word says that it was delivered."""
        result = super()._compute_qty_delivered()
        for line in self:
            order = line.order_id
            if order.ebay_ships and order.ebay_fulfillment_status == "FULFILLED":
                line.qty_delivered = line.product_uom_qty
        return result
