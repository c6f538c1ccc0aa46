"""What Odoo asks for a product: pricelist -> the listing's currency -> tax."""

from decimal import Decimal
from functools import cached_property

from odoo import fields
from odoo.tools import SQL

from ...mapping.stock_prices.price import (
    NO_RATE,
    NO_RULE,
    NOT_POSITIVE,
    PriceProblem,
    PriceRule,
    PriceStep,
    price_steps,
)
from ...mapping.values.money import ZERO
from .overrides import Overrides

CHUNK = 1000
DIGITS = Decimal("0.000001")
LARGE = 100_000.0


class PriceCalculator:
    """Computes the prices of one account's listings; prices are read in chunks."""

    def __init__(self, account):
        self.env = account.env
        self.account = account
        self.company = account.company_id
        self.today = fields.Date.context_today(account)
        self._overrides = Overrides(account, "price")
        self._filtered = account._never_pushed_ids()
        self._base = {}
        self._factors = {}
        self._rates = {}
        self._taxes = {}

    def prepare(self, listings):
        """Read the pricelists' prices of these listings' products, a rule at a time."""
        by_rule = listings.grouped(lambda one: self.rule_of(one.marketplace_id.id))
        for rule, rows in by_rule.items():
            products = rows.product_id
            pricelist = rule.pricelist_id if rule else self.env["product.pricelist"]
            for start in range(0, len(products), CHUNK) if rule else ():
                prices = pricelist._get_products_price(
                    products[start : start + CHUNK], quantity=1.0
                )
                for product_id, price in prices.items():
                    self._base[rule.id, product_id] = price

    def asked(self, listings):
        """``{listing: (price, None) or (None, why there is none)}``.

        ``(None, None)`` where eBay's price is left alone. Other addons may ask another
        price where there is one, or none is wanted.
        """
        prices, problems = {}, {}
        for listing in listings:
            try:
                steps = self.steps(listing)
            except PriceProblem as problem:
                problems[listing.id] = problem.code
            else:
                prices[listing.id] = steps[-1].value if steps else None
        hooks = self.env["ebay.hook.stock.prices"]
        prices = hooks._prices(prices, listings, self.account)
        for listing_id, price in prices.items():
            if price is not None and price <= 0:
                prices[listing_id], problems[listing_id] = None, NOT_POSITIVE
        return {one: (prices.get(one.id), problems.get(one.id)) for one in listings}

    def is_filtered(self, product_id):
        """Whether the account's filter says that the product is never sent."""
        return product_id in self._filtered

    def steps(self, listing):
        """The named steps to this listing's price. Raises PriceProblem.

        Empty where eBay's price is left alone.
        """
        if self.is_filtered(listing.product_id.id):
            return []
        rule = self.rule_of(listing.marketplace_id.id)
        if not rule:
            raise PriceProblem(NO_RULE)
        product, currency = listing.product_id, listing.currency_id
        special = self._overrides.find(listing.id, product.id)
        if (rule.id, product.id) not in self._base:
            self.prepare(listing)
        own = rule.pricelist_id.currency_id or self.company.currency_id
        price = _decimal(self._base[rule.id, product.id])
        before = [PriceStep("pricelist", price)]
        rate = self.rate(own, currency)
        if rate != 1:
            price *= rate
            before.append(PriceStep("currency", price))
        factor = self._tax_factor(rule, product, price)
        if factor != 1:
            price *= factor
            before.append(PriceStep("tax", price))
        return price_steps(
            self._pure(rule, special),
            before,
            self._cost(rule, product, currency),
            currency.name,
        )

    def _cost(self, rule, product, currency):
        if not rule.has_floor or not product.standard_price:
            return ZERO
        cost = _decimal(product.standard_price)
        cost *= self.rate(self.company.currency_id, currency)
        # a cost excludes tax; a price on eBay that includes it must cover both
        if rule.tax == "included":
            cost *= self._tax_factor(rule, product, cost, "excluded")
        return cost

    def _pure(self, rule, special):
        def number(name, value):
            return _decimal(special.get(name, value))

        return PriceRule(
            markup=number("price_markup", rule.markup),
            extra=number("price_extra", rule.extra),
            fee=_decimal(rule.fee),
            rounding="" if rule.rounding == "cent" else rule.rounding,
            margin=_decimal(rule.margin) if rule.has_floor else None,
            smallest=_decimal(rule.smallest),
            largest=_decimal(rule.largest),
            fixed=number("price_fixed", 0) if "price_fixed" in special else None,
            never="price_never" in special,
        )

    # -- rules, rates, taxes -------------------------------------------------------

    @cached_property
    def _rules(self):
        rules = self.env["ebay.price.rule"].search(
            [("account_id", "=", self.account.id)]
        )
        return {rule.marketplace_id.id: rule for rule in rules}

    def rule_of(self, marketplace_id):
        """The rule of a marketplace, else the one for all, else an empty record."""
        none = self.env["ebay.price.rule"]
        return self._rules.get(marketplace_id) or self._rules.get(False, none)

    def rate(self, own, other):
        """From one currency to another. Raises PriceProblem without a rate.

        Odoo uses 1 if it has none, which could sell a thing for a quarter of its price.
        """
        key = (own, other)
        if key not in self._rates:
            if own == other:
                self._rates[key] = Decimal(1)
            elif not other or not self._has_rate(own) or not self._has_rate(other):
                raise PriceProblem(NO_RATE)
            else:
                self._rates[key] = _decimal(
                    own._get_conversion_rate(own, other, self.company, self.today)
                )
        return self._rates[key]

    def _has_rate(self, currency):
        """Whether there is a rate for today; Odoo itself uses 1 if there is none."""
        if currency == self.company.currency_id:
            return True
        rows = self.env.execute_query(
            SQL(
                "SELECT 1 FROM res_currency_rate WHERE currency_id = %s AND name <= %s "
                "AND rate > 0 AND (company_id IS NULL OR company_id = %s) LIMIT 1",
                currency.id,
                self.today,
                self.company.root_id.id,
            )
        )
        return bool(rows)

    def _tax_factor(self, rule, product, price, given="as_is"):
        """The factor that adds the tax to a price, or removes it.

        ``given`` "excluded": the price has none in it, whatever the taxes say.
        """
        if rule.tax == "as_is" or not price:
            return Decimal(1)
        taxes = self._own_taxes(product)
        key = (rule.tax, taxes, given)
        if key in self._factors:
            return self._factors[key]
        if given == "excluded":
            taxes = taxes.with_context(force_price_include=False)
        proportional = all(tax.amount_type == "percent" for tax in taxes)
        amount = LARGE if proportional else float(price)
        told = taxes.compute_all(amount, product=product)
        factor = _decimal(told[f"total_{rule.tax}"] / amount)
        if proportional:
            self._factors[key] = factor
        return factor

    def _own_taxes(self, product):
        """Those of a product's taxes that are the company's."""
        taxes = product.taxes_id
        if taxes not in self._taxes:
            self._taxes[taxes] = taxes._filter_taxes_by_company(self.company)
        return self._taxes[taxes]


def _decimal(number):
    """A float of Odoo's as a Decimal without its noise."""
    return Decimal(repr(float(number))).quantize(DIGITS)
