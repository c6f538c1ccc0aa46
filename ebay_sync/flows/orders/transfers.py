"""Open transfers follow the sale order: less to send, another address or method."""

from ...compat import SOL_UOM
from .odoo_facts import leaves


def send_less(line, quantity):
    """Take off the line's open transfers what is not to be sent any more.

    Odoo would order the difference back, which becomes a return where it cannot be set
    against the open move. So the moves themselves are made smaller, on each leg of the
    way: what is done there is done, what is open is what is still missing.
    """
    moves = line.move_ids.filtered(
        lambda move: move.state != "cancel" and move.location_id.usage != "customer"
    )
    changed = moves.browse()
    for leg in moves.grouped("location_dest_id").values():
        done = leg.filtered(lambda move: move.state == "done")
        missing = quantity - sum(_pieces(line, move, move.quantity) for move in done)
        for move in (leg - done).sorted("id"):
            demand = _pieces(line, move, move.product_uom_qty)
            kept = max(0, min(demand, missing))
            missing -= kept
            if not kept:
                move._action_cancel()
            elif kept < demand:
                move.product_uom_qty = line[SOL_UOM]._compute_quantity(
                    kept, move.product_uom
                )
                changed |= move
    changed._action_assign()


def is_kit(line):
    """Whether the line leaves in parts, of which only Odoo knows how many make one."""
    return any(move.product_id != line.product_id for move in line.move_ids)


def take_address_and_method(sale, values):
    """Open transfers have the order's address and delivery method."""
    pickings = sale.picking_ids.filtered(
        lambda one: one.state not in ("done", "cancel")
    )
    if "partner_shipping_id" in values:
        pickings.partner_id = sale.partner_shipping_id
        pickings.move_ids.filtered("partner_id").partner_id = sale.partner_shipping_id
    if "carrier_id" in values:
        outgoing = pickings.filtered(lambda one: any(map(leaves, one.move_ids)))
        outgoing.carrier_id = sale.carrier_id


def _pieces(line, move, quantity):
    return move.product_uom._compute_quantity(quantity, line[SOL_UOM], round=False)
