"""Phone numbers in E.164, the form that carriers and Odoo understand."""

from __future__ import annotations

import phonenumbers

_LONGEST = 64


def normalize_phone(text: str, country: str | None) -> tuple[str | None, str | None]:
    """Give ``(E.164 or None, remark or None)`` for a number as a buyer typed it.

    ``country`` (ISO code of the address it stands beside) tells how to read a
    number without an international prefix. Remarks: ``phone_invalid`` when it is
    no number that can exist there (keep the text), ``phone_extension`` when an
    extension was left out of the E.164 form.
    """
    for candidate in _readings(text[:_LONGEST]):
        try:
            number = phonenumbers.parse(candidate, country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            remark = "phone_extension" if number.extension else None
            return _e164(number), remark
    return None, "phone_invalid"


def _readings(text: str) -> list[str]:
    """Give the text, and with 00 for + where the country dials out otherwise."""
    if text.startswith("00") and len(text) > 8:
        return ["+" + text[2:], text]
    return [text]


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
