"""eBay's marketplaces as data: site number, locales, currency, web address.

Locale and id: eBay's guide "Marketplace ID values". Site numbers and currencies as the
Trading and Metadata APIs use them; the Metadata call getCurrencies has the last word.
Orders may name marketplaces that are not listed here: `marketplace()` bears that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Marketplace:
    """One eBay site.

    `id` is eBay's marketplace id ("EBAY_DE"), `site_id` the Trading site number or None
    where Trading has no such site, `locales` BCP 47 tags with the default first,
    `currency` the ISO code, `web` the host of its pages. An unknown marketplace has
    empty locales, currency and web.
    """

    id: str
    site_id: int | None = None
    locales: tuple[str, ...] = ()
    currency: str = ""
    web: str = ""
    site_ids: tuple[tuple[str, int], ...] = ()

    @property
    def locale(self) -> str:
        """The default locale, as Content-Language takes it ("de-DE"); may be ''."""
        return self.locales[0] if self.locales else ""

    @property
    def known(self) -> bool:
        """Whether this marketplace is in our table."""
        return bool(self.locales)

    def site_for(self, locale: str) -> int | None:
        """The Trading site for a locale of a site with two languages (BE, CA)."""
        return dict(self.site_ids).get(locale, self.site_id)


def _row(
    marketplace_id: str,
    site_id: int | None,
    locales: str,
    currency: str,
    web: str,
    **site_ids: int,
) -> tuple[str, Marketplace]:
    return marketplace_id, Marketplace(
        id=marketplace_id,
        site_id=site_id,
        locales=tuple(locales.split()),
        currency=currency,
        web=web,
        site_ids=tuple((loc.replace("_", "-"), n) for loc, n in site_ids.items()),
    )


MARKETPLACES: Mapping[str, Marketplace] = MappingProxyType(
    dict(
        (
            _row("EBAY_US", 0, "en-US", "USD", "www.ebay.com"),
            _row("EBAY_MOTORS_US", 100, "en-US", "USD", "www.ebay.com/motors"),
            _row("EBAY_CA", 2, "en-CA fr-CA", "CAD", "www.ebay.ca", fr_CA=210),
            _row("EBAY_GB", 3, "en-GB", "GBP", "www.ebay.co.uk"),
            _row("EBAY_AU", 15, "en-AU", "AUD", "www.ebay.com.au"),
            _row("EBAY_AT", 16, "de-AT", "EUR", "www.ebay.at"),
            # Dutch Belgium is eBay's default; French Belgium has a site of its own.
            _row("EBAY_BE", 123, "nl-BE fr-BE", "EUR", "www.ebay.be", fr_BE=23),
            _row("EBAY_FR", 71, "fr-FR", "EUR", "www.ebay.fr"),
            _row("EBAY_DE", 77, "de-DE", "EUR", "www.ebay.de"),
            _row("EBAY_IT", 101, "it-IT", "EUR", "www.ebay.it"),
            _row("EBAY_NL", 146, "nl-NL", "EUR", "www.ebay.nl"),
            _row("EBAY_ES", 186, "es-ES", "EUR", "www.ebay.es"),
            _row("EBAY_CH", 193, "de-CH", "CHF", "www.ebay.ch"),
            _row("EBAY_IE", 205, "en-IE", "EUR", "www.ebay.ie"),
            _row("EBAY_PL", 212, "pl-PL", "PLN", "www.ebay.pl"),
            _row("EBAY_HK", 201, "zh-HK", "HKD", "www.ebay.com.hk"),
            _row("EBAY_SG", 216, "en-US", "SGD", "www.ebay.com.sg"),
            _row("EBAY_MY", 207, "en-US", "MYR", "www.ebay.com.my"),
            _row("EBAY_PH", 211, "en-PH", "PHP", "www.ebay.ph"),
            _row("EBAY_TW", None, "zh-TW", "TWD", "www.ebay.com.tw"),
        )
    )
)


def marketplace(marketplace_id: str) -> Marketplace:
    """The marketplace with this id; one with empty facts if we do not know it."""
    return MARKETPLACES.get(marketplace_id) or Marketplace(id=marketplace_id)
