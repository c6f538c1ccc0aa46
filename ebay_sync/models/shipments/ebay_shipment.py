from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.ebay_access_mixin import USER

STATES = [
    ("waiting", "Waits for tracking"),
    ("ready", "To send"),
    ("sending", "Being sent"),
    ("asking", "Needs an answer"),
    ("sent", "On eBay"),
    ("dropped", "Not reported"),
]
UNSENT = ("waiting", "ready", "asking")
# Questions to which "send anyway" is an answer.
IF_INSISTED = (
    "order_cancelled",
    "cancel_requested",
    "order_refunded",
    "line_refunded",
    "returned_before_told",
)
# Questions that a correction on the delivery answers.
ABOUT_TRACKING = ("tracking_unreadable", "tracking_too_long", "tracking_refused")
# Minutes until a parcel is tried again, by number of attempts so far.
RETRY_MINUTES = (1, 5, 15, 60, 240)
GIVE_UP_AFTER_TRIES = 12


class EbayShipment(models.Model):
    """One parcel that eBay is to know of, or that was reported on eBay itself.

    The outbox of shipments_out. A parcel is claimed (``sending``, committed) before
    eBay is called and confirmed right after; one that is found claimed later is asked
    about at eBay first, and never sent blindly again.
    """

    _name = "ebay.shipment"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay shipment"
    _order = "id desc"
    _check_company_auto = True
    _people_set = {}

    account_id = fields.Many2one(
        "ebay.account", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    origin = fields.Selection(
        [("odoo", "Odoo"), ("ebay", "eBay")],
        "Shipped in",
        required=True,
        default="odoo",
        help="eBay: reported on eBay itself, with a label bought there or by hand.",
    )
    sale_order_id = fields.Many2one(
        "sale.order", required=True, index=True, ondelete="cascade", check_company=True
    )
    # superuser: who may see the parcel may see which order it is of and when it is due;
    # order and product are of the parcel's company
    order_ref = fields.Char(related="sale_order_id.ebay_order_ref")
    # superuser: the same
    ship_by_at = fields.Datetime(related="sale_order_id.ebay_ship_by_at")
    picking_id = fields.Many2one(
        "stock.picking",
        "Delivery",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    parcel = fields.Char(help="Odoo's package, where the delivery was packed.")
    line_ids = fields.One2many("ebay.shipment.line", "shipment_id", "Contents")
    carrier_id = fields.Many2one("delivery.carrier", "Delivery method")
    carrier_code = fields.Char("Carrier on eBay", help="eBay's shippingCarrierCode.")
    tracking_text = fields.Char(help="The delivery's tracking field when last read.")
    tracking_number = fields.Char("Tracking number", help="As it is sent to eBay.")
    shipped_at = fields.Datetime("Shipped")
    state = fields.Selection(STATES, required=True, default="waiting", index=True)
    reason = fields.Char(help="Inbox code of the question.")
    message = fields.Char(help="eBay's wording, or what a person decided.")
    attempts = fields.Integer()
    next_try_at = fields.Datetime("Next try")
    claimed_at = fields.Datetime(
        help="Since when its outcome at eBay has been unknown."
    )
    told_at = fields.Datetime("On eBay since")
    told_tracking = fields.Char("Tracking on eBay")
    told_carrier = fields.Char("Carrier reported to eBay")
    fulfillment_ref = fields.Char("Fulfilment", help="eBay's fulfillmentId.")
    is_held = fields.Boolean(
        "Held back",
        help="Refunded pieces. The rest of the parcel has been reported to eBay.",
    )
    insisted = fields.Boolean(help="Sent although the order was cancelled or refunded.")
    insisted_by_id = fields.Many2one("res.users", "Insisted on by", copy=False)
    correction = fields.Selection(
        [("due", "To be sent"), ("sending", "Being sent")],
        help="A new tracking number for a parcel that eBay already knows.",
    )
    correction_by_id = fields.Many2one(
        "res.users", "Correction asked for by", copy=False
    )

    asks_about = fields.Selection(
        [("state", "The order"), ("tracking", "Tracking"), ("refusal", "A refusal")],
        compute="_compute_asks_about",
    )
    issue_summary = fields.Char("What is asked", compute="_compute_issue_summary")

    # eBay's id stands once per order; the flow finds what is due at once.
    _ebay_indexes = {
        "ebay_shipment_ref_uniq": (
            "UNIQUE (sale_order_id, fulfillment_ref) WHERE fulfillment_ref IS NOT NULL"
        ),
        "ebay_shipment_due_idx": (
            "(account_id, id) WHERE state IN ('waiting', 'ready', 'sending') OR "
            "correction IS NOT NULL"
        ),
        "ebay_shipment_no_delivery_idx": (
            "(account_id) WHERE origin = 'ebay' AND picking_id IS NULL"
        ),
    }

    @api.depends("order_ref", "parcel", "tracking_number")
    def _compute_display_name(self):
        for shipment in self:
            parts = (shipment.order_ref, shipment.tracking_number or shipment.parcel)
            shipment.display_name = " / ".join(part for part in parts if part)

    @api.depends("state", "reason")
    def _compute_asks_about(self):
        for shipment in self:
            kind = "tracking" if shipment.reason in ABOUT_TRACKING else "refusal"
            if shipment.reason in IF_INSISTED:
                kind = "state"
            shipment.asks_about = kind if shipment.state == "asking" else False

    @api.depends_context("lang")
    def _compute_issue_summary(self):
        issues = self._issues().filtered(lambda issue: issue.state == "open")
        for shipment in self:
            own = issues.filtered(lambda issue, one=shipment: issue.res_id == one.id)
            shipment.issue_summary = " ".join(
                f"{issue.summary}. {issue.advice}" for issue in own
            )

    # -- what the flow says ----------------------------------------------------

    def _quantities(self):
        """The contents by eBay's line id, ``{line_item_ref: quantity}``."""
        self.ensure_one()
        return {line.line_item_ref: line.quantity for line in self.line_ids}

    def _is_insisted(self):
        """Whether somebody who may still say so wants it sent all the same."""
        asker = self.insisted_by_id
        return self.insisted and self._may_still(asker, USER, self.company_id)

    def _issues(self):
        """What the inbox says about these parcels."""
        return self.env["ebay.issue"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )

    def _ask(self, code, message=False, **details):
        """Have a person decide; the parcel waits, and the inbox says why."""
        self.ensure_one()
        self.write(
            {
                "state": "asking",
                "reason": code,
                "message": (message or "")[:500] or False,
                "claimed_at": False,
                "next_try_at": False,
            }
        )
        return self._tell(code, reason=message or "", **details)

    def _tell(self, code, **details):
        """Put something about the parcel into the inbox."""
        self.ensure_one()
        return self.env["ebay.issue"]._raise(
            self.account_id,
            code,
            record=self,
            **{
                "order_ref": self.order_ref,
                "delivery": self.picking_id.name or "-",
                "articles": ", ".join(self.line_ids.product_id.mapped("name")) or "-",
                "number": self.tracking_number or self.tracking_text or "-",
                **details,
            },
        )

    def _try_later(self, minutes=None):
        """Not now; again after a growing delay."""
        self.ensure_one()
        if minutes is None:
            minutes = RETRY_MINUTES[min(max(self.attempts, 1), len(RETRY_MINUTES)) - 1]
        self.next_try_at = fields.Datetime.now() + timedelta(minutes=minutes)

    def _set_sent(self, fulfillment_ref=False, **values):
        """eBay knows the parcel."""
        self.ensure_one()
        self.write(
            {
                "state": "sent",
                "fulfillment_ref": fulfillment_ref,
                "told_at": fields.Datetime.now(),
                "told_tracking": self.tracking_number,
                "told_carrier": self.carrier_code,
                "reason": False,
                "message": False,
                "claimed_at": False,
                "next_try_at": False,
                **values,
            }
        )
        self._issues()._close()

    def _hold_back(self, quantities):
        """Put pieces into a row of their own, for which a person is asked.

        It has no tracking number: eBay gets that with the rest of the parcel.
        """
        self.ensure_one()
        held = self.create(
            {
                "account_id": self.account_id.id,
                "sale_order_id": self.sale_order_id.id,
                "picking_id": self.picking_id.id,
                "carrier_id": self.carrier_id.id,
                "carrier_code": self.carrier_code,
                "shipped_at": self.shipped_at,
                "is_held": True,
            }
        )
        for line in self.line_ids:
            if count := quantities.get(line.line_item_ref):
                line.copy({"shipment_id": held.id, "quantity": count})
                line.quantity -= count
        held._ask("line_refunded")
        return held

    def _forget(self):
        """A parcel that has become part of another one, before it was sent."""
        self._issues()._close()
        self.unlink()

    # -- buttons ---------------------------------------------------------------

    def action_send(self):
        """Button: send, or send again, in the background.

        Who was asked about a cancelled order or a return has answered with this.
        """
        self._must_be("waiting", "ready", "asking", "dropped")
        for shipment in self.sudo():  # sudo: checked above
            insists = shipment.reason in IF_INSISTED
            if insists:
                shipment.insisted_by_id = self.env.uid
            shipment.write(
                {
                    "state": "ready",
                    "insisted": shipment.insisted or insists,
                    "attempts": 0,
                    "next_try_at": False,
                    "reason": False,
                }
            )
        self._issues()._close()
        self._wake()

    def action_correct(self):
        """Button: send the tracking number of Odoo over the one that eBay has."""
        self._must_be("sent")
        self.sudo().write(  # sudo: checked above
            {
                "correction": "due",
                "correction_by_id": self.env.uid,
                "attempts": 0,
                "next_try_at": False,
            }
        )
        self._issues()._close()
        self._wake()

    def action_mark_done(self):
        """Button: eBay knows already, somebody entered it there."""
        self._must_be("waiting", "ready", "asking", "dropped")
        for shipment in self.sudo():  # sudo: checked above
            shipment._set_sent(
                message=self._said_by(self.env._("Entered by hand on eBay"))
            )

    def action_drop(self):
        """Button: this parcel is not reported to eBay."""
        self._must_be("waiting", "ready", "asking")
        self.sudo().write(  # sudo: checked above
            {
                "state": "dropped",
                "reason": False,
                "message": self._said_by(self.env._("Not reported to eBay")),
            }
        )
        self._issues()._close()

    def action_open_on_ebay(self):
        """Button: the order in eBay's Seller Hub."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "target": "new",
            "url": self.account_id._order_url(self.order_ref),
        }

    def action_open_delivery(self):
        """Button: the delivery, where the tracking number is typed."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "res_id": self.picking_id.id,
            "views": [(False, "form")],
        }

    def _said_by(self, what):
        return f"{what} ({self.env.user.name})"

    def _must_be(self, *states):
        self.check_access("write")
        if any(shipment.state not in states for shipment in self):
            raise UserError(
                self.env._(
                    "This cannot be done now: the parcel is being reported, or "
                    "eBay already knows it."
                )
            )

    def _wake(self):
        for account in self.account_id:
            account._wake("shipments_out")


class EbayShipmentLine(models.Model):
    """What lies in a parcel, in eBay's terms: the sold line and how many of it."""

    _name = "ebay.shipment.line"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay shipment line"
    _order = "id"
    _rec_name = "line_item_ref"
    _account_path = "shipment_id.account_id"
    _people_set = {}

    shipment_id = fields.Many2one(
        "ebay.shipment", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="shipment_id.company_id", store=True)
    sale_line_id = fields.Many2one(
        "sale.order.line", "Sold line", index=True, ondelete="set null"
    )
    # superuser: what lies in a parcel is seen with the parcel
    product_id = fields.Many2one(related="sale_line_id.product_id")
    line_item_ref = fields.Char("eBay line", required=True, help="eBay's lineItemId.")
    quantity = fields.Integer(required=True)
