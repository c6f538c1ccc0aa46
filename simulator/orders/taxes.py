"""Tax that eBay collects from the buyer and hands to the tax office.

By where the goods lie and where they go; a simplification that covers the kinds a
seller in Europe meets. Source: field notes of EbayCollectAndRemitTax.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

EU = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI"
    " SK".split()
)
_STATES = {
    "TX": Decimal("0.0825"),
    "NY": Decimal("0.08875"),
    "OH": Decimal("0.0725"),
    "CA": Decimal("0.08625"),
}
_VAT = {
    "DE": Decimal("0.19"),
    "PL": Decimal("0.23"),
    "FR": Decimal("0.20"),
    "IT": Decimal("0.22"),
    "ES": Decimal("0.21"),
    "GB": Decimal("0.20"),
}
_SMALL_CONSIGNMENT = Decimal(150)


@dataclass(frozen=True, slots=True)
class CollectedTax:
    """One tax: eBay's type, the rate on goods and shipping, the number for customs."""

    kind: str
    rate: Decimal
    reference: tuple[str, str] | None = None


def collected_tax(
    origin: str, country: str, region: str, goods: Decimal
) -> CollectedTax | None:
    """What eBay collects on goods from one country to another, if anything."""
    if country == "US":
        rate = _STATES.get(region, Decimal("0.06"))
        return CollectedTax("STATE_SALES_TAX", rate)
    if origin == country or (origin in EU and country in EU):
        return None
    small = goods <= _SMALL_CONSIGNMENT
    if small and (country == "GB" or country in EU):
        number = "IM2760000742" if country in EU else "GB365608580"
        rate = _VAT.get(country, Decimal("0.21"))
        return CollectedTax("VAT", rate, ("IOSS", number))
    return None
