"""Exceptions from the account's rules for stock and prices."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.ebay_access_mixin import MANAGER

ABOUT = [("stock", "Stock"), ("price", "Price")]
KINDS = [
    ("buffer", "Hold back (pieces)"),
    ("cap", "Show at most (pieces)"),
    ("share", "Share of the stock (%)"),
    ("fixed", "Always this quantity"),
    ("never", "Leave eBay's quantity alone"),
    ("price_markup", "Markup (%)"),
    ("price_extra", "Added to the price"),
    ("price_fixed", "Always this price"),
    ("price_never", "Leave eBay's price alone"),
]
PIECES = ("buffer", "cap", "fixed")
# The closer one first.
LEVELS = ("listing_id", "product_id", "product_tmpl_id", "categ_id")
LARGEST = 10**9


def _about(kind):
    return "price" if (kind or "").startswith("price_") else "stock"


class EbayOverride(models.Model):
    """One exception: for a category, a product or a listing, one thing is different.

    Of two exceptions of a kind the closer one holds: the listing's, then the product's,
    then that of the nearest category.
    """

    _name = "ebay.override"
    _inherit = ["ebay.audited.mixin"]
    _description = "eBay exception for stock or price"
    _order = "account_id, about, kind, id"
    _rec_name = "kind"
    _check_company_auto = True
    _people_set = {
        MANAGER: "kind amount categ_id product_tmpl_id product_id listing_id",
    }
    _people_set_once = {MANAGER: "account_id about"}

    account_id = fields.Many2one(
        "ebay.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    about = fields.Selection(ABOUT, compute="_compute_about", store=True)
    kind = fields.Selection(KINDS, required=True)
    amount = fields.Float("Value", digits=(16, 4))
    categ_id = fields.Many2one("product.category", "Category", ondelete="cascade")
    product_tmpl_id = fields.Many2one(
        "product.template", "Product", ondelete="cascade", check_company=True
    )
    product_id = fields.Many2one(
        "product.product", "Variant", ondelete="cascade", check_company=True
    )
    listing_id = fields.Many2one("ebay.listing", ondelete="cascade", check_company=True)

    @api.depends("kind")
    def _compute_about(self):
        for override in self:
            override.about = _about(override.kind)

    @api.model_create_multi
    def create(self, vals_list):
        # Odoo asks for it before it knows whose row this is, and who may read it
        return super().create(
            [{**vals, "about": _about(vals.get("kind"))} for vals in vals_list]
        )

    @api.constrains("account_id", *LEVELS)
    def _check_target(self):
        for one in self:
            targets = [one[level] for level in LEVELS]
            if len(list(filter(None, targets))) != 1:
                raise ValidationError(
                    self.env._(
                        "An exception applies to one category, one product, one "
                        "variant or one listing."
                    )
                )

    @api.constrains("kind", "amount")
    def _check_amount(self):
        for one in self:
            if one.kind in PIECES and one.amount != int(one.amount):
                raise ValidationError(
                    self.env._("The quantity must be a whole number.")
                )
            if one.kind == "share" and not 0 <= one.amount <= 100:
                raise ValidationError(
                    self.env._("A share must be between 0 and 100 %.")
                )
            if one.kind not in ("price_markup", "price_extra") and one.amount < 0:
                raise ValidationError(self.env._("This value cannot be negative."))
            if abs(one.amount) > LARGEST:
                raise ValidationError(self.env._("This value is too large."))

    @api.model
    def _book(self, account, about):
        """The account's exceptions: ``{(kind, level, id): amount}``, levels by name."""
        return {
            (one.kind, level, one[level].id): one.amount
            for one in self.search(
                [("account_id", "=", account.id), ("about", "=", about)]
            )
            for level in LEVELS
            if one[level]
        }

    @api.model
    def _show_zero(self, account, product):
        """From now on all listings of a product show zero, despite exceptions."""
        self.search(
            [
                ("account_id", "=", account.id),
                ("kind", "in", ("fixed", "never")),
                "|",
                ("product_id", "=", product.id),
                ("listing_id.product_id", "=", product.id),
            ]
        ).unlink()
        self.create(
            {
                "account_id": account.id,
                "product_id": product.id,
                "kind": "fixed",
                "amount": 0,
            }
        )
