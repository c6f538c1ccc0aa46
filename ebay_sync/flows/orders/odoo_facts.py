"""What a sale order says, in the keys of ``mapping/orders/facts.py``; how far it is.

Odoo's values are not eBay's: a delivery method is not a service code, a net price not a
gross one. So what a sale order says right after eBay's facts were applied is kept with
them (``ebay.order.applied``): where it still says so, it says what was applied.
"""

from datetime import timezone

from ...compat import SOL_TAXES
from ...mapping.orders.due import order_due
from ...mapping.orders.facts import (
    CHARGES,
    DELIVERY,
    GIFT,
    INVOICE,
    NOTE,
    PRICE,
    QUANTITY,
    SERVICE,
    SHIP_BY,
    facts_of,
    is_same,
    is_same_place,
)
from ...mapping.orders.merge import (
    CANCELLED,
    CONFIRMED,
    PARTLY,
    PICKING,
    QUOTATION,
    SHIPPED,
    Phase,
)
from ...mapping.orders.order import map_order
from ...mapping.values.errors import MappingError
from ...models.orders.ebay_issue import WAITS_FOR_PRODUCT

LAST = 9999  # sequence of the line that rounds the order off
UNKNOWN = "?"  # no reading is this: somebody has changed the fact, or may have


def reading_of(sale):
    """What the sale order says, as values that are stored as JSON."""
    said = {
        DELIVERY: _address(sale.partner_shipping_id),
        INVOICE: [*_address(sale.partner_invoice_id), sale.partner_id.vat or None],
        SERVICE: str(sale.carrier_id.id or ""),
        SHIP_BY: _moment(sale.commitment_date),
        NOTE: sale.ebay_buyer_note or None,
        GIFT: sale.ebay_gift or None,
        CHARGES: [],
    }
    for line in sale.order_line:
        if ref := line.ebay_line_ref:
            said[QUANTITY + ref] = f"{line.product_uom_qty:g}"
            said[PRICE + ref] = _price(line)
        elif is_charge(line):
            said[CHARGES].append(" ".join(_price(line)))
    return said


def is_charge(line):
    """Whether a line stands for delivery, a discount or the like of eBay's.

    Lines of before they were marked are known by their product.
    """
    if line.sequence == LAST or line.ebay_line_ref or line.ebay_part:
        return line.sequence != LAST and line.ebay_part not in (False, "goods")
    account = line.order_id.ebay_account_id
    own = (
        account.shipping_product_id
        | account.discount_product_id
        | account.rounding_product_id
    )
    return line.product_id in own


def rounds_off(line):
    """Whether a line holds the odd cents of an order's taxes."""
    return line.sequence == LAST and line.ebay_part == "rounding"


class Base:
    """What was last applied of an order: eBay's facts, and Odoo's reading then."""

    def __init__(self, facts=None, readings=None):
        self.facts = facts or {}
        self.readings = readings or {}

    @classmethod
    def of(cls, row):
        """The stored base of an order, or a safe one where nothing is stored yet."""
        if row.applied:
            return cls(row.applied["ebay"], row.applied["odoo"])
        if row.sale_order_id and row.payload:
            return cls._safe(row)
        return cls()

    @classmethod
    def _safe(cls, row):
        """For an order that came before bases were kept.

        What the stored document says, as far as the sale order agrees; the rest counts
        as a clerk's, so that it is asked about before it is changed.
        """
        sale = row.sale_order_id
        try:
            order = order_due(map_order(row.payload))
        except MappingError:
            return cls()
        facts, now = facts_of(order), reading_of(sale)
        total = sale.currency_id.round(sale.amount_total)
        has_total = total == float(order.expected_total)
        agrees = {
            key: has_total
            if key == CHARGES or key.startswith(PRICE)
            else _agrees(key, value, now.get(key), sale)
            for key, value in facts.items()
        }
        if sale.state in ("draft", "sent") or _waits_for_a_product(row):
            # a line that is not there, because its product is missing, waits
            facts = {
                key: value
                for key, value in facts.items()
                if key in now or not key.startswith((QUANTITY, PRICE))
            }
        return cls(
            facts,
            {key: now.get(key) if agrees[key] else UNKNOWN for key in facts},
        )

    def odoo_facts(self, readings):
        """A sale order's reading as facts: what was applied where it still stands."""
        return {
            key: self.facts.get(key)
            if key in self.readings and readings.get(key) == self.readings[key]
            else readings.get(key)
            for key in {*readings, *self.readings}
            if key in self.facts or key.startswith(QUANTITY)
        }

    def hand_over(self, row):
        """The order continues under the number of this row."""
        row.applied = {"ebay": self.facts, "odoo": self.readings}

    def store(self, row, facts, readings, touched):
        """Keep what counts as applied now; a clerk's changes go on counting as his."""
        kept = {key: self.readings.get(key, UNKNOWN) for key in touched}
        applied = {key: kept.get(key, readings.get(key)) for key in facts}
        values = {"ebay": facts, "odoo": applied}
        if row.applied != values:
            row.applied = values


def phase_of(sale):
    """How far the order and each of its lines is."""
    if sale.state in ("draft", "sent"):
        return Phase(QUOTATION)
    if sale.state == "cancel":
        return Phase(CANCELLED)
    lines = sale.order_line.filtered("ebay_line_ref")
    moves = lines.move_ids
    whole = _stage(moves) if moves else CONFIRMED
    return Phase(
        whole,
        {
            line.ebay_line_ref: _stage(line.move_ids)
            if line.move_ids.filtered(_counts)
            else _stage_of_service(line)
            for line in lines
        },
    )


def has_left(sale):
    """Whether something has gone to the customer; a pick inside the house has not."""
    moves = sale.order_line.move_ids | sale.picking_ids.move_ids
    return any(move.state == "done" and leaves(move) for move in moves)


def inside_of(sale):
    """The done transfers whose goods were picked and still stand in the house."""
    moves = sale.order_line.move_ids | sale.picking_ids.move_ids
    inside = moves.filtered(
        lambda move: move.state == "done" and not leaves(move) and _counts(move)
    )
    return inside.filtered(_waits_inside).picking_id


def leaves(move):
    """Whether goods leave the house with this move: to the customer, and not back."""
    return (
        move.location_dest_id.usage == "customer"
        and move.location_id.usage != "customer"
    )


def is_begun(picking):
    """Whether somebody is at a transfer: the list is printed, or pieces are picked."""
    batch = picking["batch_id"] if "batch_id" in picking._fields else None
    return (
        picking.printed
        or (batch and batch.state == "in_progress")
        or any(move.picked for move in picking.move_ids if _is_open(move))
    )


def _stage(moves):
    moves = moves.filtered(_counts)
    open_moves = moves.filtered(_is_open)
    has_gone = any(move.state == "done" and leaves(move) for move in moves)
    if not open_moves and has_gone:
        return SHIPPED
    inside = moves.filtered(lambda move: move.state == "done" and not leaves(move))
    if any(map(_waits_inside, inside)) or any(map(is_begun, open_moves.picking_id)):
        return PICKING
    return PARTLY if has_gone else CONFIRMED


def _stage_of_service(line):
    """A line that no move holds: handed over, or not."""
    is_over = line.product_uom_qty and line.qty_delivered >= line.product_uom_qty
    return SHIPPED if is_over else CONFIRMED


def _waits_inside(move):
    """Whether goods were picked by this done move and have not gone on yet."""
    following = move.move_dest_ids.filtered(_counts)
    return not following or any(map(_is_open, following))


def _counts(move):
    return move.state != "cancel" and move.location_id.usage != "customer"


def _is_open(move):
    return move.state not in ("done", "cancel")


def _waits_for_a_product(row):
    return any(
        issue.code in WAITS_FOR_PRODUCT and issue.state == "open"
        for issue in row.issue_ids
    )


def _agrees(key, value, reading, sale):
    """Whether Odoo says the same as eBay, as far as that can be told."""
    if key in (DELIVERY, INVOICE):
        return is_same_place(value, reading)
    if key == SERVICE:
        return sale.ebay_service_code == value
    return is_same(key, value, reading)


def _address(partner):
    """In the order of eBay's (``facts.address_fact``)."""
    company = partner.commercial_partner_id
    return [
        partner.name or None,
        partner.street or None,
        partner.street2 or None,
        partner.city or None,
        partner.zip or None,
        partner.country_id.code or None,
        partner.state_id.code or None,
        (company.is_company and company.name) or None,
        partner.phone or None,
        partner.email or None,
    ]


def _price(line):
    """Price, discount and taxes of a line; the product of a charge with them."""
    taxes = ",".join(map(str, sorted(line[SOL_TAXES].ids)))
    parts = [f"{line.price_unit:.6f}", f"{line.discount:g}", taxes]
    if line.ebay_line_ref:
        return parts
    return [str(line.product_id.id), f"{line.product_uom_qty:g}", *parts]


def _moment(moment):
    if not moment:
        return None
    return moment.replace(tzinfo=timezone.utc).isoformat(timespec="seconds")
