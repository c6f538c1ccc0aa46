"""How many requests we allow ourselves: per account, per API, pulls and pushes apart.

A plain object that the caller keeps (one per account and process). It never sleeps and
never asks for the time: `now` is an argument, the answer is how long to wait.
"""

import threading
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta

from .errors import RateLimited

DEFAULT_LIMITS: Mapping[str, int] = {"pull": 30, "push": 60}


class Budget:
    """A sliding window of requests for each (API, kind).

    `limits`: requests per `window` for ``pull`` (reading) and ``push`` (writing) calls.
    `api_limits` overrides them for single APIs: ``{"inventory": {"pull": 600}}``.
    Above `slow_from` of a limit every call is delayed so that what is left lasts until
    the window moves on, but by no more than `longest_delay` seconds.
    """

    def __init__(
        self,
        limits: Mapping[str, int] = DEFAULT_LIMITS,
        *,
        api_limits: Mapping[str, Mapping[str, int]] | None = None,
        window: timedelta = timedelta(minutes=10),
        slow_from: float = 0.8,
        longest_delay: float = 2.0,
    ) -> None:
        self.limits = dict(limits)
        self.api_limits = {api: dict(own) for api, own in (api_limits or {}).items()}
        self.window = window
        self.slow_from = slow_from
        self.longest_delay = longest_delay
        self._sent: dict[tuple[str, str], deque[datetime]] = {}
        self._blocked: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def limit(self, api: str, kind: str) -> int:
        """How many requests the window allows."""
        return self.api_limits.get(api, {}).get(kind, self.limits[kind])

    def used(self, api: str, kind: str, now: datetime) -> int:
        """How many requests the current window has seen."""
        with self._lock:
            return len(self._recent(api, kind, now))

    def admit(self, api: str, kind: str, now: datetime) -> float:
        """Counts one request and returns the seconds to wait before sending it.

        Raises `RateLimited` (local: nothing is sent) when the limit is used up or eBay
        has closed the API for a while.
        """
        with self._lock:
            until = self._blocked.get(api)
            if until is not None and now < until:
                raise RateLimited(
                    f"eBay's {api} API is closed for us until {until:%H:%M:%S} UTC",
                    until=until,
                    local=True,
                    api=api,
                )
            recent = self._recent(api, kind, now)
            limit = self.limit(api, kind)
            if len(recent) >= limit:
                until = recent[0] + self.window if recent else now + self.window
                raise RateLimited(
                    f"Our own limit of {limit} {kind} requests is used up ({api})",
                    until=until,
                    local=True,
                    api=api,
                )
            delay = self._delay(recent, limit, now)
            recent.append(now)
            return delay

    def block(self, api: str, until: datetime) -> None:
        """Closes an API until then; a later end than the present one wins."""
        with self._lock:
            self._blocked[api] = max(until, self._blocked.get(api, until))

    def blocked_until(self, api: str, now: datetime) -> datetime | None:
        """Until when the API is closed, or None."""
        with self._lock:
            until = self._blocked.get(api)
            return until if until is not None and now < until else None

    def _recent(self, api: str, kind: str, now: datetime) -> deque[datetime]:
        recent = self._sent.setdefault((api, kind), deque())
        while recent and recent[0] <= now - self.window:
            recent.popleft()
        return recent

    def _delay(self, recent: deque[datetime], limit: int, now: datetime) -> float:
        if not recent or len(recent) < self.slow_from * limit:
            return 0.0
        free_in = (recent[0] + self.window - now).total_seconds()
        return min(max(free_in / (limit - len(recent)), 0.0), self.longest_delay)
