"""The addon's README.rst, in the order that OCA's addons have."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

from .blocks import Block, read

WIDTH = 79
SECTIONS = (
    ("Installation", "INSTALL"),
    ("Configuration", "CONFIGURE"),
    ("Usage", "USAGE"),
    ("Known issues / Roadmap", "ROADMAP"),
)


def render(name: str, fragments: dict[str, str], authors: str) -> str:
    """The page of an addon called ``name`` from its fragments by their names."""
    parts = [
        ".. This file is made of readme/*.md by scripts/readme. Change those instead.",
        _heading(name, "=", over=True),
        *_blocks(fragments["DESCRIPTION"]),
        "**Table of contents**",
        ".. contents::\n   :local:",
    ]
    for title, fragment in SECTIONS:
        parts += [_heading(title, "="), *_blocks(fragments[fragment])]
    parts += [_heading("Credits", "="), _heading("Authors", "-"), f"* {authors}"]
    parts += [_heading("Contributors", "-"), *_blocks(fragments["CONTRIBUTORS"])]
    return "\n\n".join(parts) + "\n"


def _heading(title: str, line: str, over: bool = False) -> str:
    rule = line * len(title)
    return f"{rule}\n{title}\n{rule}" if over else f"{title}\n{rule}"


def _blocks(markdown: str) -> Iterable[str]:
    return [_block(block) for block in read(markdown)]


def _block(block: Block) -> str:
    if block.kind == "table":
        rows = "\n".join(
            _wrap(cell, "   * - " if first else "     - ")
            for row in block.rows
            for first, cell in zip((True, *[False] * len(row)), row, strict=False)
        )
        return f".. list-table::\n   :header-rows: 1\n\n{rows}"
    mark = {"list": "* ", "steps": "#. ", "text": ""}[block.kind]
    return "\n".join(_wrap(row[0], mark) for row in block.rows)


def _wrap(text: str, begin: str) -> str:
    return textwrap.fill(
        _inline(text),
        WIDTH,
        initial_indent=begin,
        subsequent_indent=" " * len(begin),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _inline(text: str) -> str:
    text = re.sub(r"`([^`]+)`", r"``\1``", text)
    return re.sub(r"\[([^\]]+)\]\(([^)]+)\)", r"`\1 <\2>`__", text)
