"""What a listing is to show, and the forms in which eBay's APIs accept it."""

from dataclasses import dataclass
from decimal import Decimal

from ...ebay_api.trading_xml import InventoryStatus
from ...mapping.stock_prices.push import OfferChange


@dataclass(frozen=True, slots=True)
class Change:
    """What a listing is to show; None leaves as it is."""

    listing_id: int
    quantity: int | None = None
    price: Decimal | None = None


def offer_change(row, change):
    """The change of a listing that the Inventory API owns."""
    return OfferChange(
        row.sku,
        row.offer_ref,
        change.quantity,
        change.price,
        row.currency_id.name or "",
    )


def inventory_status(row, change):
    """The change of any other listing, for Trading and for a file."""
    return InventoryStatus(
        item_id=row.listing_ref or "",
        sku=row.sku if row.is_variation else None,
        quantity=change.quantity,
        price=change.price,
        currency=row.currency_id.name or "",
    )
