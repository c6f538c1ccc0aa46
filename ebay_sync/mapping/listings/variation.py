"""What tells the variations of a listing apart: their aspects, as one short key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

LONGEST_KEY = 200


def variation_key(aspects: Iterable[Sequence[str]]) -> str:
    """One text for a set of aspects, whatever their order, case and spaces.

    ``colour=red|size=m``; '' without aspects. A very long one ends in its digest, so
    that two of them never become the same.
    """
    pairs = sorted(
        (_plain(name), _plain(value)) for name, value in aspects if name and value
    )
    key = "|".join(f"{name}={value}" for name, value in pairs)
    if len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    return f"{key[: LONGEST_KEY - 17]}#{digest}"


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).replace("|", "/").replace("=", ":")
