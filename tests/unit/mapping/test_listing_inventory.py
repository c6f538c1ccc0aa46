"""The Inventory API's items and offers -> what they add to listings."""

from decimal import Decimal

import pytest

from mapping.listings.inventory import map_inventory_items, map_known_skus, map_offers

ITEM = {
    "sku": "A-1",
    "condition": "NEW",
    "inventoryItemGroupKeys": ["GRP-1"],
    "product": {
        "title": "Lamp",
        "ean": ["Does not apply", "4006381333931"],
        "imageUrls": ["https://i.ebayimg.com/1.jpg"],
        "aspects": {"Brand": ["Lumo"], "Empty": [], "Odd": "text"},
    },
    "packageWeightAndSize": {"weight": {"value": 500, "unit": "GRAM"}},
}
FACTS = {
    "condition": "NEW",
    "group_ref": "GRP-1",
    "barcode": "4006381333931",
    "picture_urls": ["https://i.ebayimg.com/1.jpg"],
    "item_specifics": {"Brand": ["Lumo"]},
    "weight": Decimal("0.5000"),
    "item_title": "Lamp",
}


def test_an_item_says_what_it_knows():
    [item] = map_inventory_items({"inventoryItems": [ITEM, {"condition": "NEW"}]})
    assert (item.sku, item.facts) == ("A-1", FACTS)


def test_a_bare_item_says_nothing():
    [item] = map_inventory_items({"inventoryItems": [{"sku": "B"}]})
    assert item.facts == {}


def test_only_known_skus_come_back():
    answer = {
        "responses": [
            {"sku": "A-1", "statusCode": 200, "inventoryItem": ITEM},
            {"sku": "X", "statusCode": 404, "errors": [{"errorId": 25710}]},
        ]
    }
    assert [item.sku for item in map_known_skus(answer)] == ["A-1"]


def test_an_offer_names_its_listing():
    offers = map_offers(
        {
            "offers": [
                {
                    "offerId": "9",
                    "sku": "A-1",
                    "marketplaceId": "EBAY_DE",
                    "format": "FIXED_PRICE",
                    "categoryId": "20706",
                    "listing": {"listingId": "110001"},
                },
                {"offerId": "10", "sku": "A-1", "status": "UNPUBLISHED"},
                {"sku": "no offer id"},
            ]
        }
    )
    assert [(offer.offer_ref, offer.listing_ref) for offer in offers] == [
        ("9", "110001"),
        ("10", None),
    ]
    assert offers[0].facts["marketplace"] == "EBAY_DE"


@pytest.mark.parametrize(
    ("weight", "kilograms"),
    [
        ({"value": 2, "unit": "POUND"}, Decimal("0.9072")),
        ({"value": "1.25", "unit": "KILOGRAM"}, Decimal("1.2500")),
        ({"value": 0, "unit": "KILOGRAM"}, None),
        ({"value": 3, "unit": "STONE"}, None),
        ({"value": "heavy", "unit": "GRAM"}, None),
    ],
)
def test_weights_are_kilograms(weight, kilograms):
    item = {"sku": "A", "packageWeightAndSize": {"weight": weight}}
    [found] = map_inventory_items({"inventoryItems": [item]})
    assert found.facts.get("weight") == kilograms
