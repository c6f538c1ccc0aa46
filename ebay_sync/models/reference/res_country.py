from odoo import fields, models

from ..engine.ebay_access_mixin import MANAGER

DEFAULT_YEARS = 10


class ResCountry(models.Model):
    """How long a country wants posted documents kept."""

    _name = "res.country"
    _inherit = ["res.country", "ebay.access.mixin"]
    _people_set = {MANAGER: "ebay_books_years"}

    ebay_books_years = fields.Integer(
        "Keep posted documents (years)",
        help="From the end of the document's year. Names and addresses of eBay "
        "buyers on posted invoices are kept this long. 0 means 10 years.",
    )

    def _books_years(self):
        """The years to keep; the longest usual period where nothing is known."""
        return self[:1].ebay_books_years or DEFAULT_YEARS
