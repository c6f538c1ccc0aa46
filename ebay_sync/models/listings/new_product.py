"""Products created from listings: what is wanted, and the account's rules."""

from odoo import fields, models

from ..engine.ebay_access_mixin import MANAGER


class EbayCategory(models.Model):
    _inherit = "ebay.category"
    _people_set = {MANAGER: "product_category_id"}

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
    product_wanted_uid = fields.Many2one(
        "res.users",
        "Product wanted by",
        readonly=True,
        copy=False,
        help="It is created only if this person may still ask for it then.",
    )

    def action_create_products(self):
        """Button: create products in the background, one per listing.

        All variations of a listing become variants of one product.
        """
        self._check_may_decide()
        chosen = self.filtered(lambda row: row.active and not row.product_id)
        chosen |= self.search(
            [
                ("account_id", "in", chosen.account_id.ids),
                ("listing_ref", "in", chosen.mapped("listing_ref")),
                ("product_id", "=", False),
                ("is_variation", "=", True),
            ]
        )
        chosen.check_access("write")
        rows = chosen.sudo()  # checked above
        rows.write(
            {
                "product_wanted": True,
                "product_wanted_uid": self.env.uid,
                "ignored": False,
            }
        )
        rows.filtered(lambda row: not row.detailed_at).details_wanted = True
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
