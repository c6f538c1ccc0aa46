"""Metadata API v1: what each marketplace allows. Source: sell_metadata_v1.

The policies follow from the categories' kinds of products, so that they agree with
what the Inventory API accepts. Enumerated words that eBay documents only in prose are
those that clients have seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..calls import Api, Call, Operation, Quota, Reply, reply_json
from ..errors import EbayError
from ..inventory.shapes import CONDITION_IDS
from ..listings import aspects
from ..listings.category_tree import Node, Tree, tree_of
from ..reference.marketplaces import MARKETPLACES
from ..reference.product_families import FAMILIES, Words, word

MOST_IDS = 50
_FILTER = re.compile(r"categoryIds:\{([^{}]*)\}")
_EU = {"DE", "PL", "AT", "BE", "FR", "IT", "NL", "ES", "IE"}
_CURRENCIES = {"EUR": "Euro", "PLN": "Polish Zloty", "GBP": "British Pound"}
_NEW = ("NEW", "NEW_OTHER")
_USED = ("NEW", "USED_EXCELLENT", "USED_GOOD", "FOR_PARTS_OR_NOT_WORKING")
_CONDITIONS: dict[str, Words] = {
    "NEW": ("New", "Neu", "Nowy"),
    "NEW_OTHER": ("Opened \u2013 never used", "Neu: Sonstige", "Nowy inny"),
    "USED_EXCELLENT": ("Used", "Gebraucht", "Używany"),
    "USED_GOOD": ("Good", "Gut", "Dobry"),
    "FOR_PARTS_OR_NOT_WORKING": (
        "For parts or not working",
        "Als Ersatzteil / defekt",
        "Na części lub niesprawny",
    ),
}
_Row = Callable[[Node, Tree], dict[str, Any]]


def _error(status: int, error_id: int, message: str) -> EbayError:
    return EbayError(status, error_id, message, domain="API_METADATA")


def _marketplace_tree(call: Call) -> Tree:
    place = MARKETPLACES.get(call.params["marketplace_id"])
    if place is None:
        raise _error(400, 46001, "The marketplace id was not found.")
    return tree_of(call.world, place)


def _chosen(call: Call, found: Tree) -> tuple[list[Node], list[dict[str, Any]]]:
    """The leaves the filter names, with those below a parent, and the warnings."""
    text = call.query.get("filter")
    if not text:
        return list(found.leaves()), []
    match = _FILTER.fullmatch(text.strip())
    if match is None:
        return list(found.leaves()), [_error(200, 46002, "Invalid filter.").error]
    warnings = []
    ids = [one.strip() for one in match.group(1).split("|") if one.strip()]
    if len(ids) > MOST_IDS:
        warnings.append(_error(200, 46004, f"Only {MOST_IDS} categories.").error)
    leaves: dict[str, Node] = {}
    for category_id in ids[:MOST_IDS]:
        node = found.nodes.get(category_id)
        if node is None:
            message = f"The category {category_id} was not found."
            warnings.append(_error(200, 46003, message).error)
        else:
            leaves |= {leaf.id: leaf for leaf in _below(node)}
    return list(leaves.values()), warnings


def _below(node: Node) -> list[Node]:
    if node.is_leaf:
        return [node]
    return [leaf for child in node.children for leaf in _below(child)]


def _policies(list_name: str, row: _Row) -> Callable[[Call], Reply]:
    """A handler that tells ``row`` of every chosen leaf."""

    def handler(call: Call) -> Reply:
        found = _marketplace_tree(call)
        leaves, warnings = _chosen(call, found)
        answer: dict[str, Any] = {
            list_name: [
                {
                    "categoryId": leaf.id,
                    "categoryTreeId": found.id,
                    **row(leaf, found),
                }
                for leaf in leaves
            ]
        }
        if warnings:
            answer["warnings"] = warnings
        return reply_json(answer)

    return handler


def _family(leaf: Node) -> Any:
    return FAMILIES[leaf.family or "misc"]


def _conditions(leaf: Node, found: Tree) -> dict[str, Any]:
    names = _USED if _family(leaf).used else _NEW
    return {
        "itemConditionRequired": True,
        "itemConditions": [
            {
                "conditionId": CONDITION_IDS[name],
                "conditionDescription": word(
                    _CONDITIONS[name], found.marketplace.language
                ),
            }
            for name in names
        ],
    }


def _structure(leaf: Node, found: Tree) -> dict[str, Any]:
    language = found.marketplace.language
    return {"variationsSupported": bool(aspects.variation_names(leaf, language))}


def _category(leaf: Node, found: Tree) -> dict[str, Any]:
    is_book = leaf.family == "book"
    return {
        "autoPayEnabled": True,
        "b2bVatEnabled": found.marketplace.country in _EU,
        "eanSupport": "DISABLED" if is_book else "ENABLED",
        "isbnSupport": "ENABLED" if is_book else "DISABLED",
        "upcSupport": "ENABLED",
        "expired": False,
        "intangibleEnabled": False,
        "lsd": False,
        "orpa": False,
        "orra": False,
        "minimumReservePrice": 0.0,
        "paymentMethods": [],
        "reduceReserveAllowed": True,
        "valueCategory": False,
        "virtual": False,
    }


def _regulatory(leaf: Node, found: Tree) -> dict[str, Any]:
    if found.marketplace.country not in _EU:
        return {"supportedAttributes": []}
    names = ("MANUFACTURER_CONTACT", "RESPONSIBLE_PERSON", "PRODUCT_SAFETY")
    return {
        "supportedAttributes": [
            {"name": name, "usage": "RECOMMENDED"} for name in names
        ]
    }


def _returns(leaf: Node, found: Tree) -> dict[str, Any]:
    details = {
        "policyDescriptionEnabled": True,
        "refundMethods": ["MONEY_BACK"],
        "returnMethods": ["REPLACEMENT"],
        "returnPeriods": [{"unit": "DAY", "value": days} for days in (14, 30, 60)],
        "returnsAcceptanceEnabled": True,
        "returnShippingCostPayers": ["BUYER", "SELLER"],
    }
    return {"required": True, "domestic": details, "international": details}


def _shipping(leaf: Node, found: Tree) -> dict[str, Any]:
    return {
        "globalShippingEnabled": found.marketplace.id == "EBAY_GB",
        "handlingTimeEnabled": True,
        "shippingTermsRequired": True,
        "maxFlatShippingCost": {
            "value": "1000.0",
            "currency": found.marketplace.currency,
        },
    }


def _listing_types(leaf: Node, found: Tree) -> dict[str, Any]:
    return {
        "digitalGoodDeliveryEnabled": False,
        "pickupDropOffEnabled": found.marketplace.id == "EBAY_GB",
        "listingDurations": [
            {"listingType": "FIXED_PRICE_ITEM", "durationValues": ["GTC"]},
            {
                "listingType": "AUCTION",
                "durationValues": ["DAYS_3", "DAYS_5", "DAYS_7", "DAYS_10"],
            },
        ],
    }


def _negotiated(leaf: Node, found: Tree) -> dict[str, Any]:
    return {
        "bestOfferAutoAcceptEnabled": True,
        "bestOfferAutoDeclineEnabled": True,
        "bestOfferCounterEnabled": True,
    }


def get_currencies(call: Call) -> Reply:
    """getCurrencies: the marketplace's default currency."""
    place = _marketplace_tree(call).marketplace
    code = place.currency
    return reply_json(
        {
            "marketplaceId": place.id,
            "defaultCurrency": {
                "code": code,
                "description": _CURRENCIES.get(code, code),
            },
        }
    )


_PREFIX = "/marketplace/{marketplace_id}"
_PER_CATEGORY: tuple[tuple[str, str, str, _Row], ...] = (
    (
        "get_listing_structure_policies",
        "getListingStructurePolicies",
        "listingStructurePolicies",
        _structure,
    ),
    ("get_category_policies", "getCategoryPolicies", "categoryPolicies", _category),
    (
        "get_regulatory_policies",
        "getRegulatoryPolicies",
        "regulatoryPolicies",
        _regulatory,
    ),
    ("get_return_policies", "getReturnPolicies", "returnPolicies", _returns),
    ("get_shipping_policies", "getShippingPolicies", "shippingPolicies", _shipping),
    (
        "get_listing_type_policies",
        "getListingTypePolicies",
        "listingTypePolicies",
        _listing_types,
    ),
    (
        "get_negotiated_price_policies",
        "getNegotiatedPricePolicies",
        "negotiatedPricePolicies",
        _negotiated,
    ),
)

API = Api(
    name="sell.metadata",
    prefix="/sell/metadata/v1",
    quota=Quota("sell", "Metadata", "sell.metadata", 5_000),
    operations=[
        Operation(
            "GET",
            f"{_PREFIX}/get_item_condition_policies",
            "getItemConditionPolicies",
            _policies("itemConditionPolicies", _conditions),
            token="any",
            scopes=("", "sell.inventory"),
        ),
        Operation(
            "GET",
            f"{_PREFIX}/get_currencies",
            "getCurrencies",
            get_currencies,
            token="app",
            scopes=("",),
        ),
        *(
            Operation(
                "GET",
                f"{_PREFIX}/{path}",
                name,
                _policies(list_name, row),
                token="app",
                scopes=("",),
            )
            for path, name, list_name, row in _PER_CATEGORY
        ),
    ],
)
