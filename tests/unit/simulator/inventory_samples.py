"""Items, offers and groups for tests of the Inventory API, and how to send them."""

from __future__ import annotations

from simulator.listings import listings

V1 = "/sell/inventory/v1"
LOCATION = {
    "location": {"address": {"country": "DE", "postalCode": "10115"}},
    "name": "Lager",
}


def error(answer):
    return answer.status_code, answer.json()["errors"][0]["errorId"]


def item(quantity=5, **product):
    return {
        "availability": {"shipToLocationAvailability": {"quantity": quantity}},
        "condition": "NEW",
        "product": {
            "title": "Kaffeebecher blau",
            "description": "Ein Becher",
            "aspects": {"Marke": ["Keramia"]},
            "imageUrls": ["https://img.example/1.jpg"],
            **product,
        },
    }


def policies(client):
    found = {}
    for kind in ("fulfillment", "payment", "return"):
        answer = client.get(
            f"/sell/account/v1/{kind}_policy", params={"marketplace_id": "EBAY_DE"}
        ).json()
        key = f"{kind}PolicyId"
        (rows,) = (value for value in answer.values() if isinstance(value, list))
        found[key] = rows[0][key]
    return found


def offer(client, sku, **changes):
    return {
        "sku": sku,
        "marketplaceId": "EBAY_DE",
        "format": "FIXED_PRICE",
        "categoryId": "20635",
        "listingDescription": "Ein schöner Becher",
        "listingDuration": "GTC",
        "listingPolicies": policies(client),
        "merchantLocationKey": "main-warehouse",
        "pricingSummary": {"price": {"value": "9.90", "currency": "EUR"}},
        **changes,
    }


def put_item(client, sku, document=None, **headers):
    return client.put(
        f"{V1}/inventory_item/{sku}", json=document or item(), headers=headers
    )


def make_offer(client, sku, **changes):
    answer = client.post(f"{V1}/offer", json=offer(client, sku, **changes))
    assert answer.status_code == 201, answer.text
    return answer.json()["offerId"]


def publish(client, sku="A-1", quantity=5, **changes):
    assert put_item(client, sku, item(quantity)).status_code in (201, 204)
    offer_id = make_offer(client, sku, **changes)
    answer = client.post(f"{V1}/offer/{offer_id}/publish", json={})
    assert answer.status_code == 200, answer.text
    return offer_id, answer.json()["listingId"]


def sell(app, listing_id, sku, quantity):
    db = app.world.database
    unit = listings.find_unit(listings.units(db, listing_id), sku)
    listings.sell(db, unit, quantity, app.world.clock.now())


def get_offer(client, offer_id):
    return client.get(f"{V1}/offer/{offer_id}").json()


def update(client, *requests):
    return client.post(
        f"{V1}/bulk_update_price_quantity", json={"requests": list(requests)}
    )


def make_group(client, skus=("V-1", "V-2"), publish_it=True, **changes):
    for number, sku in enumerate(skus):
        colour = ["Blau", "Rot", "Weiß"][number]
        document = item(aspects={"Marke": ["Keramia"], "Farbe": [colour]})
        del document["product"]["title"]
        put_item(client, sku, document)
        make_offer(client, sku)
    answer = client.put(f"{V1}/inventory_item_group/G1", json=group(skus, **changes))
    if publish_it:
        body = {"inventoryItemGroupKey": "G1", "marketplaceId": "EBAY_DE"}
        answer = client.post(f"{V1}/offer/publish_by_inventory_item_group", json=body)
    return answer


def group(skus, **changes):
    return {
        "title": "Becher in Farben",
        "description": "Becher",
        "aspects": {"Marke": ["Keramia"]},
        "imageUrls": ["https://img.example/1.jpg"],
        "variantSKUs": list(skus),
        "variesBy": {
            "aspectsImageVariesBy": ["Farbe"],
            "specifications": [{"name": "Farbe", "values": ["Blau", "Rot", "Weiß"]}],
        },
        **changes,
    }
