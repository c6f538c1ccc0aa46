"""Postal codes in the official spelling of those countries where it is certain."""

from __future__ import annotations

import re

# Country: prefix that people write and the post does not, pattern of the code without
# spaces and hyphens, where the groups are joined by the third value.
_FORMATS: dict[str, tuple[str, str, str]] = {
    "AT": ("A", r"(\d{4})", ""),
    "AU": ("", r"(\d{4})", ""),
    "BE": ("B", r"(\d{4})", ""),
    "BG": ("BG", r"(\d{4})", ""),
    "BR": ("", r"(\d{5})(\d{3})", "-"),
    "CA": ("", r"([A-Z]\d[A-Z])(\d[A-Z]\d)", " "),
    "CH": ("CH", r"(\d{4})", ""),
    "CY": ("CY", r"(\d{4})", ""),
    "CZ": ("CZ", r"(\d{3})(\d{2})", " "),
    "DE": ("D", r"(\d{5})", ""),
    "DK": ("DK", r"(\d{4})", ""),
    "EE": ("EE", r"(\d{5})", ""),
    "ES": ("E", r"(\d{5})", ""),
    "FI": ("FI", r"(\d{5})", ""),
    "FR": ("F", r"(\d{5})", ""),
    "GB": ("", r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})", " "),
    "GR": ("GR", r"(\d{3})(\d{2})", " "),
    "HR": ("HR", r"(\d{5})", ""),
    "HU": ("H", r"(\d{4})", ""),
    "IE": ("", r"([AC-FHKNPRTV-Y]\d[\dW])([A-Z\d]{4})", " "),
    "IT": ("I", r"(\d{5})", ""),
    "JP": ("", r"(\d{3})(\d{4})", "-"),
    "LU": ("L", r"(\d{4})", ""),
    "NL": ("NL", r"([1-9]\d{3})([A-Z]{2})", " "),
    "NO": ("N", r"(\d{4})", ""),
    "NZ": ("", r"(\d{4})", ""),
    "PL": ("PL", r"(\d{2})(\d{3})", "-"),
    "PT": ("PT", r"(\d{4})(\d{3})", "-"),
    "RO": ("RO", r"(\d{6})", ""),
    "SE": ("SE", r"(\d{3})(\d{2})", " "),
    "SI": ("SI", r"(\d{4})", ""),
    "SK": ("SK", r"(\d{3})(\d{2})", " "),
    "US": ("", r"(\d{5})(\d{4})?", "-"),
}
for _island in ("GG", "IM", "JE"):
    _FORMATS[_island] = _FORMATS["GB"]

_COMPILED = {
    country: (re.compile(f"(?:{prefix})?{code}", re.ASCII), separator)
    for country, (prefix, code, separator) in _FORMATS.items()
}
_SEPARATORS = str.maketrans("", "", " -.\u2010\u2011\u2012\u2013")


def normalize_postal_code(text: str, country: str | None) -> tuple[str, bool]:
    """Give the code as the country writes it, and whether it has that form.

    ``("12345", "PL")`` gives ``("12-345", True)``. A code that does not fit is left
    as it came with False; codes of countries without a known form pass with True.
    """
    known = _COMPILED.get(country or "")
    if known is None:
        return text, True
    pattern, separator = known
    match = pattern.fullmatch(text.translate(_SEPARATORS).upper())
    if not match:
        return text, False
    return separator.join(group for group in match.groups() if group), True
