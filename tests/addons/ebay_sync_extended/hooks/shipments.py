from odoo import models


class EbayHookShipments(models.AbstractModel):
    _inherit = "ebay.hook.shipments"

    def _prepare_tracking_numbers(self, numbers, *, picking):
        numbers = super()._prepare_tracking_numbers(numbers, picking=picking)
        return [f"JJD{number}" for number in numbers]

    def _prepare_parcel_values(self, values, *, picking, order):
        values = super()._prepare_parcel_values(values, picking=picking, order=order)
        return {**values, "carrier_code": "Hermes"}

    def _prepare_parcel_lines(self, lines, *, picking, order):
        """One piece of each, and more than there is of what is not in the parcel."""
        lines = super()._prepare_parcel_lines(lines, picking=picking, order=order)
        return {**dict.fromkeys(order.order_line.ids, 99), **dict.fromkeys(lines, 1)}
