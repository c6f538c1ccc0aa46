"""Compares eBay's clock with ours."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime


def clock_skew(date_header: str, now: datetime) -> timedelta | None:
    """How far ``now`` (aware) is ahead of an HTTP ``Date`` header; None without one.

    The header counts whole seconds, so that less than two mean nothing.
    """
    try:
        theirs = parsedate_to_datetime(date_header[:64])
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=timezone.utc)
    return now - theirs
