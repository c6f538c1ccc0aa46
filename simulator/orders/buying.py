"""Buyers buy: choose things, take them from the listings, write the order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..behaviour import behaviour
from ..clock import from_text
from ..listings import listings
from ..reference.marketplaces import MARKETPLACES
from .build import KINDS, Line, Purchase, build_order
from .buyers import PER_COUNTRY, some_buyer
from .lifecycle import mark_paid
from .people import COUNTRIES

if TYPE_CHECKING:
    from ..world import World
    from .book import Record

_ABROAD = 0.15
"""Share of buyers who live in another country than the marketplace's."""
_LINES = (1, 1, 1, 1, 1, 1, 2, 2, 3, 5)
_QUANTITIES = (1, 1, 1, 1, 1, 2, 2, 3)


class CannotBuy(Exception):
    """The purchase makes no sense; the message says why."""


class Shelf:
    """What a seller has in stock, to choose from at random.

    A listing is chosen first, then one of its units, so that a listing with hundreds
    of variations does not crowd out the others.
    """

    def __init__(self, world: World, seller: str, marketplace: str | None) -> None:
        self._world = world
        wanted = " AND listing.marketplace = ?" if marketplace else ""
        rows = world.database.execute(
            "SELECT DISTINCT unit_now.item_id, listing.marketplace FROM unit_now"
            " JOIN listing USING (item_id)"
            " WHERE listing.seller = ? AND listing.status = 'ACTIVE'"
            f" AND available > 0{wanted} ORDER BY unit_now.item_id",
            (seller, marketplace) if marketplace else (seller,),
        ).fetchall()
        self._places: dict[str, list[str]] = {}
        for item_id, place in rows:
            self._places.setdefault(place, []).append(item_id)

    def pick(self, dice: random.Random, count: int) -> list[Line]:
        """That many different things of one marketplace; fewer when sold out.

        :raises CannotBuy: nothing is in stock.
        """
        while self._places:
            place = dice.choice(sorted(self._places))
            lines = self._pick(self._places[place], dice, count)
            if lines:
                return lines
            del self._places[place]
        raise CannotBuy("The seller has nothing in stock.")

    def _pick(self, shelf: list[str], dice: random.Random, count: int) -> list[Line]:
        chosen: dict[str, Line] = {}
        while len(chosen) < min(count, len(shelf)):
            item_id = dice.choice(shelf)
            if item_id in chosen:
                continue
            line = self._line(item_id, dice)
            if line is None:
                shelf.remove(item_id)
            else:
                chosen[item_id] = line
        return list(chosen.values())

    def _line(self, item_id: str, dice: random.Random) -> Line | None:
        database = self._world.database
        stocked = [one for one in listings.units(database, item_id) if one.available]
        if not stocked:
            return None
        unit = dice.choice(stocked)
        quantity = min(dice.choice(_QUANTITIES), unit.available)
        return Line(listings.get(database, item_id), unit, quantity)


def given_lines(world: World, seller: str, wanted: Sequence[Any]) -> list[Line]:
    """Lines by item id, with SKU or variation id where the listing has variations.

    :raises CannotBuy: no such thing, or not enough of it.
    """
    lines = []
    for one in wanted:
        item_id, sku = one.get("itemId"), one.get("sku")
        if item_id is None:
            item_id = _listing_of_sku(world, seller, sku)
        try:
            listing = listings.get(world.database, str(item_id), seller)
            units = listings.units(world.database, listing.item_id)
            unit = listings.find_unit(units, sku, one.get("variationId"))
        except listings.ListingError as error:
            raise CannotBuy(str(error)) from error
        lines.append(Line(listing, unit, int(one.get("quantity", 1))))
    return lines


def _listing_of_sku(world: World, seller: str, sku: str | None) -> str:
    row = world.database.execute(
        "SELECT item_id FROM unit_now JOIN listing USING (item_id)"
        " WHERE seller = ? AND status = 'ACTIVE' AND sku = ? ORDER BY item_id LIMIT 1",
        (seller, sku),
    ).fetchone()
    if row is None:
        raise CannotBuy(f"No active listing has the SKU {sku!r}.")
    return row[0]


def buy(world: World, seller: str, shelf: Shelf, wish: dict[str, Any]) -> Record:
    """One order. ``wish`` is what ``/_sim/buy`` was given; all of it is optional.

    :raises CannotBuy: unknown things, nothing in stock, mixed currencies.
    """
    dice = world.ids.chance("purchase", world.ids.count("purchase"))
    wanted = wish.get("lines")
    if wanted:
        lines = given_lines(world, seller, wanted)
    else:
        lines = shelf.pick(dice, int(wish.get("lineCount") or dice.choice(_LINES)))
    if len({line.listing.currency for line in lines}) > 1:
        raise CannotBuy("All lines of an order must have one currency.")
    purchase = _purchase(world, seller, lines, wish, dice)
    _take(world, lines)
    record: Record = {
        "order": build_order(world, purchase),
        "seller": seller,
        "ages": True,
        "fulfillments": [],
        "buyerUserId": purchase.person["userId"],
        "taken": [
            [line.listing.item_id, line.unit.position, line.quantity] for line in lines
        ],
    }
    if wish.get("paid", True):
        mark_paid(world, record, purchase.created)
    world.orders.save(record, touch=False)
    if behaviour(world, "orderVisibleAfterSeconds"):
        since = {"since": world.clock.now().timestamp()}
        world.collection("hidden_order").put(record["order"]["orderId"], since)
    world.emit("order_created", record=record)
    return record


def _take(world: World, lines: list[Line]) -> None:
    """Take all lines from stock, or none."""
    database, now = world.database, world.clock.now()
    database.execute("SAVEPOINT purchase")
    try:
        for line in lines:
            # Read again: two lines may draw on the same stock.
            fresh = listings.units(database, line.listing.item_id)
            unit = next(one for one in fresh if one.position == line.unit.position)
            listings.sell(database, unit, line.quantity, now)
    except listings.ListingError as error:
        database.execute("ROLLBACK TO purchase")
        raise CannotBuy(str(error)) from error
    finally:
        database.execute("RELEASE purchase")


def _purchase(
    world: World,
    seller: str,
    lines: list[Line],
    wish: dict[str, Any],
    dice: random.Random,
) -> Purchase:
    kind = wish.get("kind", "ship")
    if kind not in KINDS:
        raise CannotBuy(f"kind must be one of {', '.join(KINDS)}.")
    shipping = wish.get("shipping", dice.choice(("0", "3.49", "4.99", "6.90")))
    discount = wish.get("discount", "0.1" if dice.random() < 0.1 else "0")
    return Purchase(
        seller=seller,
        lines=lines,
        person=_person(world, lines[0].listing.marketplace, wish, dice),
        created=_created(world, wish),
        shipping=Decimal(str(shipping)),
        discount=Decimal(str(discount)),
        note=wish.get("note"),
        kind=kind,
        extra=wish.get("extra") or {},
    )


def _created(world: World, wish: dict[str, Any]) -> datetime:
    given = wish.get("created")
    return from_text(given) if given else world.clock.now()


def _person(
    world: World, marketplace: str, wish: dict[str, Any], dice: random.Random
) -> dict[str, Any]:
    home = MARKETPLACES[marketplace].country
    country = wish.get("country")
    if country is None:
        abroad = home not in COUNTRIES or dice.random() < _ABROAD
        country = dice.choice(sorted(COUNTRIES)) if abroad else home
    if country not in COUNTRIES:
        raise CannotBuy(f"Buyers live in {', '.join(sorted(COUNTRIES))}.")
    number = wish.get("buyer", dice.randrange(PER_COUNTRY))
    return some_buyer(world, country, int(number))
