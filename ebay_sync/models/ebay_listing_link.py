"""Which product of Odoo a listing sells, and how that is known."""

from odoo import fields, models

METHODS = [
    ("sku", "SKU"),
    ("barcode", "Barcode"),
    ("title", "Title"),
    ("manual", "By hand"),
    ("created", "Created from the listing"),
    ("file", "From a file"),
]


class EbayListing(models.Model):
    _inherit = "ebay.listing"

    product_id = fields.Many2one(
        "product.product", index=True, ondelete="restrict", check_company=True
    )
    ignored = fields.Boolean(help="Not sold from Odoo: no product is looked for.")
    link_method = fields.Selection(METHODS, "Linked by", readonly=True)
    link_score = fields.Integer(
        "Score", readonly=True, help="How sure the link is: 100 is an equal SKU."
    )
    linked_at = fields.Datetime("Linked", readonly=True)
