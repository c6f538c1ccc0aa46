"""Put catalogue listings into a seller's account, both kinds, fast."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from .. import catalogue
from ..catalogue import CatalogueListing, CatalogueUnit
from . import policies
from .records import (
    ACTIVE,
    ENDED,
    FIXED_PRICE,
    INVENTORY,
    Listing,
    Unit,
    insert_listings,
    insert_units,
    to_json,
)

if TYPE_CHECKING:
    from ..world import World

DEFAULT_LOCATION = "main-warehouse"
_BATCH = 1_000
_POSTAL = {"DE": ("10115", "Berlin"), "PL": ("00-001", "Warszawa")}
_ELSEWHERE = ("SW1A 1AA", "London")


def ensure_location(db: sqlite3.Connection, seller: str) -> str:
    """The key of the seller's first warehouse, made when there is none."""
    db.execute(
        "INSERT OR IGNORE INTO inventory_location VALUES (?, ?, ?)",
        (
            seller,
            DEFAULT_LOCATION,
            to_json(
                {
                    "name": "Main warehouse",
                    "location": {
                        "address": {
                            "addressLine1": "Lagerstrasse 1",
                            "city": "Berlin",
                            "postalCode": "10115",
                            "country": "DE",
                        }
                    },
                    "locationTypes": ["WAREHOUSE"],
                    "merchantLocationStatus": "ENABLED",
                }
            ),
        ),
    )
    return DEFAULT_LOCATION


def load_catalogue(
    world: World, seller: str, listings: Iterable[CatalogueListing]
) -> dict[str, int]:
    """Store ``listings``; returns how many of each kind.

    Raises sqlite3.IntegrityError when the seller has one of the SKUs or offers
    already: load each catalogue (seed) once.
    """
    counts = {catalogue.INVENTORY: 0, catalogue.TRADING: 0, "units": 0}
    ensure_location(world.database, seller)
    source = iter(listings)
    while batch := list(islice(source, _BATCH)):
        _store(_Batch(world, seller, batch), counts)
    return counts


def load_generated(
    world: World,
    seller: str,
    count: int,
    seed: int,
    marketplaces: Sequence[str] = catalogue.DEFAULT_MARKETPLACES,
    inventory_share: float = 0.6,
) -> dict[str, int]:
    """Generate a catalogue and store it: ``catalogue.generate``, ``load_catalogue``."""
    made = catalogue.generate(count, seed, marketplaces, inventory_share)
    return load_catalogue(world, seller, made)


class _Batch:
    """The rows of up to a thousand listings, made before any is written."""

    def __init__(
        self, world: World, seller: str, batch: list[CatalogueListing]
    ) -> None:
        self.world = world
        self.seller = seller
        self.now: datetime = world.clock.now()
        self.listings: list[Listing] = []
        self.units: list[Unit] = []
        self.items: list[tuple[Any, ...]] = []
        self.offers: list[tuple[Any, ...]] = []
        self.groups: list[tuple[Any, ...]] = []
        self.members: list[tuple[Any, ...]] = []
        self._policies: dict[str, dict[str, str]] = {}
        for one in batch:
            self._add(one)

    def _add(self, one: CatalogueListing) -> None:
        item_id = self.world.ids.listing_id() if one.published else None
        chosen = self._policies_of(one.marketplace.id)
        offer_ids: list[str | None] = [None] * len(one.units)
        if one.model == INVENTORY:
            offer_ids = [self.world.ids.digits("offer", 10) for _ in one.units]
            self._add_inventory(one, offer_ids, item_id, chosen)
        if item_id is not None:
            self.listings.append(self._listing(one, item_id, chosen))
            self.units += self._units(one, item_id, offer_ids)

    def _policies_of(self, marketplace: str) -> dict[str, str]:
        if marketplace not in self._policies:
            self._policies[marketplace] = policies.ensure_defaults(
                self.world, self.seller, marketplace
            )
        return self._policies[marketplace]

    def _listing(
        self, one: CatalogueListing, item_id: str, chosen: dict[str, str]
    ) -> Listing:
        started = self.now - timedelta(days=one.age_days)
        postal_code, city = _POSTAL.get(one.marketplace.country, _ELSEWHERE)
        return Listing(
            item_id=item_id,
            seller=self.seller,
            model=one.model,
            marketplace=one.marketplace.id,
            format=FIXED_PRICE,
            title=one.title,
            category_id=one.category_id,
            currency=one.marketplace.currency,
            condition=one.condition,
            group_key=one.group_key if one.model == INVENTORY else None,
            status=ENDED if one.ended else ACTIVE,
            started_at=started,
            modified_at=started,
            ended_at=self.now - timedelta(days=1) if one.ended else None,
            ending_reason="NotAvailable" if one.ended else None,
            document={
                "description": one.description,
                "pictures": list(one.image_urls),
                "aspects": one.aspects,
                "brand": one.brand,
                "mpn": one.mpn,
                "policies": chosen,
                "location": city,
                "postal_code": postal_code,
                "country": one.marketplace.country,
                "weight_grams": one.weight_grams,
                "immediate_pay": True,
            },
        )

    def _units(
        self, one: CatalogueListing, item_id: str, offer_ids: list[str | None]
    ) -> Iterator[Unit]:
        for position, unit in enumerate(one.units):
            yield Unit(
                item_id=item_id,
                position=position,
                variation_id=(
                    self.world.ids.digits("variation", 12) if unit.aspects else None
                ),
                offer_id=offer_ids[position],
                sku=unit.sku,
                ean=unit.ean,
                price=unit.price,
                available=unit.quantity,
                sold=unit.sold,
                aspects=unit.aspects,
            )

    def _add_inventory(
        self,
        one: CatalogueListing,
        offer_ids: list[str | None],
        item_id: str | None,
        chosen: dict[str, str],
    ) -> None:
        place = one.marketplace
        for position, unit in enumerate(one.units):
            self.items.append(
                (
                    self.seller,
                    unit.sku,
                    place.locale.replace("-", "_"),
                    unit.quantity,
                    to_json(_item_document(one, unit)),
                )
            )
            self.offers.append(
                (
                    offer_ids[position],
                    self.seller,
                    unit.sku,
                    place.id,
                    FIXED_PRICE,
                    unit.quantity,
                    str(unit.price),
                    place.currency,
                    item_id,
                    item_id,
                    to_json(_offer_document(one, chosen)),
                )
            )
            if one.group_key:
                self.members.append((self.seller, unit.sku, one.group_key, position))
        if one.group_key:
            self.groups.append(
                (self.seller, one.group_key, to_json(_group_document(one)))
            )


def _store(batch: _Batch, counts: dict[str, int]) -> None:
    db = batch.world.database
    insert_listings(db, batch.listings)
    insert_units(db, batch.units)
    for table, rows, width in (
        ("inventory_item", batch.items, 5),
        ("offer", batch.offers, 11),
        ("inventory_group", batch.groups, 3),
        ("inventory_group_member", batch.members, 4),
    ):
        marks = ", ".join("?" * width)
        db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    for listing in batch.listings:
        counts[listing.model] += 1
    counts["units"] += len(batch.units)


def _item_document(one: CatalogueListing, unit: CatalogueUnit) -> dict[str, Any]:
    aspects = {
        **one.aspects,
        **{name: [value] for name, value in unit.aspects.items()},
    }
    product: dict[str, Any] = {
        "aspects": aspects,
        "brand": one.brand,
        "mpn": one.mpn,
        "ean": [unit.ean],
        "imageUrls": list(one.image_urls),
    }
    if not one.group_key:
        product |= {"title": one.title, "description": one.description}
    return {
        "condition": one.condition,
        "product": product,
        "packageWeightAndSize": {
            "weight": {"value": one.weight_grams / 1000, "unit": "KILOGRAM"}
        },
    }


def _offer_document(one: CatalogueListing, chosen: dict[str, str]) -> dict[str, Any]:
    return {
        "categoryId": one.category_id,
        "merchantLocationKey": DEFAULT_LOCATION,
        "listingDuration": "GTC",
        "listingPolicies": {**chosen, "eBayPlusIfEligible": False},
        "includeCatalogProductDetails": False,
        "hideBuyerDetails": False,
        **({} if one.group_key else {"listingDescription": one.description}),
    }


def _group_document(one: CatalogueListing) -> dict[str, Any]:
    names = list(one.units[0].aspects)
    return {
        "title": one.title,
        "description": one.description,
        "aspects": one.aspects,
        "imageUrls": list(one.image_urls),
        "variesBy": {
            "aspectsImageVariesBy": [],
            "specifications": [
                {
                    "name": name,
                    "values": list(dict.fromkeys(u.aspects[name] for u in one.units)),
                }
                for name in names
            ],
        },
    }
