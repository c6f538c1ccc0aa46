"""What eBay checks before an offer goes live, and again when a live one changes.

Each check raises the error of the first thing that is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..listings import aspects, category_tree, policies, preferences
from ..reference.marketplaces import MARKETPLACES, Marketplace
from . import locations
from .refusals import refusal
from .rows import Group, Item, Offer

if TYPE_CHECKING:
    from ..world import World

_POLICY_ERRORS = {"fulfillment": 25007, "payment": 25008, "return": 25009}
_OPT_IN = "SELLING_POLICY_MANAGEMENT"


@dataclass(frozen=True)
class Member:
    """An offer with its item: one unit of a listing."""

    offer: Offer
    item: Item


def check_listing(
    world: World, seller: str, members: Sequence[Member], group: Group | None
) -> None:
    """Whether these offers can be (or stay) one live listing.

    Raises EbayError with the id of the first fault.
    """
    place = MARKETPLACES[members[0].offer.marketplace]
    _account(world, seller)
    for member in members:
        _offer(world, seller, member.offer, place)
        _item(member.item, member.offer, group)
    _content(members, group)
    _category(world, members, group, place)
    if group is not None:
        _group(world, members, group, place)


def _account(world: World, seller: str) -> None:
    db = world.database
    if _OPT_IN not in preferences.programs(world, seller):
        raise refusal(25018, "The seller is not opted in to business policies.")
    if not preferences.get(db, seller, "registration_completed"):
        raise refusal(25018, "The seller's registration is not complete.")


def _offer(world: World, seller: str, offer: Offer, place: Marketplace) -> None:
    if offer.price is None or Decimal(offer.price) <= 0:
        raise refusal(25003, "The offer needs a price above zero.")
    if offer.currency != place.currency:
        raise refusal(25003, f"{place.id} trades in {place.currency}.")
    duration = offer.document.get("listingDuration")
    if duration != "GTC":
        raise refusal(25006 if duration else 25017, "listingDuration must be GTC.")
    key = offer.document.get("merchantLocationKey")
    if not key or not locations.is_enabled(world.database, seller, key):
        raise refusal(25012, "The offer needs an enabled merchantLocationKey.")
    chosen = offer.document.get("listingPolicies", {})
    for kind in policies.KINDS:
        policy_id = chosen.get(kind.id_field)
        if not policy_id:
            raise refusal(_POLICY_ERRORS[kind.name], f"{kind.id_field} is missing.")
        policy = policies.find(world, seller, kind, policy_id)
        if policy is None:
            raise refusal(_POLICY_ERRORS[kind.name], f"There is no {policy_id}.")
        if policy["marketplaceId"] != place.id:
            # Misleading, but this is what live sellers get.
            raise refusal(25713, offer.offer_id, status=404)


def _item(item: Item, offer: Offer, group: Group | None) -> None:
    if item.quantity is None:
        raise refusal(25004, f"{item.sku} has no quantity.")
    if not item.document.get("condition"):
        raise refusal(25021, f"{item.sku} has no condition.")
    if group is None and not item.product.get("title"):
        raise refusal(25017, f"{item.sku} has no title.")
    for ean in item.product.get("ean", []):
        if ean.isdigit() and not _ean_is_valid(ean):
            raise refusal(25002, f"{ean} is no valid EAN.")


def _ean_is_valid(ean: str) -> bool:
    digits = [int(digit) for digit in reversed(ean)]
    total = sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return len(ean) in (8, 13) and total % 10 == 0


def _content(members: Sequence[Member], group: Group | None) -> None:
    first = members[0]
    document = group.document if group else first.item.product
    if group is not None and not document.get("title"):
        raise refusal(25017, "The group has no title.")
    if not (
        document.get("description") or first.offer.document.get("listingDescription")
    ):
        raise refusal(25017, "There is no description.")
    if not (document.get("imageUrls") or first.item.product.get("imageUrls")):
        raise refusal(25014, "At least one picture is needed.")


def _category(
    world: World, members: Sequence[Member], group: Group | None, place: Marketplace
) -> None:
    category_id = members[0].offer.document.get("categoryId", "")
    leaf = category_tree.tree_of(world, place).leaf(category_id)
    if leaf is None:
        raise refusal(25005, f"{category_id or 'None'} is no leaf on {place.id}.")
    shared = group.document.get("aspects", {}) if group else {}
    for member in members:
        given = {**shared, **member.item.product.get("aspects", {})}
        for name in aspects.required_names(leaf, place.language):
            if not given.get(name):
                raise refusal(25029, f"{name} is missing.", parameters={"field": name})


def _group(
    world: World, members: Sequence[Member], group: Group, place: Marketplace
) -> None:
    _same(members, "categoryId", "merchantLocationKey", "listingPolicies")
    leaf = category_tree.tree_of(world, place).leaf(
        members[0].offer.document["categoryId"]
    )
    allowed = aspects.variation_names(leaf, place.language) if leaf else []
    specifications = group.document.get("variesBy", {}).get("specifications", [])
    if not specifications:
        raise refusal(25013, "variesBy.specifications is missing.")
    for one in specifications:
        if one.get("name") not in allowed:
            raise refusal(
                25013, f"{one.get('name')} is not allowed as a variation specific."
            )
    seen = set()
    for member in members:
        chosen = variation_of(member.item, group)
        if tuple(chosen.values()) in seen or not all(chosen.values()):
            raise refusal(25013, f"{member.item.sku} has no variation of its own.")
        seen.add(tuple(chosen.values()))


def _same(members: Sequence[Member], *fields: str) -> None:
    for name in fields:
        values: list[Any] = [member.offer.document.get(name) for member in members]
        if any(value != values[0] for value in values):
            raise refusal(25013, f"The offers of a group must share {name}.")


def variation_of(item: Item, group: Group) -> dict[str, str]:
    """The item's values of what the group varies by; empty where it has none."""
    given = item.product.get("aspects", {})
    specifications = group.document.get("variesBy", {}).get("specifications", [])
    return {
        one["name"]: (given.get(one["name"]) or [""])[0]
        for one in specifications
        if one.get("name")
    }
