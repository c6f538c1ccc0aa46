from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.engine.ebay_access_mixin import USER


class EbayLinkProduct(models.TransientModel):
    """Choose the product of a listing that an order speaks of."""

    _name = "ebay.link.product"
    _inherit = ["ebay.access.mixin"]
    _description = "Link an eBay listing to a product"
    _account_path = "issue_id.account_id"
    _people_set = {USER: "product_id listing_id"}
    _people_set_once = {USER: "issue_id"}

    issue_id = fields.Many2one("ebay.issue", required=True, ondelete="cascade")
    summary = fields.Char(related="issue_id.summary", related_sudo=False)
    listing_ids = fields.Many2many("ebay.listing", compute="_compute_listing_ids")
    listing_id = fields.Many2one(
        "ebay.listing",
        "Variation",
        domain="[('id', 'in', listing_ids)]",
        help="eBay's order does not say which of these variations was sold.",
    )
    product_id = fields.Many2one("product.product", required=True)
    order_count = fields.Integer("Waiting orders", compute="_compute_order_count")

    @api.depends("issue_id")
    def _compute_listing_ids(self):
        for wizard in self:
            rows = wizard._rows_named()
            wizard.listing_ids = rows if len(rows) > 1 else False

    @api.depends("issue_id")
    def _compute_order_count(self):
        for wizard in self:
            wizard.order_count = len(wizard._waiting().order_id)

    def action_link(self):
        """Button: link, and let every order that waits for it continue."""
        self.ensure_one()
        self.issue_id._must_ask_for("action_link_product")
        waiting = self._waiting()
        orders = waiting.order_id
        self._row_to_link().product_id = self.product_id
        waiting._close()
        orders.filtered(lambda order: order.state == "blocked").action_build_now()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Linked to %(product)s. Orders that are built now: %(count)s.",
                    product=self.product_id.display_name,
                    count=len(orders),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _waiting(self):
        """The entries of all orders that wait for the same thing."""
        issue = self.issue_id
        return issue.search(
            [
                ("account_id", "=", issue.account_id.id),
                ("code", "=", issue.code),
                ("cause", "=", issue.cause),
                ("state", "=", "open"),
            ]
        )

    def _row_to_link(self):
        """The one row that the order names, or that the person has chosen."""
        listing_ref, sku, variation_ref = self._names()
        if not listing_ref:
            raise UserError(
                self.env._(
                    "eBay did not say which listing was sold. Give the product the "
                    "SKU %(sku)s as its internal reference instead.",
                    sku=sku,
                )
            )
        rows = self._rows_named()
        if not rows:
            details = self.issue_id.details
            return self._listings()._create_from_order(
                self.issue_id.account_id,
                *(listing_ref, sku, variation_ref),
                title=details.get("title"),
                variation_aspects=details.get("variation_aspects") or False,
            )
        if len(rows) > 1:
            rows &= self.listing_id
        if not rows:
            raise UserError(self.env._("Choose which variation was sold."))
        return rows

    def _rows_named(self):
        """The rows of the mirror that the order may mean."""
        listing_ref, sku, variation_ref = self._names()
        if not listing_ref:
            return self._listings()
        account = self.issue_id.account_id
        return self._listings()._named_by_order(
            account, listing_ref, sku, variation_ref
        )

    def _listings(self):
        self.issue_id.check_access("write")
        # sudo: linking is the fix that the inbox offers to every eBay user, who may
        # write the entry; the account is the entry's
        return self.env["ebay.listing"].sudo()

    def _names(self):
        """Listing, SKU and variation as the entry has them, '' where eBay said none."""
        details = self.issue_id.details or {}
        names = ("listing_ref", "sku", "variation_ref")
        listing_ref, sku, variation_ref = (_said(details.get(name)) for name in names)
        # an entry of an older version held eBay's number, which no row has
        return listing_ref, sku, variation_ref if "=" in variation_ref else ""


def _said(value):
    """A detail of the entry; it says with a dash that eBay said nothing."""
    return value if value and value not in ("-", "\u2013") else ""
