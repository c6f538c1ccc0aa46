"""What a mapping says when an eBay document cannot be used, or is merely odd."""

from __future__ import annotations

from dataclasses import dataclass

_SHOWN = 120
"""Characters of a foreign value that are kept in an error or a note."""


class MappingError(ValueError):
    """The document cannot become a record; the row is blocked and the path shown.

    ``path`` is where in the document (``$.lineItems[2].lineItemCost.value``),
    ``reason`` one plain sentence, ``value`` what stood there, shortened. The value
    may be personal data: it is no part of the message, so that logs stay clean.
    """

    def __init__(self, path: str, value: object, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.value = shown(value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on something odd that did not stop the mapping.

    ``code`` is stable (the texts for people live with the flow), ``path`` says
    where, ``value`` what stood there, shortened; it may be personal data.
    """

    code: str
    path: str
    value: str = ""


def shown(value: object) -> str:
    """Give a short text of any foreign value, safe to store and to show.

    Containers are named, not printed: they may be huge or nested without end.
    """
    if value is None:
        return ""
    if isinstance(value, (dict, list, tuple)):
        return f"{type(value).__name__} of {len(value)}"
    if isinstance(value, int) and abs(value) > 10**30:
        return "a very large number"
    text = value[: _SHOWN + 1] if isinstance(value, str) else str(value)
    text = text.encode("utf-8", "replace").decode().replace("\x00", "?")
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
