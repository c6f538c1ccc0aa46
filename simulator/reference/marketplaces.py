"""eBay's marketplaces: Trading site, locales, currency and category tree of each.

Marketplace ids and locales: eBay's guide "Using eBay RESTful APIs", table
"Marketplace ID values". Site ids: the Trading API's ``SiteCodeType``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Marketplace:
    """One marketplace.

    ``locales`` holds the languages it accepts, the default one first.
    """

    id: str
    site_id: str
    site_name: str
    locales: tuple[str, ...]
    currency: str
    category_tree_id: str

    @property
    def locale(self) -> str:
        """The default locale, like ``de-DE``."""
        return self.locales[0]

    @property
    def language(self) -> str:
        """The default language in lower case, like ``de``."""
        return self.locale[:2]

    @property
    def country(self) -> str:
        """The ISO country code; EBAY_MOTORS_US trades in the US."""
        return "US" if self.id == "EBAY_MOTORS_US" else self.id[5:]


_ROWS = (
    ("EBAY_US", "0", "US", "en-US", "USD", "0"),
    ("EBAY_MOTORS_US", "100", "eBayMotors", "en-US", "USD", "100"),
    ("EBAY_CA", "2", "Canada", "en-CA fr-CA", "CAD", "2"),
    ("EBAY_GB", "3", "UK", "en-GB", "GBP", "3"),
    ("EBAY_AU", "15", "Australia", "en-AU", "AUD", "15"),
    ("EBAY_AT", "16", "Austria", "de-AT", "EUR", "16"),
    ("EBAY_BE", "123", "Belgium_Dutch", "nl-BE fr-BE", "EUR", "123"),
    ("EBAY_FR", "71", "France", "fr-FR", "EUR", "71"),
    ("EBAY_DE", "77", "Germany", "de-DE", "EUR", "77"),
    ("EBAY_IT", "101", "Italy", "it-IT", "EUR", "101"),
    ("EBAY_NL", "146", "Netherlands", "nl-NL", "EUR", "146"),
    ("EBAY_ES", "186", "Spain", "es-ES", "EUR", "186"),
    ("EBAY_CH", "193", "Switzerland", "de-CH", "CHF", "193"),
    ("EBAY_IE", "205", "Ireland", "en-IE", "EUR", "205"),
    ("EBAY_PL", "212", "Poland", "pl-PL", "PLN", "212"),
    ("EBAY_HK", "201", "HongKong", "zh-HK", "HKD", "201"),
    ("EBAY_SG", "216", "Singapore", "en-US", "SGD", "216"),
    ("EBAY_MY", "207", "Malaysia", "en-US", "MYR", "207"),
    ("EBAY_PH", "211", "Philippines", "en-PH", "PHP", "211"),
)

MARKETPLACES: dict[str, Marketplace] = {
    row[0]: Marketplace(row[0], row[1], row[2], tuple(row[3].split()), row[4], row[5])
    for row in _ROWS
}
BY_SITE_ID: dict[str, Marketplace] = {
    place.site_id: place for place in MARKETPLACES.values()
}
# Two countries have a second Trading site for their other language.
BY_SITE_ID["210"] = MARKETPLACES["EBAY_CA"]
BY_SITE_ID["23"] = MARKETPLACES["EBAY_BE"]
BY_TREE_ID: dict[str, Marketplace] = {
    place.category_tree_id: place for place in MARKETPLACES.values()
}
