from odoo import fields, models

from ...compat import sql_constraints
from ..engine.ebay_access_mixin import MANAGER, SYSTEM


class EbayMarketplace(models.Model):
    """An eBay site. Data for the known ones; others are added as orders name them."""

    _name = "ebay.marketplace"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay marketplace"
    _order = "sequence, code"
    _rec_names_search = ["code", "name"]
    _people_set = {
        MANAGER: "name sequence",
        SYSTEM: "active site_ref locale currency_name website",
    }
    _people_set_once = {
        MANAGER: "code active site_ref locale currency_name website",
    }

    locals().update(
        sql_constraints(
            code_uniq=("UNIQUE(code)", "This marketplace is already in the list.")
        )
    )

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="eBay's marketplaceId, for example EBAY_DE.")
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    site_ref = fields.Char(
        "Trading site", help="Number of the marketplace in the Trading API."
    )
    locale = fields.Char(
        help="Language of the texts sent to the marketplace, for example de-DE."
    )
    currency_name = fields.Char("Currency", help="The site's currency (ISO 4217).")
    website = fields.Char(help="Host name of the site, for example www.ebay.de.")
    carrier_codes = fields.Json(
        "eBay's carriers", readonly=True, help="{code: name}, from GeteBayDetails."
    )
