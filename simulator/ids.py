"""Numbers and chance that depend on the seed alone.

The n-th id of a kind is the same in every run with the same seed, whatever else
happened in between; counters live in the store and survive a restart.
"""

from __future__ import annotations

import random
import uuid
import zlib

from .store import Store

_STEP = 7_368_787_429
"""Prime to every power of ten: n * step + start runs through all numbers once."""


class Ids:
    """Hands out ids in eBay's forms."""

    def __init__(self, store: Store, seed: int) -> None:
        self._counters = store.collection("counter")
        self._seed = seed

    def count(self, kind: str) -> int:
        """The next number of a kind: 1, 2, 3, ..."""
        counter = self._counters.get(kind) or {"last": 0}
        counter["last"] += 1
        self._counters.put(kind, counter)
        return counter["last"]

    def chance(self, *name: object) -> random.Random:
        """A random source fixed by the seed and the given name."""
        text = "\x1f".join(str(part) for part in (self._seed, *name))
        return random.Random(text)

    def digits(self, kind: str, length: int) -> str:
        """A unique number of that many digits that looks random."""
        room = 10 ** (length - 1)
        start = zlib.crc32(f"{self._seed}/{kind}".encode())
        return str(room + (start + self.count(kind) * _STEP) % (9 * room))

    def order_id(self) -> str:
        """An order id such as ``12-34567-89012``."""
        digits = self.digits("order", 12)
        return f"{digits[:2]}-{digits[2:7]}-{digits[7:]}"

    def listing_id(self) -> str:
        """A listing (item) id of twelve digits."""
        return self.digits("listing", 12)

    def uuid(self, kind: str) -> str:
        """A unique UUID."""
        return str(
            uuid.uuid5(uuid.NAMESPACE_OID, f"{self._seed}/{kind}/{self.count(kind)}")
        )
