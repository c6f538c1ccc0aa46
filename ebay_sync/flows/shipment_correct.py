"""Tracking numbers that were corrected after eBay had them: look -> claim -> call.

The Fulfillment API has no way to change a parcel. Trading's CompleteSale replaces what
eBay knows of a whole order, so it is used only where one parcel holds the whole order;
for the rest a person is asked to correct the number on eBay.
"""

from odoo import api, fields, models

from ..compat import try_lock
from ..ebay_api.errors import (
    AuthError,
    ContractError,
    RateLimited,
    Rejected,
    Transient,
    WritesRefused,
)
from ..mapping import shipment as parcels
from ..mapping.errors import MappingError
from ..models.ebay_shipment import GIVE_UP_AFTER_TRIES
from .run import explain

AT_ONCE = 20


class EbayShipmentCorrect(models.AbstractModel):
    """The correcting half of shipments_out."""

    _name = "ebay.shipment.correct"
    _description = "eBay: correct tracking"

    @api.model
    def _correct_due(self, run):
        """Send the tracking numbers that changed; naturally repeatable."""
        rows = self._due(run.account)
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

    def _treat(self, run, row, order):
        """See what eBay has; send ours only where that changes just this."""
        row.write({"attempts": row.attempts + 1})
        row._try_later()
        if order is None:
            return
        run.save()  # no lock is held across a call
        try:
            known = parcels.map_parcels(
                run.client.fulfillment.get_shipping_fulfillments(row.order_ref)
            )
            if any(self._has_ours(row, one) for one in known):
                self._confirm(run, row)
            elif not parcels.may_correct(order, known):
                self._by_hand(row)
            else:
                self._send(run, row)
        except (AuthError, RateLimited, WritesRefused):
            raise
        except (Transient, ContractError, MappingError) as error:
            run.failed(row, error)
            if row.attempts >= GIVE_UP_AFTER_TRIES:
                self._by_hand(row)
        except Rejected as error:
            run.failed(row, error)
            row.write({"correction": False, "next_try_at": False})
            row._tell("correction_refused", reason=explain(error))

    @staticmethod
    def _has_ours(row, one):
        return one.tracking_number == row.tracking_number and (
            one.carrier_code in (None, row.carrier_code)
        )

    def _send(self, run, row):
        number, carrier, order_ref = (
            row.tracking_number,
            row.carrier_code,
            row.order_ref,
        )
        row.correction = "sending"
        run.save()
        run.client.trading.complete_sale(
            order_ref, carrier=carrier, tracking_number=number
        )
        self._confirm(run, row)

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

    def _by_hand(self, row):
        row.write({"correction": False, "next_try_at": False})
        row._tell("tracking_by_hand")
