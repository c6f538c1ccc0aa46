"""The Inventory API: items, offers, groups, bulk calls, locations."""

from __future__ import annotations

import pytest

from simulator.listing import listings, preferences
from simulator.seed import OTHER_SELLER

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


# --- headers and tokens ---


@pytest.mark.parametrize("value", ["*", "", "xx-XX"])
def test_accept_language_is_needed(seller, value):
    answer = seller.get(f"{V1}/inventory_item", headers={"Accept-Language": value})
    assert error(answer) == (400, 25709)


def test_content_language_is_needed_to_write_text(seller):
    del seller.headers["Content-Language"]
    assert error(put_item(seller, "A-1")) == (400, 25709)
    assert seller.get(f"{V1}/inventory_item").status_code == 200


def test_a_readonly_token_cannot_write(as_seller):
    client = as_seller(scopes=("sell.inventory.readonly",))
    assert client.get(f"{V1}/inventory_item").status_code == 200
    assert error(put_item(client, "A-1")) == (403, 1100)


# --- items ---


def test_put_creates_then_replaces(other_seller):
    assert put_item(other_seller, "A-1").status_code == 201
    again = put_item(other_seller, "A-1")
    assert (again.status_code, again.content) == (204, b"")


def test_put_replaces_everything_even_the_quantity(other_seller):
    put_item(other_seller, "A-1")
    put_item(other_seller, "A-1", {"product": {"title": "Nur ein Titel"}})
    found = other_seller.get(f"{V1}/inventory_item/A-1").json()
    assert "availability" not in found
    assert found["product"] == {"title": "Nur ein Titel"}
    assert (found["sku"], found["locale"]) == ("A-1", "de_DE")


def test_warnings_make_it_a_success_with_a_body(other_seller):
    document = {**item(), "conditionDescription": "wie neu"}
    assert put_item(other_seller, "A-1", document).status_code == 201
    answer = put_item(other_seller, "A-1", document)
    assert answer.status_code == 200
    assert answer.json()["warnings"][0]["errorId"] == 25401


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (item(title="x" * 81), 25709),
        (item(quantity=-1), 25004),
        (item(imageUrls=["http://img.example/1.jpg"]), 25015),
        (item(aspects={"Marke": "Keramia"}), 2004),
        ({"condition": "SHINY"}, 2004),
        (item(quantity="5"), 2004),
    ],
)
def test_bad_items_are_refused(other_seller, document, expected):
    assert error(put_item(other_seller, "A-1", document)) == (400, expected)
    assert other_seller.get(f"{V1}/inventory_item/A-1").status_code == 404


@pytest.mark.parametrize("sku", ["x" * 51, "a b", "a+b"])
def test_bad_skus_are_refused(other_seller, sku):
    assert error(put_item(other_seller, sku)) == (400, 25707)


def test_unknown_item(seller, other_seller):
    assert error(seller.get(f"{V1}/inventory_item/nope")) == (404, 25710)
    theirs = other_seller.get(f"{V1}/inventory_item/INV-1-000000")
    assert error(theirs) == (404, 25710)


def test_offset_of_items_is_a_page_number(seller):
    first = seller.get(f"{V1}/inventory_item?limit=8").json()
    second = seller.get(f"{V1}/inventory_item?limit=8&offset=1").json()
    skus = [one["sku"] for one in first["inventoryItems"] + second["inventoryItems"]]
    assert len(set(skus)) == 16
    assert first["total"] == second["total"] > 16
    assert first["size"] == -(-first["total"] // 8)
    assert "prev" not in first and second["prev"].endswith("offset=0")
    assert first["next"].endswith("limit=8&offset=1")


def test_following_next_finds_every_item(seller):
    url, found = f"{V1}/inventory_item?limit=5", []
    while url:
        page = seller.get(url).json()
        found += [one["sku"] for one in page["inventoryItems"]]
        url = page.get("next")
    assert len(set(found)) == len(found) == page["total"]


@pytest.mark.parametrize("query", ["limit=201", "limit=0", "offset=-1", "limit=x"])
def test_bad_pages(seller, query):
    assert error(seller.get(f"{V1}/inventory_item?{query}")) == (400, 25706)


# --- bulk ---


def test_bulk_create_answers_per_item(other_seller):
    requests = [
        {"sku": "B-1", "locale": "de_DE", **item()},
        {"sku": "B-2", "locale": "de_DE", **item(title="x" * 81)},
    ]
    answer = other_seller.post(
        f"{V1}/bulk_create_or_replace_inventory_item", json={"requests": requests}
    )
    good, bad = answer.json()["responses"]
    assert answer.status_code == 207
    assert (good["sku"], good["statusCode"]) == ("B-1", 201)
    assert (bad["statusCode"], bad["errors"][0]["errorId"]) == (400, 25709)
    assert error(other_seller.get(f"{V1}/inventory_item/B-2")) == (404, 25710)


@pytest.mark.parametrize(
    ("path", "requests", "expected"),
    [
        ("bulk_get_inventory_item", [{"sku": f"S{n}"} for n in range(26)], 25727),
        ("bulk_get_inventory_item", [{"sku": "A"}, {"sku": "A"}], 25734),
        (
            "bulk_create_or_replace_inventory_item",
            [{"sku": "A", "locale": "de_DE"}] * 2,
            25728,
        ),
        ("bulk_create_or_replace_inventory_item", [{"sku": "A"}], 25733),
        ("bulk_publish_offer", [{"offerId": "1"}] * 2, 25731),
        ("bulk_publish_offer", [{"offerId": str(n)} for n in range(26)], 25730),
        ("bulk_create_offer", [{"sku": "A"}], 25735),
        ("bulk_migrate_listing", [{"listingId": str(n)} for n in range(6)], 25709),
        ("bulk_update_price_quantity", [], 25709),
    ],
)
def test_bulk_requests_that_fail_as_a_whole(seller, path, requests, expected):
    answer = seller.post(f"{V1}/{path}", json={"requests": requests})
    assert error(answer) == (400, expected)


def test_bulk_get(seller):
    requests = [{"sku": "INV-1-000000"}, {"sku": "nope"}]
    answer = seller.post(f"{V1}/bulk_get_inventory_item", json={"requests": requests})
    found, missing = answer.json()["responses"]
    assert answer.status_code == 207
    assert found["inventoryItem"]["sku"] == "INV-1-000000"
    assert missing["statusCode"] == 404


def test_bulk_offers(other_seller):
    for sku in ("A-1", "A-2"):
        put_item(other_seller, sku)
    requests = [offer(other_seller, sku) for sku in ("A-1", "A-2")]
    made = other_seller.post(f"{V1}/bulk_create_offer", json={"requests": requests})
    assert made.status_code == 200
    ids = [{"offerId": one["offerId"]} for one in made.json()["responses"]]
    live = other_seller.post(
        f"{V1}/bulk_publish_offer", json={"requests": [*ids, {"offerId": "1"}]}
    )
    assert [one["statusCode"] for one in live.json()["responses"]] == [200, 200, 404]
    assert live.status_code == 207


# --- offers ---


def test_a_second_offer_names_the_first(other_seller):
    put_item(other_seller, "A-1")
    offer_id = make_offer(other_seller, "A-1")
    answer = other_seller.post(f"{V1}/offer", json=offer(other_seller, "A-1"))
    assert error(answer) == (400, 25002)
    parameters = answer.json()["errors"][0]["parameters"]
    assert {"name": "offerId", "value": offer_id} in parameters


def test_an_offer_needs_its_item(other_seller):
    answer = other_seller.post(f"{V1}/offer", json=offer(other_seller, "nope"))
    assert error(answer) == (400, 25702)


def test_offers_are_asked_for_by_sku(seller):
    assert error(seller.get(f"{V1}/offer")) == (400, 25707)
    assert error(seller.get(f"{V1}/offer?sku=nope")) == (404, 25702)
    put_item(seller, "A-1")
    assert error(seller.get(f"{V1}/offer?sku=A-1")) == (404, 25713)
    found = seller.get(f"{V1}/offer?sku=INV-1-000000").json()
    assert found["total"] == len(found["offers"]) == 1


def test_publishing_needs_a_body(other_seller):
    put_item(other_seller, "A-1")
    offer_id = make_offer(other_seller, "A-1")
    assert other_seller.post(f"{V1}/offer/{offer_id}/publish").status_code == 411


def test_publish_twice_is_the_same_listing_and_a_warning(other_seller):
    offer_id, listing_id = publish(other_seller)
    again = other_seller.post(f"{V1}/offer/{offer_id}/publish", json={})
    assert again.status_code == 200
    assert again.json()["listingId"] == listing_id
    assert again.json()["warnings"][0]["errorId"] == 25402


def test_withdraw_then_publish_makes_a_new_listing(other_seller):
    offer_id, listing_id = publish(other_seller)
    ended = other_seller.post(f"{V1}/offer/{offer_id}/withdraw", json={})
    assert ended.json()["listingId"] == listing_id
    found = get_offer(other_seller, offer_id)
    assert (found["status"], found["listing"]["listingStatus"]) == (
        "UNPUBLISHED",
        "ENDED",
    )
    again = other_seller.post(f"{V1}/offer/{offer_id}/publish", json={})
    assert again.json()["listingId"] != listing_id


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"pricingSummary": {}}, 25003),
        ({"pricingSummary": {"price": {"value": "9", "currency": "PLN"}}}, 25003),
        ({"categoryId": "11700"}, 25005),
        ({"merchantLocationKey": "nowhere"}, 25012),
        ({"listingPolicies": {}}, 25007),
        ({"listingDuration": "DAYS_7"}, 25006),
    ],
)
def test_what_publishing_refuses(other_seller, changes, expected):
    put_item(other_seller, "A-1")
    offer_id = make_offer(other_seller, "A-1", **changes)
    answer = other_seller.post(f"{V1}/offer/{offer_id}/publish", json={})
    assert error(answer) == (400, expected)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (item(aspects={}), 25029),
        (item(imageUrls=[]), 25014),
        (item(ean=["4006381333932"]), 25503),
        (item(quantity=0), 25004),
        ({**item(), "condition": None}, 25021),
    ],
)
def test_what_publishing_refuses_in_the_item(other_seller, document, expected):
    put_item(other_seller, "A-1", document)
    offer_id = make_offer(other_seller, "A-1")
    answer = other_seller.post(f"{V1}/offer/{offer_id}/publish", json={})
    assert error(answer) == (400, expected)


def test_update_replaces_the_whole_offer(other_seller):
    put_item(other_seller, "A-1")
    offer_id = make_offer(other_seller, "A-1", availableQuantity=3)
    changed = other_seller.put(f"{V1}/offer/{offer_id}", json={"categoryId": "20635"})
    assert changed.status_code == 204
    found = get_offer(other_seller, offer_id)
    assert "availableQuantity" not in found
    assert "listingDescription" not in found


def test_a_live_offer_cannot_lose_what_it_needs(other_seller):
    offer_id, _ = publish(other_seller)
    answer = other_seller.put(f"{V1}/offer/{offer_id}", json={"categoryId": "20635"})
    assert answer.status_code == 400
    assert get_offer(other_seller, offer_id)["listingDescription"]


def test_zero_keeps_the_listing_with_out_of_stock_control(other_seller):
    offer_id, _ = publish(other_seller)
    put_item(other_seller, "A-1", item(quantity=0))
    found = get_offer(other_seller, offer_id)
    assert (found["status"], found["listing"]["listingStatus"]) == (
        "PUBLISHED",
        "OUT_OF_STOCK",
    )


def test_zero_ends_the_listing_without_out_of_stock_control(other_seller, listing_app):
    preferences.put(
        listing_app.world.database, OTHER_SELLER, "out_of_stock_control", False
    )
    offer_id, _ = publish(other_seller)
    put_item(other_seller, "A-1", item(quantity=0))
    found = get_offer(other_seller, offer_id)
    assert (found["status"], found["listing"]["listingStatus"]) == (
        "UNPUBLISHED",
        "ENDED",
    )


def test_deleting_an_item_ends_its_listing(other_seller):
    offer_id, _ = publish(other_seller)
    assert other_seller.delete(f"{V1}/inventory_item/A-1").status_code == 204
    assert error(other_seller.get(f"{V1}/offer/{offer_id}")) == (404, 25713)


def test_listing_fees(other_seller):
    put_item(other_seller, "A-1")
    offer_id = make_offer(other_seller, "A-1")
    body = {"offers": [{"offerId": offer_id}]}
    answer = other_seller.post(f"{V1}/offer/get_listing_fees", json=body)
    (summary,) = answer.json()["feeSummaries"]
    assert summary["marketplaceId"] == "EBAY_DE"
    assert summary["fees"][0]["amount"] == {"value": "0.0", "currency": "EUR"}
    bad = {"offers": [{"offerId": "1"}]}
    refused = other_seller.post(f"{V1}/offer/get_listing_fees", json=bad)
    assert error(refused) == (400, 25754)


# --- price and quantity ---


def update(client, *requests):
    return client.post(
        f"{V1}/bulk_update_price_quantity", json={"requests": list(requests)}
    )


def test_price_and_quantity_of_several_offers(other_seller):
    first, _ = publish(other_seller, "A-1")
    second, _ = publish(other_seller, "A-2")
    answer = update(
        other_seller,
        {
            "sku": "A-1",
            "shipToLocationAvailability": {"quantity": 9},
            "offers": [{"offerId": first, "availableQuantity": 7}],
        },
        {
            "offers": [
                {"offerId": second, "price": {"value": "12.5", "currency": "EUR"}}
            ]
        },
    )
    assert answer.status_code == 200
    assert [one["statusCode"] for one in answer.json()["responses"]] == [200] * 3
    assert get_offer(other_seller, first)["availableQuantity"] == 7
    price = get_offer(other_seller, second)["pricingSummary"]["price"]
    assert price == {"value": "12.5", "currency": "EUR"}


def test_one_bad_offer_does_not_stop_the_others(other_seller):
    offer_id, _ = publish(other_seller)
    answer = update(
        other_seller,
        {
            "offers": [
                {"offerId": offer_id, "availableQuantity": 2},
                {"offerId": "1", "availableQuantity": 2},
            ]
        },
        {"sku": "nope", "shipToLocationAvailability": {"quantity": 1}},
    )
    assert answer.status_code == 207
    good, bad, unknown = answer.json()["responses"]
    assert good["statusCode"] == 200
    assert bad["errors"][0]["errorId"] == 25713
    assert unknown["errors"][0]["errorId"] == 25702
    assert get_offer(other_seller, offer_id)["availableQuantity"] == 2


def test_the_wrong_currency_is_refused(other_seller):
    offer_id, _ = publish(other_seller)
    price = {"value": "1", "currency": "PLN"}
    answer = update(other_seller, {"offers": [{"offerId": offer_id, "price": price}]})
    assert answer.json()["responses"][0]["errors"][0]["errorId"] == 25003


def test_an_offer_twice_is_refused(other_seller):
    offer_id, _ = publish(other_seller)
    one = {"offers": [{"offerId": offer_id, "availableQuantity": 1}]}
    assert error(update(other_seller, one, one)) == (400, 25002)


def test_the_251st_revision_of_a_day_is_refused(as_seller, listing_app):
    other_seller = as_seller(OTHER_SELLER)
    offer_id, listing_id = publish(other_seller)
    listing_app.world.database.execute(
        "UPDATE listing SET revisions = 249, revised_on = ? WHERE item_id = ?",
        (listing_app.world.clock.text()[:10], listing_id),
    )
    one = {"offers": [{"offerId": offer_id, "availableQuantity": 1}]}
    assert update(other_seller, one).status_code == 200
    refused = update(other_seller, one).json()["responses"][0]
    assert refused["errors"][0]["errorId"] == 25019
    listing_app.world.clock.advance(86_400)
    assert update(as_seller(OTHER_SELLER), one).status_code == 200


def test_a_sale_lowers_item_and_offer(other_seller, listing_app):
    offer_id, listing_id = publish(other_seller, availableQuantity=4)
    sell(listing_app, listing_id, "A-1", 3)
    found = get_offer(other_seller, offer_id)
    assert found["availableQuantity"] == 1
    assert found["listing"]["soldQuantity"] == 3
    stock = other_seller.get(f"{V1}/inventory_item/A-1").json()["availability"]
    assert stock["shipToLocationAvailability"]["quantity"] == 2


# --- groups ---


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
    assert error(answer) == (400, 25732)


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
    assert error(refused) == (400, 25002)
    assert other_seller.delete(f"{V1}/offer/{unsold['offerId']}").status_code == 204


# --- migration, locations, smaller resources ---


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
