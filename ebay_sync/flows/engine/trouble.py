"""What an error means for the record, the part of the run, the run and the account.

This table is the one place that decides it, by the kind of the error. Flows say only
what they are about: ``with run.record(row)`` guards one record, ``with run.part()`` one
API or one step; an error ends the smallest of these that it is about.

Sources: the kinds are those of ``ebay_api/errors.py``, which names eBay's documents.
What stops where follows from "Using eBay RESTful APIs" (a 429 closes one API until its
reset, 1100 is about the permission for one call, an invalid token about all calls) and
from PostgreSQL (a transaction that gave way has nothing left to go on with).
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum

from ...compat import CONCURRENCY
from ...ebay_api.errors import (
    AuthError,
    CircuitOpen,
    ContractError,
    EbayError,
    Forbidden,
    RateLimited,
    Rejected,
    Transient,
    WritesRefused,
)
from ...mapping.values.errors import MappingError

# Whose transaction gave way comes back when the other one is surely through.
AFTER_CONFLICT = timedelta(minutes=1)
# What may pass is not left for a flow's next regular run when that is a day away.
AFTER_OUTAGE = timedelta(hours=1)


class Reach(IntEnum):
    """What an error ends, the smallest first."""

    RECORD = 1  # this record; the part continues with the next one
    PART = 2  # what this API, or this step, does in the run; other parts go on
    RUN = 3  # the account's turn


@dataclass(frozen=True)
class Verdict:
    """What one kind of error means.

    ``state`` is the log's when a part or the run ended by it. ``passes``: it may pass
    by itself, so that nothing about the record is decided by it. ``issue`` is the entry
    in the inbox for a part that ended, because only a person can help. ``lost``: the
    connection is, so the account stops. ``level`` is the server log's.
    """

    reach: Reach
    state: str = "failed"
    passes: bool = False
    issue: str = ""
    lost: bool = False
    level: int = logging.WARNING


# The first kind that fits counts, so what is special stands before what is general.
POLICY = (
    (
        CONCURRENCY,
        Verdict(Reach.RUN, state="interrupted", passes=True, level=logging.INFO),
    ),
    # the account says so in the server log, when it stops
    (AuthError, Verdict(Reach.RUN, lost=True, level=logging.INFO)),
    (WritesRefused, Verdict(Reach.RUN)),
    (
        RateLimited,
        Verdict(Reach.PART, state="throttled", passes=True, level=logging.INFO),
    ),
    (Forbidden, Verdict(Reach.PART, issue="permission")),
    (CircuitOpen, Verdict(Reach.PART, passes=True)),
    (Transient, Verdict(Reach.RECORD, passes=True)),
    (ContractError, Verdict(Reach.RECORD, issue="unreadable")),
    (Rejected, Verdict(Reach.RECORD)),
    (MappingError, Verdict(Reach.RECORD)),
    (Exception, Verdict(Reach.RECORD, level=logging.ERROR)),
)


def verdict(error):
    """What this error means, by its kind."""
    return next(meaning for kinds, meaning in POLICY if isinstance(error, kinds))


def is_foreseen(error):
    """Whether it is of a kind that eBay's side causes; anything else is our own bug."""
    return isinstance(error, (EbayError, MappingError, *CONCURRENCY))


def may_be_done(error):
    """Whether eBay may have carried out the call that ended with this error.

    A refusal was not carried out. An answer that cannot be read is one: it may have
    been. Of our own bugs nobody knows, so they count as if.
    """
    if isinstance(error, Transient):
        return error.outcome_unknown
    return isinstance(error, ContractError) or not isinstance(error, EbayError)


def outcome(errors, now):
    """How a run ends whose parts ended by ``errors``: ``(state, when to come back)``.

    The state is ``failed`` where anything needs a look, else what is milder. The time
    (aware UTC, as ``now``) is None where the next regular run will do.
    """
    states = {verdict(error).state for error in errors}
    state = next(one for one in ("interrupted", "failed", "throttled") if one in states)
    if state == "interrupted":
        return state, now + AFTER_CONFLICT
    until = [error.until for error in errors if isinstance(error, RateLimited)]
    return state, max(until) if until else None


class Tried:
    """What became of a guarded piece of work: ``error``, or None when all went well."""

    def __init__(self):
        self.error = None

    @property
    def passes(self):
        """Whether it failed by what may pass: the record is left as it is."""
        return self.error is not None and verdict(self.error).passes
