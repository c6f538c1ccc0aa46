"""Reading untrusted JSON field by field, with the path at hand for every complaint.

A :class:`Node` is one object of the document. Its methods give clean values or None;
what is odd becomes a note, what is unusable a MappingError. Missing fields are normal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import datetime
from decimal import Decimal

from .dates import parse_timestamp
from .errors import MappingError, Note, shown
from .money import AmountError, Money, in_currency, parse_amount, rounded
from .text import CODE, IDENTIFIER, LINE, NOTE, clean_identifier, clean_line, clean_text

MOST_NOTES = 200
_COUNT = re.compile(r"\d{1,15}", re.ASCII)
MOST_ITEMS = 500
"""Entries read of a list; eBay's own limits are far below."""


class Reading:
    """What all nodes of one document share: its notes and the currency booked."""

    __slots__ = ("notes", "currency", "phones")

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self.currency = ""
        self.phones: dict[tuple[str, str | None], tuple[str | None, str | None]] = {}

    def note(self, code: str, path: str, value: object = None) -> None:
        """Add a remark; the same one at the same place only once."""
        if len(self.notes) >= MOST_NOTES:
            return
        note = Note(code, path, shown(value))
        if note not in self.notes:
            self.notes.append(note)


class Node:
    """One JSON object of the document and where it stands."""

    __slots__ = ("data", "path", "reading")

    def __init__(self, data: dict, path: str, reading: Reading) -> None:
        self.data = data
        self.path = path
        self.reading = reading

    def __bool__(self) -> bool:
        return bool(self.data)

    def note(self, code: str, key: str, value: object = None) -> None:
        """Add a remark about a field of this object."""
        self.reading.note(code, f"{self.path}.{key}", value)

    def error(self, key: str, reason: str) -> MappingError:
        """Make the error for a field of this object."""
        return MappingError(f"{self.path}.{key}", self.data.get(key), reason)

    def child(self, key: str) -> Node:
        """Give the object in a field; an empty one when there is none."""
        value = self.data.get(key)
        if not isinstance(value, dict):
            if value is not None:
                self.note("wrong_type", key, value)
            value = {}
        return Node(value, f"{self.path}.{key}", self.reading)

    def children(self, key: str, most: int = MOST_ITEMS) -> list[Node]:
        """Give the objects of a list field."""
        value = self.data.get(key)
        if not value:
            return []
        if not isinstance(value, list):
            self.note("wrong_type", key, value)
            return []
        if len(value) > most:
            self.note("list_truncated", key, value)
        nodes = []
        for index, entry in enumerate(value[:most]):
            path = f"{self.path}.{key}[{index}]"
            if isinstance(entry, dict):
                nodes.append(Node(entry, path, self.reading))
            else:
                self.reading.note("wrong_type", path, entry)
        return nodes

    def _string(self, key: str) -> str | None:
        value = self.data.get(key)
        if value is None or value.__class__ is str:
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            self.note("not_text", key, value)
            return str(value) if abs(value) < 10**30 else None
        self.note("wrong_type", key, value)
        return None

    def _cleaned(
        self, key: str, clean: Callable[[str], tuple[str, str | None]]
    ) -> str | None:
        raw = self._string(key)
        if not raw:
            return None
        text, remark = clean(raw)
        if remark:
            self.note(remark, key, raw)
        return text or None

    def line(self, key: str, limit: int = LINE) -> str | None:
        """Give a text of one line, or None when nothing is there."""
        return self._cleaned(key, lambda raw: clean_line(raw, limit))

    def text(self, key: str, limit: int = NOTE) -> str | None:
        """Give a text that may have several lines, or None."""
        return self._cleaned(key, lambda raw: clean_text(raw, limit))

    def identifier(self, key: str, limit: int = IDENTIFIER) -> str | None:
        """Give an identifier, exact; one that is too long is dropped with a note."""
        text = self._cleaned(key, clean_identifier)
        if text is not None and len(text) > limit:
            self.note("identifier_too_long", key, text)
            return None
        return text

    def required_identifier(self, key: str) -> str:
        """Give an identifier without which the document is useless."""
        text = self.identifier(key)
        if text is None:
            raise self.error(key, "this identifier is missing or unreadable")
        return text

    def enum(self, key: str, known: Collection[str] = ()) -> str | None:
        """Give an enum value as eBay wrote it; an unknown one with a note."""
        text = self.line(key, CODE)
        if text is not None and known and text not in known:
            self.note("unknown_enum", key, text)
        return text

    def flag(self, key: str) -> bool:
        """Give a boolean; anything but true is false."""
        value = self.data.get(key)
        if value is True or value is False or value is None:
            return value is True
        self.note("wrong_type", key, value)
        return value == "true"

    def whole_number(self, key: str) -> int | None:
        """Return a count of zero or more, or None with a note when it is not one."""
        value = self.data.get(key)
        if value is None:
            return None
        if value.__class__ is int and 0 <= value < 10**15:
            return value
        if value.__class__ is str and _COUNT.fullmatch(value):
            return int(value)
        self.note("wrong_type", key, value)
        return None

    def timestamp(self, key: str) -> datetime | None:
        """Give a time in UTC, or None with a note when it is no time."""
        value = self.data.get(key)
        if value is None or value == "":
            return None
        try:
            return parse_timestamp(value if isinstance(value, str) else "")
        except ValueError:
            self.note("date_invalid", key, value)
            return None

    def money(self, key: str) -> Money | None:
        """Give an amount that is for information; an unreadable one with a note."""
        amount = self.child(key)
        if not amount:
            return None
        try:
            return parse_amount(amount.data)
        except AmountError as error:
            amount.note("amount_invalid", error.key, error.value)
            return None

    def booked(self, key: str) -> Decimal | None:
        """Give an amount that counts, in the currency of the order.

        None when it is absent. Raises MappingError when it is unreadable or in
        another currency: leaving it out would falsify the total.
        """
        raw = self.data.get(key)
        if raw is None or raw == {}:
            return None
        if not isinstance(raw, dict):
            raise self.error(key, "not an amount of money")
        currency = self.reading.currency
        try:
            money = parse_amount(raw)
        except AmountError as error:
            raise MappingError(
                f"{self.path}.{key}.{error.key}", error.value, error.reason
            ) from None
        value = in_currency(money, currency)
        if value is None:
            raise MappingError(
                f"{self.path}.{key}.currency",
                money.currency,
                f"an amount in {money.currency} within an order in {currency}",
            )
        exact = rounded(value, currency)
        if exact != value:
            self.note("amount_precision", key, f"{value} {currency}")
        return exact
