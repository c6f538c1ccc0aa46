"""Merchant locations, and which warehouse one of them can only be."""

import pytest

from mapping.reference.location import Location, Place, map_locations, match_place
from mapping.values.errors import MappingError

ENTRY = {
    "merchantLocationKey": "WH-1",
    "name": "Warehouse Berlin",
    "merchantLocationStatus": "ENABLED",
    "locationTypes": ["WAREHOUSE"],
    "location": {
        "address": {
            "addressLine1": "Torstr. 1",
            "city": "Berlin",
            "postalCode": "10115",
            "country": "DE",
        }
    },
}
PLACE = Place("Main", "Torstr. 1", "Berlin", "10115", "DE")


def test_a_location_keeps_name_status_and_address():
    (location,) = map_locations({"locations": [ENTRY]}).by_ref.values()
    assert location == Location(
        ref="WH-1",
        name="Warehouse Berlin",
        enabled=True,
        status="ENABLED",
        types="WAREHOUSE",
        street="Torstr. 1",
        city="Berlin",
        postal_code="10115",
        country="DE",
    )


@pytest.mark.parametrize(
    ("status", "enabled"),
    [("ENABLED", True), ("DISABLED", False), (None, True), ("SLEEPING", False)],
)
def test_only_enabled_is_enabled(status, enabled):
    entry = {"merchantLocationKey": "A", "merchantLocationStatus": status}
    (location,) = map_locations({"locations": [entry]}).by_ref.values()
    assert location.enabled is enabled
    assert location.status == status


def test_hostile_entries_cost_only_themselves():
    entries = map_locations(
        {
            "locations": [
                {"merchantLocationKey": "A", "location": "nowhere"},
                {
                    "merchantLocationKey": "B",
                    "locationTypes": [1, None, " STORE ", "x" * 500],
                    "location": {"address": {"country": "Atlantis", "city": ["x"]}},
                },
                {"name": "no key"},
                {"merchantLocationKey": "A"},
                {"merchantLocationKey": "k" * 200},
            ]
        }
    )
    assert list(entries.by_ref) == ["A", "B"]
    assert entries.by_ref["A"].name == "A"
    assert entries.by_ref["B"].types == "STORE, " + "x" * 80
    assert entries.by_ref["B"].country is None
    assert len(entries.dropped) == 3
    assert not entries.complete
    with pytest.raises(MappingError):
        map_locations({"locations": None})


@pytest.mark.parametrize(
    ("location", "places", "expected"),
    [
        # the same name, whatever the capitals and spaces
        (Location("A", "MAIN"), [(1, PLACE), (2, Place("Other"))], 1),
        (Location("A", " main "), [(1, PLACE)], 1),
        # the same address
        (
            Location("A", "X", street="torstr. 1", postal_code="10115", country="DE"),
            [(1, PLACE), (2, Place("Other"))],
            1,
        ),
        # another town with the same street and code is another place
        (
            Location(
                "A",
                "X",
                street="Torstr. 1",
                postal_code="10115",
                country="DE",
                city="Bonn",
            ),
            [(1, PLACE)],
            None,
        ),
        # nearly is not exactly
        (Location("A", "Main 2"), [(1, PLACE)], None),
        # two that fit, or one by name and one by address: nobody is chosen
        (Location("A", "Main"), [(1, PLACE), (2, PLACE)], None),
        (
            Location(
                "A", "Other", street="Torstr. 1", postal_code="10115", country="DE"
            ),
            [(1, PLACE), (2, Place("Other"))],
            None,
        ),
        # nothing is not the same as nothing
        (Location("A", ""), [(1, Place())], None),
        (Location("A", "A"), [], None),
    ],
)
def test_a_warehouse_is_proposed_only_when_it_is_the_only_one(
    location, places, expected
):
    assert match_place(location, places) == expected
