"""Tracking numbers as they are typed, and who gets which."""

import pytest

from mapping.shipments.tracking import clean_tracking, share_out, split_tracking


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("0034 0434 1610 9402 1501", "00340434161094021501"),
        ("JJD-0003.9000_7788", "JJD000390007788"),
        (" 1Z999AA1\u00a00123\u20111 ", "1Z999AA101231"),
        ("\uff11\uff12\uff13", "123"),
        ("abcDEF1", "abcDEF1"),
        ("9" * 50, "9" * 50),
    ],
)
def test_what_is_for_the_eye_goes(typed, sent):
    assert clean_tracking(typed) == (sent, None)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", None),
        ("   ", None),
        ("---", "unreadable"),
        ("ÄÖ12", "unreadable"),
        ("https://dhl.de/1", "unreadable"),
        ("12#34", "unreadable"),
        ("9" * 51, "too_long"),
        ("9" * 100_000, "too_long"),
        ("١٢٣", "unreadable"),
    ],
)
def test_what_is_no_number_is_not_made_one(typed, problem):
    assert clean_tracking(typed) == ("", problem)


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("", []),
        (None, []),
        ("A1", ["A1"]),
        ("0034 0434, JJD-1;X|Y\nZ", ["0034 0434", "JJD-1", "X", "Y", "Z"]),
        ("A1 / B2 + C3 & D4", ["A1", "B2", "C3", "D4"]),
        ("A1,,A1, ", ["A1"]),
    ],
)
def test_several_numbers_in_one_field(typed, numbers):
    assert split_tracking(typed) == numbers


@pytest.mark.parametrize(
    ("parcels", "numbers", "shares", "spare"),
    [
        ([{"a": 2}], [], [({"a": 2}, "")], []),
        ([{"a": 1}, {"b": 1}], ["1", "2"], [({"a": 1}, "1"), ({"b": 1}, "2")], []),
        ([{"a": 1}, {"a": 1, "b": 2}], ["1"], [({"a": 2, "b": 2}, "1")], []),
        ([{"a": 3}], ["1", "2"], [({"a": 1}, "1"), ({"a": 2}, "2")], []),
        ([{"a": 1}], ["1", "2", "3"], [({"a": 1}, "1")], ["2", "3"]),
        ([{"a": 10**9}], ["1", "2"], [({"a": 1}, "1"), ({"a": 10**9 - 1}, "2")], []),
        (
            [{"a": 1}, {"b": 1}, {"c": 1}],
            ["1", "2"],
            [({"a": 1}, "1"), ({"b": 1, "c": 1}, "2")],
            [],
        ),
    ],
)
def test_numbers_are_shared_out(parcels, numbers, shares, spare):
    assert share_out(parcels, numbers) == (shares, spare)


@pytest.mark.parametrize("count", range(1, 6))
def test_no_piece_is_lost_or_doubled(count):
    parcels = [{"a": 2, "b": 1}, {"a": 1}, {"c": 3}]
    shares, spare = share_out(parcels, [str(number) for number in range(count)])
    whole = {}
    for quantities, _number in shares:
        assert all(quantity > 0 for quantity in quantities.values())
        for line, quantity in quantities.items():
            whole[line] = whole.get(line, 0) + quantity
    assert whole == {"a": 3, "b": 1, "c": 3}
    assert not spare
