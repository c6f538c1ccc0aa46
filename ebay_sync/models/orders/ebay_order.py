import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...compat import sql_constraints, try_lock

STATES = [
    ("pending", "Waiting"),
    ("imported", "Imported"),
    ("blocked", "Blocked"),
    ("ignored", "Ignored"),
]
# Minutes until a blocked order is tried again by itself, by number of tries so far.
RETRY_MINUTES = (5, 15, 60, 240, 720)


class EbayOrder(models.Model):
    """One eBay order as eBay sent it; sale orders are built from this copy."""

    _name = "ebay.order"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay order"
    _order = "ebay_created_at desc, id desc"
    _rec_name = "order_ref"
    _check_company_auto = True
    _people_set = {}

    locals().update(
        sql_constraints(
            account_order_uniq=(
                "UNIQUE(account_id, order_ref)",
                "An eBay order is stored once per account.",
            )
        )
    )

    account_id = fields.Many2one(
        "ebay.account", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    order_ref = fields.Char("Order number", required=True, help="eBay's orderId.")
    former_refs = fields.Char(
        "Former numbers", help="eBay changes the number when an order is paid."
    )
    payload = fields.Json(
        groups="ebay_sync.group_ebay_manager,ebay_sync.group_ebay_robot"
    )
    payload_text = fields.Text(
        "As eBay sent it",
        compute="_compute_payload_text",
        groups="ebay_sync.group_ebay_manager",
    )
    payload_hash = fields.Char()
    applied = fields.Json(
        groups="ebay_sync.group_ebay_manager,ebay_sync.group_ebay_robot",
        help="What was last applied of the document to the sale order, fact by fact: "
        "as eBay said it, and as Odoo said it right after.",
    )
    ebay_created_at = fields.Datetime("Ordered", index=True)
    ebay_modified_at = fields.Datetime("Changed on eBay")
    detailed_at = fields.Datetime(
        "Read in full",
        help="When the order was last read in full, including cancellation requests "
        "and tax number.",
    )
    needs_details = fields.Boolean(
        index="btree_not_null",
        help="The list of orders does not contain everything about it.",
    )
    is_open = fields.Boolean(help="Neither shipped nor cancelled on eBay.")
    read_at = fields.Datetime(
        "Last read", help="When eBay was last asked about the order."
    )
    wanted_at = fields.Datetime(
        "Wanted since",
        index="btree_not_null",
        help="Since when it has been waiting to be read from eBay at once.",
    )
    wanted_tries = fields.Integer()
    state = fields.Selection(STATES, required=True, default="pending", index=True)
    message = fields.Char(help="Why the order is not imported.")
    attempts = fields.Integer()
    next_try_at = fields.Datetime("Next try", index=True)
    payment_status = fields.Char("Payment at eBay", help="eBay's orderPaymentStatus.")
    fulfillment_status = fields.Char(
        "Shipping at eBay", help="eBay's orderFulfillmentStatus."
    )
    cancel_state = fields.Char("Cancellation at eBay", help="eBay's cancelState.")
    buyer_username = fields.Char("Buyer", index=True)
    total = fields.Char(help="What the sale order must sum to, with its currency.")
    marketplace = fields.Char("Sold on", help="eBay's marketplace, as EBAY_DE.")
    country_code = fields.Char(
        "Country", help="Where the goods end up, by the two letters of ISO 3166."
    )
    amount = fields.Float(digits=(16, 3), help="The total as a number.")
    currency = fields.Char(help="Of the total, as EUR.")
    is_left_to_others = fields.Boolean(
        "Left to others",
        readonly=True,
        help="The account's filter leaves it to others.",
    )
    sale_order_id = fields.Many2one(
        "sale.order", index=True, ondelete="restrict", check_company=True
    )
    erased_at = fields.Datetime(
        "Buyer erased", help="Since when the copy has held no data about the buyer."
    )
    erasure_id = fields.Many2one("ebay.erasure", index="btree_not_null")
    issue_ids = fields.One2many("ebay.issue", "order_id")

    def _compute_payload_text(self):
        for order in self:
            order.payload_text = json.dumps(
                order.payload or {}, indent=2, ensure_ascii=False, sort_keys=True
            )

    # What the building half looks for, the rows that are due and nothing else; what
    # changed lately, for the stock that is compared in between.
    _ebay_indexes = {
        "ebay_order_written_idx": "(write_date)",
        "ebay_order_due_idx": (
            "(account_id, next_try_at) WHERE state IN ('pending', 'blocked')"
        ),
    }

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        self.env["ebay.issue"]._name_the_fixes(arch)  # the order's part of the inbox
        return arch, view

    @api.model
    def _hold(self, account, order_refs):
        """The rows of these orders, locked; made without a document where missing.

        Notifications and people ask for orders while they are stored. Whoever writes a
        document holds its row first, so that this cannot fail: what fails is in
        PostgreSQL's log, with all its values. Raises ``CONCURRENCY``, which is not
        logged, when another transaction was faster.
        """
        self.env["ebay.order"].flush_model()
        self.env.cr.execute(
            SQL(
                "INSERT INTO ebay_order (account_id, company_id, order_ref, state, "
                "attempts, wanted_tries, create_date, create_uid) "
                "SELECT %s, %s, ref, 'pending', 0, 0, now() at time zone 'UTC', %s "
                "FROM unnest(%s) AS ref ON CONFLICT (account_id, order_ref) DO NOTHING",
                account.id,
                account.company_id.id,
                self.env.uid,
                sorted(order_refs),
            ),
            log_exceptions=False,
        )
        self.env.cr.execute(
            SQL(
                "SELECT id FROM ebay_order WHERE account_id = %s "
                "AND order_ref = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
                account.id,
                list(order_refs),
            ),
            log_exceptions=False,
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())

    def _is_wanted(self):
        """Whether eBay's buyer has paid and still waits for the order."""
        self.ensure_one()
        paid = self.payment_status in ("PAID", "PARTIALLY_REFUNDED")
        return self.is_open and paid and self.cancel_state != "IN_PROGRESS"

    # -- what the flow says ----------------------------------------------------

    def _set_imported(self):
        """The stored copy and Odoo say the same."""
        self.write(
            {"state": "imported", "message": False, "attempts": 0, "next_try_at": False}
        )

    def _set_blocked(self, message):
        """Not built, for a reason; tried again by itself after a growing while."""
        for order in self:
            minutes = RETRY_MINUTES[min(order.attempts, len(RETRY_MINUTES) - 1)]
            order.write(
                {
                    "state": "blocked",
                    "message": message[:500],
                    "attempts": order.attempts + 1,
                    "next_try_at": fields.Datetime.now() + timedelta(minutes=minutes),
                }
            )

    def _build_again(self):
        """Bring the sale orders after their documents once more, in the background."""
        self.write({"state": "pending", "attempts": 0, "next_try_at": False})
        for account in self.account_id:
            account._wake("orders_in")

    # -- buttons ---------------------------------------------------------------

    def action_build_now(self):
        """Button: try again at once, in the background."""
        self.check_access("read")
        # sudo: to try again is for everybody who works the inbox
        self.sudo().filtered(
            lambda order: order.state in ("blocked", "ignored")
        )._build_again()

    def action_ignore(self):
        """Button: this order is none of Odoo's business."""
        self.check_access("write")
        if any(order.sale_order_id for order in self):
            raise UserError(
                self.env._("An order that is already in Odoo cannot be ignored.")
            )
        # sudo: checked above
        self.sudo().write({"state": "ignored", "next_try_at": False})
        self.issue_ids._close()

    def action_fetch_again(self):
        """Button: read the order from eBay again, in the background.

        One that a run is storing right now is not waited for: what changed at eBay
        meanwhile is in the window of the next run, which is woken all the same.
        """
        self.check_access("read")
        free = try_lock(self.sudo())  # sudo: as above
        for account, orders in free.grouped("account_id").items():
            account._want_orders(orders.mapped("order_ref"))
        free.write({"detailed_at": False})
        for account in (self - free).account_id:
            account._wake("orders_in")

    def action_open_sale_order(self):
        """Open what was built."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.sale_order_id.id,
            "views": [(False, "form")],
        }
