from decimal import Decimal

from odoo import models


class EbayHookStockPrices(models.AbstractModel):
    _inherit = "ebay.hook.stock.prices"

    def _prepare_quantities(self, quantities, *, products, account):
        """In pairs; products without an internal reference are left alone."""
        quantities = super()._prepare_quantities(
            quantities, products=products, account=account
        )
        found = self.env["product.product"].browse(set(products.values()))
        nameless = set(found.filtered(lambda one: not one.default_code).ids)
        return {
            one: None if products[one] in nameless else pieces and pieces - pieces % 2
            for one, pieces in quantities.items()
        }

    def _prepare_prices(self, prices, *, products, account):
        """What the system parameter says is added."""
        prices = super()._prepare_prices(prices, products=products, account=account)
        return {one: price and price + self._extra() for one, price in prices.items()}

    def _prepare_price_ingredients(self, ingredients, *, account):
        ingredients = super()._prepare_price_ingredients(ingredients, account=account)
        return [*ingredients, str(self._extra())]

    def _extra(self):
        parameters = self.env["ir.config_parameter"].sudo()
        return Decimal(parameters.get_param("ebay_sync_extended.extra", "1"))
