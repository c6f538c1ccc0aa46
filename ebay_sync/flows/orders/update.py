"""What happens to an order on eBay beside its facts: payment, cancellation, refunds."""

from odoo import api, models

from ...mapping.orders.facts import (
    CHARGES,
    INVOICE,
    PRICE,
    QUANTITY,
    line_of,
)
from ...mapping.orders.settlement import refunded_amount
from ...mapping.shipments.shipment import shipped_key
from .changes import unlocked
from .fact_words import name_of, titles_of, value_of
from .odoo_facts import has_left, inside_of

FOLLOWS = {"ebay_follows": True}  # it is eBay that cancels, not somebody here


class EbayOrderUpdate(models.AbstractModel):
    """Takes over states and cancellations; asks a human what only he can decide."""

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
        elif plan.sale.state == "cancel" and plan.row._is_wanted():
            plan.remark("cancelled_here", severity="danger")
        if plan.sale.state != "cancel" and plan.sale.partner_id.ebay_is_placeholder:
            plan.remark("buyer_missing")
        if plan.order.payment_status == "FULLY_REFUNDED":
            self._refunded(plan)
        elif plan.order.payment_status == "PARTIALLY_REFUNDED":
            self._refunded_partly(account, plan)
        if self._is_settled_anew(plan):
            self.env["ebay.order.settlement"]._propose(plan.sale)
        self._ask(plan)
        self._tell(plan)

    @staticmethod
    def _is_settled_anew(plan):
        """Whether what was invoiced may be another amount than what was kept now."""
        if plan.order.cancel.is_cancelled or refunded_amount(plan.order):
            return True
        amounts = (CHARGES, PRICE, QUANTITY)
        return any(key.startswith(amounts) for key in plan.changed)

    # -- states ----------------------------------------------------------------

    def _take_states(self, plan):
        order, sale = plan.order, plan.sale
        values = {
            "ebay_payment_status": order.payment_status,
            "ebay_fulfillment_status": order.fulfillment_status,
            "ebay_cancel_state": order.cancel.state,
            "ebay_shipped_key": shipped_key(order) or False,
            "ebay_total": float(order.expected_total),
            "ebay_remitted_tax": float(order.totals.remitted_tax),
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

    # -- cancellation ----------------------------------------------------------

    def _cancel(self, plan):
        """Cancel what has not left; what has left or was picked is for a person."""
        sale = plan.sale
        if sale.state == "cancel":
            return
        picked = inside_of(sale)
        if has_left(sale):
            sale.picking_ids.filtered(
                lambda one: one.state not in ("done", "cancel")
            ).action_cancel()
            plan.remark("cancelled_after_shipping", severity="danger")
        else:
            self._cancel_sale(sale)
            sale._message_log(body=self.env._("eBay: the order was cancelled"))
        if picked:
            plan.remark(
                "bring_back",
                severity="warning",
                transfers=", ".join(picked.mapped("name")),
                articles=", ".join(picked.move_ids.product_id.mapped("display_name")),
            )

    @api.model
    def _cancel_sale(self, sale):
        """Cancel a sale order because of eBay, and let go of what it holds."""
        self.env["ebay.order.holds"]._release(sale)
        with unlocked(sale) as own:
            own.with_context(**FOLLOWS)._action_cancel()

    # -- refunds ---------------------------------------------------------------

    def _refunded(self, plan):
        if plan.sale.state == "cancel":
            return
        shipped = has_left(plan.sale)
        code = "refunded_after_shipping" if shipped else "refunded_not_shipped"
        plan.remark(code, severity="danger")

    @staticmethod
    def _refunded_partly(account, plan):
        """Before it was confirmed: nobody but a person knows what is still to be sent.

        Afterwards the mark on the order is all: less money may be goodwill.
        """
        is_cancelled = plan.order.cancel.is_cancelled
        if plan.sale.state in ("draft", "sent") and not (is_cancelled or plan.blockers):
            if account.confirm_rule != "never":
                plan.remark("refunded_partly", severity="warning")

    # -- what a person decides -------------------------------------------------

    def _ask(self, plan):
        """One entry for all facts of the order that both sides say differently."""
        conflicts = plan.merged.conflicts
        if not conflicts:
            return
        titles = titles_of(plan)
        facts = [
            {
                "key": one.key,
                "title": titles.get(line_of(one.key)),
                "ebay": value_of(plan, one.key, one.ebay),
                "odoo": value_of(plan, one.key, one.odoo),
            }
            for one in conflicts
        ]
        holds = any(one.holds for one in conflicts)
        plan.remark(
            "order_changed_held" if holds else "order_changed",
            severity="danger" if holds else "warning",
            facts=facts,
            asked={one.key: one.ebay for one in conflicts},
        )

    @api.model
    def _facts_in_words(self, facts):
        """What eBay says and what Odoo says, in the language of who reads it."""
        texts = []
        for fact in facts:
            what = name_of(self.env, fact["key"], {line_of(fact["key"]): fact["title"]})
            if "odoo" not in fact:
                text = self.env._("%(what)s: %(value)s", what=what, value=fact["ebay"])
            else:
                text = self.env._(
                    "%(what)s: eBay %(ebay)s, Odoo %(odoo)s",
                    what=what,
                    ebay=fact["ebay"],
                    odoo=fact["odoo"],
                )
            texts.append(text)
        return "; ".join(texts)

    def _tell(self, plan):
        """What is too late for this order, and what its invoices do not know."""
        self._tell_of_invoices(plan)
        titles = titles_of(plan) if plan.merged.told else {}
        for one in plan.merged.told:
            plan.remark(
                "changed_after_shipping",
                one.key,
                facts=[
                    {
                        "key": one.key,
                        "title": titles.get(line_of(one.key)),
                        "ebay": value_of(plan, one.key, one.after),
                    }
                ],
            )

    @staticmethod
    def _tell_of_invoices(plan):
        """What was changed on an order whose invoice is posted and does not follow."""
        if not plan.changed or not plan.sale._ebay_posted_invoices():
            return
        if INVOICE in plan.changed:
            plan.remark("invoice_outdated", severity="warning")
