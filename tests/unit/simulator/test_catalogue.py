"""The catalogue generator: same seed, same listings; everything a real account has."""

from __future__ import annotations

from itertools import islice

import pytest

from simulator.catalogue import MAX_TITLE, TRADING, ean13, generate
from simulator.reference.categories import CATEGORY_ROWS


@pytest.fixture(scope="module")
def listings():
    return list(generate(400, seed=3))


def units(listings):
    return [unit for listing in listings for unit in listing.units]


def test_same_seed_same_listings(listings):
    assert list(generate(40, seed=3)) == listings[:40]
    assert list(generate(40, seed=4)) != listings[:40]


def test_ean_check_digit():
    assert ean13("400638133393") == "4006381333931"
    assert ean13("590123412345") == "5901234123457"
    with pytest.raises(ValueError):
        ean13("40063813339")


def test_eans_are_valid_and_unique(listings):
    eans = [unit.ean for unit in units(listings)]
    assert len(set(eans)) == len(eans)
    assert all(ean13(ean[:12]) == ean for ean in eans)


def test_titles_fit_and_speak_the_marketplace_language(listings):
    assert all(0 < len(listing.title) <= MAX_TITLE for listing in listings)
    words = {"EBAY_DE": "Handyhülle", "EBAY_PL": "Etui na", "EBAY_GB": "Phone Case"}
    for marketplace, text in words.items():
        assert any(
            text in listing.title and listing.marketplace.id == marketplace
            for listing in listings
        )


def test_mixture_holds_the_hard_cases(listings):
    legacy = [listing for listing in listings if listing.model == TRADING]
    skus = [unit.sku for unit in units(legacy)]
    assert len(legacy) == 160
    assert None in skus
    assert len({sku for sku in skus if sku}) < len([sku for sku in skus if sku])
    assert max(len(listing.units) for listing in legacy) == 250
    assert any(listing.ended for listing in legacy)
    assert any(not listing.published for listing in listings)
    assert any(unit.quantity == 0 for unit in units(listings))


def test_inventory_skus_are_unique(listings):
    skus = [
        unit.sku
        for listing in listings
        if listing.model != TRADING
        for unit in listing.units
    ]
    assert len(set(skus)) == len(skus)


def test_variations_differ_in_their_aspects(listings):
    for listing in listings:
        chosen = [tuple(unit.aspects.items()) for unit in listing.units]
        assert len(set(chosen)) == len(chosen)


def test_categories_reach_from_level_one_to_six(listings):
    parents = {row.id: row.parent for row in CATEGORY_ROWS}

    def level(category_id: str) -> int:
        return 1 + (level(parents[category_id]) if parents[category_id] else 0)

    found = {level(listing.category_id) for listing in listings}
    assert found == {1, 2, 3, 4, 5, 6}


def test_prices_follow_the_currency():
    first = next(generate(1, marketplaces=["EBAY_PL"]))
    same = next(generate(1, marketplaces=["EBAY_DE"]))
    assert first.units[0].price > 4 * same.units[0].price


def test_large_catalogues_are_made_one_by_one():
    assert [one.number for one in islice(generate(10**9), 3)] == [0, 1, 2]
