"""What building a batch of orders looks up, each thing once."""

import unicodedata
from collections import defaultdict
from functools import cached_property

from babel.languages import get_official_languages

from odoo.fields import Command

from ...compat import SOL_TAXES
from ...mapping.values.language import language_of
from .line_products import LineProducts


class Lookups:
    """The account's rules and the batch's products, countries, taxes, pricelists."""

    def __init__(self, env, account, orders):
        self.env = env
        self.account = account
        self.company = account.company_id
        self.orders = orders
        self._languages = {}
        self._positions = {}
        self._taxes = {}

    # -- places ----------------------------------------------------------------

    @cached_property
    def countries(self):
        """Countries by their two letters."""
        return {country.code: country for country in self.env["res.country"].search([])}

    def language(self, country):
        """The language of a buyer in this country: its own if installed, else ours."""
        code = country.code if country else None
        if code not in self._languages:
            installed = [lang for lang, _name in self.env["res.lang"].get_installed()]
            spoken = get_official_languages(code or "", de_facto=True)
            self._languages[code] = language_of(
                code, spoken, installed, self.env.lang or "en_US"
            )
        return self._languages[code]

    @cached_property
    def _states(self):
        states = defaultdict(dict)
        for state in self.env["res.country.state"].search([]):
            states[state.country_id.code].setdefault(state.code.upper(), state)
            states[state.country_id.code].setdefault(_plain(state.name), state)
        return states

    def state(self, country_code, text):
        """A state by its code or its name, or an empty record."""
        found = self._states.get(country_code, {})
        none = self.env["res.country.state"]
        return found.get(text.upper()) or found.get(_plain(text)) or none

    @cached_property
    def _locations(self):
        return {
            location.location_ref: location.warehouse_id
            for location in self.env["ebay.location"].search(
                [
                    ("account_id", "=", self.account.id),
                    ("warehouse_id", "!=", False),
                ]
            )
        }

    @cached_property
    def _usual_warehouse(self):
        return self.account.warehouse_id or self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )

    def warehouse(self, location_ref):
        """The warehouse that ships: of eBay's merchant location, else the usual one."""
        return self._locations.get(location_ref) or self._usual_warehouse

    @cached_property
    def _carriers(self):
        services = {
            order.fulfillment.service_code: order.lines[0].purchase_marketplace
            for order in self.orders
            if order.fulfillment.service_code
        }
        return self.env["ebay.carrier.book"]._methods_for(self.account, services)

    def carrier(self, service_code):
        """The delivery method for one of eBay's shipping services, or none."""
        return self._carriers.get(service_code, self.env["delivery.carrier"])

    # -- money -----------------------------------------------------------------

    @cached_property
    def currencies(self):
        """Currencies by code, the switched-off ones too."""
        return {
            currency.name: currency
            for currency in self.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "in", [order.currency for order in self.orders])])
        }

    @cached_property
    def pricelists(self):
        """One pricelist per currency sold in, made where there is none."""
        wanted = {
            currency
            for order in self.orders
            if (currency := self.currencies.get(order.currency)) and currency.active
        }
        # sudo: price lists are for sales managers; this one carries no price
        Pricelist = self.env["product.pricelist"].sudo()
        found = {}
        for pricelist in Pricelist.search(
            [
                ("currency_id", "in", [currency.id for currency in wanted]),
                ("company_id", "in", (self.company.id, False)),
                ("item_ids", "=", False),
            ],
            order="company_id, sequence, id",
        ):
            found.setdefault(pricelist.currency_id.name, pricelist)
        for currency in wanted:
            if currency.name not in found:
                found[currency.name] = Pricelist.create(
                    {
                        "name": f"eBay {currency.name}",
                        "currency_id": currency.id,
                        "company_id": self.company.id,
                    }
                )
        return found

    # -- products --------------------------------------------------------------

    @cached_property
    def _sold(self):
        lines = [line for order in self.orders for line in order.lines]
        return LineProducts(self.account, lines)

    def products(self, line):
        """The products an order line may be: linked listing, SKU, barcode."""
        return self._sold.candidates(line)

    def look_again(self):
        """A listing was linked meanwhile: later lines of the batch find its product."""
        self.__dict__.pop("_sold", None)

    # -- taxes -----------------------------------------------------------------

    def position(self, invoice_partner, delivery_partner, remitted):
        """The fiscal position of a destination, an empty record for none."""
        if remitted and self.account.remitted_position_id:
            return self.account.remitted_position_id
        place = (
            delivery_partner.country_id,
            delivery_partner.state_id,
            delivery_partner.zip,
            invoice_partner.vat,
            invoice_partner.property_account_position_id,
        )
        if place not in self._positions:
            Position = self.env["account.fiscal.position"]
            self._positions[place] = Position.with_company(
                self.company
            )._get_fiscal_position(invoice_partner, delivery_partner)
        return self._positions[place]

    def taxes(self, product, position):
        """The taxes of a product for a destination."""
        key = (product, position)
        if key not in self._taxes:
            own = product.taxes_id._filter_taxes_by_company(self.company)
            self._taxes[key] = position.map_tax(own)
        return self._taxes[key]

    @cached_property
    def _tax_rules(self):
        found = defaultdict(list)
        for rule in self.env["ebay.tax.rule"].search(
            [("account_id", "=", self.account.id)]
        ):
            found[rule.country_id.code].append(rule)
        return found

    def charged(self, order, charged):
        """The tax for what the seller charged on eBay, and what it was taken of.

        ``(tax, {"goods", "delivery"})``; an empty tax when nobody has chosen one yet.
        """
        currency = self.currencies[order.currency]
        fitting = [
            (charged.distance(rule._percent()), rule.id, rule.tax_id, covered)
            for rule in self._tax_rules.get(order.tax_country, [])
            if (covered := rule._covers(charged, currency))
        ]
        if not fitting:
            return self.env["account.tax"], frozenset()
        return min(fitting)[2:]

    def tax_values(self, taxes):
        """The taxes as values of a sale order line."""
        return {SOL_TAXES: [Command.set(taxes.ids)]}


def _plain(name):
    """The name of a state without capitals, accents and what is in brackets."""
    letters = unicodedata.normalize("NFKD", name.partition("(")[0].strip().casefold())
    return "".join(one for one in letters if not unicodedata.combining(one))
