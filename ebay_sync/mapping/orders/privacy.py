"""What of an order document stays when its buyer is forgotten.

A list of what stays, not of what goes: a field that eBay adds later is personal until
somebody says otherwise.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from ..notifications.notification import LONGEST_TOKEN
from ..values.errors import Note
from ..values.reader import Node, Reading

ALL = True

_LINE = {
    "lineItemId": ALL,
    "legacyItemId": ALL,
    "legacyVariationId": ALL,
    "sku": ALL,
    "title": ALL,
    "quantity": ALL,
    "soldFormat": ALL,
    "listingMarketplaceId": ALL,
    "purchaseMarketplaceId": ALL,
    "lineItemFulfillmentStatus": ALL,
    "lineItemCost": ALL,
    "discountedLineItemCost": ALL,
    "total": ALL,
    "deliveryCost": ALL,
    "taxes": ALL,
    "ebayCollectAndRemitTaxes": ALL,
    "ebayCollectedCharges": ALL,
    "appliedPromotions": ALL,
    "refunds": ALL,
    "lineItemFulfillmentInstructions": ALL,
}
_STEP = {
    "shippingServiceCode": ALL,
    "shippingCarrierCode": ALL,
    "shipTo": {"contactAddress": {"countryCode": ALL}},
}
_KEPT: dict[str, Any] = {
    "orderId": ALL,
    "legacyOrderId": ALL,
    "creationDate": ALL,
    "lastModifiedDate": ALL,
    "orderFulfillmentStatus": ALL,
    "orderPaymentStatus": ALL,
    "sellerId": ALL,
    "salesRecordReference": ALL,
    "pricingSummary": ALL,
    "totalFeeBasisAmount": ALL,
    "totalMarketplaceFee": ALL,
    "ebayCollectAndRemitTax": ALL,
    "cancelStatus": {
        "cancelState": ALL,
        "cancelledDate": ALL,
        "cancelRequests": {
            "cancelRequestId": ALL,
            "cancelRequestState": ALL,
            "cancelInitiator": ALL,
            "cancelRequestedDate": ALL,
            "cancelCompletedDate": ALL,
        },
    },
    "paymentSummary": {
        "totalDueSeller": ALL,
        "payments": {
            "paymentMethod": ALL,
            "paymentStatus": ALL,
            "paymentDate": ALL,
            "amount": ALL,
        },
        "refunds": {
            "refundId": ALL,
            "refundStatus": ALL,
            "refundDate": ALL,
            "amount": ALL,
        },
    },
    "fulfillmentStartInstructions": {
        "fulfillmentInstructionsType": ALL,
        "ebaySupportedFulfillment": ALL,
        "shippingStep": _STEP,
    },
    "lineItems": _LINE,
}


# Where an order document names people; the texts are looked for in logs and notes.
_NAMING = frozenset(
    {"username", "fullName", "companyName", "email", "phoneNumber", "addressLine1"}
)
_MOST_VALUES = 5_000
"""More than any order has; what follows is not looked at."""


def personal_texts(document: Mapping[str, Any]) -> set[str]:
    """The names, addresses and numbers of people in an order document."""
    found: set[str] = set()
    waiting: deque[Any] = deque([document])
    seen = 0
    while waiting and seen < _MOST_VALUES:
        value = waiting.popleft()
        seen += 1
        if isinstance(value, Mapping):
            waiting.extend(value.values())
            found.update(
                text
                for key, text in value.items()
                if key in _NAMING and isinstance(text, str) and text.strip()
            )
        elif isinstance(value, list):
            waiting.extend(value)
    return found


def without_person(document: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of an order document in which nothing tells who bought.

    Numbers, amounts, dates, goods and the country of destination stay. The copy is
    still a document that can be mapped, and what it sums to is the same.
    """
    return _kept(dict(document), _KEPT)


def _kept(value: Any, rule: Any) -> Any:
    if rule is ALL:
        return value
    if isinstance(value, list):
        return [_kept(entry, rule) for entry in value if isinstance(entry, dict)]
    if not isinstance(value, dict):
        return None
    return {key: _kept(value[key], rule[key]) for key in rule if key in value}


BUYER_FIELDS = ("OrderArray.Order.OrderID", "OrderArray.Order.EIASToken")
"""What of Trading's orders says who the buyer is."""


def map_buyer_tokens(
    answer: Mapping[str, Any],
) -> tuple[dict[str, str], list[Note]]:
    """eBay's token of each order's buyer by order number, and notes on the unusable.

    eBay tells the same token when the user closes the account (Trading API,
    OrderType). An order without one is left out.
    """
    reading = Reading()
    tokens = {}
    for order in Node(dict(answer), "$", reading).child("OrderArray").children("Order"):
        ref = order.identifier("OrderID")
        token = order.identifier("EIASToken", LONGEST_TOKEN)
        if ref and token:
            tokens[ref] = token
    return tokens, reading.notes
