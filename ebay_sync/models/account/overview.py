"""The overview: one card for each account, so that trouble and silence show."""

import json
from bisect import bisect_right
from collections import Counter
from datetime import datetime, timedelta, timezone

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime

from ..shipments.ebay_delivery import day_borders
from .ebay_issue import URGENT

HEALTH = [
    ("works", "Works"),
    ("attention", "Needs attention"),
    ("stopped", "Stopped"),
    ("off", "Off"),
]
DAYS_SHOWN = 14
# Scheduled actions wait for each other; this long after its time a flow is overdue.
PATIENCE = timedelta(minutes=15)


class EbayAccount(models.Model):
    _inherit = "ebay.account"

    health = fields.Selection(HEALTH, compute="_compute_health")
    health_reason = fields.Char("What is wrong", compute="_compute_health")
    held_reason = fields.Char("What waits", compute="_compute_held_reason")
    today_order_count = fields.Integer("Orders today", compute="_compute_today")
    blocked_order_count = fields.Integer("Orders held", compute="_compute_today")
    today_request_count = fields.Integer("Requests today", compute="_compute_today")
    orders_read_at = fields.Datetime("Orders read", compute="_compute_orders_read_at")
    orders_graph = fields.Text("Orders by day", compute="_compute_orders_graph")

    # -- health ------------------------------------------------------------------

    def _compute_health(self):
        for account in self:
            health, reason = account._health()
            account.health, account.health_reason = health, reason

    def _health(self):
        """How the account does, and the sentence that says why."""
        self.ensure_one()
        if self.state == "reconnect":
            return "stopped", self.env._(
                "eBay no longer accepts the connection: connect again."
            )
        if self.state != "connected":
            return "off", self.env._("Not connected to eBay yet.")
        if self.mode == "paused":
            return "off", self.env._("Paused: nothing is read and nothing is sent.")
        if self.mode == "live" and not self.is_armed:
            return "stopped", self.env._(
                "This database is not allowed to write to eBay."
            )
        overdue = self._overdue()
        if overdue:
            return "stopped", self.env._(
                "%(flow)s should have run at %(time)s. Is the scheduler running?",
                flow=_label(overdue),
                time=format_datetime(self.env, overdue.next_run_at),
            )
        forbidden = self.env["ebay.issue"]._troubles(self, URGENT)[:1]
        if forbidden:
            return "stopped", forbidden.summary
        failed = self.schedule_ids.filtered(
            lambda one: one.enabled and one.last_state == "failed"
        )[:1]
        if failed:
            return "attention", self.env._(
                "%(flow)s: %(reason)s",
                flow=_label(failed),
                reason=failed.last_message or self.env._("the last run failed"),
            )
        if self.held_reason:
            return "attention", self.held_reason
        return "works", False

    @api.depends_context("lang")
    def _compute_held_reason(self):
        for account in self:
            account.held_reason = " ".join(account._held()) or False

    def _held(self):
        """What waits until somebody decides, in words: pushes, orders, parcels."""
        self.ensure_one()
        mine = [("account_id", "=", self._origin.id)]
        pushes = self.env["ebay.held.push"].search([*mine, ("state", "=", "waiting")])
        said = [push._sentence() for push in pushes]
        orders = self.env["ebay.order"].search_count([*mine, ("state", "=", "blocked")])
        if orders:
            said.append(
                self.env._("%(count)s orders are not in Odoo yet.", count=orders)
            )
        parcels = self.env["ebay.shipment"].search_count(
            [*mine, ("state", "=", "asking")]
        )
        if parcels:
            said.append(
                self.env._(
                    "%(count)s parcels wait for an answer before eBay is told.",
                    count=parcels,
                )
            )
        return said

    def _overdue(self):
        """The flow that is overdue the longest, if any is."""
        now = fields.Datetime.now()
        late = self.schedule_ids.filtered(
            lambda one: (
                one.enabled
                and one.next_run_at
                and one.next_run_at + max(PATIENCE, _interval(one)) < now
            )
        )
        return late.sorted("next_run_at")[:1]

    # -- figures -----------------------------------------------------------------

    def _compute_today(self):
        (today,) = self._day_borders([0])
        mine = [("account_id", "in", self.ids)]
        orders = self._counted("ebay.order", [*mine, ("ebay_created_at", ">=", today)])
        held = self._counted("ebay.order", [*mine, ("state", "=", "blocked")])
        sent = dict(
            self.env["ebay.sync.log"]._read_group(
                [*mine, ("started_at", ">=", today)],
                ["account_id"],
                ["request_count:sum"],
            )
        )
        for account in self:
            account.today_order_count = orders.get(account, 0)
            account.blocked_order_count = held.get(account, 0)
            account.today_request_count = sent.get(account, 0)

    def _counted(self, model, domain):
        return dict(self.env[model]._read_group(domain, ["account_id"], ["__count"]))

    def _compute_orders_read_at(self):
        read = dict(
            self.env["ebay.sync.log"]._read_group(
                [
                    ("account_id", "in", self.ids),
                    ("flow", "=", "orders_in"),
                    ("state", "in", ("done", "partial")),
                ],
                ["account_id"],
                ["ended_at:max"],
            )
        )
        for account in self:
            account.orders_read_at = read.get(account, False)

    def _compute_orders_graph(self):
        borders = self._day_borders(range(1 - DAYS_SHOWN, 2))
        orders = self.env["ebay.order"].search_fetch(
            [("account_id", "in", self.ids), ("ebay_created_at", ">=", borders[0])],
            ["account_id", "ebay_created_at"],
        )
        counts = Counter(
            (order.account_id, bisect_right(borders, order.ebay_created_at) - 1)
            for order in orders
        )
        labels = [
            format_date(
                self.env,
                fields.Datetime.context_timestamp(self, border).date(),
                date_format="d MMM",
            )
            for border in borders[:DAYS_SHOWN]
        ]
        for account in self:
            bars = [
                {"label": label, "value": counts[account, day], "type": "past"}
                for day, label in enumerate(labels)
            ]
            bars[-1]["type"] = "future"  # today's bar is still growing: another colour
            graph = [{"values": bars, "key": self.env._("Orders")}]
            account.orders_graph = json.dumps(graph)

    @api.model
    def _day_borders(self, days):
        """When the user's days begin (0 is today), as UTC without a zone."""
        zone = self.env.context.get("tz") or self.env.user.tz
        return day_borders(datetime.now(timezone.utc), zone, days)


def _interval(schedule):
    return timedelta(**{schedule.interval_type: schedule.interval_number})


def _label(schedule):
    return schedule.env["ebay.flow"]._flows()[schedule.flow]._flow_label()
