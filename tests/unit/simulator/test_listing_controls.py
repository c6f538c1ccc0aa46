"""The listing side of /_sim/: what happens on eBay behind a connector's back."""

from __future__ import annotations

import pytest

V1 = "/sell/inventory/v1"


@pytest.fixture
def sim(seller):
    def call(path, given=None, method="POST"):
        return seller.request(method, f"/_sim/{path}", json=given)

    return call


def of_sku(sim, sku):
    found = sim("listings?limit=1000", method="GET").json()["listings"]
    return next(
        one for one in found if any(unit["sku"] == sku for unit in one["units"])
    )


def test_loading_more_listings(sim):
    before = sim("listings", method="GET").json()["total"]
    made = sim("listings", {"count": 10}).json()
    assert made["inventory"] + made["trading"] == 10
    assert sim("listings", {"count": 10}).json()["seed"] != made["seed"]
    assert sim("listings", method="GET").json()["total"] == before + 20
    again = sim("listings", {"count": 10, "seed": made["seed"]})
    assert again.status_code == 409
    assert sim("listings", method="GET").json()["total"] == before + 20
    assert sim("listings", {"marketplaces": ["EBAY_XX"]}).status_code == 400


def test_listings_can_be_filtered(sim):
    rows = sim("listings?model=trading&status=ACTIVE&limit=3", method="GET").json()
    assert len(rows["listings"]) == 3 < rows["total"]
    assert {one["model"] for one in rows["listings"]} == {"trading"}


def test_an_edit_of_an_inventory_listing_is_seen_by_its_api(sim, seller):
    listing = of_sku(sim, "INV-1-000000")
    wish = {"price": "1.50", "quantity": 3, "title": "Neu", "categoryId": "184655"}
    assert sim(f"listings/{listing['itemId']}", wish, "PATCH").status_code == 200
    (offer,) = seller.get(f"{V1}/offer?sku=INV-1-000000").json()["offers"]
    assert offer["availableQuantity"] == 3
    assert offer["pricingSummary"]["price"]["value"] == "1.50"
    assert offer["categoryId"] == "184655"
    item = seller.get(f"{V1}/inventory_item/INV-1-000000").json()
    assert item["product"]["title"] == "Neu"
    quantity = item["availability"]["shipToLocationAvailability"]["quantity"]
    assert quantity == 3


def test_an_edit_of_one_variation(sim):
    listing = of_sku(sim, "OLD-1-000017-002")
    path = f"listings/{listing['itemId']}"
    assert sim(path, {"quantity": 3}, "PATCH").status_code == 409
    wish = {"sku": "OLD-1-000017-002", "quantity": 3, "newSku": "NEW"}
    units = sim(path, wish, "PATCH").json()["units"]
    assert [unit["quantity"] for unit in units if unit["sku"] == "NEW"] == [3]


@pytest.mark.parametrize(
    "wish", [{"title": ""}, {"price": "x"}, {"quantity": -1}, {"categoryId": "1"}]
)
def test_edits_that_make_no_sense_change_nothing(sim, wish):
    listing = of_sku(sim, "OLD-1-000007")
    path = f"listings/{listing['itemId']}"
    assert sim(path, {"title": "Neu", **wish}, "PATCH").status_code == 409
    assert sim(path, method="GET").json() == listing


def test_selling_and_ending(sim):
    listing = of_sku(sim, "OLD-1-000007")
    path = f"listings/{listing['itemId']}"
    sim(path, {"quantity": 3}, "PATCH")
    (unit,) = sim(f"{path}/sell", {"quantity": 2}).json()["units"]
    assert unit["quantity"] == 1
    assert sim(f"{path}/sell", {"quantity": 2}).status_code == 409
    assert sim(f"{path}/end", {}).json()["status"] == "ENDED"
    assert sim(f"{path}/end", {}).status_code == 409
    assert sim("listings/1", method="GET").status_code == 404


def test_a_new_listing_made_on_ebay(sim):
    variations = [
        {"aspects": {"Farbe": "Rot"}, "sku": "N-1", "quantity": 2},
        {"aspects": {"Farbe": "Blau"}, "price": "11"},
    ]
    made = sim("listings/new", {"title": "Tasse", "variations": variations}).json()
    assert made["model"] == "trading"
    first, second = made["units"]
    assert (first["sku"], first["quantity"], first["price"]) == ("N-1", 2, "9.90")
    assert (second["sku"], second["price"]) == (None, "11")
    assert sim("listings/new", {"marketplace": "EBAY_XX"}).status_code == 400


def test_preferences(sim, seller):
    changed = {"out_of_stock_control": False, "programs": []}
    shown = sim("preferences", changed).json()
    assert shown["out_of_stock_control"] is False
    answer = seller.get("/sell/account/v1/payment_policy?marketplace_id=EBAY_DE")
    assert answer.json()["errors"][0]["errorId"] == 20403
    assert sim("preferences", {"nonsense": 1}).status_code == 400
    assert sim("preferences", method="GET").json() == shown


def test_a_selling_limit_stops_publishing(sim, seller):
    sim("preferences", {"selling_limit": {"quantity": 1}})
    (offer,) = seller.get(f"{V1}/offer?sku=INV-1-000000").json()["offers"]
    path = f"{V1}/offer/{offer['offerId']}"
    sim(f"listings/{offer['listing']['listingId']}/end", {})
    assert seller.get(path).json()["status"] == "UNPUBLISHED"
    answer = seller.post(f"{path}/publish", json={})
    assert answer.json()["errors"][0]["errorId"] == 25026


def test_a_new_version_of_a_tree(sim):
    made = sim("category_tree/77", {"expired": {"57988": "15687"}, "grow": 10}).json()
    assert made["version"] == "120"
    assert sim("category_tree/77", {"moved": {"1": "0"}}).status_code == 400
    assert sim("category_tree/999", {}).status_code == 400


def test_reset_brings_the_first_catalogue_back(sim):
    sim("listings", {"count": 10})
    sim("category_tree/77", {"renamed": {"99": "Sonstiges"}})
    before = sim("listings", method="GET").json()["total"]
    sim("reset")
    assert sim("listings", method="GET").json()["total"] == before - 10
    assert sim("category_tree/77", {}).json()["version"] == "120"
