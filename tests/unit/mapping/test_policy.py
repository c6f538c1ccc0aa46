"""Business policies: what is kept of them, and what hostile answers do."""

import pytest

from mapping.reference.policy import has_policies, map_policies
from mapping.values.errors import MappingError

FULFILLMENT = {
    "fulfillmentPolicyId": "6196932000",
    "name": "Standard",
    "description": "Two parcels a day",
    "marketplaceId": "EBAY_DE",
    "categoryTypes": [{"name": "ALL_EXCLUDING_MOTORS_VEHICLES", "default": True}],
    "handlingTime": {"value": 2, "unit": "DAY"},
    "shippingOptions": [
        {
            "optionType": "DOMESTIC",
            "costType": "FLAT_RATE",
            "shippingServices": [
                {
                    "shippingServiceCode": "DE_DHLPaket",
                    "shippingCost": {"value": "4.99", "currency": "EUR"},
                },
                {"shippingServiceCode": "DE_Pickup", "freeShipping": True},
            ],
        },
        {"optionType": "INTERNATIONAL", "shippingServices": [{}]},
    ],
}


def one(document, kind):
    (policy,) = map_policies(document, kind).by_ref.values()
    return policy


def test_a_fulfillment_policy_keeps_what_people_choose_it_by():
    policy = one({"fulfillmentPolicies": [FULFILLMENT], "total": 1}, "fulfillment")
    assert (policy.ref, policy.name) == ("6196932000", "Standard")
    assert policy.category_types == "ALL_EXCLUDING_MOTORS_VEHICLES"
    assert policy.handling_days == 2
    assert policy.services.split("\n") == [
        "DOMESTIC DE_DHLPaket 4.99 EUR",
        "DOMESTIC DE_Pickup 0.00",
        "INTERNATIONAL ?",
    ]


def test_payment_and_return_policies():
    payment = {"paymentPolicyId": "1", "name": "Pay", "immediatePay": True}
    assert one({"paymentPolicies": [payment]}, "payment").immediate_payment
    policy = one(
        {
            "returnPolicies": [
                {
                    "returnPolicyId": "2",
                    "returnsAccepted": True,
                    "returnPeriod": {"value": 30, "unit": "DAY"},
                    "returnShippingCostPayer": "BUYER",
                }
            ]
        },
        "return",
    )
    assert (policy.returns_accepted, policy.return_days) == (True, 30)
    assert (policy.return_payer, policy.name) == ("BUYER", "2")


@pytest.mark.parametrize(
    "document", [{"paymentPolicies": []}, {"total": 0}, {"paymentPolicies": [], "x": 1}]
)
def test_no_policies_is_a_complete_answer(document):
    entries = map_policies(document, "payment")
    assert entries.by_ref == {}
    assert entries.complete


@pytest.mark.parametrize("document", [{}, {"total": 3}, {"paymentPolicies": {"a": 1}}])
def test_an_answer_without_its_list_is_an_error(document):
    with pytest.raises(MappingError):
        map_policies(document, "payment")


def test_unusable_entries_are_named_and_cost_only_themselves():
    entries = map_policies(
        {
            "paymentPolicies": [
                {"name": "no id"},
                {"paymentPolicyId": "1", "name": "First"},
                "text",
                {"paymentPolicyId": "1", "name": "Second"},
                {"paymentPolicyId": ["x"]},
            ]
        },
        "payment",
    )
    assert [policy.name for policy in entries.by_ref.values()] == ["First"]
    assert sorted(note.code for note in entries.dropped) == [
        "twice",
        "unusable",
        "unusable",
        "wrong_type",
    ]
    assert not entries.complete


def test_a_duplicate_alone_leaves_the_list_complete():
    twice = {"paymentPolicyId": "1"}
    entries = map_policies({"paymentPolicies": [twice, twice]}, "payment")
    assert entries.complete
    assert [note.code for note in entries.dropped] == ["twice"]


def test_a_list_without_end_is_cut_and_not_complete():
    many = [{"paymentPolicyId": str(number)} for number in range(20_001)]
    entries = map_policies({"paymentPolicies": many}, "payment")
    assert len(entries.by_ref) == 20_000
    assert not entries.complete


@pytest.mark.parametrize(
    "period",
    [
        {"value": 2, "unit": "LIGHT_YEAR"},
        {"value": "30", "unit": "DAY"},
        {"value": True, "unit": "DAY"},
        {"value": -1, "unit": "DAY"},
        {"value": 10**40, "unit": "DAY"},
        {"value": 2, "unit": ["DAY"]},
        "30 days",
        None,
    ],
)
def test_a_period_that_is_none_stays_empty(period):
    policy = one(
        {"returnPolicies": [{"returnPolicyId": "2", "returnPeriod": period}]}, "return"
    )
    assert policy.return_days is None


def test_hostile_texts_are_cut_and_stay_text():
    policy = one(
        {
            "paymentPolicies": [
                {
                    "paymentPolicyId": "1",
                    "name": "<script>" + "x" * 10_000,
                    "description": "\x00a\u202eb",
                    "categoryTypes": [{"name": {}}, 7, {"name": "NEW_KIND"}],
                }
            ]
        },
        "payment",
    )
    assert policy.name.startswith("<script>x")
    assert len(policy.name) == 255
    assert policy.description == "ab"
    assert policy.category_types == "NEW_KIND"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"programs": [{"programType": "SELLING_POLICY_MANAGEMENT"}]}, True),
        ({"programs": [{"programType": "OUT_OF_STOCK_CONTROL"}]}, False),
        ({"programs": []}, False),
        ({"programs": [None, "x"]}, False),
        ({}, False),
    ],
)
def test_who_uses_business_policies(document, expected):
    assert has_policies(document) is expected
