"""XML reads like XML: well-formed, four spaces a level, no stray blanks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

INDENT = 4
MAX_LINE = 120


def check(path: Path) -> Iterator[tuple[int, str]]:
    """Line and finding of everything that is out of form in one XML file."""
    text = path.read_text("utf-8")
    try:
        root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError as error:
        yield error.lineno or 1, f"not well-formed: {error.msg}"
        return
    lines = text.splitlines()
    if not text.endswith("\n") or text.endswith("\n\n"):
        yield len(lines), "ends with one newline"
    for number, line in enumerate(lines, 1):
        if "\t" in line:
            yield number, "a tab"
        if line != line.rstrip():
            yield number, "blanks at the end of the line"
        if len(line) > MAX_LINE:
            yield number, f"{len(line)} columns, {MAX_LINE} at most"
    yield from _indentation(root, 0)


def _indentation(node: etree._Element, depth: int) -> Iterator[tuple[int, str]]:
    """An element that begins a line stands four spaces deeper than its parent."""
    for child in node:
        before = child.getprevious()
        blank = (node.text if before is None else before.tail) or ""
        if "\n" in blank and not blank.strip():
            found, wanted = len(blank.rpartition("\n")[2]), INDENT * (depth + 1)
            if found != wanted:
                what = f"indented by {found}, not {wanted}"
                yield _first_line(child), what
        if isinstance(child.tag, str):
            yield from _indentation(child, depth + 1)


def _first_line(node: etree._Element) -> int:
    """Where the node begins; libxml2 remembers where its start tag ends."""
    if not isinstance(node.tag, str):
        return node.sourceline - (node.text or "").count("\n")
    return node.sourceline
