"""A part of eBay's order document, named by a path, as a value of one kind.

A path is what people read in eBay's documentation: ``buyer.username``,
``fulfillmentStartInstructions[0].shippingStep.shipTo.companyName``, or
``lineItems[].lineItemId``, where ``[]`` is every entry. The document is untrusted: what
is not there, or of another shape, is no value and no error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from ..values.dates import parse_timestamp
from ..values.money import parse_decimal
from ..values.text import clean_line, clean_text

LINES = "lineItems"
LINE_REF = "lineItemId"
EVERY = -1

_LONGEST_PATH = 200
_MOST_STEPS = 12
_MOST_VALUES = 100
_STEP = re.compile(r"([A-Za-z][A-Za-z0-9]{0,63})(?:\[(\d{0,3})\])?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,10}", re.ASCII)
_LARGEST_INTEGER = 2**31 - 1
_WORDS = {"true": True, "false": False}


class PathError(ValueError):
    """The text is no path; ``code`` is ``empty``, ``too_long`` or ``syntax``."""

    def __init__(self, code: str, step: str = "") -> None:
        super().__init__(f"{code} {step}".strip())
        self.code = code
        self.step = step


class ValueKindError(ValueError):
    """A value does not fit the kind wanted. Names the kind, never the value."""


@dataclass(frozen=True, slots=True)
class Step:
    """One key; ``index`` is a place in its list, ``EVERY``, or None for no list."""

    key: str
    index: int | None = None


@dataclass(frozen=True, slots=True)
class FieldPath:
    """The way from a document, or from one of its line items, to a value."""

    steps: tuple[Step, ...]

    @property
    def is_of_line(self) -> bool:
        """Whether it begins with every line item: of a line, that is its own."""
        return self.steps[0] == Step(LINES, EVERY)

    @property
    def has_many(self) -> bool:
        """Whether it may name several values of one document."""
        return any(step.index == EVERY for step in self.steps)


def parse_path(text: str) -> FieldPath:
    """Read a path. Raises PathError."""
    text = text.strip()
    if not text:
        raise PathError("empty")
    if len(text) > _LONGEST_PATH:
        raise PathError("too_long")
    steps = []
    for part in text.split("."):
        match = _STEP.fullmatch(part)
        if not match:
            raise PathError("syntax", part)
        key, place = match.groups()
        index = None if place is None else int(place) if place else EVERY
        steps.append(Step(key, index))
    if len(steps) > _MOST_STEPS:
        raise PathError("too_long")
    return FieldPath(tuple(steps))


def read_path(document: object, path: FieldPath, line_ref: str | None = None) -> list:
    """The scalars that stand there, in order; an empty list where there is none.

    With ``line_ref``, ``lineItems[]`` is that line item alone.
    """
    steps = path.steps
    found = [document]
    if line_ref is not None and path.is_of_line:
        found = _line_items(document, line_ref)
        steps = steps[1:]
    for step in steps:
        found = [value for one in found for value in _of_step(one, step)]
        found = found[:_MOST_VALUES]
    return [one for one in found if isinstance(one, (str, bool, int, float, Decimal))]


def _line_items(document: object, line_ref: str) -> list[Any]:
    return [
        item
        for item in _of_step(document, Step(LINES, EVERY))
        if isinstance(item, Mapping) and str(item.get(LINE_REF)) == line_ref
    ]


def _of_step(value: object, step: Step) -> list[Any]:
    if not isinstance(value, Mapping) or value.get(step.key) is None:
        return []
    inner = value[step.key]
    if step.index is None:
        return [inner]
    if not isinstance(inner, list):
        return []
    if step.index == EVERY:
        return inner
    return inner[step.index : step.index + 1]


def as_kind(values: list, kind: str, size: int = 0) -> Any:
    """The values as one of ``kind``: ``char``, ``text``, ``integer``, ``number``,
    ``boolean``, ``date`` or ``datetime``; None where there is no value.

    Several texts become one, each once, parted by a comma; ``size`` is the most
    characters kept. A number is a Decimal, a time an aware datetime in UTC. Raises
    ValueKindError.
    """
    if kind in ("char", "text"):
        return _text(values, kind, size) or None
    if not values:
        return None
    if len(set(map(str, values))) > 1:
        raise ValueKindError("several values")
    value = values[0]
    if isinstance(value, str) and not value.strip():
        return None
    return _AS[kind](value)


def _text(values: list, kind: str, size: int) -> str:
    words = {True: "true", False: "false"}
    texts = [
        words[one] if isinstance(one, bool) else str(one).strip() for one in values
    ]
    whole = ", ".join(dict.fromkeys(text for text in texts if text))
    return (clean_line if kind == "char" else clean_text)(whole, size)[0]


def _integer(value: Any) -> int:
    text = str(value).strip()
    if isinstance(value, bool) or not _INTEGER.fullmatch(text):
        raise ValueKindError("not a whole number")
    if abs(int(text)) > _LARGEST_INTEGER:
        raise ValueKindError("a number that is too large")
    return int(text)


def _number(value: Any) -> Decimal:
    if isinstance(value, bool):
        raise ValueKindError("not a number")
    try:
        return parse_decimal(value)
    except ValueError as error:
        raise ValueKindError("not a number") from error


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().casefold()
    if word not in _WORDS:
        raise ValueKindError("neither true nor false")
    return _WORDS[word]


def _datetime(value: Any) -> datetime:
    try:
        return parse_timestamp(str(value))
    except ValueError as error:
        raise ValueKindError("not a time") from error


_AS = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": lambda value: _datetime(value).date(),
    "datetime": _datetime,
}
