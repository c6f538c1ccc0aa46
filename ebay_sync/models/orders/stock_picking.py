"""What must not leave before somebody has answered the inbox does not."""

from odoo import fields, models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    _inherit = "stock.picking"

    ebay_held_reason = fields.Text(
        "Held for eBay",
        compute="_compute_ebay_held_reason",
        compute_sudo=True,  # every clerk must see why a transfer may not leave
        help="Answer the entry in eBay's inbox, then it can be validated.",
    )
    # superuser: who packs needs no right on sale orders to see what the buyer asked for
    ebay_buyer_note = fields.Text(
        "Buyer's note (eBay)", related="sale_id.ebay_buyer_note", related_sudo=True
    )
    # superuser: the same
    ebay_gift = fields.Text(
        "Gift (eBay)", related="sale_id.ebay_gift", related_sudo=True
    )

    def _compute_ebay_held_reason(self):
        entries = self.move_ids._ebay_holding_entries()
        for picking in self:
            orders = picking.move_ids._ebay_leaving().sale_line_id.order_id
            reasons = [
                f"{entry.summary} {entry.advice}"
                for entry in entries
                if entry.sale_order_id in orders
            ]
            picking.ebay_held_reason = "\n".join(reasons) or False

    def button_validate(self):
        """Refused before any dialog, where the inbox must be answered first."""
        self.move_ids._ebay_refuse_held()
        return super().button_validate()


class StockMove(models.Model):
    """Whatever validates a transfer comes through here: forms, batches, programs."""

    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        self._ebay_refuse_held()
        return super()._action_done(cancel_backorder=cancel_backorder)

    def _ebay_leaving(self):
        """Open moves that take goods out of the house for a sale order."""
        return self.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and move.sale_line_id
                and move.location_dest_id.usage == "customer"
                and move.location_id.usage != "customer"
            )
        )

    def _ebay_holding_entries(self):
        """The open entries that keep these moves in the house."""
        # sudo: the warehouse need know neither sale orders nor the inbox
        moves, issues = self.sudo()._ebay_leaving(), self.env["ebay.issue"].sudo()
        orders = moves.sale_line_id.order_id.filtered("ebay_account_id")
        if not orders:
            return issues
        return issues.search(
            [
                ("order_id.sale_order_id", "in", orders.ids),
                ("code", "in", issues._holding()),
                ("state", "=", "open"),
            ]
        )

    def _ebay_refuse_held(self):
        entries = self._ebay_holding_entries()
        if entries:
            raise UserError(
                self.env._(
                    "This must not leave yet:\n%(reasons)s\nAnswer it in eBay's inbox.",
                    reasons="\n".join(
                        f"{entry.summary} {entry.advice}" for entry in entries
                    ),
                )
            )
