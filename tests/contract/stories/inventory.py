"""The Inventory API: locations, items, offers, groups, bulk calls."""

from __future__ import annotations

from typing import Any

from contract.simulation import Simulation
from ebay_api.bulk import bulk_entries
from ebay_api.client import EbayClient

from .frame import refused, rows, story

ADDRESS = {
    "addressLine1": "Hauptstr. 1",
    "city": "Berlin",
    "postalCode": "10115",
    "country": "DE",
}


@story
def locations(client: EbayClient, shop: Simulation) -> None:
    """A warehouse is made, changed, switched off and on, and deleted."""
    places = client.inventory
    warehouse = {
        "name": "Lager",
        "location": {"address": ADDRESS},
        "locationTypes": ["WAREHOUSE"],
    }
    places.create_location("contract-1", warehouse)
    refused(lambda: places.create_location("contract-1", warehouse))
    refused(lambda: places.create_location("contract-2", {"name": "x"}))
    places.get_location("contract-1")
    refused(lambda: places.get_location("nowhere"))
    places.update_location("contract-1", {"name": "Lager Nord", "phone": "030 1234"})
    places.disable_location("contract-1")
    places.enable_location("contract-1")
    assert rows(places.location_pages(limit=1), "locations")
    places.delete_location("contract-1")
    refused(lambda: places.delete_location("contract-1"))


@story
def items_and_offers(client: EbayClient, shop: Simulation) -> None:
    """An item with its offer lives through everything; many more in bulk."""
    inventory = client.inventory
    item, offer = _samples(client, shop)
    inventory.put_item("CT-1", item)
    inventory.put_item("CT-1", {**item, "condition": "NEW"})
    assert inventory.get_item("CT-1")["product"]["title"]
    refused(lambda: inventory.get_item("CT-404"))
    refused(lambda: inventory.put_item("CT 1/ü", item))
    offer_id = inventory.create_offer({**offer, "sku": "CT-1"})["offerId"]
    error = refused(lambda: inventory.create_offer({**offer, "sku": "CT-1"}))
    assert error.has("25002") and error.errors[0].parameter("offerId") == offer_id
    fees = inventory.get_listing_fees([offer_id])
    assert fees["feeSummaries"]
    listing_id = inventory.publish_offer(offer_id)["listingId"]
    assert inventory.publish_offer(offer_id)["listingId"] == listing_id
    whole = _changeable(inventory.get_offer(offer_id), keys=())
    inventory.update_offer(offer_id, {**whole, "availableQuantity": 4})
    inventory.update_offer(offer_id, {**whole, "availableQuantity": 2})
    assert rows(inventory.offer_pages("CT-1", marketplace_id="EBAY_DE"), "offers")
    rows(inventory.offer_pages("CT-1", listing_format="FIXED_PRICE"), "offers")
    refused(lambda: inventory.offer_pages("CT-404"))
    refused(lambda: inventory.get_offer("404"))
    _prices(client, "CT-1", offer_id)
    inventory.withdraw_offer(offer_id)
    assert inventory.publish_offer(offer_id)["listingId"] != listing_id
    inventory.delete_offer(offer_id)
    refused(lambda: inventory.delete_offer(offer_id))
    refused(lambda: inventory.publish_offer("404"))
    inventory.delete_item("CT-1")
    refused(lambda: inventory.delete_item("CT-1"))
    assert rows(inventory.item_pages(limit=3), "inventoryItems")


def _prices(client: EbayClient, sku: str, offer_id: str) -> None:
    price = {"value": "21.50", "currency": "EUR"}
    change = {"offerId": offer_id, "availableQuantity": 3, "price": price}
    stock = {"shipToLocationAvailability": {"quantity": 3}}
    reply = client.inventory.bulk_update_price_quantity(
        [{"sku": sku, **stock, "offers": [change]}]
    )
    assert all(entry.ok for entry in bulk_entries(reply))
    reply = client.inventory.bulk_update_price_quantity(
        [{"offers": [change]}, {"offers": [{**change, "offerId": "404"}]}]
    )
    assert {entry.ok for entry in bulk_entries(reply)} == {True, False}


@story
def bulk(client: EbayClient, shop: Simulation) -> None:
    """Many at once: some pass, some do not, each with its own verdict."""
    inventory = client.inventory
    item, offer = _samples(client, shop)
    entries = [{**item, "sku": f"CB-{n}", "locale": "de_DE"} for n in range(3)]
    assert all(entry.ok for entry in bulk_entries(inventory.bulk_put_items(entries)))
    wrong = {**item, "sku": "CB-9", "locale": "de_DE", "condition": "SHINY"}
    _mixed(inventory.bulk_put_items([entries[0], wrong]))
    _mixed(inventory.bulk_get_items(["CB-0", "CB-404"]))
    offers = [{**offer, "sku": f"CB-{n}"} for n in range(3)]
    made = bulk_entries(inventory.bulk_create_offers(offers))
    ids = [entry.offer_id for entry in made]
    assert all(entry.ok for entry in made) and all(ids)
    _mixed(inventory.bulk_create_offers([offers[0], {**offer, "sku": "CB-404"}]))
    _mixed(inventory.bulk_publish_offers([*ids, "404"]))


def _mixed(reply: Any) -> None:
    assert not all(entry.ok for entry in bulk_entries(reply))


@story
def groups(client: EbayClient, shop: Simulation) -> None:
    """A listing with variations, made like one that the seller has already."""
    inventory = client.inventory
    key, group = _group_sample(client)
    twins = {sku: f"CG-{n}" for n, sku in enumerate(group["variantSKUs"][:3])}
    for sku, twin in twins.items():
        row = inventory.get_item(sku)
        item = {name: row[name] for name in ("condition", "product")}
        stock = {"shipToLocationAvailability": {"quantity": 2}}
        inventory.put_item(twin, {**item, "availability": stock})
        offer = _changeable(next(inventory.offer_pages(sku))["offers"][0])
        inventory.create_offer({**offer, "sku": twin, "availableQuantity": 2})
    marketplace = offer["marketplaceId"]
    wish = {**group, "title": "Contract group", "variantSKUs": [*twins.values()]}
    inventory.put_group("CG", wish)
    inventory.put_group("CG", {**wish, "title": "Contract group, changed"})
    assert inventory.get_group("CG")["variantSKUs"]
    refused(lambda: inventory.get_group("CG-404"))
    refused(lambda: inventory.publish_group("CG-404", marketplace))
    refused(lambda: inventory.put_group("CG-2", wish))
    inventory.publish_group("CG", marketplace)
    inventory.get_item("CG-1")
    inventory.withdraw_group("CG", marketplace)
    inventory.delete_group("CG")
    refused(lambda: inventory.delete_group("CG"))


def _group_sample(client: EbayClient) -> tuple[str, dict[str, Any]]:
    for row in rows(client.inventory.item_pages(), "inventoryItems"):
        for key in row.get("groupIds") or row.get("inventoryItemGroupKeys") or []:
            group = dict(client.inventory.get_group(key))
            group.pop("inventoryItemGroupKey", None)
            return key, group
    raise AssertionError("the simulator has no group of variations")


def _samples(
    client: EbayClient, shop: Simulation
) -> tuple[dict[str, Any], dict[str, Any]]:
    """An item and an offer that eBay would publish, made like the seller's own."""
    inventory = client.inventory
    for page in inventory.item_pages(limit=50):
        for row in page["inventoryItems"]:
            offers = next(inventory.offer_pages(row["sku"]))["offers"]
            found = [one for one in offers if one["marketplaceId"] == "EBAY_DE"]
            if found and found[0]["status"] == "PUBLISHED" and not row.get("groupIds"):
                item = {k: row[k] for k in ("condition", "product")}
                offer = _changeable(found[0])
                offer["availableQuantity"] = 5
                item["availability"] = {"shipToLocationAvailability": {"quantity": 5}}
                return item, offer
    raise AssertionError("the simulator has no published German offer")


def _changeable(
    offer: dict[str, Any], keys: tuple[str, ...] = ("marketplaceId", "format")
) -> dict[str, Any]:
    """An offer as it is read, without what only eBay writes; `keys` never change."""
    fixed = {"offerId", "listing", "status", "sku", "marketplaceId", "format"}
    return {name: v for name, v in offer.items() if name not in fixed - set(keys)}
