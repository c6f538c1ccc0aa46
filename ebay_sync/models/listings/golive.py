"""Listings that Odoo manages, or that follow eBay."""

from odoo import fields, models


class EbayListing(models.Model):
    _inherit = "ebay.listing"

    stock_by_hand = fields.Boolean(
        readonly=True,
        help="Somebody chose this by hand: going live does not change it.",
    )
    price_by_hand = fields.Boolean(
        readonly=True,
        help="Somebody chose this by hand: going live does not change it.",
    )
    stock_pending = fields.Boolean(
        readonly=True,
        index="btree_not_null",
        help="eBay manages the stock, and its new quantity is not in Odoo yet.",
    )

    def write(self, vals):
        """A person's choice of who manages is kept; eBay's quantity then comes in."""
        result = super().write(vals)
        follows = {
            f"{what}_by_hand": True
            for what in ("stock", "price")
            if f"{what}_master" in vals and f"{what}_by_hand" not in vals
        }
        if "stock_master" in vals:
            by_hand = vals.get("stock_by_hand", True)
            follows["stock_pending"] = by_hand and vals["stock_master"] == "ebay"
        if follows:
            # sudo: what follows from a decision that this user was let make
            self.sudo().write(follows)
        return result

    def _let_decide(self, **masters):
        """Who manages ``stock`` or ``price``, unless a person has chosen."""
        for what, master in masters.items():
            self.filtered(
                lambda row, what=what, master=master: (
                    not row[f"{what}_by_hand"] and row[f"{what}_master"] != master
                )
            ).write({f"{what}_master": master, f"{what}_by_hand": False})

    def _give_to_odoo(self):
        """Odoo manages these listings from now on."""
        self._let_decide(stock="odoo")
        self.filtered("account_id.golive_prices")._let_decide(price="odoo")

    def _follow_the_account(self):
        """Listings just linked belong to Odoo where the account is live for them."""
        for account, rows in self.grouped("account_id").items():
            # sudo: who may link need not be the one who decides; the account's stage is
            # what a manager has decided
            account.sudo()._live_listings(rows)._give_to_odoo()
