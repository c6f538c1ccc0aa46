"""What happens to an order on eBay after it came: payment, cancellation, refunds."""

from odoo import api, models

from ...mapping.orders.settlement import refunded_amount
from ...mapping.shipments.shipment import shipped_key


class EbayOrderUpdate(models.AbstractModel):
    """Brings a sale order after its eBay order; asks a human where goods have left."""

    _name = "ebay.order.update"
    _description = "eBay: follow orders"

    @api.model
    def _follow(self, account, plan):
        """Take over states; cancel before shipment, ask after it."""
        if not plan.sale:
            return
        self._take_states(plan)
        self._take_name(plan)
        self.env["ebay.order.holds"]._hold(account, plan)
        if plan.order.cancel.is_cancelled:
            self._cancel(plan)
        elif plan.order.cancel.is_requested:
            plan.remark("cancel_requested", severity="danger")
        if plan.sale.state != "cancel" and plan.sale.partner_id.ebay_is_placeholder:
            plan.remark("buyer_missing")
        if plan.order.payment_status == "FULLY_REFUNDED":
            self._refunded(plan)
        elif plan.order.payment_status == "PARTIALLY_REFUNDED":
            self._refunded_partly(account, plan)
        if plan.order.cancel.is_cancelled or refunded_amount(plan.order):
            self.env["ebay.order.credit.notes"]._propose(plan.sale, plan.order)

    def _take_states(self, plan):
        order, sale = plan.order, plan.sale
        values = {
            "ebay_payment_status": order.payment_status,
            "ebay_fulfillment_status": order.fulfillment_status,
            "ebay_cancel_state": order.cancel.state,
            "ebay_shipped_key": shipped_key(order) or False,
        }
        changed = {name: value for name, value in values.items() if sale[name] != value}
        if changed:
            sale.write(changed)

    @staticmethod
    def _take_name(plan):
        """eBay users may change their name: old orders then show the new one.

        So whoever buys again under the new name, or closes the account, is known.
        """
        name, sale = plan.order.buyer.username, plan.sale
        if not name or name == sale.ebay_buyer:
            return
        known = sale.partner_id.filtered(
            lambda one: one.ebay_username == sale.ebay_buyer
        )
        if sale.ebay_buyer:  # also who was replaced and archived: erased by the name
            known |= known.with_context(active_test=False).search(
                [
                    ("ebay_username", "=", sale.ebay_buyer),
                    ("company_id", "in", (sale.company_id.id, False)),
                ]
            )
        known.ebay_username = name
        sale.ebay_buyer = name

    def _cancel(self, plan):
        sale = plan.sale
        if sale.state == "cancel":
            return
        if self._has_left(sale):
            plan.remark("cancelled_after_shipping", severity="danger")
            return
        self.env["ebay.order.holds"]._release(sale)
        if sale.locked:
            sale.action_unlock()
        sale._action_cancel()

    def _refunded(self, plan):
        if plan.sale.state == "cancel":
            return
        shipped = self._has_left(plan.sale)
        code = "refunded_after_shipping" if shipped else "refunded_not_shipped"
        plan.remark(code, severity="danger")

    @staticmethod
    def _refunded_partly(account, plan):
        """Before it was confirmed: nobody but a person knows what is still to be sent.

        Afterwards the mark on the order is all: less money may be goodwill.
        """
        is_cancelled = plan.order.cancel.is_cancelled
        if plan.sale.state == "draft" and not (is_cancelled or plan.blockers):
            if account.confirm_rule != "never":
                plan.remark("refunded_partly", severity="warning")

    @staticmethod
    def _has_left(sale):
        return any(picking.state == "done" for picking in sale.picking_ids)
