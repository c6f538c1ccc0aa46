"""Inventory item groups: one listing with variations from several SKUs."""

from __future__ import annotations

from typing import Any

from ..calls import Call, Reply, no_content, reply_json
from ..listings import listings
from ..listings.records import FIXED_PRICE
from ..reference.marketplaces import MARKETPLACES
from . import publishing, rows
from .refusals import invalid_value, refusal, warning
from .shapes import GROUP, read


def _found(call: Call, key: str, status: int = 404) -> rows.Group:
    group = rows.group(call.world.database, call.seller, key)
    if group is None:
        raise refusal(
            25705, key, status=status, parameters={"inventoryItemGroupKey": key}
        )
    return group


def get(call: Call) -> Reply:
    """getInventoryItemGroup."""
    group = _found(call, call.params["inventoryItemGroupKey"])
    return reply_json(
        {
            **group.document,
            "inventoryItemGroupKey": group.key,
            "variantSKUs": group.skus,
        }
    )


def replace(call: Call) -> Reply:
    """createOrReplaceInventoryItemGroup: 201 new, 204 replaced; replaces everything."""
    key = call.params["inventoryItemGroupKey"]
    if len(key) > 50:
        raise invalid_value("inventoryItemGroupKey", "At most 50 characters.")
    document = read(call.json_object(), GROUP, "")
    skus = document.pop("variantSKUs", [])
    db = call.world.database
    before = rows.group(db, call.seller, key)
    with rows.all_or_nothing(db):
        _check_members(call, key, skus)
        for sku in before.skus if before else []:
            if sku not in skus:
                _remove_member(call, sku)
        rows.save_group(db, call.seller, rows.Group(key, document, skus))
        for item_id in _live_listings(call, key):
            publishing.revise(call.world, item_id)
    return no_content() if before else reply_json({}, 201)


def _check_members(call: Call, key: str, skus: list[str]) -> None:
    if not skus or len(set(skus)) != len(skus):
        raise refusal(25013, "variantSKUs needs SKUs, each once.")
    db = call.world.database
    for sku in skus:
        if rows.item(db, call.seller, sku) is None:
            raise refusal(25701, sku)
        other = rows.group_key_of(db, call.seller, sku)
        if other not in (None, key):
            raise refusal(
                25703, sku, parameters={"skuValue": sku, "inventoryItemGroupKey": other}
            )
        for offer in rows.offers_of_sku(db, call.seller, sku):
            if offer.item_id and not _is_group_listing(call, offer.item_id, key):
                raise refusal(
                    25704, sku, parameters={"skuValue": sku, "listingId": offer.item_id}
                )


def _is_group_listing(call: Call, item_id: str, key: str) -> bool:
    return listings.get(call.world.database, item_id).group_key == key


def _remove_member(call: Call, sku: str) -> None:
    for offer in rows.offers_of_sku(call.world.database, call.seller, sku):
        publishing.drop_unit(call.world, offer)


def _live_listings(call: Call, key: str) -> list[str]:
    found = listings.select(
        call.world.database,
        "seller = ? AND group_key = ? AND status = 'ACTIVE'",
        (call.seller, key),
    )
    return [listing.item_id for listing in found]


def delete(call: Call) -> Reply:
    """deleteInventoryItemGroup: its listings end; items and offers stay."""
    group = _found(call, call.params["inventoryItemGroupKey"])
    db = call.world.database
    with rows.all_or_nothing(db):
        for item_id in _live_listings(call, group.key):
            publishing.end(call.world, item_id)
        for table in ("inventory_group_member", "inventory_group"):
            db.execute(
                f"DELETE FROM {table} WHERE seller = ? AND group_key = ?",
                (call.seller, group.key),
            )
    return no_content()


def _named(call: Call) -> tuple[rows.Group, str]:
    given: dict[str, Any] = call.json_object()
    marketplace = given.get("marketplaceId")
    if marketplace not in MARKETPLACES:
        raise invalid_value("marketplaceId")
    return _found(call, str(given.get("inventoryItemGroupKey")), 400), marketplace


def publish(call: Call) -> Reply:
    """publishOfferByInventoryItemGroup; members without an offer are left out.

    On a live group, offers made since join the listing; the answer then warns.
    """
    group, marketplace = _named(call)
    members = [
        publishing.member_of(call.world, offer)
        for sku in group.skus
        for offer in rows.offers_of_sku(call.world.database, call.seller, sku)
        if (offer.marketplace, offer.format) == (marketplace, FIXED_PRICE)
    ]
    if not members:
        raise refusal(25713, group.key)
    live = next((one.offer.item_id for one in members if one.offer.item_id), None)
    with rows.all_or_nothing(call.world.database):
        if live is None:
            item_id = publishing.go_live(call.world, call.seller, members, group)
            return reply_json({"listingId": item_id})
        _join(call, live, members, group)
    again = warning(25402, "The group is published already.")
    return reply_json({"listingId": live, "warnings": [again]})


def _join(
    call: Call, item_id: str, members: list[publishing.Member], group: rows.Group
) -> None:
    fresh = [member for member in members if member.offer.item_id is None]
    last = listings.units(call.world.database, item_id)[-1].position
    for place, member in enumerate(fresh, start=last + 1):
        publishing.add_unit(call.world, item_id, place, member, group)
    if fresh:
        publishing.revise(call.world, item_id)


def withdraw(call: Call) -> Reply:
    """withdrawOfferByInventoryItemGroup: ends the listing, keeps the offers."""
    group, marketplace = _named(call)
    ended = [
        item_id
        for item_id in _live_listings(call, group.key)
        if listings.get(call.world.database, item_id).marketplace == marketplace
    ]
    if not ended:
        raise refusal(25725)
    for item_id in ended:
        publishing.end(call.world, item_id)
    return no_content()
