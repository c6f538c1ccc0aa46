"""Barcodes as eBay has them: EAN, UPC, ISBN, and the words for "there is none"."""

from __future__ import annotations

_LENGTHS = (8, 12, 13, 14)


def clean_gtin(raw: object) -> str | None:
    """A barcode with a right check digit, or None.

    eBay's "Does not apply", "Nicht zutreffend" and the like are no barcodes; neither is
    a number that fails its check digit. An ISBN of ten becomes an EAN.
    """
    if not isinstance(raw, str) or len(raw) > 40:
        return None
    text = raw.replace("-", "").replace(" ", "").upper()
    if len(text) == 10 and _isbn10(text):
        body = f"978{text[:9]}"
        return body + _check_digit(body)
    if not (text.isascii() and text.isdigit() and len(text) in _LENGTHS):
        return None
    if not int(text) or _check_digit(text[:-1]) != text[-1]:
        return None
    return text


def _check_digit(body: str) -> str:
    """GS1's check digit: weights 3 and 1 from the right."""
    total = sum(
        int(digit) * (1 if place % 2 else 3)
        for place, digit in enumerate(reversed(body))
    )
    return str(-total % 10)


def _isbn10(text: str) -> bool:
    digits = text[:9] + ("0" if text[9] == "X" else text[9])
    if not (digits.isascii() and digits.isdigit()):
        return False
    total = sum((10 - place) * int(digit) for place, digit in enumerate(text[:9]))
    last = 10 if text[9] == "X" else int(text[9])
    return (total + last) % 11 == 0
