"""How many requests we allow ourselves: per account, per API, pulls and pushes apart.

A plain object that the caller keeps (one per account and process; what other processes
sent it is told). It never sleeps and never asks for the time: `now` is an argument, the
answer is how long to wait.
"""

import threading
from collections import deque
from collections.abc import Iterable, Mapping
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
        self._others: dict[tuple[str, str], list[datetime]] = {}
        self._blocked: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def limit(self, api: str, kind: str) -> int:
        """How many requests the window allows."""
        return self.api_limits.get(api, {}).get(kind, self.limits[kind])

    def used(self, api: str, kind: str, now: datetime) -> int:
        """How many requests the current window has seen."""
        with self._lock:
            recent = self._recent(api, kind, now)
            return len(recent) + len(self._recent_of_others(api, kind, now))

    def hear_of_others(self, sent: Iterable[tuple[str, str, int, datetime]]) -> None:
        """What other processes sent: (API, kind, how many, when the last of them left).

        It replaces what was reported before.
        """
        others: dict[tuple[str, str], list[datetime]] = {}
        for api, kind, count, last in sent:
            room = max(self.limit(api, kind), 0)  # more of them change nothing
            others.setdefault((api, kind), []).extend([last] * min(count, room))
        with self._lock:
            self._others = others

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
            others = self._recent_of_others(api, kind, now)
            limit = self.limit(api, kind)
            used = len(recent) + len(others)
            if used >= limit:
                first = min([*others, *list(recent)[:1]], default=now)
                until = first + self.window
                raise RateLimited(
                    f"Our own limit of {limit} {kind} requests is used up ({api})",
                    until=until,
                    local=True,
                    api=api,
                )
            delay = self._delay(used, recent[0] if recent else now, limit, now)
            recent.append(now)
            return delay

    def block(self, api: str, until: datetime) -> None:
        """Closes an API until then; a later end than the present one wins."""
        with self._lock:
            self._blocked[api] = max(until, self._blocked.get(api, until))

    def _recent(self, api: str, kind: str, now: datetime) -> deque[datetime]:
        recent = self._sent.setdefault((api, kind), deque())
        while recent and recent[0] <= now - self.window:
            recent.popleft()
        return recent

    def _recent_of_others(self, api: str, kind: str, now: datetime) -> list[datetime]:
        told = self._others.get((api, kind), ())
        return [moment for moment in told if moment > now - self.window]

    def _delay(self, used: int, first: datetime, limit: int, now: datetime) -> float:
        if not used or used < self.slow_from * limit:
            return 0.0
        free_in = (first + self.window - now).total_seconds()
        return min(max(free_in / (limit - used), 0.0), self.longest_delay)
