"""Buyers: the same seed and number give the same person, so customers come back."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from .people import COUNTRIES, Country

if TYPE_CHECKING:
    from ..world import World

PER_COUNTRY = 300
"""How many different buyers a country has."""

_TAX_IDS = {"IT": ("CODICE_FISCALE", "RSSMRA85T10A562S"), "ES": ("DNI", "12345678Z")}


def some_buyer(world: World, country: str, number: int) -> dict[str, Any]:
    """The buyer with this number in a country.

    ``buyer`` is Fulfillment's Buyer, ``contact`` an ExtendedContact to ship to (often
    the same address), ``userId`` the immutable eBay id.

    :raises KeyError: a country without people.
    """
    people = COUNTRIES[country]
    dice = world.ids.chance("buyer", country, number)
    name = f"{dice.choice(people.given)} {dice.choice(people.family)}"
    home = _contact(people, name, dice)
    contact = home if dice.random() < 0.8 else _contact(people, name, dice)
    if people.companies and dice.random() < 0.1:
        contact = {"companyName": dice.choice(people.companies), **contact}
    email = f"{dice.getrandbits(80):020x}@members.ebay.com"
    username = f"sim_{country.lower()}_{number:04d}"
    address = home["contactAddress"]
    shown = ("city", "stateOrProvince", "postalCode", "countryCode")
    buyer: dict[str, Any] = {
        "username": username,
        "taxAddress": {key: address[key] for key in shown if key in address},
        "buyerRegistrationAddress": {**home, "email": email},
    }
    if country in _TAX_IDS:
        kind, number_text = _TAX_IDS[country]
        buyer["taxIdentifier"] = {
            "taxpayerId": number_text,
            "taxIdentifierType": kind,
            "issuingCountry": country,
        }
    return {
        "userId": f"u{dice.getrandbits(48):012x}",
        "buyer": buyer,
        "contact": {**contact, "email": email},
    }


def _contact(people: Country, name: str, dice: random.Random) -> dict[str, Any]:
    town, postcode, region = dice.choice(people.towns)
    street, number = dice.choice(people.streets), dice.randint(1, 180)
    address = {"addressLine1": people.line.format(street=street, number=number)}
    if people.second and dice.random() < 0.2:
        address["addressLine2"] = dice.choice(people.second)
    address["city"] = town
    if region:
        address["stateOrProvince"] = region
    address |= {"postalCode": postcode, "countryCode": people.code}
    phone = "".join(
        str(dice.randint(0, 9)) if sign == "#" else sign for sign in people.phone
    )
    return {
        "fullName": name,
        "contactAddress": address,
        "primaryPhone": {"phoneNumber": phone},
    }
