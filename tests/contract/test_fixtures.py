"""The order documents in `fixtures/` are what eBay would send, unless marked as odd."""

from __future__ import annotations

import json
from functools import lru_cache

import pytest

from contract.judge import Judge
from contract.openapi import CHECKOUT, documents

ORDERS = sorted((CHECKOUT / "fixtures" / "orders").glob("*.json"))
#: Documents that break eBay's schema on purpose: what should never come, and does.
ODD = {
    "de_amounts_as_numbers",
    "de_nulls",
    "de_ship_by_earliest",
    "de_unknown_fields",
    "de_wrong_types",
    "dst_spring",
    "leap_day_no_zone",
}


@lru_cache(maxsize=1)
def judge() -> Judge:
    return Judge(documents())


def findings(path) -> list[str]:
    document = json.loads(path.read_text("utf-8"))
    return judge().document("sell_fulfillment_v1", "Order", document)


def test_there_are_fixtures():
    assert {path.stem for path in ORDERS} > ODD


@pytest.mark.parametrize("path", ORDERS, ids=lambda path: path.stem)
def test_fixture_is_an_order_of_ebays(path):
    found = findings(path)
    if path.stem in ODD:
        assert found, "no longer odd: take it from the list"
    elif not path.stem.startswith("bad_"):
        assert not found
