"""Where other addons join in while quantities and prices are computed.

See ``docs/extending.md``; names, arguments and meaning are stable.
"""

from decimal import Decimal

from odoo import api, models

from ...mapping.stock_prices.stock import LARGEST_QUANTITY
from ...mapping.values.money import rounded


class EbayHookStockPrices(models.AbstractModel):
    """Quantities and prices of a batch of listings, before they are compared."""

    _name = "ebay.hook.stock.prices"
    _description = "eBay: doors for other addons, stock and prices"

    @api.model
    def _prepare_quantities(self, quantities, *, products, account):
        """What eBay should show: ``{listing id: pieces}``, None for "leave it alone".

        ``products`` is ``{listing id: product id}`` of the same listings, which may be
        very many. Pieces are whole, not negative, and at most 999,999.
        """
        return quantities

    @api.model
    def _prepare_prices(self, prices, *, products, account):
        """What eBay should ask: ``{listing id: Decimal}``, up to 1,000 at once.

        In the currency of the listing; None sends none. ``products`` as above.
        """
        return prices

    @api.model
    def _prepare_price_ingredients(self, ingredients, *, account):
        """Texts that change when all prices are to be computed again."""
        return ingredients

    # -- what comes back is checked ------------------------------------------------

    @api.model
    def _quantities(self, quantities, products, account):
        """The quantities after all addons have had their say, within what eBay takes.

        Raises ValueError on a quantity that is none: nothing is sent then.
        """
        told = self._prepare_quantities(
            dict(quantities), products=products, account=account
        )
        return {one: _pieces(told[one]) for one in quantities}

    @api.model
    def _prices(self, prices, listings, account):
        """The prices after all addons have had their say, in the currency's cents.

        Raises ValueError on a price that is none.
        """
        told = self._prepare_prices(
            dict(prices),
            products={one.id: one.product_id.id for one in listings},
            account=account,
        )
        return {
            one.id: _price(told[one.id], one.currency_id.name)
            for one in listings
            if one.id in prices
        }


def _pieces(value):
    if value is None:
        return None
    if isinstance(value, bool) or value != int(value):
        raise ValueError(f"{value!r} is no number of pieces")
    return min(max(int(value), 0), LARGEST_QUANTITY)


def _price(value, currency):
    if value is None:
        return None
    if not isinstance(value, Decimal) or not value.is_finite():
        raise ValueError(f"{value!r} is no price: a Decimal is expected")
    return rounded(value, currency)
