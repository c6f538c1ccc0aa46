"""What a stored order takes from stock, whether it has become a sale order or not."""

from odoo import api, fields, models

from ...mapping.values.dates import naive_utc


class EbayOrderLine(models.Model):
    """So many units of one listing, sold on eBay at a time.

    Kept beside the order's document because stock is compared far more often than
    orders change. No personal data stands here.
    """

    _name = "ebay.order.line"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay order line"
    _order = "id"
    _rec_name = "sku"
    _people_set = {}

    order_id = fields.Many2one(
        "ebay.order", required=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one("ebay.account", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    listing_ref = fields.Char("Item id", required=True, default="")
    sku = fields.Char("SKU", required=True, default="")
    variation_ref = fields.Char("Variation key", required=True, default="")
    line_ref = fields.Char("Line number", help="eBay's lineItemId.")
    quantity = fields.Integer(required=True)
    ordered_at = fields.Datetime("Ordered", required=True)

    # What was sold of a listing since a time.
    _ebay_indexes = {
        "ebay_order_line_sold_idx": "(account_id, listing_ref, ordered_at)",
    }


class EbayOrder(models.Model):
    _inherit = "ebay.order"

    line_ids = fields.One2many("ebay.order.line", "order_id")

    @api.model
    def _set_lines(self, units_by_order):
        """The lines of these orders as they are now (``mapping.orders.units``)."""
        self.union(*units_by_order).line_ids.unlink()
        self.env["ebay.order.line"].create(
            [
                {
                    "order_id": order.id,
                    "account_id": order.account_id.id,
                    "listing_ref": one.listing_ref,
                    "sku": one.sku,
                    "variation_ref": one.variation_ref,
                    "line_ref": one.line_ref or False,
                    "quantity": one.quantity,
                    "ordered_at": naive_utc(one.ordered_at) or fields.Datetime.now(),
                }
                for order, units in units_by_order.items()
                for one in units
            ]
        )
