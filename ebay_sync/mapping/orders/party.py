"""People and companies: who bought, who gets the parcel, who gets the invoice.

Source: Fulfillment API, types Buyer, ExtendedContact, TaxAddress, TaxIdentifier. The
e-mail is a relay of eBay's and is gone after 14 days; name, street and phone are gone
after 90 days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ..values.phone import normalize_phone
from ..values.reader import Node
from ..values.text import CODE, EMAIL, NAME, is_blank
from .address import Address, map_address, read_country

TAX_IDENTIFIER_TYPES = frozenset(
    ("CODICE_FISCALE", "DNI", "NIE", "NIF", "NIT", "VATIN")
)
_EMAIL = re.compile(r"[^@\s<>\"(),;]{1,64}@[^@\s<>\"(),;]+\.[^@\s<>\"(),;.]{2,}")
_RELAY = re.compile(r"@members\.ebay\.[a-z.]{2,6}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Party:
    """A person or company with an address.

    ``phone`` is E.164 or None; ``phone_text`` what the buyer typed. ``email_is_relay``
    is true for eBay's forwarding addresses, which identify nobody.
    """

    name: str | None = None
    company: str | None = None
    address: Address | None = None
    phone: str | None = None
    phone_text: str | None = None
    email: str | None = None
    email_is_relay: bool = False

    @property
    def is_named(self) -> bool:
        """Whether there is a name to write on a parcel."""
        return bool(self.name or self.company)

    @property
    def has_street(self) -> bool:
        """Whether there is a street to deliver to."""
        return self.address is not None and self.address.street is not None


@dataclass(frozen=True, slots=True)
class TaxIdentifier:
    """A buyer's tax number; eBay sends it in getOrder only (Italy and Spain)."""

    value: str
    kind: str | None
    country: str | None


@dataclass(frozen=True, slots=True)
class Buyer:
    """The buyer as eBay knows them. ``username`` is changeable, hence no key."""

    username: str | None
    registration: Party | None
    tax_address: Address | None
    tax_identifier: TaxIdentifier | None


def map_buyer(node: Node) -> Buyer:
    """Give the buyer; every field may be missing."""
    return Buyer(
        username=node.identifier("username"),
        registration=map_party(node.child("buyerRegistrationAddress")),
        tax_address=map_address(node.child("taxAddress")),
        tax_identifier=_tax_identifier(node.child("taxIdentifier")),
    )


def map_party(node: Node) -> Party | None:
    """Give the contact in this node (``shipTo``, ``buyerRegistrationAddress``)."""
    if not node:
        return None
    address = map_address(node.child("contactAddress"))
    phone, phone_text = _phone(
        node.child("primaryPhone"), address.country if address else None
    )
    email = _email(node)
    party = Party(
        name=_personal(node, "fullName"),
        company=_personal(node, "companyName"),
        address=_without_masks(address),
        phone=phone,
        phone_text=phone_text,
        email=email,
        email_is_relay=email is not None and is_relay(email),
    )
    return party if party != Party() else None


def is_relay(email: str) -> bool:
    """Tell eBay's forwarding addresses from real ones."""
    return _RELAY.search(email) is not None


def invoice_party(buyer: Buyer, deliver_to: Party | None) -> Party | None:
    """Give who gets the invoice: the registered address, else the tax address.

    ``deliver_to`` is the buyer's own delivery address (None when the goods go to a
    hub or a shop): it lends its name, and its address when eBay sends no other.
    """
    registered = buyer.registration
    if registered is not None and registered.is_named:
        if registered.address is not None:
            return registered
        return replace(registered, address=_other_address(buyer, deliver_to))
    if deliver_to is not None:
        return deliver_to
    address = registered.address if registered else None
    address = address or buyer.tax_address
    return replace(registered or Party(), address=address) if address else registered


def _other_address(buyer: Buyer, deliver_to: Party | None) -> Address | None:
    if deliver_to is not None and deliver_to.address is not None:
        return deliver_to.address
    return buyer.tax_address


def _personal(node: Node, key: str) -> str | None:
    text = node.line(key, NAME)
    return None if is_blank(text) else text


def _without_masks(address: Address | None) -> Address | None:
    """Treat a street that eBay has masked (``****``) as absent."""
    if address is None or address.street is None or not is_blank(address.street):
        return address
    return replace(address, street=None, street2=None)


def _phone(node: Node, country: str | None) -> tuple[str | None, str | None]:
    text = node.line("phoneNumber", 64)
    if text is None or is_blank(text):
        return None, None
    if not any(character.isdigit() for character in text):
        # eBay writes "Invalid Request" where it may not show the number
        node.note("phone_invalid", "phoneNumber", text)
        return None, None
    known = node.reading.phones
    key = (text, country)
    if key not in known:
        known[key] = normalize_phone(text, country)
    phone, remark = known[key]
    if remark:
        node.note(remark, "phoneNumber", text)
    return phone, text


def _email(node: Node) -> str | None:
    text = node.line("email", EMAIL + 1)
    if text is None or is_blank(text):
        return None
    if len(text) > EMAIL or not _EMAIL.fullmatch(text):
        node.note("email_invalid", "email", text)
        return None
    return text


def _tax_identifier(node: Node) -> TaxIdentifier | None:
    value = node.identifier("taxpayerId", CODE)
    if value is None:
        return None
    return TaxIdentifier(
        value,
        node.enum("taxIdentifierType", TAX_IDENTIFIER_TYPES),
        read_country(node, "issuingCountry"),
    )
