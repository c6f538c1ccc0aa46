from odoo import fields, models
from odoo.exceptions import UserError

# What an entry holds for a value that eBay did not send; older ones hold a dash.
NOT_NAMED = (None, "-", "\u2013")


class EbayLinkProduct(models.TransientModel):
    """Choose the product of a listing that an order speaks of."""

    _name = "ebay.link.product"
    _description = "Link an eBay listing to a product"

    issue_id = fields.Many2one("ebay.issue", required=True, ondelete="cascade")
    summary = fields.Char(related="issue_id.summary", related_sudo=False)
    product_id = fields.Many2one("product.product", required=True)

    def action_link(self):
        """Link, so that every order that waits for it is built."""
        self.ensure_one()
        issue = self.issue_id
        issue.check_access("write")
        details = issue.details or {}
        listing_ref = details.get("listing_ref")
        if listing_ref in NOT_NAMED:
            raise UserError(
                self.env._(
                    "eBay did not say which listing was sold. Give the product the "
                    "SKU %(sku)s as its internal reference instead.",
                    sku=details.get("sku"),
                )
            )
        # sudo: linking is the fix that the inbox offers to every eBay user
        Listing = self.env["ebay.listing"].sudo().with_context(active_test=False)
        sku = False if details.get("sku") in NOT_NAMED else details.get("sku")
        listing = Listing.search(
            [
                ("account_id", "=", issue.account_id.id),
                ("listing_ref", "=", listing_ref),
                ("sku", "=", sku),
            ],
            limit=1,
        ) or Listing.create(
            {
                "account_id": issue.account_id.id,
                "listing_ref": listing_ref,
                "variation_ref": details.get("variation_ref") or "",
                "sku": sku,
                "title": details.get("title"),
            }
        )
        listing.product_id = self.product_id
        waiting = issue.sudo().search(
            [
                ("account_id", "=", issue.account_id.id),
                ("code", "=", issue.code),
                ("cause", "=", issue.cause),
                ("state", "=", "open"),
            ]
        )
        orders = waiting.order_id
        waiting._close()
        orders.filtered(lambda order: order.state == "blocked").action_build_now()
        return {"type": "ir.actions.act_window_close"}
