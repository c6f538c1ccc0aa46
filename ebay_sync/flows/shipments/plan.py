"""Shipped deliveries become parcels in the outbox: find -> count -> distribute.

What is found is what Odoo's moves say, so a delivery that was validated while nothing
ran, or by another program, is found as well.
"""

import math
from collections import Counter, defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...compat import SOL_UOM
from ...mapping.shipments.tracking import clean_tracking, share_out, split_tracking
from ...models.shipments.ebay_shipment import UNSENT
from .services import as_lines, is_service

BATCH = 200
KIT = math.inf  # parts of a kit: how many kits they make is not said by the moves
TRACKING_MAY_CHANGE_FOR = timedelta(days=60)
PROBLEMS = {"unreadable": "tracking_unreadable", "too_long": "tracking_too_long"}


class EbayShipmentPlan(models.AbstractModel):
    """The planning half of shipments_out."""

    _name = "ebay.shipment.plan"
    _description = "eBay: plan shipments"

    # -- find ------------------------------------------------------------------

    @api.model
    def _plan_due(self, run):
        """Make parcels of every delivery shipped since the last time."""
        pickings = self._unplanned(run.account)
        failed = run.counts["failed"]
        run.each(pickings, self._plan)
        # what fails stays due, and must not wake the flow for ever
        run.more |= len(pickings) == BATCH and run.counts["failed"] == failed

    def _unplanned(self, account):
        """Deliveries to customers with lines that eBay sold, not looked at yet."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id
                  FROM sale_order so
                  JOIN sale_order_line l
                    ON l.order_id = so.id AND l.ebay_line_ref IS NOT NULL
                  JOIN stock_move m ON m.sale_line_id = l.id AND m.state = 'done'
                  JOIN stock_location src
                    ON src.id = m.location_id AND src.usage <> 'customer'
                  JOIN stock_location dest
                    ON dest.id = m.location_dest_id AND dest.usage = 'customer'
                  JOIN stock_picking p
                    ON p.id = m.picking_id AND p.ebay_planned_at IS NULL
                 WHERE so.ebay_account_id = %s
                   AND so.ebay_fulfillment_status IS DISTINCT FROM 'FULFILLED'
                 GROUP BY p.id
                 ORDER BY p.date_done, p.id
                 LIMIT %s
                """,
                account.id,
                BATCH,
            )
        )
        return self.env["stock.picking"].browse(row[0] for row in rows)

    def _plan(self, picking):
        """Put a delivery's parcels into the outbox."""
        contents = self._contents(picking)
        picking.ebay_planned_at = fields.Datetime.now()
        if not contents:
            return "unchanged"
        self._share_out(picking, contents)
        return "created"

    # -- count -----------------------------------------------------------------

    def _contents(self, picking):
        """What is to be reported: ``[(package name, {sale order line: quantity})]``.

        Never more than was shipped in all, minus what was reported to eBay.
        """
        packed = defaultdict(lambda: defaultdict(float))
        for line in picking.move_line_ids.sorted(_by_package):
            sold = line.move_id.sale_line_id
            if not sold.ebay_line_ref or not _leaves(line.move_id):
                continue
            if _is_kit(line.move_id):
                packed[line.result_package_id][sold] = KIT
            else:
                packed[line.result_package_id][sold] += _in_sold_units(line, sold)
        left = self._left_of(picking, packed)
        contents = []
        for package, quantities in packed.items():
            taken = {}
            for sold, quantity in quantities.items():
                # a kit counts where its first part lies
                wanted = left[sold] if quantity == KIT else _whole(quantity)
                if (count := min(wanted, left[sold])) > 0:
                    taken[sold] = count
                    left[sold] -= count
            if taken:
                contents.append((package.name or False, taken))
        return contents

    def _left_of(self, picking, packed):
        """How many of each sold line are to be reported: shipped, unknown to eBay."""
        here = Counter()
        for quantities in packed.values():
            here.update(quantities)
        for row in picking.ebay_shipment_ids.filtered(lambda r: r.origin == "ebay"):
            here.subtract(_sold(row))
        return {
            sold: min(
                self._left_to_tell(sold), KIT if quantity == KIT else _whole(quantity)
            )
            for sold, quantity in here.items()
        }

    def _left_to_tell(self, sold):
        """How many of a sold line were shipped without a parcel in the outbox."""
        moves = sold.move_ids.filtered(lambda m: m.state == "done" and _leaves(m))
        if any(_is_kit(move) for move in moves):
            left = sold.qty_delivered
        else:
            left = sum(_in_sold_units(line, sold) for line in moves.move_line_ids)
        told = self.env["ebay.shipment.line"].search(
            [("sale_line_id", "=", sold.id), ("shipment_id.state", "!=", "dropped")]
        )
        return max(0, _whole(left) - sum(told.mapped("quantity")))

    # -- share out -------------------------------------------------------------

    def _share_out(self, picking, contents):
        """Write the parcels of a delivery: new ones, or again until one was sent.

        What one parcel holds of several orders is a row for each of them.
        """
        sold = {line.ebay_line_ref: line for _name, one in contents for line in one}
        numbers, problem = self._numbers(picking)
        shares, spare = share_out(
            [
                {line.ebay_line_ref: count for line, count in one.items()}
                for _name, one in contents
            ],
            numbers,
        )
        names = [name for name, _one in contents]
        if len(shares) != len(names):
            names = [False] * len(shares)
        unsent = picking.ebay_shipment_ids.filtered(
            lambda row: row.origin == "odoo" and row.state in UNSENT and not row.is_held
        ).sorted("id")
        shipments, with_services = unsent.browse(), set()
        for (share, number), name in zip(shares, names, strict=True):
            for sale, goods in _by_order(share, sold).items():
                lines = self.env["ebay.hook.shipments"]._lines(goods, picking, sale)
                if not lines:
                    continue
                if sale not in with_services:  # those go with its first parcel
                    with_services.add(sale)
                    lines |= self.env["ebay.shipment.services"]._to_tell(sale, picking)
                again = unsent.filtered(lambda row, of=sale: row.sale_order_id == of)
                row = (again - shipments)[:1]
                values = {
                    **self._values(picking, sale, number),
                    "parcel": name,
                    "line_ids": as_lines(lines),
                }
                if row:
                    row.write(values)
                shipments |= row or row.create(values)
        (unsent - shipments)._forget()
        self._ask_about(shipments, problem, spare)

    def _values(self, picking, sale, number):
        account = sale.ebay_account_id
        method = picking.carrier_id
        row = self.env["ebay.carrier.book"]._carrier_of(method, sale.ebay_marketplace)
        if row.is_proposed and row.code == "Other":
            self.env["ebay.issue"]._raise(
                account,
                "carrier_unknown",
                record=row,
                severity="info",
                method=method.name,
            )
        shipped_at = picking.date_done or fields.Datetime.now()
        waits = not number and account.untracked_rule != "at_once"
        until = account.untracked_rule == "hours" and shipped_at + timedelta(
            hours=account.untracked_hours
        )
        values = {
            "account_id": account.id,
            "sale_order_id": sale.id,
            "picking_id": picking.id,
            "carrier_id": method.id,
            "carrier_code": row.code or "Other",
            "tracking_text": picking.carrier_tracking_ref,
            "tracking_number": number,
            "shipped_at": shipped_at,
            "state": "waiting" if waits else "ready",
            "next_try_at": until if waits else False,
            "reason": False,
            "message": False,
        }
        return self.env["ebay.hook.shipments"]._prepare_parcel_values(
            values, picking=picking, order=sale
        )

    def _numbers(self, picking):
        """The delivery's tracking numbers as eBay accepts them, and what is wrong."""
        told_on_ebay = set(
            picking.ebay_shipment_ids.filtered(lambda row: row.origin == "ebay").mapped(
                "tracking_number"
            )
        )
        numbers, problem = [], None
        texts = self.env["ebay.hook.shipments"]._prepare_tracking_numbers(
            split_tracking(picking.carrier_tracking_ref), picking=picking
        )
        for text in texts:
            number, wrong = clean_tracking(text)
            problem = problem or wrong
            if number and number not in told_on_ebay:
                numbers.append(number)
        return ([], problem) if problem else (list(dict.fromkeys(numbers)), None)

    def _ask_about(self, shipments, problem, spare):
        if problem:
            for shipment in shipments:
                shipment._ask(PROBLEMS[problem])
            return
        shipments._issues()._close()
        if spare and shipments:
            shipments[:1]._tell(
                "tracking_left_over", severity="info", spare=", ".join(spare)
            )

    # -- tracking that came or changed later -----------------------------------

    @api.model
    def _follow_tracking(self, run):
        """Take over tracking numbers and methods that were entered since."""
        run.each(self._with_new_tracking(run.account), self._take_tracking)

    def _with_new_tracking(self, account):
        """Deliveries whose tracking number or method is not what their parcel has."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT p.id
                  FROM ebay_shipment s
                  JOIN stock_picking p ON p.id = s.picking_id
                 WHERE s.account_id = %s
                   -- of a label bought on eBay the carrier is eBay's
                   AND (s.origin = 'odoo'
                        OR s.origin = 'ebay' AND p.state = 'done'
                           AND s.tracking_text <> p.carrier_tracking_ref)
                   AND s.is_held IS NOT TRUE
                   AND s.state NOT IN ('dropped', 'sending')
                   AND s.create_date > %s
                   AND NOT EXISTS (
                         SELECT FROM ebay_order eo
                          WHERE eo.sale_order_id = s.sale_order_id
                            AND eo.erased_at IS NOT NULL)
                   AND (COALESCE(s.tracking_text, '')
                          <> COALESCE(p.carrier_tracking_ref, '')
                        OR s.carrier_id IS DISTINCT FROM p.carrier_id)
                 ORDER BY p.id
                 LIMIT %s
                """,
                account.id,
                fields.Datetime.now() - TRACKING_MAY_CHANGE_FOR,
                BATCH,
            )
        )
        return self.env["stock.picking"].browse(row[0] for row in rows)

    def _take_tracking(self, picking):
        own = picking.ebay_shipment_ids.filtered(
            lambda row: row.origin == "odoo" and not row.is_held
        )
        if "sending" in own.mapped("state"):  # its outcome first
            return "unchanged"
        if not own:
            return self._ask_about_label(picking)
        unsent = own.filtered(lambda row: row.state in UNSENT)
        if unsent and not own.filtered(lambda row: row.state == "sent"):
            contents = []
            for rows in _by_parcel(unsent):
                goods = {}
                for row in rows:
                    goods |= _goods(row)
                contents.append((rows[0].parcel, goods))
            self._share_out(picking, contents)
        else:
            self._correct(picking, own.filtered(lambda row: row.state != "dropped"))
        return "updated"

    def _ask_about_label(self, picking):
        """Another number than that of the label bought on eBay: a person decides."""
        rows = picking.ebay_shipment_ids.filtered(lambda row: row.origin == "ebay")
        rows.tracking_text = picking.carrier_tracking_ref
        numbers, _problem = self._numbers(picking)
        known = rows.mapped("tracking_number")
        if new := [number for number in numbers if number not in known]:
            old = ", ".join(number for number in known if number)
            rows[:1]._tell("tracking_by_hand", old=old or "-", number=", ".join(new))
        return "updated"

    def _correct(self, picking, rows):
        """Give each parcel its new number where that can be reported; else ask."""
        numbers, problem = self._numbers(picking)
        open_numbers = [n for n in numbers if n not in rows.mapped("tracking_number")]
        changed = _by_parcel(
            rows.filtered(lambda row: row.tracking_number not in numbers)
        )
        told = [number for number in rows.mapped("told_tracking") if number]
        for sale, own in rows.grouped("sale_order_id").items():
            values = self._values(picking, sale, "")
            names = ("tracking_text", "carrier_id", "carrier_code")
            own.write({name: values[name] for name in names})
        if problem:
            rows[:1]._tell(PROBLEMS[problem])
        elif numbers and len(open_numbers) != len(changed):
            rows[:1]._tell("tracking_by_hand", old=", ".join(told) or "-")
        else:
            for parcel, number in zip(changed, open_numbers, strict=False):
                parcel.tracking_number = number
                parcel.filtered(lambda row: row.state == "waiting").write(
                    {"state": "ready", "next_try_at": False}
                )
            self._mark_corrections(rows)

    def _mark_corrections(self, rows):
        for row in rows.filtered(lambda one: one.state == "sent"):
            if row.tracking_number and (row.tracking_number, row.carrier_code) != (
                row.told_tracking,
                row.told_carrier,
            ):
                row.write(
                    {
                        "correction": "due",
                        "correction_by_id": False,
                        "attempts": 0,
                        "next_try_at": False,
                    }
                )


def _by_package(line):
    """Packages in the order in which they were packed, loose goods last."""
    return (not line.result_package_id, line.result_package_id.id, line.id)


def _leaves(move):
    """Whether goods leave the house with this move: to the customer, and not back."""
    return (
        move.location_dest_id.usage == "customer"
        and move.location_id.usage != "customer"
    )


def _is_kit(move):
    """Whether the move is a part of what was sold, not the thing itself."""
    return move.product_id != move.sale_line_id.product_id


def _in_sold_units(line, sold):
    return line.product_uom_id._compute_quantity(
        line.quantity, sold[SOL_UOM], round=False
    )


def _whole(quantity):
    return math.floor(quantity + 1e-6)


def _by_order(quantities, sold):
    """Parts of a parcel, ``{sale order: {sold line: quantity}}``."""
    parts = {}
    for ref, count in quantities.items():
        parts.setdefault(sold[ref].order_id, {})[sold[ref]] = count
    return parts


def _by_parcel(rows):
    """Rows that are one parcel of several orders, together; oldest first."""
    parcels = rows.sorted("id").grouped(lambda row: (row.tracking_number, row.parcel))
    return list(parcels.values())


def _sold(row):
    return {line.sale_line_id: line.quantity for line in row.line_ids}


def _goods(row):
    """The contents of a parcel; services are added again."""
    return {line: count for line, count in _sold(row).items() if not is_service(line)}
