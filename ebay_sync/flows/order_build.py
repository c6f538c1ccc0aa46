"""Stored orders become sale orders: map -> partner -> lines -> total -> confirm.

In batches, because that is more than twice as fast. A batch that raises is rolled back
and built again one by one, so that a bad order costs only itself.
"""

import logging
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Command

from ..compat import CONCURRENCY, try_lock
from ..mapping.errors import MappingError
from ..mapping.money import rounded
from ..mapping.order import map_order
from .order_book import OrderBook
from .order_lines import LineDesk, take_up_charge, take_up_rounding
from .order_partner import PartnerDesk
from .order_plan import Plan
from .run import ENDS_THE_TURN, explain, naive_utc, reason

_logger = logging.getLogger(__name__)

BATCH = 100
UNPAID = ("PENDING", "FAILED")
# Odoo writes no notes and subscribes nobody while a batch is built.
QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "mail_create_nolog": True,
}


class EbayOrderBuild(models.AbstractModel):
    """The building half of orders_in."""

    _name = "ebay.order.build"
    _description = "eBay: build sale orders"

    @api.model
    def _build_due(self, run):
        """Build what waits, batch by batch, until it is done or the time is up."""
        while rows := self._due(run.account):
            self.with_context(**QUIET)._build_batch(run, rows.with_context(**QUIET))
            if not run.save(len(rows)):
                run.more = True
                return

    def _due(self, account):
        rows = self.env["ebay.order"].search(
            [
                ("account_id", "=", account.id),
                ("payload_hash", "!=", False),
                "|",
                ("state", "=", "pending"),
                "&",
                ("state", "=", "blocked"),
                ("next_try_at", "<=", fields.Datetime.now()),
            ],
            order="ebay_created_at, id",
            limit=BATCH,
        )
        return try_lock(rows)

    def _build_batch(self, run, rows):
        try:
            with self.env.cr.savepoint():
                counts = self._build(run, rows)
        except (*CONCURRENCY, *ENDS_THE_TURN):
            raise
        except Exception as error:
            _logger.info("A batch of %s eBay orders: %s", len(rows), explain(error))
            for row in rows:
                self._build_alone(run, row)
        else:
            run.counts.update(counts)

    def _build_alone(self, run, row):
        try:
            with self.env.cr.savepoint():
                counts = self._build(run, row)
        except (*CONCURRENCY, *ENDS_THE_TURN):
            raise
        except Exception as error:
            run.failed(row, error)
            row._set_blocked(reason(error))
            self.env["ebay.issue"]._raise(
                run.account,
                "order_failed",
                order=row,
                order_ref=row.order_ref,
                reason=reason(error),
            )
        else:
            run.counts.update(counts)

    # -- one batch -------------------------------------------------------------

    def _build(self, run, rows):
        """Build or bring up to date every row; raises as a whole."""
        plans = self._plans(rows)
        plans = [plan for plan in plans if not self._left_out(run.account, plan)]
        plans = self._with_sale_orders(run.account, plans)
        new = [plan for plan in plans if not plan.sale]
        drafts = [plan for plan in plans if plan.sale and plan.sale.state == "draft"]
        book = OrderBook(self.env, run.account, [plan.order for plan in new + drafts])
        self._create(book, new)
        self._complete(book, drafts)
        self._check_and_confirm(run.account, new + drafts)
        for plan in plans:
            self.env["ebay.order.update"]._follow(run.account, plan)
        self._close_rows(run.account, plans)
        return {"created": len(new), "updated": len(plans) - len(new)}

    def _plans(self, rows):
        plans = []
        for row in rows:
            try:
                plans.append(Plan(row, map_order(row.payload)))
            except MappingError as error:
                row._set_blocked(f"{error.path}: {error.reason}")
                self.env["ebay.issue"]._raise(
                    row.account_id,
                    "order_unreadable",
                    order=row,
                    order_ref=row.order_ref,
                    path=error.path,
                    reason=error.reason,
                )
        return plans

    def _left_out(self, account, plan):
        """What was shipped before the account was connected is history."""
        history = (
            plan.order.fulfillment_status == "FULFILLED"
            and account.connected_at
            and naive_utc(plan.order.created_at) < account.connected_at
            and not plan.row.sale_order_id
        )
        if history:
            plan.row.write(
                {
                    "state": "ignored",
                    "message": self.env._("Shipped before this account was connected"),
                }
            )
        return history

    def _with_sale_orders(self, account, plans):
        """The plans, each with the sale order that exists for it.

        eBay changes the number when an order is paid: the plan of the former number is
        left out, whether its sale order is there or would come in this batch.
        """
        refs = [line.line_item_ref for plan in plans for line in plan.order.lines]
        lines = self.env["sale.order.line"].search(
            [
                ("ebay_line_ref", "in", refs),
                ("order_id.ebay_account_id", "=", account.id),
            ]
        )
        by_line = {line.ebay_line_ref: line.order_id for line in lines}
        sales = self.env["sale.order"].search(
            [
                ("ebay_account_id", "=", account.id),
                ("ebay_order_ref", "in", [plan.order.order_ref for plan in plans]),
            ]
        )
        by_ref = {sale.ebay_order_ref: sale for sale in sales}
        for plan in plans:
            plan.sale = plan.row.sale_order_id or by_ref.get(plan.order.order_ref)
            if plan.sale:
                continue
            found = {by_line.get(line.line_item_ref) for line in plan.order.lines}
            found.discard(None)
            if len(found) == 1:
                self._adopt(plan, found.pop())
        waiting = {}
        for plan in plans:
            for line in plan.order.lines:
                other = waiting.setdefault(line.line_item_ref, plan)
                if other is not plan and not (other.sale or plan.sale):
                    if self._renumber(other.row, plan):
                        waiting[line.line_item_ref] = plan
                    else:  # they came the other way round
                        self._renumber(plan.row, other)
        return [plan for plan in plans if plan.row.state != "ignored"]

    def _adopt(self, plan, sale):
        """The unpaid order of before, under its new number."""
        former = sale.ebay_order_id
        if not self._renumber(former, plan):
            return
        plan.sale = plan.row.sale_order_id = sale
        sale.write(
            {
                "ebay_order_ref": plan.order.order_ref,
                "ebay_order_id": plan.row.id,
                "client_order_ref": plan.order.order_ref,
            }
        )

    def _renumber(self, former, plan):
        """Leave the row of the former number behind; false when it was paid itself."""
        if former == plan.row or former.payment_status not in UNPAID:
            return False
        if plan.row.payment_status in UNPAID and plan.row.id < former.id:
            return False  # of two unpaid ones the number seen first is the former
        plan.row.former_refs = former.order_ref
        former.write(
            {
                "state": "ignored",
                "sale_order_id": False,
                "message": self.env._(
                    "Paid as order %(number)s", number=plan.order.order_ref
                ),
            }
        )
        former.issue_ids._close()
        return True

    # -- create ----------------------------------------------------------------

    def _create(self, book, plans):
        if not plans:
            return
        ready = [plan for plan in plans if self._has_currency(book, plan)]
        PartnerDesk(book).serve(ready)
        desk = LineDesk(book)
        for plan in ready:
            desk.serve(plan)
        orders = self.env["sale.order"].create(
            [self._order_values(book, plan) for plan in ready]
        )
        for plan, order in zip(ready, orders, strict=True):
            plan.sale = order
            plan.row.sale_order_id = order

    def _has_currency(self, book, plan):
        currency = book.currencies.get(plan.order.currency)
        if currency and currency.active:
            return True
        plan.block("currency_off", plan.order.currency, currency=plan.order.currency)
        return False

    def _order_values(self, book, plan):
        """Everything that Odoo would otherwise work out order by order."""
        account, order = book.account, plan.order
        warehouse = book.warehouse(order.fulfillment.merchant_location_ref)
        values = {
            "company_id": book.company.id,
            "partner_id": plan.partner.id,
            "partner_invoice_id": plan.invoice_partner.id,
            "partner_shipping_id": plan.delivery_partner.id,
            "pricelist_id": book.pricelists[order.currency].id,
            "fiscal_position_id": plan.position.id,
            "payment_term_id": account.payment_term_id.id,
            "team_id": account.team_id.id,
            "user_id": account.salesperson_id.id,
            "tag_ids": [Command.set(account.tag_ids.ids)],
            "warehouse_id": warehouse.id,
            "carrier_id": book.carrier(order.fulfillment.service_code).id,
            "date_order": naive_utc(order.created_at),
            "commitment_date": _naive(order.fulfillment.ship_by_at),
            "client_order_ref": order.order_ref,
            "origin": "eBay",
            "note": False,
            "require_signature": False,
            "require_payment": False,
            "ebay_account_id": account.id,
            "ebay_order_id": plan.row.id,
            "ebay_order_ref": order.order_ref,
            **self._ebay_values(plan),
            "order_line": [Command.create(line) for line in plan.line_values],
        }
        if account.name_rule != "odoo":
            prefix = account.name_prefix if account.name_rule == "prefix" else ""
            values["name"] = f"{prefix or ''}{order.order_ref}"
        return values

    def _ebay_values(self, plan):
        order = plan.order
        return {
            "ebay_buyer": order.buyer.username,
            "ebay_marketplace": order.lines[0].purchase_marketplace,
            "ebay_payment_status": order.payment_status,
            "ebay_fulfillment_status": order.fulfillment_status,
            "ebay_cancel_state": order.cancel.state,
            "ebay_ship_by_at": _naive(order.fulfillment.ship_by_at),
            "ebay_service_code": order.fulfillment.service_code,
            "ebay_total": float(order.expected_total),
            "ebay_remitted_tax": float(order.totals.remitted_tax),
            "ebay_buyer_note": order.buyer_note,
            "ebay_gift": _gift_text(order) or False,
        }

    # -- complete what waits ---------------------------------------------------

    def _complete(self, book, plans):
        """Add the lines that could not be made before."""
        desk = LineDesk(book)
        for plan in plans:
            plan.partner = plan.sale.partner_id
            plan.invoice_partner = plan.sale.partner_invoice_id
            plan.delivery_partner = plan.sale.partner_shipping_id
            desk.serve(plan)
            if plan.charge and plan.charge.tax:
                take_up_charge(plan)
            there = set(plan.sale.order_line.mapped("ebay_line_ref")) - {False}
            missing = [
                Command.create(values)
                for values in plan.line_values
                if values.get("ebay_line_ref") and values["ebay_line_ref"] not in there
            ]
            if missing:
                plan.sale.write({"order_line": missing})

    # -- the guard -------------------------------------------------------------

    def _check_and_confirm(self, account, plans):
        confirmed = self.env["sale.order"]
        ready = [plan for plan in plans if plan.sale and not plan.blockers]
        take_up_rounding(account, ready)
        for plan in ready:
            if self._total_is_right(plan) and self._may_confirm(account, plan):
                confirmed |= plan.sale
        if not confirmed:
            return
        self.env["ebay.order.holds"]._release(confirmed)
        dates = {order.id: order.date_order for order in confirmed}
        confirmed.action_confirm()
        for order in confirmed:  # confirming sets it to now
            order.date_order = dates[order.id]

    def _total_is_right(self, plan):
        """Odoo's total equals eBay's to the cent, or the order waits."""
        expected = plan.order.expected_total
        currency = plan.sale.currency_id
        odoo = Decimal(str(currency.round(plan.sale.amount_total)))
        if plan.is_certain and odoo == expected:
            return True
        plan.block(
            "total_differs",
            order_ref=plan.order.order_ref,
            odoo=f"{rounded(odoo, currency.name)} {currency.name}",
            ebay=f"{plan.order.totals.ebay_total or '–'} {plan.order.currency}",
            expected=f"{expected} {plan.order.currency}",
        )
        return False

    def _may_confirm(self, account, plan):
        order = plan.order
        if order.cancel.is_cancelled or order.cancel.is_requested:
            return False
        if account.confirm_rule == "always":
            return order.payment_status != "FAILED"
        return account.confirm_rule == "paid" and order.may_ship

    # -- close -----------------------------------------------------------------

    def _close_rows(self, account, plans):
        """Imported or blocked; the inbox says why, and forgets what is mended."""
        done = self.env["ebay.order"]
        for plan in plans:
            kept = self._tell(account, plan)
            open_issues = plan.row.issue_ids.filtered(lambda one: one.state == "open")
            over = open_issues - kept
            over.filtered(lambda issue: not issue._still_holds())._close()
            if plan.blockers:
                is_open = kept.filtered(lambda issue: issue.state == "open")
                summaries = (is_open or kept).mapped("summary")
                plan.row._set_blocked(" ".join(summaries) or plan.blockers[0].code)
            else:
                done |= plan.row
        done._set_imported()

    def _tell(self, account, plan):
        issues = self.env["ebay.issue"]
        for told in (*plan.blockers, *plan.remarks):
            issues |= issues._raise(
                account,
                told.code,
                told.cause,
                order=plan.row,
                severity=told.severity,
                **{"order_ref": plan.order.order_ref, **told.details},
            )
        return issues


def _naive(moment):
    return moment and naive_utc(moment)


def _gift_text(order):
    return "\n".join(
        ": ".join(part for part in (gift.sender_name, gift.message) if part)
        for line in order.lines
        if (gift := line.gift)
    )
