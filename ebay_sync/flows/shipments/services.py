"""What eBay sold and no delivery holds: services, downloads, vouchers.

With goods in the same order they are reported with the first parcel, so that eBay
shows the whole order as sent. Alone they follow the account's rule: when the order is
confirmed, or when a person says that the buyer has what was bought.
"""

from collections import Counter

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from ...models.shipments.ebay_shipment import UNSENT
from ...models.shipments.sale_order import SERVICES_ONLY

BATCH = 200


class EbayShipmentServices(models.AbstractModel):
    """The part of the planning that is not about goods."""

    _name = "ebay.shipment.services"
    _description = "eBay: report services"

    @api.model
    def _to_tell(self, sale, picking):
        """``{sale order line: quantity}`` of the services not reported to eBay yet.

        What stands in unsent parcels of ``picking`` counts as open: they are written
        anew.
        """
        lines = sale.order_line.filtered(
            lambda line: line.ebay_line_ref and is_service(line)
        )
        told = Counter()
        for shipment in sale.ebay_shipment_ids.filtered(
            lambda one: one.state != "dropped"
        ):
            is_written_anew = shipment.state in UNSENT and not shipment.is_held
            if shipment.picking_id != picking or not is_written_anew:
                told.update(shipment._quantities())
        left = {
            line: int(line.product_uom_qty) - told[line.ebay_line_ref] for line in lines
        }
        return {line: count for line, count in left.items() if count > 0}

    @api.model
    def _plan_due(self, run):
        """If configured: report the orders that contain only services."""
        if run.account.services_rule == "at_once":
            run.each(self._unplanned(run.account), self._plan)

    def _unplanned(self, account):
        """Orders of services only that are to be reported to eBay as done."""
        rows = self.env.execute_query(
            SQL(
                "SELECT so.id FROM sale_order so WHERE so.ebay_account_id = %s AND %s "
                "ORDER BY so.id LIMIT %s",
                account.id,
                SERVICES_ONLY,
                BATCH,
            )
        )
        return self.env["sale.order"].browse(row[0] for row in rows)

    @api.model
    def _plan(self, sale):
        """Put an order of services into the outbox."""
        quantities = self._to_tell(sale, sale.picking_ids.browse())
        if not quantities:
            return "unchanged"
        self.env["ebay.shipment"].create(
            {
                "account_id": sale.ebay_account_id.id,
                "sale_order_id": sale.id,
                "shipped_at": fields.Datetime.now(),
                "state": "ready",
                "line_ids": as_lines(quantities),
            }
        )
        return "created"


def as_lines(quantities):
    """What lies in a parcel, ``{sold line: quantity}``, in place of what it held."""
    return [Command.clear()] + [
        Command.create(
            {
                "sale_line_id": line.id,
                "line_item_ref": line.ebay_line_ref,
                "quantity": count,
            }
        )
        for line, count in quantities.items()
    ]


def is_service(line):
    """Whether a sold line is something that no delivery can hold."""
    return line.product_id.type == "service"
