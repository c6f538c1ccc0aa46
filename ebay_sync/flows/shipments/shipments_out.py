"""Parcels go to eBay, each once: plan -> look -> claim -> call -> confirm.

What is to be reported is in the outbox (``plan.py``). Before parcels are sent,
eBay is asked for their orders, fifty at a time: what was cancelled, refunded or
shipped there meanwhile is not sent. A parcel is claimed and committed before the call;
when no answer comes it stays claimed, and eBay's own parcels are read before anything
else.
"""

import logging
from datetime import timedelta

from odoo import api, fields, models

from ...compat import try_lock
from ...ebay_api.errors import EbayError, Forbidden, Rejected, Transient
from ...mapping.orders.order import map_order
from ...mapping.shipments import shipment as parcels
from ...mapping.values.errors import MappingError
from ...models.shipments.ebay_shipment import GIVE_UP_AFTER_TRIES
from ..engine.run import aware_utc, explain
from ..engine.trouble import may_be_done

_logger = logging.getLogger(__name__)

# getOrders accepts this many ids at once.
AT_ONCE = 50
# eBay may still be working on a call that was given up here.
SETTLES_IN_MINUTES = 1
# After this many failures in a row eBay is left alone until the next run.
FAILURES_IN_A_ROW = 3
SHIPPED_IN_FUTURE = "32500"
BAD_TRACKING = "32300"


class EbayFlowShipmentsOut(models.AbstractModel):
    """Shipped deliveries -> ebay.shipment -> fulfilments on eBay, and back."""

    _name = "ebay.flow.shipments.out"
    _description = "eBay flow: shipments"
    _inherit = "ebay.flow"

    _flow_name = "shipments_out"
    _flow_sequence = 30
    _flow_interval = (5, "minutes")

    @api.model
    def _flow_label(self):
        return self.env._("Shipments")

    @api.model
    def _work(self, run):
        """Out first: buyers wait for tracking. A mirror only looks at eBay's side."""
        self.env["ebay.ship.by.watch"]._watch(run)
        if run.account._may_write():
            self.env["ebay.shipment.plan"]._plan_due(run)
            self.env["ebay.shipment.services"]._plan_due(run)
            self.env["ebay.shipment.plan"]._follow_tracking(run)
            self._end_waiting(run)
            with run.part():
                self._send_due(run)
            with run.part():
                self.env["ebay.shipment.correct"]._correct_due(run)
        with run.part():
            self.env["ebay.shipment.back"]._take_back(run)

    # -- what is due -----------------------------------------------------------

    def _end_waiting(self, run):
        """If configured, a parcel without tracking is reported after some hours."""
        self.env["ebay.shipment"].search(
            [
                ("account_id", "=", run.account.id),
                ("state", "=", "waiting"),
                ("next_try_at", "<=", fields.Datetime.now()),
            ]
        ).write({"state": "ready", "next_try_at": False})
        run.save()

    def _send_due(self, run):
        """Report every parcel that is due, oldest first."""
        failures, last, healed = 0, 0, False
        while rows := self._due(run.account, last):
            last = rows[-1].id
            orders = self._read_orders(run, rows.mapped("order_ref"))
            run.save()
            for row in rows:
                if not run.checkpoint.has_time():
                    run.more = True
                    return
                failures = 0 if self._treat(run, row, orders) else failures + 1
                if failures == FAILURES_IN_A_ROW:
                    raise Transient(self.env._("eBay failed several times in a row"))
                if not healed and row.state == "sent":
                    healed = True
                    if self._bring_forward(run.account):
                        last = 0
                        break

    def _bring_forward(self, account):
        """eBay works again: what failed before waits no longer, and goes first."""
        waiting = self.env["ebay.shipment"].search(
            [
                ("account_id", "=", account.id),
                ("state", "=", "ready"),
                ("attempts", ">", 0),
                ("message", "!=", False),
                ("next_try_at", ">", fields.Datetime.now()),
            ]
        )
        waiting.next_try_at = False
        return bool(waiting)

    def _due(self, account, after):
        return self.env["ebay.shipment"].search(
            [
                ("account_id", "=", account.id),
                ("origin", "=", "odoo"),
                ("state", "in", ("ready", "sending")),
                ("id", ">", after),
                "|",
                ("next_try_at", "=", False),
                ("next_try_at", "<=", fields.Datetime.now()),
            ],
            order="id",
            limit=AT_ONCE,
        )

    def _read_orders(self, run, refs):
        """What eBay says of these orders now, ``{order number: Order}``."""
        refs = list(dict.fromkeys(refs))
        try:
            documents = run.client.fulfillment.get_orders_by_id(refs)["orders"]
        except (Rejected, Forbidden):  # one number may spoil the whole question
            documents = self._read_one_by_one(run, refs)
        found = {}
        for document in documents:
            try:
                order = map_order(document)
            except MappingError as error:
                _logger.warning("eBay order not readable at %s", error.path)
            else:
                found[order.order_ref] = order
        return found

    def _read_one_by_one(self, run, refs):
        documents = []
        for ref in refs:
            try:
                documents.append(run.client.fulfillment.get_order(ref))
            except Rejected as error:
                _logger.info("eBay does not show an order: %s", error)
        return documents

    # -- one parcel ------------------------------------------------------------

    def _treat(self, run, row, orders):
        """Decide about a parcel and do it; false when eBay failed at it."""
        if not self._take(run, row):
            return True
        run.counts["seen"] += 1
        order = orders.get(row.order_ref)
        if order is None:
            self._not_shown(run, row)
        elif self._came_back(row):
            self._ask(run, row, "returned_before_told")
        else:
            return self._judge_and_act(run, row, order)
        run.save(1)
        return True

    def _take(self, run, row):
        """Lock the parcel; false when it is another one's, or not to be sent now."""
        row.invalidate_recordset()  # a person may have answered since
        if try_lock(row) and row.state in ("ready", "sending"):
            return True
        run.counts["skipped"] += 1
        return False

    def _judge_and_act(self, run, row, order):
        ebay_parcels = None
        verdict = self._judge(row, order)
        if verdict.what == parcels.READ:
            ebay_parcels = self._read_parcels(run, row)
            if ebay_parcels is None:
                return False
            if not self._take(run, row):
                return True
            verdict = self._judge(row, order, ebay_parcels)
        if verdict.what == parcels.SEND:
            if verdict.held:
                row._hold_back(verdict.held)
            return self._send(run, row, verdict.quantities)
        if verdict.what == parcels.TOLD:
            self._confirm(run, row, verdict.fulfillment_ref)
        elif verdict.what == parcels.ELSEWHERE:
            self._shipped_elsewhere(run, row, ebay_parcels)
        else:
            self._ask(run, row, verdict.reason)
        run.save(1)
        return True

    def _judge(self, row, order, ebay_parcels=None):
        others = row.sale_order_id.ebay_shipment_ids.filtered(
            lambda one: one != row and one.state == "sent"
        )
        parcel = parcels.Parcel(
            quantities=row._quantities(),
            shipped_at=aware_utc(row.shipped_at),
            tracking_number=row.tracking_number or "",
            carrier_code=row.carrier_code,
            claimed=row.state == "sending",
            insisted=row._is_insisted(),
        )
        return parcels.judge(
            parcel,
            order,
            own_refs=set(others.mapped("fulfillment_ref")) - {False},
            own_told=parcels.sum_quantities(one._quantities() for one in others),
            ebay_parcels=ebay_parcels,
        )

    def _read_parcels(self, run, row):
        """eBay's own parcels of the order; None when they cannot be read now."""
        run.save()  # nobody waits for a row while eBay is asked
        with run.record(row):
            answer = run.client.fulfillment.get_shipping_fulfillments(row.order_ref)
            return parcels.map_parcels(answer)
        row._try_later(SETTLES_IN_MINUTES)
        run.save(1)
        return None

    def _came_back(self, row):
        """Whether all of the parcel was returned before it was reported to eBay."""
        if row._is_insisted() or row.state == "sending":
            return False
        sold = row.line_ids.sale_line_id
        sent = row.picking_id.move_ids.filtered(
            lambda move: move.state == "done" and move.sale_line_id in sold
        )
        back = sent.returned_move_ids.filtered(lambda move: move.state == "done")
        return bool(sent) and sum(back.mapped("quantity")) >= sum(
            sent.mapped("quantity")
        )

    # -- claim, call, confirm --------------------------------------------------

    def _send(self, run, row, quantities):
        """Claim the parcel, report it, confirm it; false when eBay failed."""
        self._claim(row, quantities)
        document = parcels.fulfillment_document(
            quantities,
            aware_utc(row.shipped_at),
            row.tracking_number or "",
            row.carrier_code,
        )
        order_ref = row.order_ref
        run.save()
        try:
            with run.record(row) as tried:
                reply = run.client.fulfillment.create_shipping_fulfillment(
                    order_ref, document
                )
        except EbayError:  # about more than this parcel, which was not accepted
            self._release(run, row)
            raise
        if isinstance(tried.error, Rejected):
            self._refused(row, tried.error)
        elif tried.error:
            self._failed(row, tried.error)
        else:
            self._confirm(run, row, reply.created_id)
        run.save(1)
        return not tried.error or isinstance(tried.error, Rejected)

    def _claim(self, row, quantities):
        for line in row.line_ids:
            if quantities.get(line.line_item_ref) != line.quantity:
                line.quantity = quantities.get(line.line_item_ref, 0)
        row.line_ids.filtered(lambda line: not line.quantity).unlink()
        row.write(
            {
                "state": "sending",
                "attempts": row.attempts + 1,
                "claimed_at": fields.Datetime.now(),
                "next_try_at": fields.Datetime.now()
                + timedelta(minutes=SETTLES_IN_MINUTES),
            }
        )

    def _release(self, run, row):
        """eBay did not accept the call: as if it had not been made."""
        row.write({"state": "ready", "claimed_at": False, "next_try_at": False})
        row.attempts -= 1
        run.save()

    def _failed(self, row, error):
        outcome_unknown = may_be_done(error)
        if outcome_unknown:
            row._try_later(SETTLES_IN_MINUTES)
        else:
            row.write(
                {
                    "state": "ready",
                    "claimed_at": False,
                    "message": explain(error)[:500],
                }
            )
            row._try_later()
        if row.attempts >= GIVE_UP_AFTER_TRIES and not outcome_unknown:
            row._ask("shipment_gave_up", explain(error))

    def _refused(self, row, error):
        """eBay refuses it like this: ask or wait, depending on the reason."""
        if error.has(SHIPPED_IN_FUTURE) and row.attempts < GIVE_UP_AFTER_TRIES:
            row.write({"state": "ready", "claimed_at": False})
            row._try_later()
        elif error.has(BAD_TRACKING):
            row._ask("tracking_refused", explain(error), carrier=row.carrier_code)
        else:
            row._ask("shipment_refused", explain(error))

    def _confirm(self, run, row, fulfillment_ref):
        row._set_sent(fulfillment_ref)
        run.counts["updated"] += 1
        run.line("updated", row, changes={"fulfillment_ref": [None, fulfillment_ref]})

    # -- what is not sent ------------------------------------------------------

    def _ask(self, run, row, code):
        row._ask(code)
        run.counts["unchanged"] += 1

    def _shipped_elsewhere(self, run, row, ebay_parcels):
        """All of it was reported on eBay as other parcels; they stay as they are.

        Only where eBay has no tracking number at all, ours is added. (What was not read
        are our own parcels: this one is a second delivery of the same goods.)
        """
        row._set_sent(told_tracking=False, told_carrier=False)
        run.counts["updated"] += 1
        run.line("updated", row, changes={"state": ["ready", "sent"]})
        if not row.tracking_number:
            return
        if ebay_parcels is None or any(one.tracking_number for one in ebay_parcels):
            row._tell("shipped_elsewhere", severity="info")
        else:
            row.write({"correction": "due", "correction_by_id": False})

    def _not_shown(self, run, row):
        """eBay does not show the order under this number: it may have a new one."""
        run.account._want_orders([row.order_ref])
        row.attempts += 1
        if row.attempts >= GIVE_UP_AFTER_TRIES and row.state != "sending":
            row._ask("order_gone")
        else:
            row._try_later()
        run.counts["unchanged"] += 1
