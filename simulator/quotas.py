"""Daily call limits per keyset, counted as eBay's Developer Analytics shows them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from .calls import Quota
from .clock import Clock, to_text
from .errors import too_many_requests
from .store import Store

DAY = 86_400
_WRITTEN_EVERY = 50
"""Calls between two writes of a counter: a crash forgets at most that many."""
_PACIFIC = timezone(timedelta(hours=-8))
"""Third parties see the counters restart at midnight Pacific time."""


def _next_reset(now: datetime) -> datetime:
    midnight = now.astimezone(_PACIFIC).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    return (midnight + timedelta(days=1)).astimezone(timezone.utc)


class Quotas:
    """Counters by (keyset or seller, quota); limits can be changed for a test."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._clock = clock
        self._counters = store.collection("quota")
        self._limits = store.collection("quota_limit")
        self.known: dict[str, Quota] = {}

    def register(self, quota: Quota) -> None:
        """Make a quota known to getRateLimits."""
        self.known[quota.key] = quota

    def limit(self, quota: Quota) -> int:
        """The daily limit in force."""
        changed = self._limits.get(quota.key)
        return changed["limit"] if changed else quota.limit

    def set_limit(self, key: str, limit: int | None) -> None:
        """Change the limit of a quota by its key; None restores eBay's default."""
        if limit is None:
            self._limits.delete(key)
        else:
            self._limits.put(key, {"limit": limit})

    @staticmethod
    def owner(client_id: str, seller: str) -> str:
        """Under what name the calls of one seller are counted beside the keyset's."""
        return f"{client_id}/{seller}"

    def spend(self, client_id: str, quota: Quota, seller: str = "") -> None:
        """Count one call, for the keyset and for the seller.

        :raises EbayError: 429/2001 when the keyset's limit of the day is used up.
        """
        counter = self._counter(client_id, quota)
        if counter["count"] >= self.limit(quota):
            raise too_many_requests()
        self._count(client_id, quota)
        if seller:
            self._count(self.owner(client_id, seller), quota)

    def _count(self, owner: str, quota: Quota) -> None:
        counter = self._counter(owner, quota)
        counter["count"] += 1
        if counter["count"] % _WRITTEN_EVERY == 0:
            self._counters.put(f"{owner}|{quota.key}", counter)

    def _counter(self, owner: str, quota: Quota) -> dict[str, Any]:
        key = f"{owner}|{quota.key}"
        now = self._clock.now().timestamp()
        counter = self._counters.get(key)
        if counter is None or counter["reset"] <= now:
            reset = _next_reset(self._clock.now()).timestamp()
            counter = self._counters.put(key, {"count": 0, "reset": reset})
        return counter

    def flush(self) -> None:
        """Hand all counters to the store."""
        for key, counter in self._counters.items():
            self._counters.put(key, counter)

    def rate(self, owner: str, quota: Quota) -> dict[str, Any]:
        """One ``rates`` entry of getRateLimits."""
        counter = self._counter(owner, quota)
        limit = self.limit(quota)
        reset = datetime.fromtimestamp(counter["reset"], timezone.utc)
        return {
            "count": counter["count"],
            "limit": limit,
            "remaining": max(0, limit - counter["count"]),
            "reset": to_text(reset),
            "timeWindow": DAY,
        }
