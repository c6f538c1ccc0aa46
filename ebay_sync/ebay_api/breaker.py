"""Stops calling an API that keeps failing, and tries it again after a while."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from .errors import CircuitOpen


@dataclass
class _Line:
    failures: int = 0
    pauses: int = 0
    open_until: datetime | None = None


class Breaker:
    """A circuit breaker with one line per API; keep one per account and process.

    After `threshold` failures running the line opens for `pause`; then a single call is
    let through. If that fails too, the pause doubles up to `longest_pause`; the first
    success closes the line. `now` is an argument everywhere.
    """

    def __init__(
        self,
        threshold: int = 5,
        pause: timedelta = timedelta(seconds=30),
        longest_pause: timedelta = timedelta(minutes=15),
    ) -> None:
        self.threshold = threshold
        self.pause = pause
        self.longest_pause = longest_pause
        self._lines: dict[str, _Line] = {}
        self._lock = threading.Lock()

    def check(self, api: str, now: datetime) -> None:
        """Raises `CircuitOpen` while the line is open.

        When the pause is over the first caller passes and holds the others back for one
        more pause, so that a dead eBay is asked by one call at a time.
        """
        with self._lock:
            line = self._lines.get(api)
            if line is None or line.open_until is None:
                return
            if now < line.open_until:
                raise CircuitOpen(
                    f"eBay's {api} API keeps failing; next try at "
                    f"{line.open_until:%H:%M:%S} UTC",
                    retry_at=line.open_until,
                    api=api,
                )
            line.open_until = now + self.pause

    def success(self, api: str) -> None:
        """Reports that eBay answered."""
        with self._lock:
            self._lines.pop(api, None)

    def failure(self, api: str, now: datetime) -> None:
        """Reports a time-out, a broken line or a 5xx."""
        with self._lock:
            line = self._lines.setdefault(api, _Line())
            line.failures += 1
            if line.failures >= self.threshold:
                pause = min(self.pause * 2 ** min(line.pauses, 20), self.longest_pause)
                line.open_until = now + pause
                line.pauses += 1

    def open_until(self, api: str, now: datetime) -> datetime | None:
        """Until when the line is open, or None."""
        with self._lock:
            line = self._lines.get(api)
            until = line.open_until if line else None
            return until if until is not None and now < until else None
