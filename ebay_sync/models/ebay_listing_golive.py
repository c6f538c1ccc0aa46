"""Listings over which Odoo decides, or which follow eBay."""

from odoo import api, fields, models


class EbayListing(models.Model):
    _inherit = "ebay.listing"

    stock_pending = fields.Boolean(
        readonly=True,
        index="btree_not_null",
        help="eBay decides, and its new quantity is not in Odoo yet.",
    )

    @api.private
    def _give_to_odoo(self):
        """Odoo decides over these listings from now on."""
        for account, rows in self.grouped("account_id").items():
            rows.filtered(lambda row: row.stock_master != "odoo").write(
                {"stock_master": "odoo", "stock_pending": False}
            )
            if account.golive_prices:
                rows.filtered(lambda row: row.price_master != "odoo").write(
                    {"price_master": "odoo"}
                )

    @api.private
    def _follow_the_account(self):
        """Listings just linked belong to Odoo where the account is live for them."""
        for account, rows in self.grouped("account_id").items():
            # sudo: who may link need not be the one who decides; the account's stage is
            # what a manager has decided
            account.sudo()._live_listings(rows)._give_to_odoo()
