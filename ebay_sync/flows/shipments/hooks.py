"""Where other addons join in before a parcel is reported to eBay.

See ``docs/extending.md``; names, arguments and meaning are stable.
"""

from odoo import api, models


class EbayHookShipments(models.AbstractModel):
    """The parcels of a delivery: tracking, carrier, contents."""

    _name = "ebay.hook.shipments"
    _description = "eBay: doors for other addons, shipments"

    @api.model
    def _prepare_tracking_numbers(self, numbers, *, picking):
        """The delivery's tracking numbers, as texts that are still to be checked."""
        return numbers

    @api.model
    def _prepare_parcel_values(self, values, *, picking, order):
        """Values of the outbox row, among them ``carrier_code`` and ``shipped_at``.

        ``order`` is the sale order. The tracking number is one of those above.
        """
        return values

    @api.model
    def _prepare_parcel_lines(self, lines, *, picking, order):
        """What lies in the parcel: ``{sale order line id: pieces}``.

        Less may be reported than what has left, never more.
        """
        return lines

    @api.model
    def _lines(self, lines, picking, order):
        """``{sale order line: pieces}`` after all addons, never more than has left."""
        told = self._prepare_parcel_lines(
            {line.id: count for line, count in lines.items()},
            picking=picking,
            order=order,
        )
        counts = {
            line: min(int(told.get(line.id, 0)), count) for line, count in lines.items()
        }
        return {line: count for line, count in counts.items() if count > 0}
