"""Parcels that were reported on eBay itself come back: see -> read -> write.

A label bought there, Seller Hub, the app: the tracking number goes to the delivery,
which is validated where the account says so. What the clerk did on eBay stands.
"""

from odoo import api, models
from odoo.fields import Command
from odoo.tools import SQL

from ...compat import SOL_UOM
from ...mapping.shipments import shipment as parcels
from ...mapping.shipments.tracking import clean_tracking, split_tracking
from ...models.shipments.ebay_shipment import UNSENT
from ..engine.run import naive_utc

# Each costs a reading request.
AT_ONCE = 20
NO_SENDER = "noreply@localhost"


class CannotValidate(Exception):
    """The delivery has to be validated by hand."""


class EbayShipmentBack(models.AbstractModel):
    """The way back of shipments_out."""

    _name = "ebay.shipment.back"
    _description = "eBay: take over parcels"

    @api.model
    def _take_back(self, run):
        """Take over the parcels that eBay shows and Odoo does not know."""
        for sale in self._changed(run.account):
            if not run.checkpoint.has_time():
                run.more = True
                return
            if self._knows_all(sale):
                sale.ebay_parcels_read = sale.ebay_shipped_key
            else:
                self._take(run, sale)
            run.save(1)
        self._bring_later(run)

    def _changed(self, account):
        """Orders whose parcels changed on eBay, but for those we are sending to."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT so.id
                  FROM sale_order so
                 WHERE so.ebay_account_id = %s
                   AND so.ebay_shipped_key IS NOT NULL
                   AND so.ebay_shipped_key IS DISTINCT FROM so.ebay_parcels_read
                   AND NOT EXISTS (
                         SELECT FROM ebay_shipment s
                          WHERE s.sale_order_id = so.id
                            AND (s.state = 'sending' OR s.correction = 'sending'))
                   AND NOT EXISTS (
                         SELECT FROM ebay_order eo
                          WHERE eo.sale_order_id = so.id
                            AND eo.erased_at IS NOT NULL)
                 ORDER BY so.id
                 LIMIT %s
                """,
                account.id,
                AT_ONCE,
            )
        )
        return self.env["sale.order"].browse(row[0] for row in rows)

    def _knows_all(self, sale):
        known = set(sale.ebay_shipment_ids.mapped("fulfillment_ref")) - {False}
        return known == set(sale.ebay_shipped_key.split())

    def _take(self, run, sale):
        """Read eBay's parcels of an order and store them."""
        run.counts["seen"] += 1
        key = sale.ebay_shipped_key
        run.save()  # no lock is held across a call
        with run.record(sale) as tried:
            found = parcels.map_parcels(
                run.client.fulfillment.get_shipping_fulfillments(sale.ebay_order_ref)
            )
        if not tried.error:
            with run.record(sale, savepoint=True):
                self._write(run, sale, found)
        if not tried.passes:
            sale.ebay_parcels_read = key

    def _write(self, run, sale, found):
        """Match eBay's parcels with ours; the rest are new, and were made there."""
        own = sale.ebay_shipment_ids
        known = set(own.mapped("fulfillment_ref")) - {False}
        shown = {one.fulfillment_ref for one in found}
        gone = own.filtered(
            lambda row: row.fulfillment_ref and row.fulfillment_ref not in shown
        )
        nameless = own.filtered(
            lambda row: row.state == "sent" and not row.fulfillment_ref
        )
        coming = {
            row.tracking_number for row in own.filtered(lambda one: one.state in UNSENT)
        } - {False}
        new = own.browse()
        for one in found:
            if one.fulfillment_ref in known or one.tracking_number in coming:
                continue
            same = next(
                (
                    row
                    for row in gone + nameless
                    if row._quantities() == dict(one.quantities)
                ),
                None,
            )
            if same:
                gone, nameless = gone - same, nameless - same
                self._renumber(run, same, one)
            else:
                new |= self._create(run, sale, one)
        for picking, rows in new.grouped("picking_id").items():
            if picking:
                self._bring_to(run, picking, rows)

    def _renumber(self, run, row, one):
        """The parcel has another number on eBay now: that one counts."""
        old, new = row.tracking_number, one.tracking_number or row.tracking_number
        changed = bool(row.fulfillment_ref)
        row.write(
            {
                "fulfillment_ref": one.fulfillment_ref,
                "told_tracking": one.tracking_number,
                "told_carrier": one.carrier_code or row.told_carrier,
            }
        )
        if changed and row.told_tracking == new:
            row._issues()._close()
        if not changed or old == new:
            return
        row.write({"tracking_number": new, "correction": False})
        picking = row.picking_id
        kept = [
            new if clean_tracking(text)[0] == old else text
            for text in split_tracking(picking.carrier_tracking_ref)
        ]
        picking.carrier_tracking_ref = ", ".join(kept) or new
        row.tracking_text = picking.carrier_tracking_ref
        run.counts["updated"] += 1
        run.line("updated", row, changes={"tracking_number": [old, new]})

    def _create(self, run, sale, one):
        sold = {line.ebay_line_ref: line for line in sale.order_line}
        row = self.env["ebay.shipment"].create(
            {
                "account_id": sale.ebay_account_id.id,
                "origin": "ebay",
                "state": "sent",
                "sale_order_id": sale.id,
                "picking_id": self._delivery(sale, one.quantities).id,
                "carrier_code": one.carrier_code,
                "tracking_number": one.tracking_number,
                "told_tracking": one.tracking_number,
                "told_carrier": one.carrier_code,
                "fulfillment_ref": one.fulfillment_ref,
                "shipped_at": one.shipped_at and naive_utc(one.shipped_at),
                "told_at": one.shipped_at and naive_utc(one.shipped_at),
                "line_ids": [
                    Command.create(
                        {
                            "sale_line_id": sold[ref].id if ref in sold else False,
                            "line_item_ref": ref,
                            "quantity": quantity,
                        }
                    )
                    for ref, quantity in one.quantities.items()
                ],
            }
        )
        run.counts["created"] += 1
        run.line("created", row)
        return row

    def _delivery(self, sale, quantities):
        """The delivery that a parcel belongs to: an open one first, else the last."""
        leaving = sale.order_line.move_ids.picking_id.filtered(
            lambda picking: (
                picking.state != "cancel"
                and picking.location_dest_id.usage == "customer"
                and set(picking.move_ids.sale_line_id.mapped("ebay_line_ref"))
                & set(quantities)
            )
        ).sorted("id")
        still_open = leaving.filtered(lambda picking: picking.state != "done")
        return still_open[:1] or leaving[-1:]

    # -- the delivery ----------------------------------------------------------

    def _bring_later(self, run):
        """Bring parcels to a delivery that was not there yet, as goods were picked."""
        rows = self.env["ebay.shipment"].browse(self._without_delivery(run.account))
        for sale, own in rows.grouped("sale_order_id").items():
            for row in own:
                row.picking_id = self._delivery(sale, row._quantities())
            for picking, some in own.grouped("picking_id").items():
                if picking:
                    self._bring_to(run, picking, some)
            run.save(1)

    def _without_delivery(self, account):
        """Ids of parcels shipped on eBay whose goods a delivery of Odoo still holds."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT s.id
                  FROM ebay_shipment s
                  JOIN ebay_shipment_line sl ON sl.shipment_id = s.id
                  JOIN stock_move m ON m.sale_line_id = sl.sale_line_id
                       AND m.state <> 'cancel'
                  JOIN stock_location dest
                    ON dest.id = m.location_dest_id AND dest.usage = 'customer'
                 WHERE s.account_id = %s
                   AND s.origin = 'ebay'
                   AND s.picking_id IS NULL
                   AND m.picking_id IS NOT NULL
                   AND NOT EXISTS (
                         SELECT FROM ebay_order eo
                          WHERE eo.sale_order_id = s.sale_order_id
                            AND eo.erased_at IS NOT NULL)
                 ORDER BY s.id
                 LIMIT %s
                """,
                account.id,
                AT_ONCE,
            )
        )
        return [row[0] for row in rows]

    def _bring_to(self, run, picking, rows):
        """Write tracking on the delivery, and validate it if configured."""
        account = run.account
        self._write_tracking(picking, rows)
        numbers = ", ".join(
            number for number in rows.mapped("tracking_number") if number
        )
        picking._message_log(
            body=self.env._(
                "Shipped on eBay. Tracking: %(numbers)s", numbers=numbers or "-"
            )
        )
        if picking.state == "done" or account.shipped_on_ebay_rule != "validate":
            return
        with run.record(picking, savepoint=True) as tried:
            self._validate(picking)
        if tried.error:
            self.env["ebay.issue"]._raise(
                account,
                "validate_by_hand",
                record=picking,
                delivery=picking.name,
                order_ref=picking.sale_id.ebay_order_ref,
            )

    def _write_tracking(self, picking, rows):
        texts = split_tracking(picking.carrier_tracking_ref)
        there = {clean_tracking(text)[0] for text in texts}
        texts += [
            row.tracking_number
            for row in rows
            if row.tracking_number and row.tracking_number not in there
        ]
        values = {}
        if ", ".join(texts) != (picking.carrier_tracking_ref or ""):
            values["carrier_tracking_ref"] = ", ".join(texts)
        if not picking.carrier_id and picking.state != "done":
            values["carrier_id"] = self._method(picking, rows[:1].carrier_code).id
        if values:
            picking.write(values)
        rows.tracking_text = picking.carrier_tracking_ref

    def _method(self, picking, code):
        return (
            self.env["ebay.carrier"]
            .search(
                [
                    ("code", "=", code or ""),
                    ("company_id", "in", (picking.company_id.id, False)),
                ],
                limit=1,
            )
            .carrier_id
        )

    def _validate(self, picking):
        """Ship exactly what eBay's parcels hold; the rest is a backorder."""
        author_sudo = self.env.user.partner_id.sudo()  # the robot's own
        if not author_sudo.email:  # Odoo's notes and e-mails need a sender
            author_sudo.email = picking.company_id.email or NO_SENDER
        wanted = parcels.sum_quantities(
            row._quantities()
            for row in picking.ebay_shipment_ids
            if row.origin == "ebay"
        )
        for move in picking.move_ids.filtered(
            lambda one: one.state not in ("done", "cancel")
        ):
            sold = move.sale_line_id
            count = wanted.get(sold.ebay_line_ref, 0)
            quantity = sold[SOL_UOM]._compute_quantity(count, move.product_uom)
            if move.product_id != sold.product_id or quantity > move.quantity:
                raise CannotValidate
            move.quantity = quantity
            move.picked = quantity > 0
        picking.with_context(skip_backorder=True, skip_sms=True).button_validate()
        if picking.state != "done":
            raise CannotValidate
