from odoo import fields, models

DEFAULT_YEARS = 10


class ResCountry(models.Model):
    """How long a country wants posted documents kept."""

    _inherit = "res.country"

    ebay_books_years = fields.Integer(
        "Keep posted documents (years)",
        help="From the end of the year of the document. Names and addresses of eBay "
        "buyers on posted invoices stay for so long; 0 stands for 10 years.",
    )

    def _books_years(self):
        """The years to keep; the longest usual time where nothing is known."""
        return self[:1].ebay_books_years or DEFAULT_YEARS
