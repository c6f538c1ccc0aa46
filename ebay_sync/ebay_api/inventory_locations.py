"""Inventory API: merchant locations (warehouses, stores, fulfillment centres)."""

from collections.abc import Iterator

from .documents import Json, Reply
from .inventory_api import InventoryApi
from .paths import path

LARGEST_PAGE = 100


class InventoryLocations(InventoryApi):
    """Locations; the key is ours, up to 36 characters, and never changes."""

    def location_pages(self, limit: int = LARGEST_PAGE) -> Iterator[Reply]:
        """All pages of locations; the list is `locations`. `offset` counts rows here.

        eBay: getInventoryLocations
        """
        return self._pages("getInventoryLocations", "/location", {}, "locations", limit)

    def get_location(self, location_key: str) -> Reply:
        """One location.

        eBay: getInventoryLocation
        """
        return self._get("getInventoryLocation", _location(location_key))

    def create_location(self, location_key: str, location: Json) -> Reply:
        """Creates a location.

        eBay: createInventoryLocation
        """
        where = _location(location_key)
        return self._write("createInventoryLocation", "POST", where, location)

    def update_location(self, location_key: str, details: Json) -> Reply:
        """Changes name, phone, hours or (of a warehouse) the address.

        eBay: updateInventoryLocation
        """
        where = f"{_location(location_key)}/update_location_details"
        return self._write(
            "updateInventoryLocation", "POST", where, details, repeatable=True
        )

    def enable_location(self, location_key: str) -> Reply:
        """Switches a location on.

        eBay: enableInventoryLocation
        """
        where = f"{_location(location_key)}/enable"
        return self._write(
            "enableInventoryLocation", "POST", where, {}, repeatable=True
        )

    def disable_location(self, location_key: str) -> Reply:
        """Switches a location off; offers at it can no longer be edited.

        eBay: disableInventoryLocation
        """
        where = f"{_location(location_key)}/disable"
        return self._write(
            "disableInventoryLocation", "POST", where, {}, repeatable=True
        )

    def delete_location(self, location_key: str) -> Reply:
        """Deletes a location (fulfillment centres cannot be deleted).

        eBay: deleteInventoryLocation
        """
        return self._write("deleteInventoryLocation", "DELETE", _location(location_key))


def _location(location_key: str) -> str:
    return path("/location/{merchantLocationKey}", merchantLocationKey=location_key)
