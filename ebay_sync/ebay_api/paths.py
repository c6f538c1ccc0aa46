"""Builds URL paths and queries from values that came from outside."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlencode

from .errors import InvalidArgument

LONGEST_ID = 200


def segment(value: str, name: str, longest: int = LONGEST_ID) -> str:
    """One path segment, fully quoted, so that no value can leave its place.

    Raises `InvalidArgument` for what no id of eBay is: no text, empty, too long, `.` or
    `..` (URL libraries would resolve them), control characters.
    """
    if not isinstance(value, str) or not value.strip():
        raise InvalidArgument(f"{name} is missing")
    if len(value) > longest:
        raise InvalidArgument(f"{name} is longer than {longest} characters")
    if value in (".", "..") or not value.isprintable():
        raise InvalidArgument(f"{name} is not usable in an address: {value[:40]!r}")
    return quote(value, safe="")


def path(template: str, **ids: str) -> str:
    """`template` with its ``{name}`` places filled by quoted ids."""
    return template.format(**{n: segment(value, n) for n, value in ids.items()})


def query(params: Mapping[str, object]) -> str:
    """``?a=b...`` with everything percent-encoded; None is left out, True is "true"."""
    pairs = [
        (name, _text(value)) for name, value in params.items() if value is not None
    ]
    return f"?{urlencode(pairs, quote_via=quote, safe='')}" if pairs else ""


def batch(values: Iterable[str], name: str, most: int, separator: str = ",") -> str:
    """Ids joined for a query; 1 to `most` of them, none holding the separator."""
    listed = list(values)
    if not 1 <= len(listed) <= most:
        raise InvalidArgument(f"{name} takes 1 to {most} values, not {len(listed)}")
    for value in listed:
        segment(value, name)
        if separator in value:
            raise InvalidArgument(f"{name} is not valid: {value[:40]!r}")
    return separator.join(listed)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
