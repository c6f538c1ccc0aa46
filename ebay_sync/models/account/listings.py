"""The account's rules for listings, and how far the mirror is."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.ebay_access_mixin import MANAGER


class EbayAccount(models.Model):
    _inherit = "ebay.account"
    _people_set = {
        MANAGER: (
            "sweep_hours new_product_categ_id new_product_tax_ids new_product_pictures"
        ),
    }

    listing_ids = fields.One2many("ebay.listing", "account_id")
    listing_count = fields.Integer("Listings", compute="_compute_listing_counts")
    unlinked_count = fields.Integer("Unlinked", compute="_compute_listing_counts")
    listings_read_until_at = fields.Datetime(
        "Changes read until", readonly=True, copy=False
    )
    listings_swept_at = fields.Datetime(
        "Last full sweep",
        readonly=True,
        copy=False,
        help="When everything that is live on eBay was last read.",
    )
    sweep_hours = fields.Integer(
        "Full sweep every (hours)",
        default=24,
        help="Between full sweeps only changes are read.",
    )

    link_rule_ids = fields.One2many(
        "ebay.link.rule",
        "account_id",
        "Linking rules",
        default=lambda self: self.env["ebay.link.rule"]._usual_rules(),
        help="Applied in this order. The first rule that finds exactly one product "
        "decides.",
    )
    links_checked_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="Up to when new and changed products have been compared with the "
        "listings.",
    )
    links_product_refs = fields.Json(
        readonly=True,
        copy=False,
        help="The newest products that everything has been compared with.",
    )
    new_product_categ_id = fields.Many2one(
        "product.category",
        "New categories below",
        help="eBay's categories of created products are created below this one.",
    )
    new_product_tax_ids = fields.Many2many(
        "account.tax",
        "ebay_account_new_product_tax_rel",
        string="Taxes of new products",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale'), ('company_id', '=', company_id)]",
        help="Empty: the company's usual sales tax.",
    )
    new_product_pictures = fields.Boolean("Take eBay's picture", default=True)

    @api.constrains("sweep_hours")
    def _check_sweep_hours(self):
        if any(not 1 <= account.sweep_hours <= 720 for account in self):
            raise ValidationError(
                self.env._("Enter 1 to 720 hours between full sweeps.")
            )

    def _compute_listing_counts(self):
        Listing = self.env["ebay.listing"]
        mine = [("account_id", "in", self.ids)]
        counts = dict(Listing._read_group(mine, ["account_id"], ["__count"]))
        unlinked = dict(
            Listing._read_group(
                [*mine, ("product_id", "=", False), ("ignored", "=", False)],
                ["account_id"],
                ["__count"],
            )
        )
        for account in self:
            account.listing_count = counts.get(account, 0)
            account.unlinked_count = unlinked.get(account, 0)

    def _open_sweep(self):
        """The sweep that is under way, or an empty record."""
        return self.env["ebay.listing.sweep"].search(
            [("account_id", "=", self.id), ("stage", "!=", "done")], limit=1
        )

    def action_sweep(self):
        """Button: read everything that is live on eBay, in the background."""
        self.ensure_one()
        self.check_access("write")
        self.sudo().listings_swept_at = False  # sudo: checked above
        self._wake("listings_in")

    def action_view_listings(self):
        """Open the account's listings."""
        return self._filtered_action("ebay_sync.ebay_listing_action")

    def action_view_unlinked(self):
        """Open the linking bench for this account."""
        return self._filtered_action("ebay_sync.ebay_listing_link_action")
