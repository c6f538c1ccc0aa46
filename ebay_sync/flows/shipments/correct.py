"""Tracking numbers that were corrected after eBay had them: look -> claim -> call.

The Fulfillment API has no way to change a parcel. Trading's CompleteSale replaces the
numbers of a whole order and marks it as sent. So all corrections of an order go in one
call, with the numbers that stay; while a part of the order is still to leave, a person
is asked to correct the number on eBay.
"""

from odoo import api, fields, models

from ...compat import try_lock
from ...ebay_api.errors import Rejected
from ...mapping.shipments import shipment as parcels
from ...models.engine.ebay_access_mixin import USER
from ...models.shipments.ebay_shipment import GIVE_UP_AFTER_TRIES
from ..engine.run import explain
from ..engine.wishes import Wishes

AT_ONCE = 20


class EbayShipmentCorrect(models.AbstractModel):
    """The correcting half of shipments_out."""

    _name = "ebay.shipment.correct"
    _description = "eBay: correct tracking"

    @api.model
    def _correct_due(self, run):
        """Send the tracking numbers that changed; naturally repeatable."""
        rows = self._lawful(run, self._due(run.account))
        if not rows:
            return
        orders = self.env["ebay.flow.shipments.out"]._read_orders(
            run, rows.mapped("order_ref")
        )
        run.save()
        for row in rows:
            if not run.checkpoint.has_time():
                run.more = True
                return
            row.invalidate_recordset()
            if try_lock(row) and row.correction:
                run.counts["seen"] += 1
                self._treat(run, row, orders.get(row.order_ref))
                run.save(1)

    def _due(self, account):
        return self.env["ebay.shipment"].search(
            [
                ("account_id", "=", account.id),
                ("correction", "!=", False),
                ("state", "=", "sent"),
                "|",
                ("next_try_at", "=", False),
                ("next_try_at", "<=", fields.Datetime.now()),
            ],
            order="id",
            limit=AT_ONCE,
        )

    @staticmethod
    def _lawful(run, rows):
        """Without what was asked for by somebody who may not ask for it any more."""
        asked = rows.filtered(
            lambda one: one.correction == "due" and one.correction_by_id
        )
        void = asked - Wishes(run, USER).standing(asked, "correction_by_id")
        void.write({"correction": False, "correction_by_id": False})
        return rows - void

    def _treat(self, run, row, order):
        """See what eBay has; send ours only if that changes nothing else."""
        row.write({"attempts": row.attempts + 1})
        row._try_later()
        if order is None:
            return
        run.save()  # no lock is held across a call
        with run.record(row) as tried:
            known = parcels.map_parcels(
                run.client.fulfillment.get_shipping_fulfillments(row.order_ref)
            )
            if any(self._has_ours(row, one) for one in known):
                self._confirm(run, row)
            else:
                self._send(run, row, order, known)
        if isinstance(tried.error, Rejected):
            row.write({"correction": False, "next_try_at": False})
            row._tell("correction_refused", reason=explain(tried.error))
        elif tried.error and row.attempts >= GIVE_UP_AFTER_TRIES:
            self._by_hand(row)

    @staticmethod
    def _has_ours(row, one):
        return one.tracking_number == row.tracking_number and (
            one.carrier_code in (None, row.carrier_code)
        )

    def _send(self, run, row, order, known):
        """Send eBay all numbers of the order, or have a person do it."""
        rows = row.sale_order_id.ebay_shipment_ids.filtered(
            lambda one: one.state == "sent" and one.correction
        )
        numbers = parcels.corrected_numbers(order, known, self._new_numbers(rows))
        if numbers is None:
            self._by_hand(rows)
            return
        order_ref = row.order_ref
        rows.write({"correction": "sending"})
        run.save()
        run.client.trading.complete_sale(order_ref, numbers)
        for one in rows:
            self._confirm(run, one)

    @staticmethod
    def _new_numbers(rows):
        """``{eBay's id of the parcel: (carrier, number)}`` of what is corrected."""
        return {
            one.fulfillment_ref or None: (one.carrier_code, one.tracking_number)
            for one in rows
        }

    def _confirm(self, run, row):
        before = row.told_tracking
        row.write(
            {
                "correction": False,
                "next_try_at": False,
                "told_tracking": row.tracking_number,
                "told_carrier": row.carrier_code,
                "fulfillment_ref": row.tracking_number,
            }
        )
        row._issues()._close()
        run.counts["updated"] += 1
        run.line(
            "updated", row, changes={"tracking_number": [before, row.tracking_number]}
        )

    def _by_hand(self, rows):
        rows.write({"correction": False, "next_try_at": False})
        for row in rows:
            row._tell("tracking_by_hand", old=row.told_tracking or "-")
