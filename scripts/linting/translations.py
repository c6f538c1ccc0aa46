"""Every term of the template is translated into every language the shop speaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import polib

LANGUAGES = ("pl", "de")
#: Python's placeholders and Odoo's inline tags: a translation keeps them all.
MARKS = re.compile(r"%\([^)]+\)[sdrfi]|%[sdrf]|</?[a-z][^>]*>|\{[a-z_0-9]*\}")
#: What a tag says to people is translated with the term.
SPOKEN = re.compile(r'\b(title|alt|placeholder|aria-label)="[^"]*"')


def check(folder: Path) -> Iterator[tuple[Path, int, str]]:
    """File, line and finding of what is missing or broken in an `i18n` folder."""
    templates = sorted(folder.glob("*.pot"))
    if not templates:
        yield folder, 1, "no template (.pot)"
    for template in templates:
        terms = list(polib.pofile(str(template)))
        if not terms:
            yield template, 1, "the template is empty"
        for language in LANGUAGES:
            path = folder / f"{language}.po"
            if path.is_file():
                for line, what in _compare(terms, path):
                    yield path, line, what
            else:
                yield path, 1, "there is no such translation"


def _compare(terms: list[polib.POEntry], path: Path) -> Iterator[tuple[int, str]]:
    known = {entry.msgid: entry for entry in polib.pofile(str(path))}
    for term in terms:
        entry = known.pop(term.msgid, None)
        if entry is None or entry.obsolete:
            yield 1, f"missing: {_short(term.msgid)}"
        elif not entry.msgstr.strip():
            yield entry.linenum, f"untranslated: {_short(term.msgid)}"
        elif entry.fuzzy:
            yield entry.linenum, f"fuzzy: {_short(term.msgid)}"
        elif _marks(entry.msgstr) != _marks(term.msgid):
            yield entry.linenum, f"placeholders differ: {_short(term.msgid)}"
    for entry in known.values():
        if not entry.obsolete:
            yield entry.linenum, f"not in the template: {_short(entry.msgid)}"


def _marks(text: str) -> list[str]:
    return sorted(MARKS.findall(SPOKEN.sub(r"\1", text)))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return repr(text if len(text) <= 60 else text[:57] + "...")
