"""Inventory API, all of it: items, offers, groups and locations in one object."""

from .inventory_items import InventoryItems
from .inventory_locations import InventoryLocations
from .inventory_offers import InventoryOffers


class Inventory(InventoryItems, InventoryOffers, InventoryLocations):
    """sell/inventory/v1, scope sell.inventory (reading: sell.inventory.readonly).

    Only listings made or migrated here are visible here. All calls carry the language
    of the client's marketplace: eBay refuses some of them without.
    """
