"""Tracking numbers as people and label printers write them, as eBay takes them.

Source: Fulfillment API, type ShippingFulfillmentDetails: letters and digits only, no
spaces, no hyphens.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

LONGEST = 50
"""Characters. eBay names no limit; no carrier's number is longer."""

UNREADABLE = "unreadable"
TOO_LONG = "too_long"

# What stands inside one number for the eye only, and what stands between two.
_FOR_THE_EYE = re.compile(r"[\s._\-\u00ad\u2010-\u2015\u2212]+")
_BETWEEN = re.compile(r"[,;|\r\n\t]+|\s[+/&]\s")
_NUMBER = re.compile(r"[A-Za-z0-9]+")

Quantities = Mapping[str, int]


def split_tracking(text: str) -> list[str]:
    """Give the numbers of a field that may hold several, each once, as written."""
    parts = (part.strip() for part in _BETWEEN.split(text or ""))
    return list(dict.fromkeys(part for part in parts if part))


def clean_tracking(text: str) -> tuple[str, str | None]:
    """Give the number that eBay takes, and what is wrong with it.

    Spaces, hyphens and dots go. Anything else that is no letter or digit is not
    dropped, because what is left would be another number: the result is empty then
    and the second value ``unreadable`` or ``too_long``.
    """
    number = _FOR_THE_EYE.sub("", unicodedata.normalize("NFKC", (text or "")[:1000]))
    if not number:
        return "", UNREADABLE if (text or "").strip() else None
    if not _NUMBER.fullmatch(number):
        return "", UNREADABLE
    if len(number) > LONGEST:
        return "", TOO_LONG
    return number, None


def share_out(
    parcels: Sequence[Quantities], numbers: Sequence[str]
) -> tuple[list[tuple[dict[str, int], str]], list[str]]:
    """Give each parcel its number, and the numbers that are left over.

    ``parcels`` holds quantities by order line. As many numbers as parcels: one each, in
    order. One number for all: one parcel. Otherwise nobody knows what lies where, and
    the pieces are spread over the numbers, at least one piece for each.
    """
    if not numbers:
        return [(dict(parcel), "") for parcel in parcels], []
    if len(numbers) == len(parcels):
        pairs = zip(parcels, numbers, strict=True)
        return [(dict(parcel), number) for parcel, number in pairs], []
    pieces = Counter[str]()
    for parcel in parcels:
        pieces.update(parcel)
    used = list(numbers[: pieces.total()])
    shares = []
    for number in used[:-1]:
        line = next(iter(pieces))
        shares.append(({line: 1}, number))
        pieces -= Counter({line: 1})
    shares += [(dict(pieces), number) for number in used[-1:]]
    return shares, list(numbers[len(used) :])
