"""When a failed attempt is repeated at once, and after how long. Pure."""

from datetime import datetime

from .calls import Call
from .errors import CircuitOpen, EbayError, RateLimited, Transient

TRIES = 3
FIRST_WAIT = 0.4
LONGEST_WAIT = 5.0


def wait_before_retry(
    call: Call, error: EbayError, attempt: int, now: datetime, chance: float
) -> float | None:
    """Seconds until the next try, or None to give up.

    `attempt` counts from 1, `chance` is a random number in [0, 1). eBay's own wish
    comes first if it is short; a longer one is left to the caller. A call that is not
    repeatable is repeated only where eBay certainly did not carry it out (429).
    """
    if attempt >= TRIES or isinstance(error, CircuitOpen):
        return None
    if isinstance(error, RateLimited):
        if error.local or not error.certain:
            return None
        return _short(error.until, now, chance)
    if not isinstance(error, Transient):
        return None
    if not call.repeatable and error.outcome_unknown:
        return None
    if error.retry_at is not None:
        return _short(error.retry_at, now, chance)
    # Half fixed, half random: neighbours that failed together come back apart.
    return FIRST_WAIT * 2 ** (attempt - 1) * (0.5 + chance / 2)


def _short(until: datetime, now: datetime, chance: float) -> float | None:
    wait = max((until - now).total_seconds(), 0.0)
    return wait + chance * FIRST_WAIT if wait <= LONGEST_WAIT else None
