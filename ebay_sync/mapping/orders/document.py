"""The stored copy of an order document: has it changed, is it newer, is it poorer?

eBay blanks personal data (e-mail after 14 days, name, street and phone after 90) and
leaves fields out of getOrders that getOrder has. What was stored is therefore never
simply overwritten: :func:`document_to_store` decides.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from ..values.dates import parse_timestamp
from ..values.errors import MappingError
from ..values.text import is_blank, storable

_DEEPEST = 40
_STREET = ("addressLine1", "addressLine2")
_PLACE = ("city", "postalCode", "countryCode")
_GIFT = ("message", "recipientEmail", "senderName")

Missing = Iterator[tuple[dict[str, Any], str, Any]]
"""An object of the new document, a key it lacks, and what the stored one has there."""


def document_hash(document: object) -> str:
    """Give a SHA-256 (hex) that neither key order nor the spelling of numbers moves.

    The same for the document as eBay sent it and as PostgreSQL gives it back.
    """
    text = json.dumps(
        storable_document(document), sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def storable_document(document: object) -> Any:
    """Give a copy of the document that PostgreSQL can hold as jsonb.

    NUL and halves of surrogate pairs are taken out of texts; numbers with a fraction
    become text, as eBay's own amounts are. Raises MappingError when the document is
    nested deeper than any of eBay's.
    """
    return _storable(document, 0)


def is_older(document: object, stored: object) -> bool:
    """Tell whether ``document`` shows the order at an earlier time than ``stored``.

    A document without ``lastModifiedDate`` counts as older than one that has it.
    """
    known = _modified_at(stored)
    if known is None:
        return False
    moment = _modified_at(document)
    return moment is None or moment < known


def document_to_store(document: object, stored: object = None) -> Any:
    """Give what to write over ``stored``, or None when there is nothing to write.

    An older document changes nothing; a newer one is completed with the personal
    data, tax number and cancel requests that only the stored copy has.
    """
    if stored is not None and is_older(document, stored):
        return None
    copy = storable_document(document)
    if isinstance(stored, dict) and isinstance(copy, dict):
        for container, key, value in list(_missing(copy, stored)):
            container[key] = value
    unchanged = stored is not None and document_hash(copy) == document_hash(stored)
    return None if unchanged else copy


def _modified_at(document: object) -> datetime | None:
    text = document.get("lastModifiedDate") if isinstance(document, dict) else None
    try:
        return parse_timestamp(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _storable(value: Any, depth: int) -> Any:
    if value.__class__ is str:
        return storable(value)
    if depth > _DEEPEST:
        raise MappingError("$", None, f"nested deeper than {_DEEPEST} levels")
    if isinstance(value, dict):  # an answer of the client is one of its own kind
        return {
            storable(str(key)): _storable(entry, depth + 1)
            for key, entry in value.items()
        }
    if isinstance(value, list):
        return [_storable(entry, depth + 1) for entry in value]
    return _storable_number(value)


def _storable_number(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if value.bit_length() < 64 else hex(value)
    number = Decimal(repr(value)) if isinstance(value, float) else value
    if not isinstance(number, Decimal) or not number.is_finite():
        return str(value)
    if abs(number.adjusted()) > 15 or number != number.to_integral_value():
        return str(number.normalize())
    return int(number)


def _missing(document: dict[str, Any], stored: dict[str, Any]) -> Missing:
    buyer, known_buyer = _objects(document, stored, "buyer")
    if known_buyer and not buyer:
        yield document, "buyer", known_buyer
    yield from _missing_contact(buyer, known_buyer, "buyerRegistrationAddress")
    yield from _missing_keys(buyer, known_buyer, ("taxIdentifier",))
    for entry, known in _pairs(document, stored, "fulfillmentStartInstructions"):
        step, known_step = _objects(entry, known, "shippingStep")
        yield from _missing_contact(step, known_step, "shipTo")
        yield from _missing_street(entry, known, "finalDestinationAddress")
    for entry, known in _pairs(document, stored, "lineItems", "lineItemId"):
        if isinstance(known.get("giftDetails"), dict):
            yield from _missing_keys(entry, known, ("giftDetails",))
            yield from _missing_keys(*_objects(entry, known, "giftDetails"), _GIFT)
    yield from _missing_cancel_requests(document, stored)


def _missing_contact(
    document: dict[str, Any], stored: dict[str, Any], key: str
) -> Missing:
    """Fields of a contact at the same place; another place is another address."""
    if not isinstance(stored.get(key), dict):
        return
    if not isinstance(document.get(key), dict):
        if document:
            yield document, key, stored[key]
        return
    contact, known = document[key], stored[key]
    places = _objects(contact, known, "contactAddress")
    if "contactAddress" in contact and _place(places[0]) != _place(places[1]):
        return
    yield from _missing_keys(contact, known, ("email",))
    if is_blank(contact.get("fullName")) and not is_blank(known.get("fullName")):
        yield from _missing_keys(
            contact, known, ("fullName", "companyName", "contactAddress")
        )
        yield from _missing_phone(contact, known)
    yield from _missing_street(contact, known, "contactAddress")


def _missing_phone(contact: dict[str, Any], known: dict[str, Any]) -> Missing:
    phone, known_phone = _objects(contact, known, "primaryPhone")
    if is_blank(phone.get("phoneNumber")) and known_phone.get("phoneNumber"):
        yield contact, "primaryPhone", known_phone


def _missing_street(
    document: dict[str, Any], stored: dict[str, Any], key: str
) -> Missing:
    address, known = _objects(document, stored, key)
    if not address or _place(address) != _place(known):
        return
    if is_blank(address.get("addressLine1")):
        yield from _missing_keys(address, known, _STREET)


def _missing_cancel_requests(
    document: dict[str, Any], stored: dict[str, Any]
) -> Missing:
    """getOrders never lists them; at the same moment they are still the same."""
    if _modified_at(document) != _modified_at(stored):
        return
    status, known = _objects(document, stored, "cancelStatus")
    if status and status.get("cancelState") == known.get("cancelState"):
        yield from _missing_keys(status, known, ("cancelRequests",))


def _missing_keys(
    document: dict[str, Any], stored: dict[str, Any], keys: tuple[str, ...]
) -> Missing:
    for key in keys:
        known = stored.get(key)
        empty = not known or (isinstance(known, str) and is_blank(known))
        value = document.get(key)
        if not empty and (not value or (isinstance(value, str) and is_blank(value))):
            yield document, key, known


def _objects(
    document: dict[str, Any], stored: dict[str, Any], key: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    left, right = document.get(key), stored.get(key)
    return (
        left if isinstance(left, dict) else {},
        right if isinstance(right, dict) else {},
    )


def _pairs(
    document: dict[str, Any], stored: dict[str, Any], key: str, name: str = ""
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Entries of two lists that belong together: by a key, else by position."""
    left, right = document.get(key), stored.get(key)
    if not isinstance(left, list) or not isinstance(right, list):
        return
    known = [entry for entry in right if isinstance(entry, dict)]
    entries = [entry for entry in left if isinstance(entry, dict)]
    if not name:
        yield from zip(entries, known, strict=False)
        return
    by_name = {str(entry.get(name)): entry for entry in known}
    for entry in entries:
        other = by_name.get(str(entry.get(name)))
        if other is not None:
            yield entry, other


def _place(address: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(address.get(key) or "").strip().upper() for key in _PLACE)
