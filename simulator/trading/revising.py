"""Trading calls that change listings made outside the Inventory API."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree.ElementTree import Element

from ..clock import to_text
from ..inventory.rows import all_or_nothing
from ..listings import category_tree, listings, preferences
from ..listings.records import ENDED, Listing, Unit, to_json
from ..reference.marketplaces import MARKETPLACES
from .frame import Request, TradingError, TradingWarning, amount, invalid_input
from .selling import now_of, own_listing

LARGEST_REVISION = 4
_ENDING_REASONS = (
    "CustomCode",
    "Incorrect",
    "LostOrBroken",
    "NotAvailable",
    "OtherListingError",
    "SellToHighBidder",
    "Sold",
)


def revise_inventory_status(request: Request) -> dict[str, Any]:
    """Price and quantity of one to four units; each for itself (PartialFailure)."""
    given = request.find_all("InventoryStatus")
    if not 1 <= len(given) <= LARGEST_REVISION:
        raise invalid_input("InventoryStatus")
    keys = [(request.text("ItemID", one), request.text("SKU", one)) for one in given]
    if len(set(keys)) != len(keys):
        raise invalid_input("InventoryStatus.ItemID")
    done = []
    for one in given:
        try:
            with all_or_nothing(request.world.database):
                done.append(revise_unit(request, one))
        except TradingError as error:
            request.errors.append(error)
    ids = dict.fromkeys(row["ItemID"] for row in done)
    return {
        "Fees": [{"ItemID": item_id, "Fee": _no_fee(request)} for item_id in ids],
        "InventoryStatus": done,
    }


def _no_fee(request: Request) -> dict[str, Any]:
    return {
        "Name": "ListingFee",
        "Fee": amount(Decimal(0), request.place.currency),
    }


def revise_unit(request: Request, given: Element) -> dict[str, Any]:
    """One ``InventoryStatus`` element.

    Raises TradingError: 17 unknown, 291 ended, 21919474 made with the Inventory API,
    21916635/21916799 SKU, 942 the last unit of a listing to zero.
    """
    listing = changeable_listing(request, request.text("ItemID", given))
    db = request.world.database
    found = listings.units(db, listing.item_id)
    unit = _unit(found, request.text("SKU", given), listing)
    price, quantity = _price(request, given, listing), _quantity(request, given)
    if price is None and quantity is None:
        raise invalid_input("InventoryStatus.Quantity")
    if quantity == 0:
        _check_zero(request, listing, unit, found)
    count_revision(request, listing)
    _note_what_stays(request, unit, price, quantity)
    listings.set_unit(db, unit, price, quantity)
    listings.touch_and_settle(db, [listing.item_id], now_of(request))
    return {
        "SKU": unit.sku,
        "ItemID": listing.item_id,
        "StartPrice": amount(unit.price if price is None else price, listing.currency),
        "Quantity": unit.available if quantity is None else quantity,
    }


def _note_what_stays(
    request: Request, unit: Unit, price: Decimal | None, quantity: int | None
) -> None:
    """Warn of values that are there already, as eBay does; they count all the same."""
    for code, name, wanted, there in (
        (21917091, "StartPrice", price, unit.price),
        (21917092, "Quantity", quantity, unit.available),
    ):
        if wanted == there:
            request.errors.append(
                TradingWarning(
                    code,
                    f"Requested {name} revision is redundant.",
                    parameters=[unit.item_id, unit.sku or ""],
                )
            )


def changeable_listing(request: Request, item_id: str | None) -> Listing:
    """The seller's live listing that Trading may change."""
    listing = own_listing(request, item_id)
    _refuse_inventory(listing)
    if listing.status == ENDED:
        raise TradingError(
            291,
            "Listing has ended. Ended listings cannot be revised.",
            parameters=[listing.item_id],
        )
    return listing


def _refuse_inventory(listing: Listing) -> None:
    if listings.made_with_inventory(listing):
        raise TradingError(
            21919474,
            "Not allowed for inventory-based listings. Use the tool that made it.",
            parameters=[listing.item_id],
        )


def _unit(found: list[Unit], sku: str | None, listing: Listing) -> Unit:
    if len(found) > 1 and sku is None:
        raise TradingError(
            21916635,
            "Invalid multi-SKU item id. A variation is named by its SKU.",
            parameters=[listing.item_id],
        )
    try:
        return listings.find_unit(found, sku)
    except listings.ListingError as error:
        raise TradingError(
            21916799,
            "SKU mismatch. The listing has no such SKU.",
            parameters=[listing.item_id, sku or ""],
        ) from error


def _price(request: Request, given: Element, listing: Listing) -> Decimal | None:
    element = request.find("StartPrice", given)
    if element is None:
        return None
    try:
        price = Decimal((element.text or "").strip())
    except InvalidOperation as error:
        raise invalid_input("StartPrice") from error
    if not price.is_finite() or price <= 0:
        raise TradingError(73, "Invalid price. It must be above zero.")
    if element.get("currencyID", listing.currency) != listing.currency:
        raise invalid_input("StartPrice.currencyID")
    return price


def _quantity(request: Request, given: Element) -> int | None:
    if request.text("Quantity", given) is None:
        return None
    quantity = request.number("Quantity", 0, given)
    if quantity < 0:
        raise TradingError(515, "Invalid quantity. It must not be below zero.")
    return quantity


def _check_zero(
    request: Request, listing: Listing, unit: Unit, found: list[Unit]
) -> None:
    """Zero for all units needs the seller's out-of-stock control."""
    others = [one for one in found if one.position != unit.position]
    if any(one.available for one in others):
        return
    if not preferences.out_of_stock_control(request.world.database, request.seller):
        raise TradingError(
            942,
            "Invalid quantity. Zero needs the out-of-stock option.",
            parameters=[listing.item_id],
        )


def count_revision(request: Request, listing: Listing) -> None:
    """One of the day's 250 revisions. Raises TradingError 240."""
    try:
        listings.count_revision(request.world.database, listing, now_of(request))
    except listings.ListingError as error:
        raise TradingError(240, f"The item cannot be modified. {error}") from error


def revise_fixed_price_item(request: Request) -> dict[str, Any]:
    """Title, description, category, price and quantity; what is absent stays."""
    given = request.find("Item")
    if given is None:
        raise invalid_input("Item")
    listing = changeable_listing(request, request.text("ItemID", given))
    db = request.world.database
    with all_or_nothing(db):
        count_revision(request, listing)
        _revise_content(request, given, listing)
        _revise_stock(request, given, listing)
        listings.touch_and_settle(db, [listing.item_id], now_of(request))
    return {
        "ItemID": listing.item_id,
        "StartTime": to_text(listing.started_at),
        "Fees": {"Fee": _no_fee(request)},
    }


def _revise_content(request: Request, given: Element, listing: Listing) -> None:
    title = request.text("Title", given) or listing.title
    if len(title) > 80:
        raise TradingError(70, "The title is too long. At most 80 characters.")
    category_id = request.text("PrimaryCategory/CategoryID", given)
    if category_id is not None:
        place = MARKETPLACES[listing.marketplace]
        if category_tree.tree_of(request.world, place).leaf(category_id) is None:
            raise TradingError(87, "The category is not valid. Name a leaf category.")
    description = request.text("Description", given)
    document = dict(listing.document)
    if description is not None:
        document["description"] = description
    request.world.database.execute(
        "UPDATE listing SET title = ?, category_id = ?, document = ? WHERE item_id = ?",
        (
            title,
            category_id or listing.category_id,
            to_json(document),
            listing.item_id,
        ),
    )


def _revise_stock(request: Request, given: Element, listing: Listing) -> None:
    price, quantity = _price(request, given, listing), _quantity(request, given)
    if price is None and quantity is None:
        return
    found = listings.units(request.world.database, listing.item_id)
    unit = _unit(found, request.text("SKU", given), listing)
    if quantity == 0:
        _check_zero(request, listing, unit, found)
    listings.set_unit(request.world.database, unit, price, quantity)


def end_fixed_price_item(request: Request) -> dict[str, Any]:
    """End a listing. 1047 when it is over already."""
    listing = own_listing(request, request.text("ItemID"))
    if request.text("EndingReason") not in _ENDING_REASONS:
        raise invalid_input("EndingReason")
    _refuse_inventory(listing)
    if listing.status == ENDED:
        raise TradingError(1047, "The listing has ended. It was closed already.")
    now = now_of(request)
    listings.end(
        request.world.database, listing, now, request.text("EndingReason") or ""
    )
    return {"EndTime": to_text(now)}
