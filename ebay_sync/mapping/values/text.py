"""Foreign text made safe to store and to show, without changing what it says.

HTML, SQL, emoji and right-to-left names stay what they are: text. Only characters
that nobody can see or that turn the text around them are taken out.
"""

from __future__ import annotations

import re
import unicodedata

NAME = 128
LINE = 180
CITY = 128
STATE = 64
POSTAL_CODE = 24
TITLE = 255
CODE = 80
NOTE = 4000
IDENTIFIER = 128
EMAIL = 254

# Controls, soft hyphen, fillers that look like nothing, zero-width characters, marks
# and overrides of the writing direction, halves of surrogate pairs (which neither
# UTF-8 nor PostgreSQL can store).
_REMOVED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\ud800-\udfff]"
)
# The two joiners shape Persian and Indic words and glue emoji: there they stay.
_VISIBLE = "[\u0250-\u1fff\u2070-\U0010ffff]"
_STRAY_JOINER = re.compile(
    f"(?<!{_VISIBLE})[\u200c\u200d]+|[\u200c\u200d]+(?!{_VISIBLE})"
)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_NOTHING = re.compile(r"[\s*.\-_]*")


def clean_line(raw: str, limit: int) -> tuple[str, str | None]:
    """Give one line of at most ``limit`` characters in NFC, and what was done to it.

    The second value is ``text_truncated``, ``text_cleaned`` (characters were taken
    out) or None. White space of any kind becomes single spaces.
    """
    if len(raw) <= limit and raw.isascii() and raw.isprintable():
        return " ".join(raw.split()), None
    kept = raw[: limit * 4]
    text = " ".join(kept.split())
    visible = _STRAY_JOINER.sub("", _REMOVED.sub("", text))
    remark = "text_cleaned" if visible != text else None
    text = unicodedata.normalize("NFC", " ".join(visible.split()))
    if len(text) > limit or len(kept) < len(raw):
        return text[:limit].rstrip(), "text_truncated"
    return text, remark


def clean_text(raw: str, limit: int = NOTE) -> tuple[str, str | None]:
    """Give a text of several lines; like :func:`clean_line` for each of them."""
    if "\n" not in raw and "\r" not in raw and len(raw) <= limit:
        return clean_line(raw, limit)
    kept = raw[: limit * 4]
    cleaned = [clean_line(line, limit) for line in kept.splitlines()]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(line for line, _remark in cleaned))
    text = text.strip()
    if len(text) > limit or len(kept) < len(raw):
        return text[:limit].rstrip(), "text_truncated"
    return text, next((remark for _line, remark in cleaned if remark), None)


def clean_identifier(raw: str) -> tuple[str, str | None]:
    """Give an identifier (SKU, order number) without invisible characters.

    Spaces inside stay and nothing is cut off: a shortened identifier could be the
    name of something else. The second value is ``text_cleaned`` or None.
    """
    text = raw.strip()
    if text.isascii() and text.isprintable():
        return text, None
    visible = _STRAY_JOINER.sub("", _REMOVED.sub("", text)).strip()
    return visible, "text_cleaned" if visible != text else None


def storable(text: str) -> str:
    """Take out what PostgreSQL cannot hold in a text or jsonb column."""
    return text if text.isascii() and "\x00" not in text else _UNSTORABLE.sub("", text)


def is_blank(value: object) -> bool:
    """Tell whether a personal field holds nothing: absent, empty, or only ``***``."""
    return not isinstance(value, str) or _NOTHING.fullmatch(value[:200]) is not None
