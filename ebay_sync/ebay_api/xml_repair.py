"""XML that eBay sends and no parser takes: characters that XML forbids.

Sellers paste anything into a title. A control character in it, or an emoji written as
the two halves of a surrogate pair, makes the whole answer unreadable, and with it every
other listing of the page.
"""

import re

FORBIDDEN_BYTES = bytes({*range(32)} - {9, 10, 13})
_REFERENCE = re.compile(rb"&#(x[0-9A-Fa-f]{1,8}|[0-9]{1,10});")
_PAIR = re.compile(_REFERENCE.pattern + _REFERENCE.pattern)


def repaired(body: bytes) -> bytes:
    """The same UTF-8 document without what XML forbids; halves of a pair are joined."""
    body = body.translate(None, FORBIDDEN_BYTES)
    body = _PAIR.sub(_joined, body)
    body = _REFERENCE.sub(_allowed, body)
    try:
        text = body.decode("utf-8", "surrogatepass")
        body = text.encode("utf-16-le", "surrogatepass")
        return body.decode("utf-16-le", "ignore").encode()
    except UnicodeDecodeError:
        return body.decode("utf-8", "replace").encode()


def _number(digits: bytes) -> int:
    return int(digits[1:], 16) if digits[:1] == b"x" else int(digits)


def _joined(match: re.Match[bytes]) -> bytes:
    high, low = map(_number, match.groups())
    if not (0xD800 <= high < 0xDC00 <= low < 0xE000):
        return match[0]
    return b"&#%d;" % (0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _allowed(match: re.Match[bytes]) -> bytes:
    number = _number(match[1])
    plain = number in (9, 10, 13) or 0x20 <= number < 0xD800
    return match[0] if plain or 0xE000 <= number < 0x110000 else b""
