"""A seller's business policies: what the Account API lists and offers refer to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..reference.marketplaces import MARKETPLACES

if TYPE_CHECKING:
    from ..world import World


@dataclass(frozen=True)
class Kind:
    """One kind of policy and what eBay calls its parts."""

    name: str
    id_field: str
    list_field: str


FULFILLMENT = Kind("fulfillment", "fulfillmentPolicyId", "fulfillmentPolicies")
PAYMENT = Kind("payment", "paymentPolicyId", "paymentPolicies")
RETURN = Kind("return", "returnPolicyId", "returnPolicies")
KINDS = (FULFILLMENT, PAYMENT, RETURN)

_CATEGORY_TYPES = [{"name": "ALL_EXCLUDING_MOTORS_VEHICLES", "default": True}]
_SERVICES = {
    "DE": ("DHL", "DE_DHLPaket"),
    "PL": ("InPost", "PL_DomesticOther"),
    "GB": ("RoyalMail", "UK_RoyalMailSecondClassStandard"),
    "US": ("USPS", "USPSPriority"),
}


def find(
    world: World, seller: str, kind: Kind, policy_id: str
) -> dict[str, Any] | None:
    """The policy document, or None when this seller has none with this id."""
    stored = world.collection("policy").get(policy_id)
    if stored is None or stored["seller"] != seller or stored["kind"] != kind.name:
        return None
    return stored["document"]


def of_marketplace(
    world: World, seller: str, kind: Kind, marketplace: str
) -> list[dict[str, Any]]:
    """The seller's policies of one kind on one marketplace, oldest first."""
    return [
        stored["document"]
        for stored in world.collection("policy").values()
        if stored["seller"] == seller
        and stored["kind"] == kind.name
        and stored["document"]["marketplaceId"] == marketplace
    ]


def save(
    world: World,
    seller: str,
    kind: Kind,
    document: dict[str, Any],
    policy_id: str | None = None,
) -> dict[str, Any]:
    """Store a policy, under a fresh id when none is given; returns it with its id."""
    key = policy_id or world.ids.digits("policy", 12)
    complete = {**document, kind.id_field: key}
    world.collection("policy").put(
        key, {"seller": seller, "kind": kind.name, "document": complete}
    )
    return complete


def ensure_defaults(world: World, seller: str, marketplace: str) -> dict[str, str]:
    """Policy ids by id field, made on first use: what a new business seller has."""
    found = {}
    for kind in KINDS:
        existing = of_marketplace(world, seller, kind, marketplace)
        document = existing[0] if existing else None
        if document is None:
            document = save(world, seller, kind, _default(kind, marketplace))
        found[kind.id_field] = document[kind.id_field]
    return found


def _default(kind: Kind, marketplace: str) -> dict[str, Any]:
    place = MARKETPLACES[marketplace]
    document: dict[str, Any] = {
        "name": f"Standard {kind.name} {place.country}",
        "marketplaceId": marketplace,
        "categoryTypes": _CATEGORY_TYPES,
    }
    if kind is PAYMENT:
        return {**document, "immediatePay": True}
    if kind is RETURN:
        return {
            **document,
            "returnsAccepted": True,
            "returnPeriod": {"value": 30, "unit": "DAY"},
            "refundMethod": "MONEY_BACK",
            "returnShippingCostPayer": "BUYER",
        }
    carrier, service = _SERVICES.get(place.country, ("Other", "Other"))
    return {
        **document,
        "handlingTime": {"value": 2, "unit": "DAY"},
        "globalShipping": False,
        "pickupDropOff": False,
        "freightShipping": False,
        "shippingOptions": [
            {
                "optionType": "DOMESTIC",
                "costType": "FLAT_RATE",
                "shippingServices": [
                    {
                        "sortOrder": 1,
                        "shippingCarrierCode": carrier,
                        "shippingServiceCode": service,
                        "shippingCost": {"value": "4.99", "currency": place.currency},
                        "additionalShippingCost": {
                            "value": "0.0",
                            "currency": place.currency,
                        },
                        "freeShipping": False,
                    }
                ],
            }
        ],
    }
