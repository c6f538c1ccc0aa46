"""Three linked listings: equal stock, other stock, none in Odoo."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from .listings_case import ListingsCase


class GoLiveCase(ListingsCase):
    """Three linked listings: equal stock, other stock, none in Odoo."""

    def setUp(self):
        super().setUp()
        self.place = (
            self.env["stock.warehouse"]
            .search([("company_id", "=", self.account.company_id.id)], limit=1)
            .lot_stock_id
        )
        self.products = {}
        for ref, code, shelf, shown in (
            ("1001", "EVEN", 5, 5),
            ("1002", "OTHER", 9, 4),
            ("1003", "NONE", 0, 7),
        ):
            self.products[code] = self.product(code, shelf)
            self.ebay.add(ref, code, quantity=shown)
        self.account.orders_read_until_at = fields.Datetime.now() + timedelta(hours=1)
        self.pull()

    def product(self, code, shelf=0, **values):
        product = self.env["product.product"].create(
            {"name": code, "default_code": code, "is_storable": True, **values}
        )
        self.put(product, shelf)
        return product

    def put(self, product, pieces):
        if pieces:
            self.env["stock.quant"]._update_available_quantity(
                product, self.place, pieces
            )

    def on_hand(self, code):
        product = self.products[code]
        product.invalidate_recordset()
        return product.qty_available

    def preview(self):
        action = self.account.with_user(self.manager).action_preview()
        return (
            self.env["ebay.takeover"].browse(action["res_id"]).with_user(self.manager)
        )

    def line(self, takeover, code):
        return takeover.line_ids.filtered(
            lambda one: one.product_id == self.products[code]
        )

    def sell(self, code, pieces):
        """A confirmed order of somebody; nothing has been shipped yet."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Buyer"}).id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.products[code].id,
                            "product_uom_qty": pieces,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        return order

    def adopted(self, **values):
        takeover = self.preview()
        takeover.write(values)
        takeover.action_adopt()
        self.pull()
        return takeover

    def mirrored_again(self):
        """The mirror is read once more, after what was adopted."""
        self.account.listings_read_until_at = fields.Datetime.now() + timedelta(hours=1)
