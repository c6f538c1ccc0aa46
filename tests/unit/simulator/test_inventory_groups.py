"""The Inventory API: groups, migration, locations, smaller resources."""

from __future__ import annotations

from tests.unit.simulator.inventory_samples import (
    LOCATION,
    V1,
    error,
    get_offer,
    group,
    item,
    make_group,
    make_offer,
    publish,
    put_item,
    sell,
    update,
)


def test_a_group_is_one_listing(other_seller):
    assert make_group(other_seller, publish_it=False).status_code == 201
    body = {"inventoryItemGroupKey": "G1", "marketplaceId": "EBAY_DE"}
    path = f"{V1}/offer/publish_by_inventory_item_group"
    answer = other_seller.post(path, json=body)
    listing_id = answer.json()["listingId"]
    for sku in ("V-1", "V-2"):
        (one,) = other_seller.get(f"{V1}/offer?sku={sku}").json()["offers"]
        assert one["listing"]["listingId"] == listing_id
    again = other_seller.post(path, json=body)
    assert again.json()["listingId"] == listing_id
    assert again.json()["warnings"]
    found = other_seller.get(f"{V1}/inventory_item_group/G1").json()
    assert found["variantSKUs"] == ["V-1", "V-2"]
    member = other_seller.get(f"{V1}/inventory_item/V-1").json()
    assert member["inventoryItemGroupKeys"] == ["G1"]
    withdraw = f"{V1}/offer/withdraw_by_inventory_item_group"
    assert other_seller.post(withdraw, json=body).status_code == 204
    assert error(other_seller.post(withdraw, json=body)) == (400, 25725)


def test_a_member_is_not_published_alone(other_seller):
    make_group(other_seller, publish_it=False)
    (one,) = other_seller.get(f"{V1}/offer?sku=V-1").json()["offers"]
    answer = other_seller.post(f"{V1}/offer/{one['offerId']}/publish", json={})
    assert error(answer) == (400, 25002)
    requests = [{"offerId": one["offerId"]}]
    bulk = other_seller.post(f"{V1}/bulk_publish_offer", json={"requests": requests})
    assert bulk.json()["responses"][0]["errors"][0]["errorId"] == 25732


def test_members_without_an_offer_are_left_out(other_seller):
    put_item(other_seller, "V-3", item(aspects={"Marke": ["K"], "Farbe": ["Weiß"]}))
    make_group(other_seller, publish_it=False)
    other_seller.put(f"{V1}/inventory_item_group/G1", json=group(["V-1", "V-2", "V-3"]))
    body = {"inventoryItemGroupKey": "G1", "marketplaceId": "EBAY_DE"}
    path = f"{V1}/offer/publish_by_inventory_item_group"
    listing_id = other_seller.post(path, json=body).json()["listingId"]
    assert error(other_seller.get(f"{V1}/offer?sku=V-3")) == (404, 25713)
    offer_id = make_offer(other_seller, "V-3")
    assert other_seller.post(path, json=body).json()["listingId"] == listing_id
    assert get_offer(other_seller, offer_id)["status"] == "PUBLISHED"


def test_what_groups_refuse(other_seller):
    publish(other_seller, "A-1")
    make_group(other_seller)
    cases = {25701: ["nope"], 25703: ["V-1"], 25704: ["A-1"], 25013: []}
    for expected, skus in cases.items():
        answer = other_seller.put(f"{V1}/inventory_item_group/G2", json=group(skus))
        assert error(answer) == (400, expected)
    assert error(other_seller.get(f"{V1}/inventory_item_group/G2")) == (404, 25705)


def test_only_variation_aspects_may_vary(other_seller):
    varies = {"specifications": [{"name": "Marke", "values": ["Keramia"]}]}
    answer = make_group(other_seller, variesBy=varies)
    assert error(answer) == (400, 25013)


def test_a_sold_variation_stays(other_seller, listing_app):
    listing_id = make_group(other_seller).json()["listingId"]
    sell(listing_app, listing_id, "V-1", 1)
    (sold,) = other_seller.get(f"{V1}/offer?sku=V-1").json()["offers"]
    (unsold,) = other_seller.get(f"{V1}/offer?sku=V-2").json()["offers"]
    refused = other_seller.delete(f"{V1}/offer/{sold['offerId']}")
    assert error(refused) == (400, 25713)
    assert other_seller.delete(f"{V1}/offer/{unsold['offerId']}").status_code == 204


def legacy(app, where="1"):
    return app.world.database.execute(
        "SELECT item_id FROM listing WHERE model = 'trading' AND status = 'ACTIVE'"
        f" AND {where} ORDER BY item_id LIMIT 1"
    ).fetchone()[0]


def test_migration_keeps_the_listing_and_makes_items(seller, listing_app):
    single = legacy(
        listing_app,
        "item_id IN (SELECT item_id FROM listing_unit WHERE sku = 'OLD-1-000007')",
    )
    varied = legacy(
        listing_app,
        "item_id IN (SELECT item_id FROM listing_unit WHERE sku = 'OLD-1-000017-001')",
    )
    no_sku = legacy(
        listing_app, "item_id IN (SELECT item_id FROM listing_unit WHERE sku IS NULL)"
    )
    requests = [{"listingId": one} for one in (single, varied, no_sku)]
    answer = seller.post(f"{V1}/bulk_migrate_listing", json={"requests": requests})
    assert answer.status_code == 207
    one, many, refused = answer.json()["responses"]
    assert one["inventoryItems"][0]["sku"] == "OLD-1-000007"
    assert "inventoryItemGroupKey" in many
    assert refused["errors"][0]["errorId"] == 25718
    found = get_offer(seller, one["inventoryItems"][0]["offerId"])
    assert found["listing"]["listingId"] == single
    assert found["status"] == "PUBLISHED"
    again = seller.post(f"{V1}/bulk_migrate_listing", json={"requests": requests[:1]})
    assert again.json()["responses"][0]["errors"][0]["errorId"] == 25718
    changed = update(
        seller, {"offers": [{"offerId": found["offerId"], "availableQuantity": 1}]}
    )
    assert changed.status_code == 200


def test_locations(other_seller):
    path = f"{V1}/location/store-1"
    assert other_seller.post(path, json=LOCATION).status_code == 204
    assert error(other_seller.post(path, json=LOCATION)) == (400, 25803)
    assert other_seller.post(f"{path}/disable").json() == {}
    found = other_seller.get(path).json()
    assert found["merchantLocationStatus"] == "DISABLED"
    assert found["locationTypes"] == ["WAREHOUSE"]
    other_seller.post(f"{path}/update_location_details", json={"name": "Neu"})
    assert other_seller.get(path).json()["name"] == "Neu"
    page = other_seller.get(f"{V1}/location?limit=1&offset=1").json()
    assert (page["total"], len(page["locations"])) == (2, 1)
    assert other_seller.delete(path).status_code == 204
    assert error(other_seller.get(path)) == (404, 25805)


def test_a_fulfillment_center_needs_a_street_and_stays(other_seller):
    path = f"{V1}/location/center"
    bare = {**LOCATION, "locationTypes": ["FULFILLMENT_CENTER"]}
    assert error(other_seller.post(path, json=bare)) == (400, 25802)
    address = {
        "addressLine1": "Ring 1",
        "city": "Berlin",
        "postalCode": "10115",
        "country": "DE",
    }
    full = {**bare, "location": {"address": address}}
    assert other_seller.post(path, json=full).status_code == 204
    assert error(other_seller.delete(path)) == (400, 25806)


def test_product_compatibility(other_seller):
    put_item(other_seller, "A-1")
    path = f"{V1}/inventory_item/A-1/product_compatibility"
    assert error(other_seller.get(path)) == (404, 25710)
    body = {"compatibleProducts": [{"productFamilyProperties": {"make": "VW"}}]}
    assert other_seller.put(path, json=body).status_code == 201
    assert other_seller.put(path, json=body).status_code == 204
    assert other_seller.get(path).json() == {**body, "sku": "A-1"}
    assert other_seller.delete(path).status_code == 204


def test_sku_location_mapping(other_seller):
    _, listing_id = publish(other_seller)
    path = f"{V1}/listing/{listing_id}/sku/A-1/locations"
    assert other_seller.get(path).status_code == 404
    body = {"locations": [{"merchantLocationKey": "main-warehouse"}]}
    assert error(other_seller.put(path, json=body)) == (400, 25906)
    assert error(other_seller.put(path, json={"locations": []})) == (400, 25901)
    wrong = f"{V1}/listing/{listing_id}/sku/B/locations"
    assert error(other_seller.put(wrong, json=body)) == (400, 25905)
