import re

from odoo import fields, models
from odoo.exceptions import UserError

from ...models.engine.ebay_access_mixin import USER

ORDER_REF = re.compile(r"[A-Za-z0-9!-]{3,64}")


class EbayFetchOrders(models.TransientModel):
    """Have some orders read from eBay by their numbers."""

    _name = "ebay.fetch.orders"
    _inherit = ["ebay.access.mixin"]
    _description = "Read eBay orders by number"
    _people_set = {USER: "account_id order_refs"}

    account_id = fields.Many2one("ebay.account", required=True, ondelete="cascade")
    order_refs = fields.Text(
        "Order numbers",
        required=True,
        help="One or more, separated by spaces or lines.",
    )

    def action_fetch(self):
        """Ask for them in the background."""
        self.ensure_one()
        self.account_id.check_access("read")
        refs = (self.order_refs or "").replace(",", " ").split()
        strange = [ref for ref in refs if not ORDER_REF.fullmatch(ref)]
        if strange or not refs:
            raise UserError(
                self.env._(
                    "%(text)s is not an eBay order number. They look like "
                    "12-34567-89012.",
                    text=(strange or ["-"])[0][:40],
                )
            )
        self.account_id._want_orders(refs)
        return {"type": "ir.actions.act_window_close"}
