"""The bulk calls: a status per entry, 200 when all went well, 207 otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from ..behaviour import behaviour
from ..calls import Call, Reply, reply_json
from ..errors import EbayError, bad_request
from ..listings import listings
from . import items, offers, publishing, rows
from .refusals import invalid_value, refusal
from .shapes import PRICE_QUANTITY, amount, check_sku, read

_LARGEST = 25

Entry = dict[str, Any]


def entries(call: Call, too_many: int, largest: int = _LARGEST) -> list[Entry]:
    """The ``requests`` of a bulk call. Raises EbayError 2004 or ``too_many``."""
    given = call.json_object().get("requests")
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise bad_request("Could not serialize field [requests]")
    if not given:
        raise invalid_value("requests", "At least one entry is needed.")
    if len(given) > largest:
        raise refusal(too_many, str(largest))
    return given


def _unique(given: list[Entry], error_id: int, *names: str) -> None:
    keys = Counter(tuple(str(one.get(name)) for name in names) for one in given)
    if max(keys.values()) > 1:
        raise refusal(error_id)


def each(
    call: Call, given: list[Entry], work: Callable[[Entry], tuple[int, Entry]]
) -> Reply:
    """Do every entry for itself; one that fails leaves nothing behind.

    ``work`` returns the entry's status and answer; an answer's ``key`` fields stay in
    the entry of a failure, too.
    """
    responses = []
    for one in given:
        try:
            with rows.all_or_nothing(call.world.database):
                status, answer = work(one)
        except EbayError as error:
            status, answer = error.status, {"errors": [error.error]}
        responses.append({**_keys(one), **answer, "statusCode": status})
    return multi_status(responses)


def multi_status(responses: list[Entry]) -> Reply:
    """200 when every entry succeeded, else 207."""
    failed = any(one["statusCode"] >= 400 for one in responses)
    return reply_json({"responses": responses}, 207 if failed else 200)


def _keys(given: Entry) -> Entry:
    names = ("sku", "locale", "offerId", "listingId", "marketplaceId", "format")
    return {name: given[name] for name in names if isinstance(given.get(name), str)}


def replace_items(call: Call) -> Reply:
    """bulkCreateOrReplaceInventoryItem: up to 25 items, each with its ``locale``."""
    given = entries(call, 25727)
    _unique(given, 25728, "sku")
    if not all(
        one.get("sku") and items.locale_is_known(one.get("locale")) for one in given
    ):
        raise refusal(25733)

    def work(one: Entry) -> tuple[int, Entry]:
        sku = check_sku(one["sku"])
        status, warnings = items.put_item(call, sku, one["locale"], one)
        if status == 204 and warnings:
            status = 200
        return status, {"warnings": warnings, "errors": []}

    return each(call, given, work)


def get_items(call: Call) -> Reply:
    """bulkGetInventoryItem: up to 25 different SKUs."""
    given = entries(call, 25727)
    _unique(given, 25734, "sku")

    def work(one: Entry) -> tuple[int, Entry]:
        item = items.find(call, check_sku(one.get("sku")))
        return 200, {"inventoryItem": items.shown(call, item)}

    return each(call, given, work)


def create_offers(call: Call) -> Reply:
    """bulkCreateOffer: up to 25 offers."""
    given = entries(call, 25730)
    if not all(
        isinstance(one.get(name), str)
        for one in given
        for name in ("sku", "marketplaceId", "format")
    ):
        raise refusal(25735)
    _unique(given, 25729, "sku", "marketplaceId", "format")
    return each(
        call, given, lambda one: (201, {"offerId": offers.add(call, one).offer_id})
    )


def publish_offers(call: Call) -> Reply:
    """bulkPublishOffer: up to 25 offers, none of a group."""
    given = entries(call, 25730)
    _unique(given, 25731, "offerId")
    return each(
        call,
        given,
        lambda one: (200, offers.publish_one(call, str(one.get("offerId")), 25732)),
    )


def update_price_quantity(call: Call) -> Reply:
    """bulkUpdatePriceQuantity: an answer per offer, and per SKU with a quantity.

    How many SKUs one call may carry is the behaviour ``bulkUpdateSkus`` (25; 1 is what
    the method's text says).
    """
    given = [read(one, PRICE_QUANTITY, "requests") for one in entries(call, 25709)]
    most = behaviour(call.world, "bulkUpdateSkus")
    if len(given) > most:
        raise invalid_value("requests", f"At most {most} SKUs in one call.")
    named = [one.get("offerId") for entry in given for one in entry.get("offers", [])]
    if len(set(named)) != len(named):
        raise refusal(25002, "Offer ids must be unique in the request.")
    responses: list[Entry] = []
    for entry in given:
        responses += _price_quantity(call, entry)
    return multi_status(responses)


def _price_quantity(call: Call, entry: Entry) -> list[Entry]:
    """One SKU with its offers; the offers stand or fall one by one."""
    sku = entry.get("sku")
    responses = []
    touched: set[str] = set()
    if "shipToLocationAvailability" in entry:
        responses.append(
            _one(call, {"sku": sku}, lambda: _total_quantity(call, entry, touched))
        )
    for one in entry.get("offers", []):
        key = {"offerId": one.get("offerId", "")}
        if sku:
            key["sku"] = sku
        responses.append(
            _one(call, key, lambda one=one: _offer(call, sku, one, touched))
        )
    if not responses:
        responses.append(_one(call, {"sku": sku}, lambda: _nothing_to_do()))
    listings.touch_and_settle(
        call.world.database, sorted(touched), call.world.clock.now()
    )
    return responses


def _nothing_to_do() -> None:
    raise invalid_value("requests", "Neither a quantity nor an offer.")


def _one(call: Call, key: Entry, work: Callable[[], None]) -> Entry:
    key = {name: value for name, value in key.items() if value}
    try:
        with rows.all_or_nothing(call.world.database):
            work()
    except EbayError as error:
        return {**key, "statusCode": error.status, "errors": [error.error]}
    return {**key, "statusCode": 200}


def _total_quantity(call: Call, entry: Entry, touched: set[str]) -> None:
    item = rows.item(call.world.database, call.seller, check_sku(entry.get("sku")))
    if item is None:
        raise refusal(25702, entry["sku"])
    ship_to = entry["shipToLocationAvailability"]
    item.quantity = ship_to.pop("quantity", item.quantity)
    if ship_to:
        item.document.setdefault("availability", {}).setdefault(
            "shipToLocationAvailability", {}
        ).update(ship_to)
    rows.save_item(call.world.database, call.seller, item)
    _revised(call, items.live_listings(call, item.sku), touched)


def _offer(call: Call, sku: str | None, given: Entry, touched: set[str]) -> None:
    offer = offers.find(call, given.get("offerId", ""))
    if sku is not None and offer.sku != sku:
        raise refusal(25002, f"Offer {offer.offer_id} belongs to another SKU.")
    if offer.item_id is None:
        raise refusal(25002, f"Offer {offer.offer_id} is not published.")
    if "price" in given:
        value, currency = amount(given["price"], "price")
        if currency != offer.currency or value <= Decimal(0):
            raise refusal(25003, f"A price above zero in {offer.currency}.")
        offer.price = str(value)
    offer.available = given.get("availableQuantity", offer.available)
    rows.save_offer(call.world.database, offer)
    _revised(call, [offer.item_id], touched)


def _revised(call: Call, item_ids: list[str], touched: set[str]) -> None:
    """Count a revision of each listing, once per entry."""
    for item_id in item_ids:
        if item_id not in touched:
            publishing.count_revision(
                call.world, listings.get(call.world.database, item_id)
            )
            touched.add(item_id)
