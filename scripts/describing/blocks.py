"""The little Markdown that the addon's fragments use, as blocks.

Paragraphs, lists, numbered lists and tables; inside them bold, italics, code and links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

ITEM = re.compile(r"(?:- |\d+\. )")


@dataclass(frozen=True)
class Block:
    """One block. ``kind``: text, list, steps or table; ``rows`` hold the texts.

    A table's first row is its head, and each of its rows has the cells of that row; of
    every other block a row has one cell.
    """

    kind: str
    rows: tuple[tuple[str, ...], ...]


def read(markdown: str) -> Iterator[Block]:
    """The blocks of a fragment, in their order."""
    for part in re.split(r"\n\s*\n", markdown.strip()):
        lines = part.splitlines()
        if lines[0].startswith("|"):
            rows = [_cells(line) for line in lines]
            yield Block("table", (rows[0], *rows[2:]))
        elif ITEM.match(lines[0]):
            kind = "list" if lines[0].startswith("- ") else "steps"
            yield Block(kind, tuple((item,) for item in _items(lines)))
        else:
            yield Block("text", ((" ".join(line.strip() for line in lines),),))


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def _items(lines: list[str]) -> list[str]:
    items: list[str] = []
    for line in lines:
        if begin := ITEM.match(line):
            items.append(line[begin.end() :].strip())
        else:
            items[-1] += " " + line.strip()
    return items
