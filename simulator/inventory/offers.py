"""Offers, one by one: a SKU on a marketplace at a price."""

from __future__ import annotations

from typing import Any

from ..calls import Call, Reply, no_content, reply_created, reply_json
from ..listings import listings
from ..reference.marketplaces import MARKETPLACES
from . import publishing, rows
from .paging import page_of
from .refusals import invalid_value, refusal, warning
from .shapes import OFFER, OFFER_KEYS, amount, check_sku, read


def create(call: Call) -> Reply:
    """createOffer: 201 with the offer id."""
    with rows.all_or_nothing(call.world.database):
        offer = add(call, call.json_object())
    location = call.href(f"/offer/{offer.offer_id}")
    return reply_created(location, {"offerId": offer.offer_id})


def add(call: Call, given: dict[str, Any]) -> rows.Offer:
    """Store a new offer.

    Raises EbayError: 25002 with the ``offerId`` of the one that exists, 25702.
    """
    db = call.world.database
    keys = read(given, OFFER_KEYS, "")
    sku = check_sku(keys.get("sku"))
    place = MARKETPLACES.get(keys.get("marketplaceId", ""))
    if place is None:
        raise invalid_value("marketplaceId")
    if "format" not in keys:
        raise invalid_value("format")
    if rows.item(db, call.seller, sku) is None:
        raise refusal(25702, sku, parameters={"skuValue": sku})
    for existing in rows.offers_of_sku(db, call.seller, sku):
        if (existing.marketplace, existing.format) == (place.id, keys["format"]):
            raise refusal(
                25002,
                "Offer entity already exists.",
                parameters={"offerId": existing.offer_id},
            )
    offer = rows.Offer(
        offer_id=call.world.ids.digits("offer", 10),
        seller=call.seller,
        sku=sku,
        marketplace=place.id,
        format=keys["format"],
        available=None,
        price=None,
        currency=None,
        item_id=None,
        last_item_id=None,
        document={},
    )
    _fill(offer, given)
    rows.save_offer(db, offer)
    return offer


def _fill(offer: rows.Offer, given: dict[str, Any]) -> None:
    """Replace everything but the keys."""
    document = read(given, OFFER, "")
    offer.available = document.pop("availableQuantity", None)
    price = document.get("pricingSummary", {}).pop("price", None)
    offer.price = offer.currency = None
    if price is not None:
        value, offer.currency = amount(price, "pricingSummary.price")
        offer.price = str(value)
    document.setdefault("includeCatalogProductDetails", True)
    document.setdefault("hideBuyerDetails", False)
    offer.document = document


def find(call: Call, offer_id: str) -> rows.Offer:
    """The seller's offer. Raises EbayError 404/25713."""
    offer = rows.offer(call.world.database, call.seller, offer_id)
    if offer is None:
        raise refusal(25713, offer_id, status=404)
    return offer


def update(call: Call) -> Reply:
    """updateOffer: replaces everything; a live listing follows. 204."""
    offer = find(call, call.params["offerId"])
    with rows.all_or_nothing(call.world.database):
        _fill(offer, call.json_object())
        rows.save_offer(call.world.database, offer)
        if offer.item_id:
            publishing.revise(call.world, offer.item_id)
    return no_content()


def shown(call: Call, offer: rows.Offer) -> dict[str, Any]:
    """An offer as the GET calls return it."""
    document = {
        **offer.document,
        "offerId": offer.offer_id,
        "sku": offer.sku,
        "marketplaceId": offer.marketplace,
        "format": offer.format,
        "status": "PUBLISHED" if offer.item_id else "UNPUBLISHED",
    }
    if offer.available is not None:
        document["availableQuantity"] = offer.available
    elif offer.item_id:
        item = rows.item(call.world.database, offer.seller, offer.sku)
        document["availableQuantity"] = (item.quantity if item else 0) or 0
    if offer.price is not None:
        document["pricingSummary"] = {
            **document.get("pricingSummary", {}),
            "price": {"value": offer.price, "currency": offer.currency},
        }
    if offer.last_item_id:
        document["listing"] = _listing(call, offer, offer.last_item_id)
    return document


def _listing(call: Call, offer: rows.Offer, item_id: str) -> dict[str, Any]:
    db = call.world.database
    found = listings.units(db, item_id)
    sold = sum(unit.sold for unit in found if unit.sku == offer.sku)
    return {
        "listingId": item_id,
        "listingStatus": listings.shown_status(listings.get(db, item_id), found),
        "soldQuantity": sold,
        "listingOnHold": False,
    }


def get(call: Call) -> Reply:
    """getOffer."""
    return reply_json(shown(call, find(call, call.params["offerId"])))


def get_page(call: Call) -> Reply:
    """getOffers of one SKU; there is no call for all offers.

    A SKU without an offer is 404/25713, one that does not exist 404/25702.
    """
    page = page_of(call, default=100, largest=100)
    sku = call.query.get("sku")
    if not sku:
        raise refusal(25707, "The sku parameter is needed.")
    found = [
        offer
        for offer in rows.offers_of_sku(call.world.database, call.seller, sku)
        if call.query.get("marketplace_id", offer.marketplace) == offer.marketplace
        and call.query.get("format", offer.format) == offer.format
    ]
    if not found:
        known = rows.item(call.world.database, call.seller, sku)
        raise refusal(25713 if known else 25702, sku, status=404)
    part = found[page.rows_to_skip : page.rows_to_skip + page.limit]
    answer = page.links(call, "/offer", len(found), by_page=True, sku=sku)
    answer["size"] = len(part)
    answer["offers"] = [shown(call, offer) for offer in part]
    return reply_json(answer)


def _needs_body(call: Call) -> None:
    """eBay's edge answers a POST without a body before the API sees it."""
    if not call.body:
        raise _length_required()


def _length_required() -> Exception:
    error = refusal(25604, "A request body is needed.")
    error.status = 411
    return error


def publish(call: Call) -> Reply:
    """publishOffer: 200 with the listing id; repeated, the same one and a warning."""
    _needs_body(call)
    with rows.all_or_nothing(call.world.database):
        return reply_json(publish_one(call, call.params["offerId"]))


def publish_one(call: Call, offer_id: str, group_error: int = 25002) -> dict[str, Any]:
    """Publish one offer; ``listingId`` and ``warnings``.

    ``group_error`` is the error for an offer of a variation group.
    """
    offer = find(call, offer_id)
    if rows.group_key_of(call.world.database, call.seller, offer.sku):
        raise refusal(group_error, offer.sku)
    if offer.item_id:
        again = warning(25402, "The offer is published already.")
        return {"listingId": offer.item_id, "warnings": [again]}
    member = publishing.member_of(call.world, offer)
    return {"listingId": publishing.go_live(call.world, call.seller, [member], None)}


def withdraw(call: Call) -> Reply:
    """withdrawOffer: ends the listing, keeps the offer."""
    _needs_body(call)
    offer = find(call, call.params["offerId"])
    if offer.item_id is None:
        raise refusal(25002, "The offer is not published.")
    item_id = offer.item_id
    if len(listings.units(call.world.database, item_id)) > 1:
        raise refusal(25002, "A listing with variations is withdrawn by its group.")
    publishing.end(call.world, item_id)
    return reply_json({"listingId": item_id})


def delete(call: Call) -> Reply:
    """deleteOffer: ends its listing; 25713 for a variation that was sold."""
    offer = find(call, call.params["offerId"])
    db = call.world.database
    with rows.all_or_nothing(db):
        publishing.drop_unit(call.world, offer)
        db.execute("DELETE FROM offer WHERE offer_id = ?", (offer.offer_id,))
    return no_content()


def listing_fees(call: Call) -> Reply:
    """getListingFees of up to 250 unpublished offers, in sums per marketplace."""
    given = call.json_object().get("offers")
    if not isinstance(given, list) or not 1 <= len(given) <= 250:
        raise invalid_value("offers", "1 to 250 offers.")
    places = []
    for one in given:
        offer_id = one.get("offerId", "") if isinstance(one, dict) else ""
        offer = rows.offer(call.world.database, call.seller, str(offer_id))
        if offer is None or offer.item_id:
            raise refusal(25754, str(offer_id))
        places.append(offer.marketplace)
    return reply_json({"feeSummaries": [_fees(name) for name in dict.fromkeys(places)]})


def _fees(marketplace: str) -> dict[str, Any]:
    nothing = {"value": "0.0", "currency": MARKETPLACES[marketplace].currency}
    return {
        "marketplaceId": marketplace,
        "fees": [
            {"feeType": name, "amount": nothing, "promotionalDiscount": nothing}
            for name in ("InsertionFee", "SubtitleFee", "ListingFee")
        ],
    }
