from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from odoo import api, fields, models
from odoo.tools import SQL

from .sale_order import GOODS_NOWHERE, SERVICES_ONLY

BUCKETS = [
    ("overdue", "Overdue"),
    ("today", "Today"),
    ("tomorrow", "Tomorrow"),
    ("asking", "To decide"),
    ("unconfirmed", "Packed, not yet on eBay"),
    ("on_ebay", "Shipped on eBay, open here"),
    ("later", "Later"),
]
DAYS = ("overdue", "today", "tomorrow")
ACTIONS = [
    ("stock", "Reserve"),
    ("pick", "Pick"),
    ("ship", "Ship"),
    ("cancel", "Answer the cancellation"),
    ("validate", "Validate"),
    ("handover", "Mark as shipped"),
    ("order", "Look at the order"),
    ("tracking", "Enter tracking"),
    ("wait", "Send now"),
    ("answer", "Decide"),
]


class EbayDelivery(models.Model):
    """The ship-by board: what to ship by when, and what eBay does not know yet.

    No table of its own: open deliveries of eBay orders, or the step before where goods
    are picked first; orders without any delivery; and parcels in the outbox. The days
    are those of whoever looks.
    """

    _name = "ebay.delivery"
    _description = "eBay delivery by deadline"
    _auto = False
    _order = "ship_by_at, id"
    _rec_name = "order_ref"
    _depends = {
        "sale.order": [
            "state",
            "ebay_account_id",
            "ebay_order_ref",
            "ebay_ship_by_at",
            "ebay_fulfillment_status",
            "ebay_payment_status",
            "ebay_cancel_state",
        ],
        "sale.order.line": ["order_id", "product_uom_qty", "qty_delivered"],
        "stock.move": ["state", "picking_id", "sale_line_id", "location_final_id"],
        "stock.picking": ["state", "carrier_id", "location_dest_id"],
        "ebay.shipment": ["state", "tracking_number", "picking_id"],
        "ebay.shipment.line": ["sale_line_id", "quantity"],
    }

    account_id = fields.Many2one("ebay.account", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    sale_order_id = fields.Many2one("sale.order", readonly=True)
    order_ref = fields.Char("eBay order", readonly=True)
    order_name = fields.Char("Order", readonly=True)
    buyer = fields.Char(readonly=True)
    picking_id = fields.Many2one("stock.picking", readonly=True)
    picking_name = fields.Char("Delivery", readonly=True)
    shipment_id = fields.Many2one("ebay.shipment", readonly=True)
    carrier_id = fields.Many2one("delivery.carrier", "Delivery method", readonly=True)
    tracking_number = fields.Char(readonly=True)
    ship_by_at = fields.Datetime("Ship by", readonly=True)
    bucket = fields.Selection(
        BUCKETS, "When", readonly=True, group_expand="_expand_buckets"
    )
    next_action = fields.Selection(ACTIONS, "Next step", readonly=True)
    is_late = fields.Boolean("Late", compute="_compute_is_late")

    @api.model
    def _expand_buckets(self, values, _domain, _order=None):
        """The days always have a column, the rest when there is something in it."""
        return [name for name, _label in BUCKETS if name in DAYS or name in values]

    @api.depends("ship_by_at")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for delivery in self:
            delivery.is_late = bool(delivery.ship_by_at and delivery.ship_by_at < now)

    @property
    def _table_query(self):
        """The deliveries and parcels of eBay orders as one list for people."""
        return SQL(
            """
            SELECT MIN(m.id) * 3 AS id, so.ebay_account_id AS account_id,
                   so.company_id, so.id AS sale_order_id,
                   so.ebay_order_ref AS order_ref, so.name AS order_name,
                   so.ebay_buyer AS buyer,
                   p.id AS picking_id, p.name AS picking_name,
                   NULL::integer AS shipment_id, p.carrier_id,
                   p.carrier_tracking_ref AS tracking_number,
                   so.ebay_ship_by_at AS ship_by_at,
                   CASE WHEN so.ebay_fulfillment_status = 'FULFILLED' THEN 'on_ebay'
                        ELSE %(by_deadline)s END AS bucket,
                   CASE WHEN so.ebay_fulfillment_status = 'FULFILLED'
                             AND dest.usage = 'customer' THEN 'validate'
                        WHEN so.ebay_cancel_state = 'IN_PROGRESS' THEN 'cancel'
                        WHEN p.state <> 'assigned' THEN 'stock'
                        WHEN dest.usage = 'customer' THEN 'ship'
                        ELSE 'pick' END AS next_action
              FROM stock_picking p
              JOIN stock_move m ON m.picking_id = p.id
                   AND m.state NOT IN ('done', 'cancel')
              JOIN sale_order_line l ON l.id = m.sale_line_id
              JOIN sale_order so ON so.id = l.order_id
                   AND so.ebay_account_id IS NOT NULL
              JOIN stock_location src ON src.id = p.location_id
                   AND src.usage <> 'customer'
              JOIN stock_location dest ON dest.id = p.location_dest_id
              LEFT JOIN stock_location final ON final.id = m.location_final_id
             WHERE p.state NOT IN ('done', 'cancel')
               AND (dest.usage = 'customer' OR final.usage = 'customer' AND NOT EXISTS (
                     SELECT FROM stock_move_move_rel r WHERE r.move_orig_id = m.id))
             GROUP BY p.id, so.id, dest.usage
            UNION ALL
            SELECT so.id * 3 + 2, so.ebay_account_id, so.company_id,
                   so.id, so.ebay_order_ref, so.name, so.ebay_buyer,
                   NULL::integer, NULL, NULL::integer, NULL::integer, NULL,
                   so.ebay_ship_by_at, %(by_deadline)s,
                   CASE WHEN so.ebay_cancel_state = 'IN_PROGRESS' THEN 'cancel'
                        ELSE 'handover' END
              FROM sale_order so
             WHERE so.ebay_account_id IS NOT NULL AND %(services_only)s
            UNION ALL
            SELECT so.id * 3 + 2, so.ebay_account_id, so.company_id,
                   so.id, so.ebay_order_ref, so.name, so.ebay_buyer,
                   NULL::integer, NULL, NULL::integer, NULL::integer, NULL,
                   so.ebay_ship_by_at, %(by_deadline)s,
                   CASE WHEN so.ebay_cancel_state = 'IN_PROGRESS' THEN 'cancel'
                        ELSE 'order' END
              FROM sale_order so
             WHERE so.ebay_account_id IS NOT NULL AND %(goods_nowhere)s
            UNION ALL
            SELECT s.id * 3 + 1, s.account_id, s.company_id,
                   so.id, so.ebay_order_ref, so.name, so.ebay_buyer,
                   p.id, p.name, s.id, s.carrier_id, s.tracking_number,
                   so.ebay_ship_by_at,
                   CASE s.state WHEN 'asking' THEN 'asking' ELSE 'unconfirmed' END,
                   CASE s.state WHEN 'asking' THEN 'answer'
                                WHEN 'waiting' THEN 'tracking'
                                ELSE 'wait' END
              FROM ebay_shipment s
              JOIN sale_order so ON so.id = s.sale_order_id
              LEFT JOIN stock_picking p ON p.id = s.picking_id
             WHERE s.state IN ('waiting', 'ready', 'sending', 'asking')
            """,
            by_deadline=_by_deadline(self.env.context.get("tz") or self.env.user.tz),
            services_only=SERVICES_ONLY,
            goods_nowhere=GOODS_NOWHERE,
        )

    # -- buttons ---------------------------------------------------------------

    def action_next(self):
        """Button: the next step for this delivery."""
        self.check_access("read")
        self.ensure_one()
        if self.next_action == "answer":
            return self._form(self.shipment_id)
        if self.next_action == "wait":
            self.account_id._wake("shipments_out")
            return True
        if self.next_action == "order":
            return self._form(self.sale_order_id)
        if self.next_action == "handover":
            self.sale_order_id.action_ebay_handed_over()
            return {"type": "ir.actions.client", "tag": "soft_reload"}
        if self.next_action == "cancel":
            return {
                "type": "ir.actions.act_url",
                "target": "new",
                "url": self.account_id._order_url(self.order_ref),
            }
        if self.next_action == "stock":
            self.picking_id.action_assign()
            if self.picking_id.state == "assigned":
                return {"type": "ir.actions.client", "tag": "soft_reload"}
        return self._form(self.picking_id)

    def _form(self, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }


def _by_deadline(zone_name):
    """The bucket of an open delivery, by what the clock says in a time zone."""
    now = datetime.now(timezone.utc)
    tomorrow, after_tomorrow = day_borders(now, zone_name)
    return SQL(
        """
        CASE WHEN so.ebay_ship_by_at < %s THEN 'overdue'
             WHEN so.ebay_ship_by_at < %s THEN 'today'
             WHEN so.ebay_ship_by_at < %s THEN 'tomorrow'
             ELSE 'later' END
        """,
        now.replace(tzinfo=None),
        tomorrow,
        after_tomorrow,
    )


def day_borders(now, zone_name, days=(1, 2)):
    """When days begin in a time zone (0 is today), as UTC without a zone."""
    try:
        zone = ZoneInfo(zone_name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = timezone.utc
    today = now.astimezone(zone).date()
    return tuple(
        datetime.combine(today + timedelta(days=day), time(), zone)
        .astimezone(timezone.utc)
        .replace(tzinfo=None)
        for day in days
    )
