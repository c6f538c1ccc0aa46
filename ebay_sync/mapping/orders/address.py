"""Postal addresses: lines, state, postal code and parcel lockers.

Source: Fulfillment API, type Address (also TaxAddress, which has no street). Codes
come out; looking up country and state is the flow's work.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..values.postal_code import normalize_postal_code
from ..values.reader import Node
from ..values.text import CITY, LINE, POSTAL_CODE, STATE

STATE_CODE = "code"
STATE_NAME = "name"
STATE_UNKNOWN = "unknown"

# Where eBay's buyers choose the state from a fixed list, so that another code is wrong.
_STATE_CODES = {
    "US": frozenset(
        "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO "
        "MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY "
        "AS GU MP PR VI UM FM MH PW AA AE AP".split()
    ),
    "CA": frozenset("AB BC MB NB NL NS NT NU ON PE QC SK YT".split()),
    "AU": frozenset("ACT NSW NT QLD SA TAS VIC WA".split()),
}
_PLACEHOLDERS = frozenset(
    ("default", "n/a", "na.", "none", "null", "-", "--", ".", "x")
)
_OTHER_NAMES = {"UK": "GB", "EL": "GR"}
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_CODE_SHAPE = re.compile(r"[A-Z0-9]{1,3}", re.ASCII)
_LOCKER = re.compile(
    r"\b(packstation|postfiliale|paketshop)\b\D{0,12}(\d{3,4})(?!\d)", re.IGNORECASE
)
_POST_NUMBER = re.compile(r"(?<!\d)(\d{6,10})(?!\d)")


@dataclass(frozen=True, slots=True)
class ParcelLocker:
    """A DHL Packstation or Postfiliale, to which only DHL delivers.

    ``post_number`` is the recipient's customer number at DHL; without it a parcel
    to a Packstation comes back.
    """

    kind: str
    number: str
    post_number: str | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """An address in the two street fields that Odoo has.

    ``state`` is the text eBay sent; ``state_kind`` says whether it looks like a code
    (``code``), a name (``name``) or like no state of that country (``unknown``).
    ``country_text`` is what eBay sent for a country where that is no code.
    ``reference`` is the number that must stand above the street (hubs only) and is
    already part of ``street``.
    """

    street: str | None = None
    street2: str | None = None
    city: str | None = None
    state: str | None = None
    state_kind: str | None = None
    county: str | None = None
    postal_code: str | None = None
    country: str | None = None
    country_text: str | None = None
    locker: ParcelLocker | None = None
    reference: str | None = None


def map_address(node: Node) -> Address | None:
    """Give the address in this node, or None when nothing stands there."""
    if not node:
        return None
    country = read_country(node, "countryCode")
    street, street2 = node.line("addressLine1", LINE), node.line("addressLine2", LINE)
    if street2 and not street:
        street, street2 = street2, None
    if street2 == street:
        street2 = None
    state, state_kind = _state(node, country)
    address = Address(
        street=street,
        street2=street2,
        city=node.line("city", CITY),
        state=state,
        state_kind=state_kind,
        county=node.line("county", CITY),
        postal_code=_postal_code(node, country),
        country=country,
        country_text=None if country else node.line("countryCode", STATE),
        locker=_locker(node, country, street, street2),
    )
    return address if address != Address() else None


def with_reference(address: Address, reference: str) -> Address:
    """Put a hub's reference number directly above the street, as eBay demands it.

    Once: where a line of the address has it already, it is taken out of there.
    """
    number = reference.removeprefix("Reference #").strip()
    there = re.compile(
        rf"(?:\breference\b[\s:#]*)?(?<!\w){re.escape(number)}(?!\w)", re.IGNORECASE
    )
    lines = [
        there.sub("", line).strip(" ,;#")
        for line in (address.street, address.street2)
        if line
    ]
    return replace(
        address,
        street=f"Reference #{number}",
        street2=", ".join(line for line in lines if line) or None,
        reference=reference,
    )


def read_country(node: Node, key: str) -> str | None:
    """Give the ISO 3166 code of a country, or None with a note."""
    text = node.line(key, STATE)
    if text is None:
        return None
    code = _OTHER_NAMES.get(text.upper(), text.upper())
    if not _COUNTRY.fullmatch(code):
        node.note("country_unknown", key, text)
        return None
    return code


def _postal_code(node: Node, country: str | None) -> str | None:
    text = node.line("postalCode", POSTAL_CODE)
    if text is None:
        return None
    code, fits = normalize_postal_code(text, country)
    if not fits:
        node.note("postal_code_format", "postalCode", text)
    return code


def _state(node: Node, country: str | None) -> tuple[str | None, str | None]:
    text = node.line("stateOrProvince", STATE)
    if text is None:
        return None, None
    if text.lower() in _PLACEHOLDERS:
        node.note("state_placeholder", "stateOrProvince", text)
        return None, None
    code = text.upper().removeprefix(f"{country}-")
    if not _CODE_SHAPE.fullmatch(code):
        return text, STATE_NAME
    known = _STATE_CODES.get(country or "")
    if known is not None and code not in known:
        node.note("state_unknown", "stateOrProvince", text)
        return text, STATE_UNKNOWN
    return code, STATE_CODE


def _locker(
    node: Node, country: str | None, street: str | None, street2: str | None
) -> ParcelLocker | None:
    """Recognise a locker in either street line; the post number may be in the other."""
    if country != "DE":
        return None
    lines = [line for line in (street, street2) if line]
    for line in lines:
        match = _LOCKER.search(line)
        if not match:
            continue
        rest = [line[: match.start()], line[match.end() :]]
        rest += [other for other in lines if other is not line]
        post_number = post_number_in(rest)
        kind = match.group(1).lower()
        if post_number is None and kind == "packstation":
            node.note("packstation_without_post_number", "addressLine1", line)
        return ParcelLocker(kind, match.group(2), post_number)
    return None


def post_number_in(texts: Iterable[str | None]) -> str | None:
    """Give the first number that may be a recipient's post number at DHL."""
    for text in filter(None, texts):
        match = _POST_NUMBER.search(text)
        if match:
            return match.group(1)
    return None
