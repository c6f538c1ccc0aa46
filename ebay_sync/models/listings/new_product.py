"""Products created from listings: what is wanted, and the account's rules."""

from odoo import fields, models


class EbayCategory(models.Model):
    _inherit = "ebay.category"

    product_category_id = fields.Many2one(
        "product.category",
        "Category in Odoo",
        index="btree_not_null",
        ondelete="set null",
        help="Products created from listings of this category go here. Empty: a "
        "category of the same name is created when it is first needed.",
    )


class EbayListing(models.Model):
    _inherit = "ebay.listing"

    product_wanted = fields.Boolean(
        readonly=True,
        index="btree_not_null",
        help="A product will be created in the next run.",
    )

    def action_create_products(self):
        """Button: create products in the background, one per listing.

        All variations of a listing become variants of one product.
        """
        self.check_access("write")
        chosen = self.filtered(lambda row: row.active and not row.product_id)
        chosen |= self.search(
            [
                ("account_id", "in", chosen.account_id.ids),
                ("listing_ref", "in", chosen.mapped("listing_ref")),
                ("product_id", "=", False),
                ("is_variation", "=", True),
            ]
        )
        chosen.write({"product_wanted": True, "ignored": False})
        chosen.filtered(lambda row: not row.detailed_at).details_wanted = True
        for account in chosen.account_id:
            account._wake("listings_in")
        return self._told(
            self.env._(
                "Products for %(count)s listings are being created in the background.",
                count=len(set(chosen.mapped("listing_ref"))),
            )
        )

    def _picture_address(self):
        """The address of the first picture, or False."""
        return (self[:1].picture_urls or [False])[0]
