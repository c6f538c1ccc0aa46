"""Inventory API: items (SKUs), groups of variations, prices and quantities."""

from collections.abc import Iterable, Iterator, Sequence

from .bulk import LARGEST_MIGRATION, requests_body
from .documents import Json, Reply
from .inventory_api import InventoryApi
from .paths import path

LARGEST_PAGE = 200


class InventoryItems(InventoryApi):
    """Items and groups. Every PUT replaces all: read, change, write back."""

    def get_item(self, sku: str) -> Reply:
        """One item.

        eBay: getInventoryItem
        """
        return self._get("getInventoryItem", _item(sku))

    def item_pages(
        self, limit: int = LARGEST_PAGE, *, first: int = 0
    ) -> Iterator[Reply]:
        """All pages of items, from page `first` (counted from 0) on; the list is
        `inventoryItems`. `offset` counts pages here.

        eBay: getInventoryItems
        """
        return self._pages(
            "getInventoryItems",
            "/inventory_item",
            {},
            "inventoryItems",
            limit,
            offset_counts_pages=True,
            first=first,
        )

    def put_item(self, sku: str, item: Json) -> Reply:
        """Creates an item or replaces it in full; what is left out is erased at eBay.

        eBay: createOrReplaceInventoryItem
        """
        return self._write("createOrReplaceInventoryItem", "PUT", _item(sku), item)

    def delete_item(self, sku: str) -> Reply:
        """Deletes an item; ends its single listing and deletes its offers.

        eBay: deleteInventoryItem
        """
        return self._write("deleteInventoryItem", "DELETE", _item(sku))

    def bulk_get_items(self, skus: Iterable[str]) -> Reply:
        """Up to 25 items; read the answer with `bulk_entries`.

        eBay: bulkGetInventoryItem
        """
        body = requests_body([{"sku": sku} for sku in skus], unique="sku")
        return self._json(
            "bulkGetInventoryItem",
            "POST",
            "/bulk_get_inventory_item",
            body=body,
            needs="responses",
        )

    def bulk_put_items(self, items: Sequence[Json]) -> Reply:
        """Creates or replaces up to 25 items, each with `sku` and `locale` ("de_DE").

        eBay: bulkCreateOrReplaceInventoryItem
        """
        return self._write(
            "bulkCreateOrReplaceInventoryItem",
            "POST",
            "/bulk_create_or_replace_inventory_item",
            requests_body(items),
            needs="responses",
            repeatable=True,
        )

    def bulk_update_price_quantity(self, entries: Sequence[Json]) -> Reply:
        """Sets price and quantity of published offers: up to 25 entries of `sku`,
        `shipToLocationAvailability`, `offers[{offerId, availableQuantity, price}]`.

        The numbers are absolute, so a lost answer may be repeated. Read the answer with
        `bulk_entries`.

        eBay: bulkUpdatePriceQuantity
        """
        return self._write(
            "bulkUpdatePriceQuantity",
            "POST",
            "/bulk_update_price_quantity",
            requests_body(entries),
            needs="responses",
            repeatable=True,
        )

    def bulk_migrate_listings(self, listing_ids: Iterable[str]) -> Reply:
        """Moves up to 5 listings into the Inventory model, for good.

        eBay: bulkMigrateListing
        """
        entries = [{"listingId": listing_id} for listing_id in listing_ids]
        return self._write(
            "bulkMigrateListing",
            "POST",
            "/bulk_migrate_listing",
            requests_body(entries, LARGEST_MIGRATION, unique="listingId"),
            needs="responses",
        )

    def get_group(self, group_key: str) -> Reply:
        """One group of variations.

        eBay: getInventoryItemGroup
        """
        return self._get("getInventoryItemGroup", _group(group_key))

    def put_group(self, group_key: str, group: Json) -> Reply:
        """Creates a group or replaces it in full.

        eBay: createOrReplaceInventoryItemGroup
        """
        return self._write(
            "createOrReplaceInventoryItemGroup", "PUT", _group(group_key), group
        )

    def delete_group(self, group_key: str) -> Reply:
        """Deletes a group; its items stay.

        eBay: deleteInventoryItemGroup
        """
        return self._write("deleteInventoryItemGroup", "DELETE", _group(group_key))


def _item(sku: str) -> str:
    return path("/inventory_item/{sku}", sku=sku)


def _group(group_key: str) -> str:
    return path("/inventory_item_group/{key}", key=group_key)
