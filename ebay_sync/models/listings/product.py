from odoo import api, fields, models
from odoo.exceptions import UserError


class ProductProduct(models.Model):
    _inherit = "product.product"

    ebay_listing_ids = fields.One2many(
        "ebay.listing",
        "product_id",
        "eBay listings",
        groups="ebay_sync.group_ebay_user,ebay_sync.group_ebay_robot",
    )
    ebay_listing_count = fields.Integer(
        "Number of eBay listings",
        compute="_compute_ebay_listing_count",
        groups="ebay_sync.group_ebay_user",
    )

    def _compute_ebay_listing_count(self):
        counts = dict(
            self.env["ebay.listing"]._read_group(
                [("product_id", "in", self.ids)], ["product_id"], ["__count"]
            )
        )
        for product in self:
            product.ebay_listing_count = counts.get(product, 0)

    @api.model
    def name_search(self, name="", *args, **kwargs):
        """Where a listing's product is chosen, its suggestions come first."""
        found = super().name_search(name, *args, **kwargs)
        listing = self.env.context.get("ebay_suggested_for")
        if name or not isinstance(listing, int):
            return found
        suggested = self.env["ebay.listing"].browse(listing).suggestion_ids.product_id
        first = [(product.id, product.display_name) for product in suggested]
        return [*first, *(one for one in found if one[0] not in suggested.ids)]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sold_on_ebay(self):
        """What is live on eBay keeps its product; an ended listing releases it."""
        # sudo: whoever may delete products need not see listings
        listings = self.env["ebay.listing"].sudo().with_context(active_test=False)
        listings = listings.search([("product_id", "in", self.ids)])
        if live := listings.filtered("active")[:1]:
            raise UserError(
                self.env._(
                    "%(product)s is live on eBay (%(listing)s). Unlink its "
                    "listings first, or archive the product: then it is still "
                    "found when an order arrives.",
                    product=live.product_id.display_name,
                    listing=live.listing_ref or live.sku,
                )
            )
        listings.product_id = False

    def action_view_ebay_listings(self):
        """Open what sells this product on eBay."""
        self.check_access("read")
        self.env["ebay.listing"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ebay_sync.ebay_listing_action"
        )
        action["domain"] = [("product_id", "in", self.ids)]
        return action


class ProductTemplate(models.Model):
    _inherit = "product.template"

    ebay_listing_count = fields.Integer(
        "Number of eBay listings",
        compute="_compute_ebay_listing_count",
        groups="ebay_sync.group_ebay_user",
    )

    def _compute_ebay_listing_count(self):
        for template in self:
            variants = template.product_variant_ids
            template.ebay_listing_count = sum(variants.mapped("ebay_listing_count"))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sold_on_ebay(self):
        """The database deletes the variants: nobody else asks them."""
        variants = self.with_context(active_test=False).product_variant_ids
        variants._unlink_except_sold_on_ebay()

    def action_view_ebay_listings(self):
        """Open what sells this product on eBay."""
        return self.product_variant_ids.action_view_ebay_listings()
