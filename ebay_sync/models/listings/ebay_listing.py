from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..engine.ebay_access_mixin import MANAGER

OWNERS = [("inventory", "Inventory API"), ("trading", "Trading API")]
MANAGERS = [("odoo", "Odoo"), ("ebay", "eBay"), ("nobody", "Nobody")]


class EbayListing(models.Model):
    """One sellable thing on eBay: a listing, or one variation of it.

    eBay is the truth for what stands here; the flow ``listings_in`` keeps it so. Where
    it is sold from in Odoo is said in ``link.py``, and who decides over stock
    and price by ``stock_master`` and ``price_master``.
    """

    _name = "ebay.listing"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay listing"
    _order = "account_id, listing_ref, sku, id"
    _rec_name = "title"
    _rec_names_search = ["title", "sku", "listing_ref"]
    _check_company_auto = True
    _people_set = {MANAGER: "stock_master price_master"}

    account_id = fields.Many2one(
        "ebay.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    marketplace_id = fields.Many2one("ebay.marketplace", readonly=True, index=True)
    listing_ref = fields.Char(
        "Item id", readonly=True, index=True, help="eBay's listing or item id."
    )
    variation_ref = fields.Char(
        "Variation key",
        readonly=True,
        required=True,
        default="",
        help="What distinguishes the variations of a listing that have no SKU: their "
        "aspects, sorted and in lower case.",
    )
    sku = fields.Char("SKU", readonly=True, index=True)
    offer_ref = fields.Char("Offer", readonly=True, index=True, help="eBay's offerId.")
    group_ref = fields.Char(
        "Group", readonly=True, help="eBay's inventoryItemGroupKey."
    )
    owner = fields.Selection(
        OWNERS,
        "Made with",
        readonly=True,
        required=True,
        default="trading",
        help="Which of eBay's APIs owns it.",
    )
    is_variation = fields.Boolean("Variation", readonly=True)
    variation_aspects = fields.Json(readonly=True, help="Pairs of aspect and value.")
    variation_name = fields.Char("Which variation", compute="_compute_variation_name")
    title = fields.Char(readonly=True)
    state = fields.Char(
        readonly=True, index=True, help="eBay's word: ACTIVE, OUT_OF_STOCK, ENDED ..."
    )
    format = fields.Char(readonly=True, help="eBay's word: FIXED_PRICE, AUCTION ...")
    condition = fields.Char(readonly=True)
    active = fields.Boolean(
        default=True, readonly=True, help="Off once the listing has ended."
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    price = fields.Monetary("Price on eBay", readonly=True)
    quantity = fields.Integer(
        "Quantity on eBay", readonly=True, help="What buyers can buy now."
    )
    category_ref = fields.Char("eBay category", readonly=True, help="categoryId.")
    category_path = fields.Char("Category on eBay", readonly=True)
    barcode = fields.Char(readonly=True, index=True, help="EAN, UPC or ISBN.")
    weight = fields.Float("Weight (kg)", readonly=True, digits=(16, 4))
    picture_urls = fields.Json(readonly=True)
    item_specifics = fields.Json(readonly=True)
    specifics_text = fields.Text("Item specifics", compute="_compute_specifics_text")
    url = fields.Char("On eBay", compute="_compute_url")
    ended_at = fields.Datetime("Ended", readonly=True)
    detailed_at = fields.Datetime(
        "Read in full",
        readonly=True,
        help="When its category, pictures and other details were read.",
    )
    details_wanted = fields.Boolean(
        "To be read in full",
        readonly=True,
        index="btree_not_null",
        help="In the next run.",
    )
    doubted_at = fields.Datetime(
        readonly=True,
        help="When a list left it out and eBay was asked whether it is gone.",
    )
    changed_at = fields.Datetime(
        "Changed", readonly=True, help="When eBay last reported a change of it."
    )
    stock_master = fields.Selection(
        MANAGERS,
        "Stock by",
        required=True,
        default="nobody",
        help="Odoo: eBay shows Odoo's quantity. eBay: Odoo takes over eBay's "
        "quantity. Nobody: each keeps its own.",
    )
    price_master = fields.Selection(
        MANAGERS, "Price by", required=True, default="nobody"
    )

    # One thing on eBay is one row; NULLs must not make it two. What changed lately, or
    # is not settled, is compared in between.
    _ebay_indexes = {
        "ebay_listing_written_idx": "(account_id, write_date)",
        "ebay_listing_unsettled_idx": "(account_id) WHERE quantity_unsettled",
        "ebay_listing_thing_uniq": (
            "UNIQUE (account_id, COALESCE(marketplace_id, 0), "
            "COALESCE(listing_ref, ''), variation_ref, COALESCE(sku, ''))"
        ),
    }

    def _check_may_decide(self):
        """Raise AccessError for who may not decide over these listings."""
        self.check_access("write")
        if not (self._is_flow() or self.env.user.has_group(MANAGER)):
            raise AccessError(
                self.env._(
                    "Only eBay managers can choose who manages stock and prices, "
                    "which products are created and which listings end."
                )
            )

    # -- what people read ------------------------------------------------------

    @api.depends("title", "sku", "listing_ref", "variation_aspects")
    def _compute_display_name(self):
        for listing in self:
            listing.display_name = " ".join(
                part
                for part in (
                    f"[{listing.sku}]" if listing.sku else "",
                    listing.title or listing.listing_ref,
                    f"({listing.variation_name})" if listing.variation_name else "",
                )
                if part
            )

    @api.depends("variation_aspects")
    def _compute_variation_name(self):
        for listing in self:
            pairs = listing.variation_aspects or []
            listing.variation_name = ", ".join(value for _name, value in pairs)

    @api.depends("item_specifics")
    def _compute_specifics_text(self):
        for listing in self:
            listing.specifics_text = "\n".join(
                f"{name}: {', '.join(values)}"
                for name, values in (listing.item_specifics or {}).items()
            )

    @api.depends("listing_ref", "marketplace_id")
    def _compute_url(self):
        for listing in self:
            host = listing.marketplace_id.website or "www.ebay.com"
            if listing.account_id.environment == "sandbox":
                host = "www.sandbox.ebay.com"
            ref = listing.listing_ref
            listing.url = f"https://{host}/itm/{ref}" if ref else False

    # -- buttons ---------------------------------------------------------------

    def action_read_details(self):
        """Button: read category, pictures and item specifics in the next run."""
        self.check_access("write")
        self.sudo().details_wanted = True  # sudo: checked above
        for account in self.account_id:
            account._wake("listings_in")
