"""What was asked and answered: for tests to assert on. Holds no secrets."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Any

KEPT = 50_000
"""Entries kept; older ones fall out."""


class Journal:
    """The last requests in memory, oldest first; ``number`` never repeats."""

    def __init__(self) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self.total = 0

    def add(self, entry: dict[str, Any]) -> None:
        """Append an entry and number it."""
        self.total += 1
        self._entries.append({"number": self.total, **entry})

    def _newest_first(
        self, after: int, wanted: dict[str, Any]
    ) -> Iterator[dict[str, Any]]:
        for entry in reversed(self._entries):
            if entry["number"] <= after:
                return
            if all(entry.get(name) == value for name, value in wanted.items()):
                yield entry

    def find(
        self, limit: int = 1000, after: int = 0, **wanted: Any
    ) -> list[dict[str, Any]]:
        """The newest entries behind number ``after`` that fit, oldest first."""
        return list(islice(self._newest_first(after, wanted), limit))[::-1]

    def count(self, after: int = 0, **wanted: Any) -> int:
        """How many kept entries behind number ``after`` fit."""
        return sum(1 for _ in self._newest_first(after, wanted))

    def clear(self) -> None:
        """Forget all entries; numbering continues."""
        self._entries.clear()
