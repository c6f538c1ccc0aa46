"""Links between listings and products as a CSV file, out and in.

A cell that a spreadsheet would take for a formula, or a name that it would turn into
another number or a date, gets an apostrophe in front, which is taken off again on the
way in.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

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
_NAMES = (*KEY, PRODUCT, "suggestion")
# A spreadsheet shows twelve digits as 1.2E+11 and saves what it shows; it takes zeros
# off the front, and makes dates of 3/4 and MAR1.
_SHORT_NUMBER = re.compile(r"0|[1-9]\d{0,10}")
_MONTH = re.compile(
    r"(jan|feb|mar|apr|ma[iyj]|jun|jul|aug|sep|o[ck]t|nov|de[cz]|sty|lut|kwi|cze|lip"
    r"|sie|wrz|lis|gru)[^\W\d_]{0,6}[-. /]?\d{1,4}",
    re.IGNORECASE,
)
_PIECE = 1 << 16
_CUT_SHORT = re.compile(r"\d+([.,]\d+)?E\+\d+")
# What Windows programs save text as, by the language; else it is cp1252.
_CODE_PAGES = {
    **dict.fromkeys(("pl", "cs", "sk", "hu", "sl", "hr", "ro", "bs"), "cp1250"),
    **dict.fromkeys(("ru", "uk", "bg", "sr"), "cp1251"),
    "el": "cp1253",
    "tr": "cp1254",
    **dict.fromkeys(("et", "lv", "lt"), "cp1257"),
}


class LinkFileError(ValueError):
    """The file cannot be read at all; the message is a code."""


@dataclass(frozen=True, slots=True)
class LinkLine:
    """One line of a file: which listing, and which product it names.

    ``product`` is an internal reference, a barcode, ``#`` and a database id, ``-`` for
    "not sold from Odoo", or '' for "leave it as it is". ``cut_short``: a spreadsheet
    has made a name illegible.
    """

    number: int
    listing_ref: str
    variation_ref: str
    sku: str
    product: str

    @property
    def cut_short(self) -> bool:
        names = (self.listing_ref, self.sku, self.product)
        return any(_CUT_SHORT.fullmatch(name) for name in names)


def write_links(rows: Iterable[dict[str, object]], delimiter: str = ",") -> bytes:
    """The file for rows of plain values by column name, in UTF-8 with a mark."""
    content = io.BytesIO()
    with io.TextIOWrapper(content, "utf-8-sig", newline="") as target:
        writer = csv.writer(target, delimiter=delimiter)
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow([_guarded(name, row.get(name)) for name in COLUMNS])
        target.flush()
        return content.getvalue()


def read_links(content: bytes, language: str = "") -> Iterator[LinkLine]:
    """The lines of a file, numbered as a spreadsheet numbers them.

    What is no Unicode was saved by a Windows program in that ``language`` (such as
    ``pl_PL``). Raises LinkFileError: ``too_large``, ``not_text``, ``no_columns``,
    ``too_long``.
    """
    if len(content) > LARGEST_FILE:
        raise LinkFileError("too_large")
    encoding = _encoding(content, language)
    head = _as_text(content, encoding).readline()
    reader = csv.reader(
        _as_text(content, encoding), delimiter=max(",;\t", key=head.count)
    )
    try:
        yield from _lines(reader)
    except csv.Error:
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


def _as_text(content: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content), encoding, newline="")


def _encoding(content: bytes, language: str) -> str:
    """What the file is written in; it is tried a piece at a time."""
    utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    page = _CODE_PAGES.get(language.partition("_")[0], "cp1252")
    for encoding in ("utf-16",) if utf_16 else ("utf-8-sig", page):
        pieces = iter(partial(_as_text(content, encoding).read, _PIECE), "")
        try:
            # a nought: no text at all, but a workbook, say
            if not any("\0" in piece for piece in pieces):
                return encoding
        except UnicodeDecodeError:
            continue
    raise LinkFileError("not_text")


def _guarded(name: str, value: object) -> str:
    text = "" if value is None or value is False else str(value)
    guarded = text.startswith(_FORMULA) and text != IGNORE
    return f"'{text}" if guarded or (name in _NAMES and _changes(text)) else text


def _changes(text: str) -> bool:
    """Whether a spreadsheet would save something else than this."""
    if text[:1].isdigit():
        return not _SHORT_NUMBER.fullmatch(text)
    return bool(_MONTH.fullmatch(text))


def _plain(cell: str) -> str:
    text = cell.strip()
    bare = text[1:]
    guarded = text[:1] == "'" and (bare.startswith(_FORMULA) or _changes(bare))
    return bare if guarded else text
