from odoo import models

from odoo.addons.ebay_sync.mapping.listings.matching import Decision


class EbayHookListings(models.AbstractModel):
    _inherit = "ebay.hook.listings"

    def _prepare_link_decisions(self, decisions, *, wanted, account):
        """Listings whose SKU is a product's reference behind ``X-``."""
        decisions = super()._prepare_link_decisions(
            decisions, wanted=wanted, account=account
        )
        codes = {f"X-{one.sku}": key for key, one in wanted.items() if one.sku}
        products = self.env["product.product"].search(
            [("default_code", "in", list(codes))]
        )
        for product in products:
            decisions[codes[product.default_code]] = Decision(product.id, "sku", 90)
        return decisions
