"""Unpaid orders hold stock: if configured, it is reserved in Odoo for some days.

The sale order is not confirmed, so Odoo would not reserve for it. A transfer from the
stock to itself does: it is reserved, never done, and cancelled when the order is paid,
cancelled or too old.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

from ...compat import move_values


class EbayOrderHolds(models.AbstractModel):
    """Reserves for unpaid orders, and lets go again."""

    _name = "ebay.order.holds"
    _description = "eBay: reserve for unpaid orders"

    @api.model
    def _hold(self, account, plan):
        """Reserve what an unpaid order takes, if the rule says so and it is young."""
        sale = plan.sale
        if (
            not account.hold_days
            or sale.state != "draft"
            or sale.ebay_hold_picking_id
            or plan.order.payment_status != "PENDING"
            or sale.date_order < self._oldest(account)
        ):
            return
        warehouse = sale.warehouse_id
        moves = [
            {
                **move_values(line.name),
                "product_id": line.product_id.id,
                "product_uom_qty": line.product_uom_qty,
                "product_uom": line.product_id.uom_id.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": warehouse.lot_stock_id.id,
            }
            for line in sale.order_line
            if line.ebay_line_ref and line.product_id.is_storable
        ]
        if not moves:
            return
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.int_type_id.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": warehouse.lot_stock_id.id,
                "origin": self.env._("Unpaid: %(order)s", order=sale.name),
                "company_id": sale.company_id.id,
                "move_ids": [Command.create(values) for values in moves],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        sale.ebay_hold_picking_id = picking

    @api.model
    def _release(self, orders):
        """Let go of what is held for these sale orders."""
        held = orders.filtered("ebay_hold_picking_id")
        held.ebay_hold_picking_id.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        ).action_cancel()
        held.write({"ebay_hold_picking_id": False})

    @api.model
    def _release_old(self, run):
        """Let go of what has waited for its payment longer than the rule allows."""
        account = run.account
        if not account.hold_days:
            return
        old = self.env["sale.order"].search(
            [
                ("ebay_account_id", "=", account.id),
                ("ebay_hold_picking_id", "!=", False),
                ("date_order", "<", self._oldest(account)),
            ]
        )
        if old:
            self._release(old)
            run.save()

    @staticmethod
    def _oldest(account):
        return fields.Datetime.now() - timedelta(days=account.hold_days)
