"""The Inventory API: languages, items, bulk calls."""

from __future__ import annotations

import pytest

from tests.unit.simulator.inventory_samples import (
    V1,
    error,
    item,
    offer,
    put_item,
)


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


def test_page_drift_skips_an_item(seller):
    rule = {"fault": "page_drift", "operation": "getInventoryItems", "after": 1}
    assert seller.post("/_sim/faults", json={**rule, "times": 1}).status_code < 300
    first = seller.get(f"{V1}/inventory_item?limit=5").json()
    second = seller.get(f"{V1}/inventory_item?limit=5&offset=1").json()
    assert second["total"] == first["total"] - 1
    seen = {one["sku"] for one in first["inventoryItems"] + second["inventoryItems"]}
    again = seller.get(f"{V1}/inventory_item?limit=10").json()["inventoryItems"]
    assert len({one["sku"] for one in again} - seen) == 1


@pytest.mark.parametrize("query", ["limit=201", "limit=0", "offset=-1", "limit=x"])
def test_bad_pages(seller, query):
    assert error(seller.get(f"{V1}/inventory_item?{query}")) == (400, 25706)


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
        ("bulk_migrate_listing", [{"listingId": str(n)} for n in range(6)], 25718),
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
