"""Times, texts, postal codes and phones: one value in, one value out."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.orders.party import is_relay
from mapping.values.dates import parse_timestamp
from mapping.values.errors import shown
from mapping.values.phone import normalize_phone
from mapping.values.postal_code import normalize_postal_code
from mapping.values.text import clean_identifier, clean_line, clean_text, is_blank

bounded = settings(max_examples=100)
INVISIBLE = "\x00\x07\u200b\u200e\u202e\u2066\ufeff\u00ad\u3164\ud800"
texts = st.text(
    st.one_of(
        st.characters(), st.sampled_from(INVISIBLE + "\u200d\n\r\t\u2028 e\u0301")
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2015-08-04T19:09:02.768Z", "2015-08-04T19:09:02.768000+00:00"),
        ("2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00+00:00"),
        ("2026-10-25T02:30:00-0500", "2026-10-25T07:30:00+00:00"),
        ("2024-02-29T00:00:00", "2024-02-29T00:00:00+00:00"),
        ("2026-12-31T23:59:59.9Z", "2026-12-31T23:59:59.900000+00:00"),
    ],
)
def test_timestamps(text, moment):
    parsed = parse_timestamp(text)
    assert parsed.isoformat() == moment
    assert parsed.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-10-05",
        "2026-02-30T00:00:00Z",
        "2026-10-05T24:00:00Z",
        "2026-10-05T10:00:60Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-10-05T10:00:00+99:00",
        "٢٠٢٦-10-05T10:00:00Z",
        "2026-10-05T10:00:00Z; DROP",
    ],
)
def test_what_is_no_timestamp(text):
    with pytest.raises(ValueError):
        parse_timestamp(text)


@bounded
@given(
    st.datetimes(datetime(1991, 1, 1), datetime(2198, 12, 31)),
    st.integers(-14 * 60, 14 * 60),
)
def test_every_time_comes_back_in_utc(moment, offset):
    zone = timezone(timedelta(minutes=offset))
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=zone)
    assert parse_timestamp(moment.isoformat(timespec="milliseconds")) == moment


@bounded
@given(texts, st.integers(1, 40))
def test_a_cleaned_line_is_clean(raw, limit):
    line, remark = clean_line(raw, limit)
    assert len(line) <= limit
    assert not set(line) & set(INVISIBLE + "\n\r\t\u2028")
    assert line == line.strip()
    line.encode("utf-8")
    again, remark_again = clean_line(line, limit)
    assert (again, remark_again) == (line, None) or remark is not None


@bounded
@given(texts)
def test_a_cleaned_text_keeps_its_lines_and_nothing_invisible(raw):
    text, _remark = clean_text(raw)
    assert not set(text) & set(INVISIBLE + "\r\t\u2028")
    assert "\n\n\n" not in text
    text.encode("utf-8")


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  a\t b\u00a0c ", ("a b c", None)),
        ("e\u0301", ("é", None)),
        ("a\u202eb", ("ab", "text_cleaned")),
        ("👨\u200d👩\u200d👧", ("👨\u200d👩\u200d👧", None)),
        ("❤️\u200d🔥", ("❤️\u200d🔥", None)),
        ("a\u200db", ("ab", "text_cleaned")),
        ("x" * 41, ("x" * 40, "text_truncated")),
        ("<b>'; --</b>", ("<b>'; --</b>", None)),
    ],
)
def test_lines(raw, clean):
    assert clean_line(raw, 40) == clean


def test_identifiers_stay_exact():
    assert clean_identifier(" A  1/ü ") == ("A  1/ü", None)
    assert clean_identifier("A\u200b1") == ("A1", "text_cleaned")
    assert clean_identifier("e\u0301")[0] == "e\u0301"


@pytest.mark.parametrize("value", [None, "", "  ", "***", "** **", "---", 7])
def test_blank(value):
    assert is_blank(value)


@pytest.mark.parametrize("value", ["X", "*a*", "0"])
def test_not_blank(value):
    assert not is_blank(value)


@pytest.mark.parametrize(
    ("country", "raw", "code"),
    [
        ("PL", "12345", "12-345"),
        ("PL", "12 345", "12-345"),
        ("PL", "PL-12-345", "12-345"),
        ("GB", "sw1a1aa", "SW1A 1AA"),
        ("GB", "M1 1AE", "M1 1AE"),
        ("JE", "je23ab", "JE2 3AB"),
        ("NL", "1234ab", "1234 AB"),
        ("DE", "D-01067", "01067"),
        ("AT", "A-1010", "1010"),
        ("CH", "CH 8000", "8000"),
        ("SE", "11455", "114 55"),
        ("CZ", "11000", "110 00"),
        ("SK", "811 01", "811 01"),
        ("GR", "10431", "104 31"),
        ("PT", "1100152", "1100-152"),
        ("US", "803011234", "80301-1234"),
        ("US", "80301", "80301"),
        ("CA", "k1a0b1", "K1A 0B1"),
        ("BR", "01310100", "01310-100"),
        ("JP", "〒1500041", None),
        ("JP", "1500041", "150-0041"),
        ("IE", "d02x285", "D02 X285"),
        ("DE", "1067", None),
        ("PL", "1234", None),
        ("NL", "0234 AB", None),
        ("GB", "12345", None),
    ],
)
def test_postal_codes(country, raw, code):
    assert normalize_postal_code(raw, country) == (code or raw, code is not None)


def test_postal_codes_of_unknown_countries_stay():
    assert normalize_postal_code("x 1", "AE") == ("x 1", True)
    assert normalize_postal_code("x 1", None) == ("x 1", True)


@pytest.mark.parametrize(
    ("text", "country", "phone"),
    [
        ("0221 20190345", "DE", "+4922120190345"),
        ("601 234 567", "PL", "+48601234567"),
        ("0048601234567", "US", "+48601234567"),
        ("+44 (0)114 496 0123", "DE", "+441144960123"),
        ("＋49 221 20190345", None, "+4922120190345"),
        ("tel. 02 1234 5678", "IT", "+390212345678"),
    ],
)
def test_phones(text, country, phone):
    assert normalize_phone(text, country) == (phone, None)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("0221 20190345", None),
        ("none", "DE"),
        ("0000000000", "DE"),
        ("12", "PL"),
        ("9" * 5000, "GB"),
        ("+999 123456", "DE"),
        ("0221 20190345", "ZZ"),
    ],
)
def test_what_is_no_phone(text, country):
    assert normalize_phone(text, country) == (None, "phone_invalid")


@bounded
@given(texts, st.sampled_from(["DE", "US", None, "ZZ", ""]))
def test_any_phone_text_is_survived(text, country):
    phone, remark = normalize_phone(text, country)
    assert phone is None or phone.startswith("+")
    assert (phone is None) == (remark == "phone_invalid")


def test_relay_addresses():
    assert is_relay("0a4f71c2e9@members.ebay.com")
    assert is_relay("0A4F@MEMBERS.EBAY.CO.UK")
    assert not is_relay("eva@members.ebay.com.example.org")
    assert not is_relay("eva@notmembers-ebay.com")


@pytest.mark.parametrize(
    "value",
    [
        None,
        [1] * 10**5,
        {"a": 1},
        pytest.param(10**5000, id="5001 digits"),
        pytest.param("x" * 10**6, id="a million letters"),
        "\ud800\x00",
        0.5,
    ],
)
def test_what_is_shown_is_short_and_storable(value):
    text = shown(value)
    assert len(text) <= 121
    assert "\x00" not in text
    text.encode("utf-8")
