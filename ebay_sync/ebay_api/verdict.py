"""Turns an answer into nothing (fine) or into the error that fits it. Pure.

The error id decides where it is known (`known_errors`), else the HTTP status.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

from .calls import Answer, Call, is_whole_number
from .error_shapes import read_error_details
from .errors import (
    AuthError,
    ContractError,
    EbayError,
    ErrorDetail,
    Forbidden,
    RateLimited,
    Rejected,
    Transient,
)
from .known_errors import KNOWN_ERRORS, Fate
from .redaction import redact

LONGEST_WORDS = 500
BACK_OFF = timedelta(hours=1)
LONGEST_RETRY_AFTER = timedelta(hours=24)


def check_answer(call: Call, answer: Answer, now: datetime) -> None:
    """Returns if `answer` is a success (2xx), raises the fitting `EbayError` if not."""
    if 200 <= answer.status < 300:
        return
    if 300 <= answer.status < 400:
        raise ContractError(
            f"eBay sent us to another address ({call.name}); not followed",
            body=answer.body,
            **_facts(call, answer, ()),
        )
    raise error_for(call, answer, read_error_details(answer.body), now)


def error_for(
    call: Call, answer: Answer, details: tuple[ErrorDetail, ...], now: datetime
) -> EbayError:
    """The error for a refused call; Trading uses it for refusals that come with 200."""
    facts = _facts(call, answer, details)
    words = describe(call, answer.status, details)
    fate = _fate(call, answer.status, details)
    if fate is Fate.LIMIT:
        until = retry_after(answer, now)
        return RateLimited(
            words, until=until or now + BACK_OFF, certain=bool(until), **facts
        )
    if fate in (Fate.RETRY, Fate.BUSY):
        return Transient(
            words,
            outcome_unknown=call.writes or not call.repeatable,
            retry_at=retry_after(answer, now),
            server_down=fate is Fate.RETRY,
            **facts,
        )
    if fate in (Fate.RENEW, Fate.RECONNECT):
        return AuthError(words, refreshable=fate is Fate.RENEW, **facts)
    if fate is Fate.FORBID:
        return Forbidden(words, **facts)
    return Rejected(words, **facts)


def _fate(call: Call, status: int, details: tuple[ErrorDetail, ...]) -> Fate:
    fates = {
        KNOWN_ERRORS[detail.error_id].fate
        for detail in details
        if detail.error_id in KNOWN_ERRORS and detail.severity != "Warning"
    }
    for fate in (Fate.LIMIT, Fate.RECONNECT, Fate.FORBID, Fate.RENEW, Fate.BUSY):
        if fate in fates:
            return fate
    if status == 429:
        return Fate.LIMIT
    if status == 401:
        # The token endpoint refuses keys with 401: no token can be renewed with those.
        return Fate.RECONNECT if call.api == "oauth" else Fate.RENEW
    if status == 403 and not details and call.api != "oauth":
        return Fate.RENEW
    if status >= 500 or status == 408 or fates == {Fate.RETRY}:
        return Fate.RETRY
    return Fate.REJECT


def describe(call: Call, status: int | None, details: Iterable[ErrorDetail]) -> str:
    """One plain line: what happened, the id, the call, eBay's words, what to do."""
    errors = [d for d in details if d.severity != "Warning"] or list(details)
    if not errors:
        return f"{_plain_status(status)} (HTTP {status}, {call.name})"
    first = errors[0]
    known = KNOWN_ERRORS.get(first.error_id)
    words = _one_line(first.text)
    what = known.meaning if known else _one_line(first.message) or words
    line = f"{what or 'eBay refused the request'} ({first.error_id}, {call.name})"
    if words and words != what:
        line += f". eBay: {words}"
    if len(errors) > 1:
        line += f" (and {len(errors) - 1} more)"
    if known and known.advice:
        line += f" {known.advice}" if line.endswith(".") else f". {known.advice}"
    return line


def _one_line(text: str) -> str:
    """eBay's words on one line of bearable length, without personal data."""
    return redact(" ".join(text[: 2 * LONGEST_WORDS].split()))[:LONGEST_WORDS]


def _plain_status(status: int | None) -> str:
    if status == 429:
        return "eBay's request limit is reached"
    if status in (401, 403):
        return "eBay does not accept the access token"
    if status == 404:
        return "eBay does not know this record"
    if status is not None and status >= 500:
        return "eBay had an internal error"
    return "eBay refused the request without a reason"


def _facts(
    call: Call, answer: Answer, details: tuple[ErrorDetail, ...]
) -> dict[str, Any]:
    return {
        "status": answer.status,
        "errors": details,
        "request_id": answer.request_id,
        "api": call.api,
        "call": call.name,
    }


def retry_after(answer: Answer, now: datetime) -> datetime | None:
    """When eBay's `Retry-After` header says to come back (seconds or a date).

    At most 24 hours ahead, never in the past; None without a readable header.
    """
    value = answer.headers.get("Retry-After", "").strip()
    if not value:
        return None
    if is_whole_number(value):
        at = now + timedelta(seconds=min(int(value), 10**8))
    else:
        try:
            at = parsedate_to_datetime(value)
        except (TypeError, ValueError):
            return None
        if at.tzinfo is None:
            at = at.replace(tzinfo=timezone.utc)
    return min(max(at, now), now + LONGEST_RETRY_AFTER)
