"""The Inventory API: offers, publishing, price and quantity."""

from __future__ import annotations

import pytest

from simulator.listings import preferences
from simulator.seed import OTHER_SELLER
from tests.unit.simulator.inventory_samples import (
    V1,
    error,
    get_offer,
    item,
    make_offer,
    offer,
    publish,
    put_item,
    sell,
    update,
)


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
        (item(ean=["4006381333932"]), 25002),
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
