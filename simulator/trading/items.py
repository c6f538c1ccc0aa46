"""Listings as Trading describes them: ``Item`` elements, short and full."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from ..clock import to_text
from ..inventory.shapes import CONDITION_IDS
from ..listings import category_tree, preferences
from ..listings.records import AUCTION, ENDED, Listing, Unit
from ..reference.marketplaces import MARKETPLACES
from .frame import Request, amount

RENEWAL = timedelta(days=30)


def ends_at(listing: Listing, now: datetime) -> datetime:
    """When it ended, or when a good-till-cancelled listing renews next."""
    if listing.ended_at is not None:
        return listing.ended_at
    rounds = (now - listing.started_at) // RENEWAL + 1
    return listing.started_at + rounds * RENEWAL


def _duration(left: timedelta) -> str:
    """``left`` as xs:duration, whole seconds."""
    seconds = max(int(left.total_seconds()), 0)
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3_600)
    minutes, seconds = divmod(seconds, 60)
    return f"P{days}DT{hours}H{minutes}M{seconds}S"


def short_item(
    request: Request, listing: Listing, units: Sequence[Unit], variations: bool
) -> dict[str, Any]:
    """An item of a list: ids, title, price, quantities, variations when wanted."""
    now = request.world.clock.now()
    available = sum(unit.available for unit in units)
    sold = sum(unit.sold for unit in units)
    price = amount(_lowest(units), listing.currency)
    item: dict[str, Any] = {
        "BuyItNowPrice": price,
        "ItemID": listing.item_id,
        "ListingDetails": {
            "StartTime": to_text(listing.started_at),
            "EndTime": to_text(ends_at(listing, now)),
            "ViewItemURL": f"https://www.ebay.com/itm/{listing.item_id}",
        },
        "ListingDuration": "GTC",
        "ListingType": "Chinese" if listing.format == AUCTION else "FixedPriceItem",
        # As listed over its whole life: sold ones included.
        "Quantity": available + sold,
        "QuantityAvailable": available,
        "SellingStatus": {
            "CurrentPrice": price,
            "QuantitySold": sold,
            "ListingStatus": "Completed" if listing.status == ENDED else "Active",
        },
        "SKU": None if _has_variations(units) else units[0].sku,
        "TimeLeft": _duration(ends_at(listing, now) - now),
        "Title": listing.title,
    }
    pictures = listing.document.get("pictures", [])
    if pictures:
        item["PictureDetails"] = {"GalleryURL": pictures[0]}
    if variations and _has_variations(units):
        item["Variations"] = {"Variation": _variations(listing, units)}
    return item


def _has_variations(units: Sequence[Unit]) -> bool:
    return bool(units and units[0].aspects)


def _lowest(units: Sequence[Unit]) -> Decimal:
    return min((unit.price for unit in units), default=Decimal(0))


def _variations(listing: Listing, units: Sequence[Unit]) -> list[dict[str, Any]]:
    return [
        {
            "SKU": unit.sku,
            "StartPrice": amount(unit.price, listing.currency),
            "Quantity": unit.available + unit.sold,
            "VariationSpecifics": _specifics(
                {name: [value] for name, value in unit.aspects.items()}
            ),
            "SellingStatus": {"QuantitySold": unit.sold},
            "VariationProductListingDetails": {"EAN": unit.ean} if unit.ean else None,
        }
        for unit in units
    ]


def _specifics(aspects: dict[str, list[str]]) -> dict[str, Any] | None:
    rows = [{"Name": name, "Value": list(values)} for name, values in aspects.items()]
    return {"NameValueList": rows} if rows else None


def full_item(
    request: Request,
    listing: Listing,
    units: Sequence[Unit],
    *,
    description: bool,
    specifics: bool,
) -> dict[str, Any]:
    """Everything GetItem knows of a listing."""
    document = listing.document
    place = MARKETPLACES[listing.marketplace]
    tree = category_tree.tree_of(request.world, place)
    category = tree.nodes.get(listing.category_id)
    item = short_item(request, listing, units, variations=True)
    del item["QuantityAvailable"]
    item |= {
        "Country": document.get("country") or place.country,
        "Currency": listing.currency,
        "Description": document.get("description") if description else None,
        "Location": document.get("location") or None,
        "PostalCode": document.get("postal_code") or None,
        "PrimaryCategory": {
            "CategoryID": listing.category_id,
            "CategoryName": ":".join(
                node.name for node in [*reversed(tree.ancestors(category)), category]
            )
            if category
            else None,
        },
        "Site": place.site_name,
        "StartPrice": item["BuyItNowPrice"],
        "ConditionID": CONDITION_IDS.get(listing.condition or ""),
        "Seller": {"UserID": listing.seller},
        "OutOfStockControl": preferences.out_of_stock_control(
            request.world.database, listing.seller
        ),
        "PictureDetails": {"PictureURL": document.get("pictures", [])},
        "ItemSpecifics": (
            _specifics(document.get("aspects", {})) if specifics else None
        ),
        "SellerProfiles": _profiles(document.get("policies", {})),
        "ProductListingDetails": _product(units, document),
        "ReviseStatus": {"ItemRevised": listing.revisions > 0},
    }
    if "Variations" in item:
        item["Variations"]["VariationSpecificsSet"] = _specifics(_axes(units))
    if listing.ending_reason:
        item["ListingDetails"]["EndingReason"] = listing.ending_reason
    return item


def _axes(units: Sequence[Unit]) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {}
    for unit in units:
        for name, value in unit.aspects.items():
            found.setdefault(name, {})[value] = None
    return {name: list(values) for name, values in found.items()}


def _profiles(policies: dict[str, str]) -> dict[str, Any] | None:
    if not policies:
        return None
    return {
        "SellerShippingProfile": {
            "ShippingProfileID": policies.get("fulfillmentPolicyId")
        },
        "SellerReturnProfile": {"ReturnProfileID": policies.get("returnPolicyId")},
        "SellerPaymentProfile": {"PaymentProfileID": policies.get("paymentPolicyId")},
    }


def _product(units: Sequence[Unit], document: dict[str, Any]) -> dict[str, Any] | None:
    if _has_variations(units) or not units or not units[0].ean:
        return None
    details: dict[str, Any] = {"EAN": units[0].ean}
    if document.get("brand") and document.get("mpn"):
        details["BrandMPN"] = {"Brand": document["brand"], "MPN": document["mpn"]}
    return details
