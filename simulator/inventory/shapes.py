"""The JSON that Inventory takes: known fields, their types and their limits.

Unknown fields are dropped, as eBay drops them. A value of the wrong type is refused
with 400/2004 like a body that cannot be read. Limits: sell_inventory_v1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from ..errors import bad_request
from .refusals import invalid_value, refusal

SKU_PATTERN = re.compile(r"[A-Za-z0-9._-]{1,50}")
CONDITION_IDS = {
    "NEW": "1000",
    "LIKE_NEW": "2750",
    "NEW_OTHER": "1500",
    "NEW_WITH_DEFECTS": "1750",
    "CERTIFIED_REFURBISHED": "2000",
    "EXCELLENT_REFURBISHED": "2010",
    "VERY_GOOD_REFURBISHED": "2020",
    "GOOD_REFURBISHED": "2030",
    "SELLER_REFURBISHED": "2500",
    "PRE_OWNED_EXCELLENT": "2990",
    "USED_EXCELLENT": "3000",
    "PRE_OWNED_FAIR": "3010",
    "USED_VERY_GOOD": "4000",
    "USED_GOOD": "5000",
    "USED_ACCEPTABLE": "6000",
    "FOR_PARTS_OR_NOT_WORKING": "7000",
}


@dataclass(frozen=True)
class Text:
    """A string; ``most`` characters at most, ``allowed`` values when named."""

    most: int | None = None
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Number:
    """An integer, or any number with ``fraction``; at least ``least``."""

    fraction: bool = False
    least: int | None = None
    error_id: int = 25709


@dataclass(frozen=True)
class Flag:
    """true or false."""


@dataclass(frozen=True)
class Many:
    """A list of one shape."""

    shape: Any
    most: int | None = None


@dataclass(frozen=True)
class Mapped:
    """An object with free keys, each holding one shape."""

    shape: Any
    longest_key: int


@dataclass(frozen=True)
class Whatever:
    """Any JSON object: kept, not looked into."""


AMOUNT = {"value": Text(), "currency": Text()}
_POLICY_IDS = Many(Text(), 6)
_DURATION = {"value": Number(), "unit": Text()}
_SHIP_TO = {
    "quantity": Number(least=0, error_id=25004),
    "availabilityDistributions": Many(
        {
            "merchantLocationKey": Text(36),
            "quantity": Number(least=0, error_id=25004),
            "fulfillmentTime": _DURATION,
        }
    ),
}
ITEM: dict[str, Any] = {
    "availability": {
        "shipToLocationAvailability": _SHIP_TO,
        "pickupAtLocationAvailability": Many(Whatever()),
    },
    "condition": Text(allowed=tuple(CONDITION_IDS)),
    "conditionDescription": Text(1_000),
    "conditionDescriptors": Many(Whatever()),
    "packageWeightAndSize": {
        "dimensions": {
            "height": Number(fraction=True),
            "length": Number(fraction=True),
            "width": Number(fraction=True),
            "unit": Text(allowed=("INCH", "FEET", "CENTIMETER", "METER")),
        },
        "packageType": Text(),
        "shippingIrregular": Flag(),
        "weight": {
            "value": Number(fraction=True),
            "unit": Text(allowed=("POUND", "OUNCE", "KILOGRAM", "GRAM")),
        },
    },
    "product": {
        "aspects": Mapped(Many(Text(50), 30), 40),
        "brand": Text(65),
        "description": Text(4_000),
        "ean": Many(Text()),
        "epid": Text(),
        "imageUrls": Many(Text(), 24),
        "isbn": Many(Text()),
        "mpn": Text(65),
        "subtitle": Text(55),
        "title": Text(80),
        "upc": Many(Text()),
        "videoIds": Many(Text(), 1),
    },
}
OFFER: dict[str, Any] = {
    "availableQuantity": Number(least=0, error_id=25004),
    "categoryId": Text(),
    "charity": Whatever(),
    "extendedProducerResponsibility": Whatever(),
    "hideBuyerDetails": Flag(),
    "includeCatalogProductDetails": Flag(),
    "listingDescription": Text(500_000),
    "listingDuration": Text(),
    "listingPolicies": {
        "bestOfferTerms": Whatever(),
        "eBayPlusIfEligible": Flag(),
        "fulfillmentPolicyId": Text(),
        "paymentPolicyId": Text(),
        "productCompliancePolicyIds": _POLICY_IDS,
        "regionalProductCompliancePolicies": Whatever(),
        "regionalTakeBackPolicies": Whatever(),
        "returnPolicyId": Text(),
        "shippingCostOverrides": Many(Whatever()),
        "takeBackPolicyId": Text(),
    },
    "listingStartDate": Text(),
    "lotSize": Number(least=1),
    "merchantLocationKey": Text(36),
    "pricingSummary": {
        "auctionReservePrice": AMOUNT,
        "auctionStartPrice": AMOUNT,
        "minimumAdvertisedPrice": AMOUNT,
        "originallySoldForRetailPriceOn": Text(),
        "originalRetailPrice": AMOUNT,
        "price": AMOUNT,
        "pricingVisibility": Text(),
    },
    "quantityLimitPerBuyer": Number(least=1),
    "regulatory": Whatever(),
    "secondaryCategoryId": Text(),
    "storeCategoryNames": Many(Text(), 2),
    "tax": {
        "applyTax": Flag(),
        "thirdPartyTaxCategory": Text(),
        "vatPercentage": Number(fraction=True),
    },
}
OFFER_KEYS = {
    "sku": Text(),
    "marketplaceId": Text(),
    "format": Text(allowed=("FIXED_PRICE", "AUCTION")),
}
GROUP: dict[str, Any] = {
    "aspects": Mapped(Many(Text(50), 30), 40),
    "description": Text(500_000),
    "imageUrls": Many(Text(), 12),
    "subtitle": Text(55),
    "title": Text(80),
    "variantSKUs": Many(Text()),
    "variesBy": {
        "aspectsImageVariesBy": Many(Text()),
        "specifications": Many({"name": Text(40), "values": Many(Text(50))}),
    },
    "videoIds": Many(Text(), 1),
}
PRICE_QUANTITY: dict[str, Any] = {
    "sku": Text(),
    "shipToLocationAvailability": _SHIP_TO,
    "offers": Many(
        {
            "offerId": Text(),
            "availableQuantity": Number(least=0, error_id=25004),
            "price": AMOUNT,
        },
        25,
    ),
}


def read(value: Any, shape: Any, path: str) -> Any:
    """``value`` reduced to what ``shape`` knows.

    Raises EbayError: 2004 for a wrong type, 25709 or 25004 for a broken limit.
    """
    if isinstance(shape, Mapping):
        return _object(value, shape, path)
    reader = _READERS[type(shape)]
    return reader(value, shape, path)


def amount(given: dict[str, Any], path: str) -> tuple[Decimal, str]:
    """Value and currency of an amount. Raises EbayError 25003."""
    try:
        value = Decimal(given["value"])
    except (KeyError, InvalidOperation) as error:
        raise refusal(25003, f"{path}.value is not a number.") from error
    if not value.is_finite() or value < 0 or not given.get("currency"):
        raise refusal(25003, f"{path} needs a positive value and a currency.")
    return value, given["currency"]


def check_sku(sku: Any) -> str:
    """``sku`` itself. Raises EbayError 25707."""
    if not isinstance(sku, str) or not SKU_PATTERN.fullmatch(sku):
        raise refusal(25707, "", parameters={"sku": str(sku)})
    return sku


def _cannot(path: str) -> Exception:
    return bad_request(f"Could not serialize field [{path}]")


def _object(value: Any, shape: Mapping[str, Any], path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _cannot(path)
    return {
        name: read(value[name], inner, f"{path}.{name}" if path else name)
        for name, inner in shape.items()
        if value.get(name) is not None
    }


def _text(value: Any, shape: Text, path: str) -> str:
    if not isinstance(value, str) or (shape.allowed and value not in shape.allowed):
        raise _cannot(path)
    if shape.most is not None and len(value) > shape.most:
        raise invalid_value(path, f"At most {shape.most} characters.")
    return value


def _number(value: Any, shape: Number, path: str) -> int | float:
    kinds = (int, float) if shape.fraction else (int,)
    if not isinstance(value, kinds) or isinstance(value, bool):
        raise _cannot(path)
    if shape.least is not None and value < shape.least:
        if shape.error_id == 25709:
            raise invalid_value(path, f"At least {shape.least}.")
        raise refusal(shape.error_id, f"{path} must be at least {shape.least}.")
    return value


def _flag(value: Any, shape: Flag, path: str) -> bool:
    if not isinstance(value, bool):
        raise _cannot(path)
    return value


def _many(value: Any, shape: Many, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise _cannot(path)
    if shape.most is not None and len(value) > shape.most:
        raise invalid_value(path, f"At most {shape.most} entries.")
    return [read(one, shape.shape, path) for one in value]


def _mapped(value: Any, shape: Mapped, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _cannot(path)
    for name in value:
        if len(name) > shape.longest_key:
            raise invalid_value(path, f"Names have {shape.longest_key} characters.")
    return {name: read(one, shape.shape, path) for name, one in value.items()}


def _whatever(value: Any, shape: Whatever, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _cannot(path)
    return value


_READERS: dict[type, Any] = {
    Text: _text,
    Number: _number,
    Flag: _flag,
    Many: _many,
    Mapped: _mapped,
    Whatever: _whatever,
}
