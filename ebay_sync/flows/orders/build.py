"""The one step: a sale order is made, or brought after its stored eBay order.

map -> compare three ways -> partner, lines, changes -> total -> confirm -> new base.

In batches, because that is more than twice as fast. A batch that raises is rolled back
and built again one by one, so that a bad order costs only itself.
"""

import logging
from datetime import timedelta
from decimal import Decimal

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Command

from ...compat import try_lock
from ...mapping.orders.due import order_due, refunds_are_lines
from ...mapping.orders.facts import GIFT, PRICE, QUANTITY, facts_of, line_of
from ...mapping.orders.fulfillment import FULFILLED_BY_EBAY
from ...mapping.orders.merge import Phase, merge, next_base
from ...mapping.orders.order import map_order
from ...mapping.orders.payment import PARTIALLY_REFUNDED
from ...mapping.values.errors import MappingError
from ...mapping.values.money import rounded
from ..engine.run import explain, naive_utc, reason
from .changes import Changes
from .former_numbers import SaleOrders
from .lines import (
    LineBuilder,
    add_charge_to_line_taxes,
    add_rounding,
)
from .lookups import Lookups
from .odoo_facts import Base, phase_of, reading_of
from .partner import PartnerBuilder
from .plan import Plan
from .tax_numbers import take_tax_numbers

_logger = logging.getLogger(__name__)

BATCH = 100
WAIT_FOR_DETAILS = timedelta(minutes=30)
WAITING = ("draft", "sent")
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
                # what getOrder alone tells (tax numbers) is waited for, a while
                "|",
                "|",
                ("needs_details", "=", False),
                ("sale_order_id", "!=", False),
                ("create_date", "<", fields.Datetime.now() - WAIT_FOR_DETAILS),
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
        with run.record(savepoint=True) as tried:
            counts = self._build(run, rows)
        if not tried.error:
            run.counts.update(counts)
            return
        _logger.info("A batch of %s eBay orders: %s", len(rows), explain(tried.error))
        for row in rows:
            self._build_alone(run, row)

    def _build_alone(self, run, row):
        with run.record(row, savepoint=True) as tried:
            counts = self._build(run, row)
        if not tried.error:
            run.counts.update(counts)
            return
        words = reason(tried.error)
        row._set_blocked(words)
        self.env["ebay.issue"]._raise(
            run.account,
            "order_failed",
            order=row,
            order_ref=row.order_ref,
            reason=words,
        )

    # -- one batch -------------------------------------------------------------

    def _build(self, run, rows):
        """Bring the sale order of every row after its document; raises as a whole."""
        account = run.account
        plans = [one for one in self._plans(rows) if not self._left_out(account, one)]
        plans = SaleOrders(self.env, account).find(plans)
        plans = self.env["ebay.order.filter"]._ours(account, plans)
        new = [plan for plan in plans if not plan.sale]
        self._bring_after(account, plans)
        self._close_rows(account, plans)
        return {"created": len(new), "updated": len(plans) - len(new)}

    def _bring_after(self, account, plans, taken=frozenset()):
        """The one step: compare three ways, apply, confirm, ask, keep the new base.

        ``taken`` are facts for which a person chose eBay's value.
        """
        analytic = self.env["account.analytic.distribution.model"]
        self = self.with_context(**analytic._ebay_context())
        for plan in plans:
            self._compare(plan, taken)
        take_tax_numbers([plan for plan in plans if plan.sale])
        new = [plan for plan in plans if not plan.sale]
        behind = [plan for plan in plans if plan.sale and _is_behind(plan)]
        lookups = Lookups(self.env, account, [plan.order for plan in new + behind])
        self._create(lookups, new)
        Changes(lookups).apply(behind)
        for plan in behind:
            if plan.charge and plan.charge.tax:
                add_charge_to_line_taxes(plan)
        self.env["ebay.order.field.rules"]._apply(account, plans)
        self._check_and_confirm(account, new + behind)
        for plan in plans:
            self.env["ebay.order.update"]._follow(account, plan)
            self._keep_base(plan)

    def _compare(self, plan, taken):
        """What has changed since the last time, at eBay and in Odoo."""
        plan.base, plan.ebay = Base.of(plan.row), facts_of(plan.order)
        readings, phase = {}, Phase()
        if plan.sale:
            readings = reading_of(plan.sale)
            if plan.ebay != plan.base.facts:
                phase = phase_of(plan.sale)
        odoo = plan.base.odoo_facts(readings)
        plan.merged = merge(plan.base.facts, plan.ebay, odoo, phase, taken)

    def _keep_base(self, plan):
        """What was applied now counts as applied, and what Odoo says of it as ours."""
        if not plan.sale:
            return
        merged = plan.merged
        facts = next_base(plan.base.facts, plan.ebay, merged, plan.undone)
        ours = plan.changed | set(merged.settled)
        plan.base.store(
            plan.row, facts, reading_of(plan.sale), set(merged.touched) - ours
        )

    def _plans(self, rows):
        plans = []
        for row in rows:
            try:
                plans.append(Plan(row, order_due(map_order(row.payload))))
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

    # -- create ----------------------------------------------------------------

    def _create(self, lookups, plans):
        if not plans:
            return
        ready = [plan for plan in plans if self._has_currency(lookups, plan)]
        PartnerBuilder(lookups).serve(ready)
        builder = LineBuilder(lookups)
        for plan in ready:
            builder.serve(plan)
            lacking = set(plan.changed) - _placed_keys(plan)
            plan.undone |= {key for key in lacking if line_of(key)}
        orders = self.env["sale.order"].create(
            [self._order_values(lookups, plan) for plan in ready]
        )
        for plan, order in zip(ready, orders, strict=True):
            plan.sale = order
            plan.row.sale_order_id = order
            if plan.combined:
                order._message_log(
                    body=self.env._(
                        "eBay: paid instead of %(orders)s",
                        orders=", ".join(plan.combined.mapped("name")),
                    )
                )

    def _has_currency(self, lookups, plan):
        currency = lookups.currencies.get(plan.order.currency)
        if currency and currency.active:
            return True
        plan.block("currency_off", plan.order.currency, currency=plan.order.currency)
        return False

    def _order_values(self, lookups, plan):
        """Everything that Odoo would otherwise work out order by order."""
        account, order = lookups.account, plan.order
        warehouse = lookups.warehouse(order.fulfillment.merchant_location_ref)
        values = {
            "company_id": lookups.company.id,
            "partner_id": plan.partner.id,
            "partner_invoice_id": plan.invoice_partner.id,
            "partner_shipping_id": plan.delivery_partner.id,
            "pricelist_id": lookups.pricelists[order.currency].id,
            "fiscal_position_id": plan.position.id,
            "payment_term_id": account.payment_term_id.id,
            "team_id": account.team_id.id,
            "user_id": account.salesperson_id.id,
            "tag_ids": [Command.set(account.tag_ids.ids)],
            "warehouse_id": warehouse.id,
            "carrier_id": lookups.carrier(order.fulfillment.service_code).id,
            "date_order": naive_utc(order.created_at),
            "commitment_date": naive_utc(order.fulfillment.ship_by_at),
            "client_order_ref": order.order_ref,
            "origin": "eBay",
            "note": False,
            **({} if account.mail_buyers else {"sale_order_template_id": False}),
            "require_signature": False,
            "require_payment": False,
            "ebay_account_id": account.id,
            "ebay_order_id": plan.row.id,
            "ebay_order_ref": order.order_ref,
            **self._ebay_values(plan),
        }
        if account.name_rule != "odoo":
            prefix = account.name_prefix if account.name_rule == "prefix" else ""
            values["name"] = f"{prefix or ''}{order.order_ref}"
        hooks = self.env["ebay.hook.orders"]
        return {
            **hooks._prepare_order_values(values, **plan.source),
            "order_line": [Command.create(line) for line in plan.line_values],
        }

    def _ebay_values(self, plan):
        order = plan.order
        return {
            "ebay_buyer": order.buyer.username,
            "ebay_marketplace": order.lines[0].purchase_marketplace,
            "ebay_payment_status": order.payment_status,
            "ebay_fulfillment_status": order.fulfillment_status,
            "ebay_cancel_state": order.cancel.state,
            "ebay_ship_by_at": naive_utc(order.fulfillment.ship_by_at),
            "ebay_service_code": order.fulfillment.service_code,
            "ebay_ships": order.fulfillment.method == FULFILLED_BY_EBAY,
            "ebay_total": float(order.expected_total),
            "ebay_remitted_tax": float(order.totals.remitted_tax),
            "ebay_buyer_note": order.buyer_note,
            "ebay_gift": plan.ebay.get(GIFT, False),
        }

    # -- the guard -------------------------------------------------------------

    def _check_and_confirm(self, account, plans):
        """Confirm what is paid, once Odoo's total is eBay's to the cent."""
        ready = [plan for plan in plans if plan.sale and not plan.blockers]
        waiting = [
            plan
            for plan in ready
            if plan.sale.state in WAITING and not plan.merged.conflicts
        ]
        add_rounding(account, waiting)
        changed = [
            plan
            for plan in ready
            if plan.sale.state == "sale" and plan.changed and not plan.is_touched
        ]
        # Odoo notes a new line on a confirmed order, and the robot has no address
        add_rounding(account.with_user(SUPERUSER_ID), changed)
        for plan in changed:
            self._total_is_right(plan)
        confirmed = self.env["sale.order"]
        for plan in waiting:
            if not self._total_is_right(plan) or not self._may_confirm(account, plan):
                continue
            self.env["ebay.order.address"]._ask_for_missing(plan)
            if not plan.blockers:
                confirmed |= plan.sale
        if not confirmed:
            return
        self.env["ebay.order.holds"]._release(confirmed)
        dates = {order.id: order.date_order for order in confirmed}
        confirmed._confirm_at_once()
        for order in confirmed:  # confirming sets it to now
            order.date_order = dates[order.id]

    def _total_is_right(self, plan):
        """Odoo's total equals eBay's to the cent, or the order waits.

        One that is confirmed no longer waits, and the inbox reports it.
        """
        expected = plan.order.expected_total
        currency = plan.sale.currency_id
        odoo = Decimal(str(currency.round(plan.sale.amount_total)))
        if plan.is_certain and odoo == expected:
            return True
        tell = plan.block if plan.sale.state in WAITING else plan.remark
        tell(
            "total_differs",
            order_ref=plan.order.order_ref,
            odoo=f"{rounded(odoo, currency.name)} {currency.name}",
            ebay=f"{plan.order.totals.ebay_total or '-'} {plan.order.currency}",
            expected=f"{expected} {plan.order.currency}",
        )
        return False

    def _may_confirm(self, account, plan):
        order = plan.order
        if order.cancel.is_cancelled or order.cancel.is_requested:
            return False
        if account.confirm_rule == "always":
            return order.payment_status != "FAILED"
        return account.confirm_rule == "paid" and (
            order.may_ship or _is_paid_but_for_lines(order)
        )

    # -- close -----------------------------------------------------------------

    def _close_rows(self, account, plans):
        """Imported or blocked; the inbox says why, and drops what is fixed."""
        done = self.env["ebay.order"]
        for plan in plans:
            if plan.blockers:
                plan.row.state = "blocked"  # first: what it waits for is never ignored
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


def _is_behind(plan):
    """Whether something is to be done: a quotation also waits for what is missing."""
    return plan.sale.state in WAITING or bool(plan.merged.changes)


def _placed_keys(plan):
    """The keys of the lines that could be made."""
    refs = {values.get("ebay_line_ref") for values in plan.line_values} - {None}
    return {start + ref for ref in refs for start in (QUANTITY, PRICE)}


def _is_paid_but_for_lines(order):
    """Paid, and only whole lines were refunded, which are not sent."""
    return order.payment_status == PARTIALLY_REFUNDED and refunds_are_lines(order)
