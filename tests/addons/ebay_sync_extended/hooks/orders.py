from odoo import models


class EbayHookOrders(models.AbstractModel):
    _inherit = "ebay.hook.orders"

    def _prepare_partner_values(self, values, *, kind, party, **source):
        values = super()._prepare_partner_values(
            values, kind=kind, party=party, **source
        )
        if kind == "buyer":
            values["ref"] = f"eBay {source['order'].buyer.username}"
        else:
            values["street2"] = f"{kind} of {source['document']['orderId']}"
        return values

    def _prepare_order_values(self, values, **source):
        values = super()._prepare_order_values(values, **source)
        return {**values, "client_order_ref": f"X {source['order'].order_ref}"}

    def _prepare_order_line_values(self, values, *, kind, line, **source):
        values = super()._prepare_order_line_values(
            values, kind=kind, line=line, **source
        )
        about = line.line_item_ref if kind == "goods" else source["account"].name
        return {**values, "name": f"{kind} {about}"}
