"""What a merge wants of a sale order that exists is done, and noted in its chatter."""

from contextlib import contextmanager

from odoo import SUPERUSER_ID
from odoo.fields import Command

from ...compat import SOL_TAXES
from ...mapping.orders.facts import (
    CHARGES,
    DELIVERY,
    GIFT,
    INVOICE,
    NOTE,
    NOTHING,
    PRICE,
    QUANTITY,
    SERVICE,
    SHIP_BY,
    line_of,
)
from ...mapping.orders.merge import ADDED
from ..engine.run import naive_utc
from .fact_words import note_of
from .lines import LineBuilder
from .odoo_facts import is_begun, is_charge, rounds_off
from .partner import PartnerBuilder
from .transfers import is_kit, send_less, take_address_and_method

# Odoo would ask somebody to look after each transfer; what there is to do is done here.
UNASKED = {"mail_activity_automation_skip": True}
PRICED = (SOL_TAXES, "price_unit", "ebay_remitted_tax")


class Changes:
    """Brings the sale orders of a batch after their eBay orders."""

    def __init__(self, lookups):
        self.lookups = lookups
        self.env = lookups.env

    def apply(self, plans):
        """Apply each plan's changes; what cannot be done yet blocks its plan."""
        for plan in plans:
            plan.partner = plan.sale.partner_id
            plan.invoice_partner = plan.sale.partner_invoice_id
            plan.delivery_partner = plan.sale.partner_shipping_id
        PartnerBuilder(self.lookups).place_again(
            [plan for plan in plans if plan.changed & {DELIVERY, INVOICE}]
        )
        builder = LineBuilder(self.lookups)
        for plan in plans:
            builder.serve(plan)
            self._write(plan)

    def _write(self, plan):
        if not plan.changed:
            return
        self._keep_apart(plan)
        values = self._order_values(plan)
        commands = self._goods(plan) + self._charges(plan)
        if commands:
            values["order_line"] = commands
        with unlocked(plan.sale) as sale:
            self._send_less(plan, sale)
            sale.write(values)
            take_address_and_method(sale, values)
        if commands:
            self.env["ebay.order.holds"]._release(
                plan.sale
            )  # reserved again as it is now
        if note := note_of(self.env, plan):
            plan.sale._message_log(body=note)

    def _order_values(self, plan):
        """What stands on the order itself."""
        order, keys, values = plan.order, plan.changed, {}
        if DELIVERY in keys:
            values["partner_shipping_id"] = plan.delivery_partner.id
        if INVOICE in keys:
            values["partner_invoice_id"] = plan.invoice_partner.id
        if keys & {DELIVERY, INVOICE}:
            values["fiscal_position_id"] = plan.position.id
        if SERVICE in keys:
            code = order.fulfillment.service_code
            values["ebay_service_code"] = code
            values["carrier_id"] = self.lookups.carrier(code).id
        if SHIP_BY in keys:
            moment = naive_utc(order.fulfillment.ship_by_at)
            values.update(commitment_date=moment, ebay_ship_by_at=moment)
        if NOTE in keys:
            values["ebay_buyer_note"] = order.buyer_note
        if GIFT in keys:
            values["ebay_gift"] = plan.ebay[GIFT]
        return values

    # -- lines -----------------------------------------------------------------

    def _goods(self, plan):
        """Commands for the lines of goods that have changed."""
        wanted = {
            values["ebay_line_ref"]: values
            for values in plan.line_values
            if values.get("ebay_line_ref")
        }
        there = {line.ebay_line_ref: line for line in plan.sale.order_line}
        retaxed = plan.position != plan.sale.fiscal_position_id
        commands = []
        for ref in sorted({line_of(key) for key in plan.changed} - {None}):
            line, values = there.get(ref), wanted.get(ref)
            if line is None:
                commands += self._new_line(plan, ref, values)
                continue
            new = {}
            if QUANTITY + ref in plan.changed:
                new["product_uom_qty"] = float(plan.ebay.get(QUANTITY + ref, NOTHING))
            if values and PRICE + ref in plan.changed:
                new.update({name: values[name] for name in PRICED})
            commands.append(Command.update(line.id, new))
        if retaxed:
            commands += self._retaxed(plan, there, wanted)
        return commands

    def _new_line(self, plan, ref, values):
        if values:
            return [Command.create(values)]
        if plan.ebay.get(QUANTITY + ref, NOTHING) != NOTHING:  # its product is missing
            plan.undone |= {QUANTITY + ref, PRICE + ref}
        return []

    def _retaxed(self, plan, there, wanted):
        """Another place has other taxes; what somebody has set by hand stays."""
        return [
            Command.update(there[ref].id, {name: values[name] for name in PRICED})
            for ref, values in wanted.items()
            if ref in there and PRICE + ref not in {*plan.changed, *plan.merged.touched}
        ]

    def _charges(self, plan):
        """Commands for delivery, discounts and the like: as eBay has them now.

        They are taxed like the goods: shared out again when goods change.
        """
        sale = plan.sale
        goods = any(key.startswith((PRICE, QUANTITY)) for key in plan.changed)
        retaxed = plan.position != sale.fiscal_position_id
        is_new = CHARGES in plan.changed
        if not (is_new or goods or retaxed):
            return []
        commands = [self._without(line) for line in sale.order_line if rounds_off(line)]
        if CHARGES in plan.merged.touched and not is_new:
            return commands
        left = list(sale.order_line.filtered(is_charge))
        for values in plan.line_values:
            if values.get("ebay_line_ref"):
                continue
            line = next((one for one in left if _stands_for(one, values)), None)
            if line is None:
                commands.append(Command.create(values))
                continue
            left.remove(line)
            names = ("name", "product_uom_qty", "price_unit", SOL_TAXES, "ebay_part")
            commands.append(
                Command.update(line.id, {name: values[name] for name in names})
            )
        return commands + [self._without(line) for line in left]

    @staticmethod
    def _without(line):
        """A confirmed line cannot be deleted: it stays with nothing."""
        if line.state in ("draft", "sent"):
            return Command.delete(line.id)
        return Command.update(line.id, {"product_uom_qty": 0, "price_unit": 0})

    @staticmethod
    def _send_less(plan, sale):
        """Fewer pieces of a confirmed line are taken off its transfers as well."""
        if sale.state != "sale":
            return
        for line in sale.order_line.filtered("ebay_line_ref"):
            key = QUANTITY + line.ebay_line_ref
            quantity = float(plan.ebay.get(key, NOTHING))
            if key not in plan.changed or quantity >= line.product_uom_qty:
                continue
            if is_kit(line) and quantity:
                continue  # Odoo knows how many parts are too many
            line.with_context(skip_procurement=True).product_uom_qty = quantity
            send_less(line, quantity)

    # -- transfers -------------------------------------------------------------

    def _keep_apart(self, plan):
        """A line that is added while goods are picked gets a transfer of its own."""
        if any(one.kind == ADDED for one in plan.merged.changes):
            begun = plan.sale.picking_ids.filtered(
                lambda one: one.state not in ("done", "cancel") and is_begun(one)
            )
            begun.filtered(lambda one: not one.printed).printed = True


def _stands_for(line, values):
    """Whether a line may become another amount of the same kind."""
    is_same_part = line.ebay_part in (False, values["ebay_part"])
    return is_same_part and line.product_id.id == values["product_id"]


@contextmanager
def unlocked(sale):
    """The order as Odoo itself, which may write what is confirmed; locked afterwards.

    Odoo notes things on a confirmed order, and the robot has no address.
    """
    sale = sale.with_user(SUPERUSER_ID).with_context(**UNASKED)
    was_locked = sale.locked
    if was_locked:
        sale.action_unlock()
    yield sale
    if was_locked and sale.state == "sale":
        sale.action_lock()
