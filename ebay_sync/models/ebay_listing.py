from odoo import api, fields, models
from odoo.tools import SQL

OWNERS = [("inventory", "Inventory API"), ("trading", "Trading API")]
MANAGERS = [("odoo", "Odoo"), ("ebay", "eBay"), ("nobody", "Nobody")]


class EbayListing(models.Model):
    """One sellable thing on eBay: a listing, or one variation of it."""

    _name = "ebay.listing"
    _description = "eBay listing"
    _order = "account_id, listing_ref, sku, id"
    _rec_name = "title"
    _rec_names_search = ["title", "sku", "listing_ref"]
    _check_company_auto = True

    account_id = fields.Many2one(
        "ebay.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    marketplace_id = fields.Many2one("ebay.marketplace", index=True)
    listing_ref = fields.Char("Item id", index=True, help="eBay's listing or item id.")
    variation_ref = fields.Char(
        "Variation",
        required=True,
        default="",
        help="What tells the variations of a listing apart where there is no SKU.",
    )
    sku = fields.Char("SKU", index=True)
    offer_ref = fields.Char("Offer", index=True, help="eBay's offerId.")
    owner = fields.Selection(
        OWNERS, "Made with", required=True, default="trading", help="Which API owns it."
    )
    title = fields.Char()
    state = fields.Char(help="eBay's word: ACTIVE, OUT_OF_STOCK, ENDED …")
    active = fields.Boolean(default=True)
    product_id = fields.Many2one(
        "product.product", index=True, ondelete="restrict", check_company=True
    )
    stock_master = fields.Selection(MANAGERS, "Stock by", required=True, default="ebay")
    price_master = fields.Selection(MANAGERS, "Price by", required=True, default="ebay")

    def init(self):
        """A thing on eBay is one row; NULLs must not make it two."""
        self.env.cr.execute(
            SQL(
                "CREATE UNIQUE INDEX IF NOT EXISTS ebay_listing_thing_uniq ON "
                "ebay_listing (account_id, COALESCE(marketplace_id, 0), "
                "COALESCE(listing_ref, ''), variation_ref, COALESCE(sku, ''))"
            )
        )

    @api.depends("title", "sku", "listing_ref")
    def _compute_display_name(self):
        for listing in self:
            listing.display_name = " ".join(
                part
                for part in (
                    f"[{listing.sku}]" if listing.sku else "",
                    listing.title or listing.listing_ref,
                )
                if part
            )
