"""Lists of foreign entries: each read for itself, the unusable ones named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from .errors import MappingError, Note
from .reader import Node, Reading

Entry = TypeVar("Entry")

UNUSABLE = "unusable"
TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Entries(Generic[Entry]):
    """What a list held, by eBay's id; ``dropped`` names entries that are no use.

    ``complete`` is false when an entry could not be read: what is missing from such a
    list may still exist at eBay.
    """

    by_ref: dict[str, Entry]
    dropped: tuple[Note, ...] = ()
    complete: bool = True


def map_entries(
    document: dict[str, Any],
    key: str,
    read: Callable[[Node], tuple[str, Entry]],
    most: int,
) -> Entries[Entry]:
    """Read the list ``key`` of an answer; ``read`` gives an entry's id and the entry.

    An entry for which ``read`` raises MappingError, and a second one with the same id,
    are dropped. A list that is missing is empty when eBay says that the total is
    zero. Raises MappingError when there is no list.
    """
    raw = document.get(key)
    if raw is None and document.get("total") == 0:
        raw = []
    if not isinstance(raw, list):
        raise MappingError(f"$.{key}", raw, "the list is missing")
    reading = Reading()
    nodes = Node(document, "$", reading).children(key, most)
    found: dict[str, Entry] = {}
    dropped = list(reading.notes)
    for node in nodes:
        try:
            ref, entry = read(node)
        except MappingError as error:
            dropped.append(Note(UNUSABLE, error.path, error.value))
            continue
        if ref in found:
            dropped.append(Note(TWICE, node.path, ref))
        else:
            found[ref] = entry
    complete = all(note.code == TWICE for note in dropped)
    return Entries(found, tuple(dropped), complete)
