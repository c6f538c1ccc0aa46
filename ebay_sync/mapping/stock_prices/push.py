"""New quantities and prices in the form in which the Inventory API takes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class OfferChange:
    """What an offer is to show; None leaves as it is."""

    sku: str
    offer_ref: str
    quantity: int | None = None
    price: Decimal | None = None
    currency: str = ""


def bulk_entry(changes: Iterable[OfferChange]) -> dict[str, Any]:
    """The entry of bulkUpdatePriceQuantity for the offers of one SKU.

    Item and offer carry the quantity both: eBay's documents disagree on which counts,
    so the item gets the largest of its offers'.
    """
    changes = list(changes)
    entry: dict[str, Any] = {"sku": changes[0].sku}
    quantities = [one.quantity for one in changes if one.quantity is not None]
    if quantities:
        entry["shipToLocationAvailability"] = {"quantity": max(quantities)}
    entry["offers"] = [_offer(one) for one in changes]
    return entry


def _offer(change: OfferChange) -> dict[str, Any]:
    offer: dict[str, Any] = {"offerId": change.offer_ref}
    if change.quantity is not None:
        offer["availableQuantity"] = change.quantity
    if change.price is not None:
        offer["price"] = {"value": str(change.price), "currency": change.currency}
    return offer
