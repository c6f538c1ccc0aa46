"""What was asked and answered: for tests to assert on. Holds no secrets."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import Any

KEPT = 50_000
"""Entries kept; older ones fall out."""


class Journal:
    """The last requests in memory, oldest first; ``number`` never repeats."""

    def __init__(self) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._count = 0

    def add(self, entry: dict[str, Any]) -> None:
        """Append an entry and number it."""
        self._count += 1
        self._entries.append({"number": self._count, **entry})

    def find(self, limit: int = 1000, **wanted: Any) -> list[dict[str, Any]]:
        """The newest entries whose fields equal all wanted ones, oldest first."""
        chosen = (
            entry
            for entry in reversed(self._entries)
            if all(entry.get(name) == value for name, value in wanted.items())
        )
        return list(islice(chosen, limit))[::-1]

    def count(self, **wanted: Any) -> int:
        """How many kept entries match."""
        return len(self.find(KEPT, **wanted))

    def clear(self) -> None:
        """Forget all entries; numbering goes on."""
        self._entries.clear()
