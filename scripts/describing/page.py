"""The addon's page in Odoo's Apps: what it does, and the first steps."""

from __future__ import annotations

import re
from html import escape

from .blocks import Block, read

INDENT = "  "


def render(name: str, fragments: dict[str, str]) -> str:
    """static/description/index.html from the fragments by their names."""
    lines = [f"<h2>{escape(name)}</h2>"]
    first, *rest = read(fragments["DESCRIPTION"])
    lines.append(f'<p class="lead">{_inline(first.rows[0][0])}</p>')
    lines += [line for block in rest for line in _lines(block)]
    lines.append("<h3>First steps</h3>")
    lines += [line for block in read(fragments["CONFIGURE"]) for line in _lines(block)]
    body = "\n".join(INDENT + line for line in lines)
    return f'<section class="container py-4">\n{body}\n</section>\n'


def _lines(block: Block) -> list[str]:
    if block.kind == "text":
        return [f"<p>{_inline(block.rows[0][0])}</p>"]
    tag = {"list": "ul", "steps": "ol"}[block.kind]
    items = [f"{INDENT}<li>{_inline(row[0])}</li>" for row in block.rows]
    return [f"<{tag}>", *items, f"</{tag}>"]


def _inline(text: str) -> str:
    html = escape(text, quote=False)
    html = re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", html)
    html = re.sub(r"\*([^*]+)\*", r"<i>\1</i>", html)
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html)
