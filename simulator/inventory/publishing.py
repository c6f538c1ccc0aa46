"""From offers to a live listing, and what a live listing takes from its offers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..clock import to_text
from ..listings import listings, preferences
from ..listings.listings import ListingEnded, NoSuchListing, TooManyRevisions
from ..listings.records import (
    ACTIVE,
    INVENTORY,
    Listing,
    Unit,
    insert_listings,
    insert_units,
    to_json,
)
from ..reference.marketplaces import MARKETPLACES
from . import locations, rows
from .checks import Member, check_listing, variation_of
from .refusals import refusal

if TYPE_CHECKING:
    from ..world import World


def member_of(world: World, offer: rows.Offer) -> Member:
    """The offer with its item. Raises EbayError 25702 when the item is gone."""
    item = rows.item(world.database, offer.seller, offer.sku)
    if item is None:
        raise refusal(25702, offer.sku)
    return Member(offer, item)


def go_live(
    world: World, seller: str, members: Sequence[Member], group: rows.Group | None
) -> str:
    """Check the offers and list them; returns the new item id."""
    check_listing(world, seller, members, group)
    if not any(available(member) for member in members):
        raise refusal(25004, "Nothing is in stock.")
    _check_limits(world, seller, members)
    now = world.clock.now()
    item_id = world.ids.listing_id()
    first = members[0]
    place = MARKETPLACES[first.offer.marketplace]
    title, category_id, condition, document = content(world, members, group)
    insert_listings(
        world.database,
        [
            Listing(
                item_id=item_id,
                seller=seller,
                model=INVENTORY,
                marketplace=place.id,
                format=first.offer.format,
                title=title,
                category_id=category_id,
                currency=place.currency,
                condition=condition,
                group_key=group.key if group else None,
                status=ACTIVE,
                started_at=now,
                modified_at=now,
                document=document,
            )
        ],
    )
    for position, member in enumerate(members):
        add_unit(world, item_id, position, member, group)
    return item_id


def add_unit(
    world: World,
    item_id: str,
    position: int,
    member: Member,
    group: rows.Group | None,
) -> None:
    """Put one offer into a listing."""
    offer, item = member.offer, member.item
    insert_units(
        world.database,
        [
            Unit(
                item_id=item_id,
                position=position,
                variation_id=world.ids.digits("variation", 12) if group else None,
                offer_id=offer.offer_id,
                sku=offer.sku,
                ean=(item.product.get("ean") or [None])[0],
                price=Decimal(offer.price or "0"),
                available=available(member),
                sold=0,
                aspects=variation_of(item, group) if group else {},
            )
        ],
    )
    offer.item_id = offer.last_item_id = item_id
    rows.save_offer(world.database, offer)


def available(member: Member) -> int:
    """What the listing shows: the smaller of offer and item quantity."""
    total = member.item.quantity or 0
    own = member.offer.available
    return total if own is None else min(own, total)


def _check_limits(world: World, seller: str, members: Sequence[Member]) -> None:
    """Raise 25026 when the month's selling limit would be overstepped."""
    limit = preferences.get(world.database, seller, "selling_limit")
    if not limit:
        return
    live = world.database.execute(
        "SELECT COALESCE(SUM(unit_now.available), 0) FROM unit_now JOIN listing"
        " ON listing.item_id = unit_now.item_id"
        " WHERE listing.seller = ? AND listing.status = ?",
        (seller, ACTIVE),
    ).fetchone()[0]
    wanted = live + sum(available(member) for member in members)
    if wanted > limit["quantity"]:
        raise refusal(25026, f"{wanted} items, {limit['quantity']} are allowed.")


def content(
    world: World, members: Sequence[Member], group: rows.Group | None
) -> tuple[str, str, str | None, dict[str, Any]]:
    """Title, category, condition and the rest of what a listing shows."""
    first = members[0]
    product, offer = first.item.product, first.offer.document
    shared = group.document if group else product
    location = locations.document_of(
        world.database, first.offer.seller, offer.get("merchantLocationKey", "")
    )
    address = (location or {}).get("location", {}).get("address", {})
    document = {
        "description": offer.get("listingDescription")
        or shared.get("description")
        or product.get("description", ""),
        "pictures": shared.get("imageUrls") or product.get("imageUrls", []),
        "aspects": shared.get("aspects") or product.get("aspects", {}),
        "brand": product.get("brand"),
        "mpn": product.get("mpn"),
        "policies": {
            name: value
            for name, value in offer.get("listingPolicies", {}).items()
            if name.endswith("PolicyId")
        },
        "location": address.get("city", ""),
        "postal_code": address.get("postalCode", ""),
        "country": address.get("country", ""),
        "immediate_pay": True,
    }
    return (
        shared.get("title") or product.get("title", ""),
        offer.get("categoryId", ""),
        first.item.document.get("condition"),
        document,
    )


def revise(world: World, item_id: str) -> None:
    """Carry changed offers, items or group into their live listing.

    Checks them, counts one revision, and ends the listing at zero where eBay would.
    Raises EbayError; the caller undoes what it wrote.
    """
    db, now = world.database, world.clock.now()
    listing = listings.get(db, item_id)
    members = [member_of(world, offer) for offer in rows.offers_of_listing(db, item_id)]
    group = (
        rows.group(db, listing.seller, listing.group_key) if listing.group_key else None
    )
    if not members:
        listings.end(db, listing, now, "NotAvailable")
        return
    check_listing(world, listing.seller, members, group)
    count_revision(world, listing)
    title, category_id, condition, document = content(world, members, group)
    if category_id != listing.category_id and any(
        unit.sold for unit in listings.units(db, item_id)
    ):
        raise refusal(25019, "The category is fixed once something was sold.")
    db.execute(
        "UPDATE listing SET title = ?, category_id = ?, condition = ?, document = ?"
        " WHERE item_id = ?",
        (
            title,
            category_id,
            condition,
            to_json(document),
            item_id,
        ),
    )
    for member in members:
        db.execute(
            "UPDATE listing_unit SET ean = ?, aspects = ? WHERE offer_id = ?",
            (
                (member.item.product.get("ean") or [None])[0],
                to_json(variation_of(member.item, group) if group else {}),
                member.offer.offer_id,
            ),
        )
    listings.touch_and_settle(db, [item_id], now)


def count_revision(world: World, listing: Listing) -> None:
    """One more of the day's 250 revisions. Raises EbayError 25019."""
    try:
        listings.count_revision(world.database, listing, world.clock.now())
    except (TooManyRevisions, ListingEnded) as error:
        raise refusal(25019, str(error)) from error


def end(world: World, item_id: str) -> None:
    """Withdraw a listing."""
    db = world.database
    try:
        listings.end(db, listings.get(db, item_id), world.clock.now(), "NotAvailable")
    except (NoSuchListing, ListingEnded) as error:
        raise refusal(25713, str(error)) from error


def drop_unit(world: World, offer: rows.Offer) -> None:
    """Take one offer out of its live listing; the last one ends it.

    Raises EbayError 25713 for a variation that was sold: it can only go to zero.
    """
    if offer.item_id is None:
        return
    db = world.database
    found = listings.units(db, offer.item_id)
    if len(found) == 1:
        end(world, offer.item_id)
        return
    unit = next(one for one in found if one.offer_id == offer.offer_id)
    if unit.sold:
        raise refusal(25713, f"The variation {offer.sku} has sales.")
    db.execute("DELETE FROM listing_unit WHERE offer_id = ?", (offer.offer_id,))
    db.execute(
        "UPDATE listing SET modified_at = ? WHERE item_id = ?",
        (to_text(world.clock.now()), offer.item_id),
    )
    offer.item_id = None
    rows.save_offer(db, offer)
