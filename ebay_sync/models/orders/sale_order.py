from odoo import fields, models

ADDRESSES = {"partner_id", "partner_invoice_id", "partner_shipping_id"}
# Read together when one of them is asked for, and not with every sale order there is.
APART = "ebay"


class SaleOrder(models.Model):
    """What eBay adds to a sale order."""

    _name = "sale.order"
    _inherit = ["sale.order", "ebay.access.mixin"]
    _account_path = "ebay_account_id"
    _people_set = {}

    ebay_account_id = fields.Many2one(
        "ebay.account",
        "eBay account",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
        prefetch=APART,
    )
    ebay_order_id = fields.Many2one(
        "ebay.order",
        "Stored order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        prefetch=APART,
    )
    ebay_order_ref = fields.Char(
        "eBay order number",
        readonly=True,
        copy=False,
        help="eBay's orderId.",
        prefetch=APART,
    )
    ebay_buyer = fields.Char("eBay buyer", readonly=True, copy=False, prefetch=APART)
    ebay_marketplace = fields.Char("Sold on", readonly=True, copy=False, prefetch=APART)
    ebay_payment_status = fields.Char(
        "Payment at eBay", readonly=True, copy=False, prefetch=APART
    )
    ebay_fulfillment_status = fields.Char(
        "Shipping at eBay", readonly=True, copy=False, prefetch=APART
    )
    ebay_cancel_state = fields.Char(
        "Cancellation at eBay", readonly=True, copy=False, prefetch=APART
    )
    ebay_ship_by_at = fields.Datetime(
        "Ship by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        prefetch=APART,
    )
    ebay_total = fields.Monetary(
        "eBay's total", readonly=True, copy=False, prefetch=APART
    )
    ebay_remitted_tax = fields.Monetary(
        "Tax paid by eBay",
        readonly=True,
        copy=False,
        help="Collected and paid to the tax office by eBay. Not part of your revenue.",
        prefetch=APART,
    )
    ebay_buyer_note = fields.Text(
        "Buyer's note", readonly=True, copy=False, prefetch=APART
    )
    ebay_gift = fields.Text("Gift", readonly=True, copy=False, prefetch=APART)
    ebay_hold_picking_id = fields.Many2one(
        "stock.picking",
        "Reserved until paid",
        readonly=True,
        copy=False,
        index="btree_not_null",
        prefetch=APART,
    )
    ebay_url = fields.Char("Order on eBay", compute="_compute_ebay_url")
    # superuser: a salesperson may not read eBay's order; an entry that is shown is read
    # with the reader's own rights
    ebay_issue_ids = fields.One2many(related="ebay_order_id.issue_ids")

    # An eBay order becomes one sale order, whatever happens.
    _ebay_indexes = {
        "sale_order_ebay_order_uniq": (
            "UNIQUE (ebay_account_id, ebay_order_ref) WHERE ebay_order_ref IS NOT NULL"
        ),
    }

    def write(self, vals):
        """What somebody does here that the inbox has asked for leaves it."""
        result = super().write(vals)
        if "state" in vals and (orders := self.filtered("ebay_order_id")):
            self.env["ebay.issue"]._settled_by_hand(orders)
            # a person's own context is no reason to say nothing
            follows = self.env.context.get("ebay_follows") and self._is_flow()
            if vals["state"] == "cancel" and not follows:
                orders._ebay_cancelled_here()
        if ADDRESSES & vals.keys():
            self.env["ebay.order.address"]._corrected(self.filtered("ebay_order_id"))
        return result

    def _ebay_posted_invoices(self):
        """The invoices that stand: posted, and not taken back."""
        # sudo: the robot sees no invoices
        return self.sudo().invoice_ids.filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type == "out_invoice"
                and move.payment_state != "reversed"
            )
        )

    def _ebay_cancelled_here(self):
        """Somebody cancels what eBay's buyer has paid and waits for: say so at once."""
        # sudo: whoever cancels need not know the inbox
        for order in self.sudo():
            row = order.ebay_order_id
            if row._is_wanted():
                self.env["ebay.issue"]._raise(
                    row.account_id,
                    "cancelled_here",
                    order=row,
                    order_ref=row.order_ref,
                    severity="danger",
                )

    def _compute_ebay_url(self):
        for order in self:
            order.ebay_url = (
                order.ebay_order_ref
                and order.ebay_account_id.sudo()._order_url(order.ebay_order_ref)
            )


# What a line is of eBay's total; all but goods are the account's own products.
PARTS = [
    ("goods", "Goods"),
    ("shipping", "Shipping"),
    ("discount", "Discount"),
    ("adjustment", "Adjustment"),
    ("fee", "Fee"),
    ("rounding", "Rounding"),
]


class SaleOrderLine(models.Model):
    """What eBay adds to a line."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line", "ebay.access.mixin"]
    _account_path = "order_id.ebay_account_id"
    _people_set = {}

    ebay_part = fields.Selection(
        PARTS, "Part of eBay's total", readonly=True, copy=False, prefetch=APART
    )

    ebay_line_ref = fields.Char(
        "eBay line id",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="eBay's lineItemId.",
        prefetch=APART,
    )
    ebay_remitted_tax = fields.Char(
        "Taxes paid by eBay",
        readonly=True,
        copy=False,
        help="Taxes that eBay collects and remits, with their reference.",
        prefetch=APART,
    )

    def _can_be_invoiced_alone(self):
        """Shipping, discounts and rounding wait for the goods they belong to."""
        is_extra = self.ebay_part and self.ebay_part != "goods"
        return super()._can_be_invoiced_alone() and not is_extra
