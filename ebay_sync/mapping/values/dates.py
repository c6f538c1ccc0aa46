"""Timestamps of the REST APIs: ISO 8601 in UTC, ``2026-10-25T00:59:59.999Z``."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

_FORMAT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?"
    r"(?:(Z)|([+-])(\d\d):?(\d\d))?",
    re.ASCII,
)


def parse_timestamp(text: str) -> datetime:
    """Give an aware datetime in UTC; milliseconds are kept.

    A timestamp without a zone is UTC, as eBay documents it. Raises ValueError when
    the text is no timestamp or lies outside the years 1990 to 2199.
    """
    match = _FORMAT.fullmatch(text.strip()[:64])
    if not match:
        raise ValueError("not a timestamp")
    *fields, fraction, _zulu, sign, hours, minutes = match.groups()
    micro = int((fraction or "0").ljust(6, "0")[:6])
    year, month, day, hour, minute, second = (int(field) for field in fields)
    if not 1990 <= year < 2200:
        raise ValueError("a year that cannot be meant")
    moment = datetime(
        year, month, day, hour, minute, second, micro, tzinfo=timezone.utc
    )
    if sign:
        if int(hours) > 14 or int(minutes) > 59:
            raise ValueError("not an offset from UTC")
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        moment = moment - offset if sign == "+" else moment + offset
    return moment


def naive_utc(moment: datetime | None) -> datetime | None:
    """An aware time as Odoo stores it: UTC without a zone; None stays None."""
    return moment and moment.astimezone(timezone.utc).replace(tzinfo=None)
