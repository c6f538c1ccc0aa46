"""What eBay says of a seller, its quotas and the time: read or left out, no error."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from mapping.reference.privileges import map_privileges
from mapping.reference.programs import map_out_of_stock_control, map_programs
from mapping.reference.rate_limits import map_rate_limits
from mapping.values.clock import clock_skew

NOW = datetime(2026, 11, 21, 12, 0, 5, tzinfo=timezone.utc)
JUNK = (None, True, -1, 1.5, 10**4000, "x", "²", [], {}, [None], [[]], {"a": [{}]})


def quotas(**rate):
    resources = [{"name": "sell.inventory", "rates": [rate]}]
    return map_rate_limits(
        {"rateLimits": [{"apiName": "inventory", "resources": resources}]}
    )


def test_privileges():
    found = map_privileges(
        {
            "sellerRegistrationCompleted": True,
            "sellingLimit": {
                "quantity": 500,
                "amount": {"value": "9000.00", "currency": "EUR"},
            },
        }
    )
    assert (found.registered, found.quantity) == (True, 500)
    assert (found.amount.value, found.amount.currency) == (Decimal("9000.00"), "EUR")


def test_a_seller_without_limits_has_none():
    found = map_privileges({"sellerRegistrationCompleted": True})
    assert (found.quantity, found.amount) == (None, None)


def test_programs_keep_unknown_names():
    document = {"programs": [{"programType": "NEW_ONE"}, {}, {"programType": None}]}
    assert map_programs(document) == {"NEW_ONE"}


@pytest.mark.parametrize(
    ("value", "meaning"),
    [("true", True), ("false", False), ("TRUE", None), (True, None), ({}, None)],
)
def test_out_of_stock_control(value, meaning):
    assert map_out_of_stock_control({"OutOfStockControlPreference": value}) is meaning


def test_a_quota():
    [quota] = quotas(
        limit=5000, remaining="1249", reset="2026-11-22T08:00:00.000Z", timeWindow=86400
    )
    assert (quota.api, quota.resource) == ("inventory", "sell.inventory")
    assert quota.percent_left == 24
    assert quota.reset == datetime(2026, 11, 22, 8, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "rate",
    [{}, {"limit": "limit", "remaining": "remaining"}, {"limit": 0, "remaining": 0}],
)
def test_a_quota_without_numbers_is_left_out(rate):
    assert quotas(**rate) == ()


@pytest.mark.parametrize(("remaining", "percent"), [(0, 0), (5000, 100), (9000, 100)])
def test_percent_stays_within_bounds(remaining, percent):
    [quota] = quotas(limit=5000, remaining=remaining)
    assert quota.percent_left == percent


@pytest.mark.parametrize("value", JUNK, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize("read", [map_privileges, map_programs, map_rate_limits])
def test_junk_is_no_error(read, value):
    keys = ("sellerRegistrationCompleted", "sellingLimit", "programs", "rateLimits")
    read(dict.fromkeys(keys, value))
    read({"sellingLimit": {"quantity": value, "amount": value}})
    read({"programs": [{"programType": value}]})
    quotas(limit=value, remaining=value, reset=value)


def test_the_clock_is_compared():
    header = "Sat, 21 Nov 2026 12:00:00 GMT"
    assert clock_skew(header, NOW) == timedelta(seconds=5)
    assert clock_skew("Sat, 21 Nov 2026 12:00:00 -0000", NOW) == timedelta(seconds=5)


@pytest.mark.parametrize(
    "header", ["", "yesterday", "Sat, 99 Nov 2026", "1" * 100, "\x00", "a,b:c"]
)
def test_an_unreadable_time_is_none(header):
    assert clock_skew(header, NOW) is None
