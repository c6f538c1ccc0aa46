"""The Account API: policies per marketplace, programs, privileges."""

from __future__ import annotations

import pytest

from simulator import behaviour
from simulator.listings import preferences
from simulator.seed import SELLER

V1 = "/sell/account/v1"
COMMON = {
    "marketplaceId": "EBAY_DE",
    "categoryTypes": [{"name": "ALL_EXCLUDING_MOTORS_VEHICLES"}],
}
RETURN = {
    **COMMON,
    "name": "Rückgabe",
    "returnsAccepted": True,
    "returnPeriod": {"value": 14, "unit": "DAY"},
}


def error(answer):
    return answer.status_code, answer.json()["errors"][0]["errorId"]


def opt(client, way, program="SELLING_POLICY_MANAGEMENT"):
    return client.post(f"{V1}/program/opt_{way}", json={"programType": program})


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("fulfillment", "fulfillmentPolicies"),
        ("payment", "paymentPolicies"),
        ("return", "returnPolicies"),
    ],
)
def test_policies_are_listed_per_marketplace(seller, kind, name):
    for place in ("EBAY_DE", "EBAY_PL"):
        answer = seller.get(f"{V1}/{kind}_policy?marketplace_id={place}").json()
        assert answer["total"] == len(answer[name]) == 1
        assert answer[name][0]["marketplaceId"] == place
    empty = seller.get(f"{V1}/{kind}_policy?marketplace_id=EBAY_FR").json()
    assert (empty["total"], empty[name]) == (0, [])
    assert error(seller.get(f"{V1}/{kind}_policy")) == (400, 20401)
    unknown = seller.get(f"{V1}/{kind}_policy?marketplace_id=EBAY_XX")
    assert error(unknown) == (400, 20403)


def test_a_policy_is_made_read_changed_and_deleted(seller):
    made = seller.post(f"{V1}/return_policy", json=RETURN)
    policy_id = made.json()["returnPolicyId"]
    assert made.status_code == 201
    assert made.headers["Location"].endswith(f"/return_policy/{policy_id}")
    path = f"{V1}/return_policy/{policy_id}"
    assert seller.get(path).json()["name"] == "Rückgabe"
    by_name = f"{V1}/return_policy/get_by_policy_name?marketplace_id=EBAY_DE&name="
    assert seller.get(by_name + "Rückgabe").json()["returnPolicyId"] == policy_id
    assert error(seller.get(by_name + "nichts")) == (400, 20404)
    assert error(seller.post(f"{V1}/return_policy", json=RETURN)) == (400, 20400)
    changed = seller.put(path, json={**RETURN, "name": "Neu"})
    assert (changed.status_code, changed.json()["name"]) == (200, "Neu")
    assert seller.delete(path).status_code == 204
    assert error(seller.get(path)) == (404, 20404)


def test_a_policy_in_use_stays(seller):
    found = seller.get(f"{V1}/return_policy?marketplace_id=EBAY_DE").json()
    policy_id = found["returnPolicies"][0]["returnPolicyId"]
    assert error(seller.delete(f"{V1}/return_policy/{policy_id}")) == (409, 20409)


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("return", {**COMMON, "name": "x"}, 20401),
        ("return", {**RETURN, "name": "x" * 65}, 20400),
        ("return", {**RETURN, "marketplaceId": "EBAY_XX"}, 20400),
        ("payment", {**COMMON, "name": "x", "paymentMethods": [{}]}, 20405),
        ("fulfillment", {**COMMON, "name": "x"}, 20401),
    ],
)
def test_bad_policies(seller, kind, body, expected):
    assert error(seller.post(f"{V1}/{kind}_policy", json=body)) == (400, expected)


def test_without_the_program_there_are_no_policies(seller):
    assert opt(seller, "out").status_code == 200
    answer = seller.get(f"{V1}/payment_policy?marketplace_id=EBAY_DE")
    assert error(answer) == (400, 20403)
    assert error(seller.get(f"{V1}/program/get_opted_in_programs")) == (400, 20404)
    assert opt(seller, "in").status_code == 200
    assert error(opt(seller, "in")) == (409, 25803)
    programs = seller.get(f"{V1}/program/get_opted_in_programs").json()["programs"]
    assert programs == [{"programType": "SELLING_POLICY_MANAGEMENT"}]


def test_a_program_takes_effect_later(as_seller, listing_app):
    behaviour.change(listing_app.world, {"programSeconds": 86_400})
    seller = as_seller()
    opt(seller, "out")
    assert opt(seller, "in").status_code == 200
    path = f"{V1}/payment_policy?marketplace_id=EBAY_DE"
    assert error(seller.get(path)) == (400, 20403)
    listing_app.world.clock.advance(86_400)
    assert as_seller().get(path).status_code == 200


def test_privileges(seller, listing_app):
    assert seller.get(f"{V1}/privilege").json() == {"sellerRegistrationCompleted": True}
    limit = {"quantity": 10, "amount": {"value": "100.0", "currency": "EUR"}}
    preferences.put(listing_app.world.database, SELLER, "selling_limit", limit)
    assert seller.get(f"{V1}/privilege").json()["sellingLimit"] == limit
    assert seller.get(f"{V1}/kyc").status_code == 204


def test_the_other_sellers_policies_are_not_ours(seller, other_seller):
    theirs = other_seller.get(f"{V1}/payment_policy?marketplace_id=EBAY_DE").json()
    policy_id = theirs["paymentPolicies"][0]["paymentPolicyId"]
    assert error(seller.get(f"{V1}/payment_policy/{policy_id}")) == (404, 20404)
