"""Links between listings and products as a CSV file, out and in.

A cell that a spreadsheet would take for a formula gets an apostrophe in front, which is
taken off again on the way in.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

COLUMNS = (
    "item_id",
    "variation",
    "sku",
    "title",
    "price",
    "quantity",
    "product",
    "suggestion",
    "score",
)
KEY = ("item_id", "variation", "sku")
PRODUCT = "product"
IGNORE = "-"
LARGEST_FILE = 20 * 1024 * 1024
MOST_LINES = 200_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class LinkFileError(ValueError):
    """The file cannot be read at all; the message is a code."""


@dataclass(frozen=True, slots=True)
class LinkLine:
    """One line of a file: which listing, and which product it names.

    ``product`` is an internal reference, a barcode, ``#`` and a database id, ``-`` for
    «not sold from Odoo», or '' for «leave it as it is».
    """

    number: int
    listing_ref: str
    variation_ref: str
    sku: str
    product: str


def write_links(rows: Iterable[dict[str, object]]) -> bytes:
    """The file for rows of plain values by column name, in UTF-8 with a mark."""
    content = io.BytesIO()
    with io.TextIOWrapper(content, "utf-8-sig", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow([_guarded(row.get(name)) for name in COLUMNS])
        target.flush()
        return content.getvalue()


def read_links(content: bytes) -> Iterator[LinkLine]:
    """The lines of a file, numbered as a spreadsheet numbers them.

    Raises LinkFileError: ``too_large``, ``not_text``, ``no_columns``, ``too_long``.
    """
    if len(content) > LARGEST_FILE:
        raise LinkFileError("too_large")
    text = io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", newline="")
    try:
        yield from _lines(csv.reader(text, delimiter=_delimiter(content)))
    except (UnicodeDecodeError, csv.Error):
        raise LinkFileError("not_text") from None


def _lines(reader: Iterator[list[str]]) -> Iterator[LinkLine]:
    names = [name.strip().lower() for name in next(reader, [])]
    if "item_id" not in names or PRODUCT not in names:
        raise LinkFileError("no_columns")
    for number, cells in enumerate(reader, 2):
        if number > MOST_LINES:
            raise LinkFileError("too_long")
        row = dict(zip(names, (_plain(cell) for cell in cells), strict=False))
        if any(row.values()):
            keys = (row.get(name, "") for name in KEY)
            yield LinkLine(number, *keys, row.get(PRODUCT, ""))


def _delimiter(content: bytes) -> str:
    """What parts the cells: spreadsheets of half of Europe write semicolons."""
    head = content.partition(b"\n")[0].decode(errors="replace")
    return max(",;\t", key=head.count)


def _guarded(value: object) -> str:
    text = "" if value is None or value is False else str(value)
    return f"'{text}" if text.startswith(_FORMULA) and text != IGNORE else text


def _plain(cell: str) -> str:
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text
