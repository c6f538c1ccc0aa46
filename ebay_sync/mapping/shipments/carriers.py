"""eBay's names of carriers, and which of them a delivery method or service means.

Codes and the countries of a carrier: Trading API, ShippingCarrierCodeType (schema 1423;
all of them are values of it but InPost, which only the list of a site can confirm). The
list of a site comes from GeteBayDetails, ShippingCarrierDetails, as the Fulfillment API
wants it. What is found in neither is sent as ``Other``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from ..values.errors import MappingError
from ..values.reader import Node, Reading
from ..values.text import CODE, NAME

OTHER = "Other"  # eBay's word for a carrier that it does not know
MOST_CARRIERS = 1000
SHORTEST_NAME = 3  # letters; shorter ones occur in names that mean something else


@dataclass(frozen=True, slots=True)
class CarrierCode:
    """A carrier: eBay's code, the names it goes by, the sites it is for (all: none).

    A name is lower case without accents; words are parted by one space. What is not
    ``is_documented`` is taken only where a site's own list does not contradict.
    """

    code: str
    names: tuple[str, ...]
    marketplaces: tuple[str, ...] = ()
    is_documented: bool = True


_DE = ("EBAY_DE", "EBAY_AT")
_PL, _GB, _FR = ("EBAY_PL",), ("EBAY_GB",), ("EBAY_FR",)
_IT, _ES, _US = ("EBAY_IT",), ("EBAY_ES",), ("EBAY_US",)

CARRIERS = (
    CarrierCode("DHL", ("dhl",)),
    CarrierCode("DHLEXPRESS", ("dhl express",), _DE + _IT),
    CarrierCode("DHLGlobalMail", ("dhl global mail", "dhl ecommerce"), _DE + _GB + _US),
    CarrierCode("DPD", ("dpd",)),
    CarrierCode("GLS", ("gls",)),
    CarrierCode("UPS", ("ups",)),
    CarrierCode("FedEx", ("fedex", "fed ex", "federal express")),
    CarrierCode("TNT", ("tnt",)),
    # Germany and Austria
    CarrierCode(
        "DeutschePost",
        ("deutsche post", "warenpost", "briefpost", "buchersendung", "warensendung"),
    ),
    CarrierCode("Hermes", ("hermes", "my hermes", "myhermes", "evri")),
    CarrierCode("iLoxx", ("iloxx",), _DE),
    CarrierCode(
        "OsterreichischePostAG",
        ("osterreichische post", "oesterreichische post", "post at"),
    ),
    # Poland
    CarrierCode(
        "InPost",
        ("inpost", "in post", "paczkomat", "paczkomaty"),
        is_documented=False,
    ),
    CarrierCode(
        "PocztaPolska",
        ("poczta polska", "poczta", "kurier 48", "e przesylka"),
    ),
    CarrierCode("Pocztex", ("pocztex",), _PL),
    # United Kingdom and Ireland
    CarrierCode("RoyalMail", ("royal mail",)),
    CarrierCode("Parcelforce", ("parcelforce", "parcel force")),
    CarrierCode("Yodel", ("yodel",), _GB),
    CarrierCode("UKMail", ("uk mail",), _GB),
    CarrierCode("CollectPlus", ("collect plus", "collectplus"), _GB),
    CarrierCode("AnPost", ("an post",)),
    # France
    CarrierCode("Colissimo", ("colissimo", "coliposte"), _FR),
    CarrierCode("LAPOSTE", ("la poste", "laposte", "lettre suivie")),
    CarrierCode("Chronopost", ("chronopost",)),
    CarrierCode("MondialRelay", ("mondial relay",), _FR),
    # Italy
    CarrierCode("PosteItaliane", ("poste italiane", "posteitaliane", "poste it"), _IT),
    CarrierCode("Bartolini", ("brt", "bartolini"), _IT),
    CarrierCode("SDA", ("sda",), _IT),
    # Spain
    CarrierCode("Correos", ("correos",)),
    CarrierCode("Seur", ("seur",)),
    CarrierCode("MRW", ("mrw",), _ES),
    CarrierCode("Nacex", ("nacex",)),
    # United States
    CarrierCode("USPS", ("usps", "us postal service", "postal service")),
    CarrierCode("ONTRACK", ("ontrac", "on trac"), _US),
    CarrierCode("FedExSmartPost", ("fedex smartpost", "fedex smart post"), _US),
    # Netherlands, Belgium, Switzerland
    CarrierCode("PostNL", ("postnl", "post nl")),
    CarrierCode("BPost", ("bpost",)),
    CarrierCode("SwissPost", ("swiss post", "swisspost", "post ch", "postpac")),
)

# Between the humps of camel case, and between letters and digits.
_HUMP = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"
    r"|(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)"
)
_NO_WORD = re.compile(r"[^a-z0-9]+")


def words_of(text: str) -> tuple[str, ...]:
    """The words of a name or of a code in camel case, lower case, without accents."""
    split = _HUMP.sub(" ", (text or "")[:200])
    plain = unicodedata.normalize("NFKD", split.replace("ł", "l").replace("Ł", "L"))
    ascii_only = plain.encode("ascii", "ignore").decode().lower()
    return tuple(_NO_WORD.sub(" ", ascii_only).split())


def map_carriers(details: Mapping[str, object]) -> dict[str, str]:
    """Read GeteBayDetails: the codes of a site's carriers, each with its name.

    Raises MappingError when there is no list: that is not "no carriers".
    """
    raw = details.get("ShippingCarrierDetails")
    if not isinstance(raw, list) or not raw:
        raise MappingError("$.ShippingCarrierDetails", raw, "the list is missing")
    node = Node(dict(details), "$", Reading())
    found = {}
    for entry in node.children("ShippingCarrierDetails", MOST_CARRIERS):
        if code := entry.line("ShippingCarrier", CODE):
            found.setdefault(code, entry.line("Description", NAME) or code)
    return found


def guess_code(
    text: str,
    marketplace: str | None = None,
    listed: Mapping[str, str] | None = None,
) -> str | None:
    """eBay's carrier code for a delivery method's name, or None.

    The longest name that occurs in whole words wins. A carrier that is bound to other
    sites than ``marketplace`` is left out. ``listed`` are the site's own carriers, name
    by code, where they are known: their spelling counts, and they are looked through
    when our table has nothing.
    """
    words = words_of(text)
    spaced, glued = f" {' '.join(words)} ", f" {''.join(words)} "
    listed = listed or {}
    spelling = {code.casefold(): code for code in listed}
    found = [
        (len(name), spelling.get(carrier.code.casefold(), carrier.code))
        for carrier in CARRIERS
        if not (marketplace and carrier.marketplaces)
        or marketplace in carrier.marketplaces
        if carrier.is_documented or not listed or carrier.code.casefold() in spelling
        for name in carrier.names
        if f" {name} " in spaced or f" {name} " in glued
    ] or [
        (len(name), code)
        for code, label in listed.items()
        if code != OTHER
        for name in {" ".join(words_of(label)), " ".join(words_of(code))}
        if len(name) >= SHORTEST_NAME and f" {name} " in spaced
    ]
    return max(found)[1] if found else None


def propose_method(
    service_code: str, methods: Mapping[int, str], marketplace: str | None = None
) -> int | None:
    """Which of our delivery methods (names by id) one of eBay's services means.

    The one of the same carrier whose name shares most words with the service's code;
    None when no carrier or no single best method can be determined.
    """
    code = guess_code(service_code, marketplace)
    if code is None:
        return None
    wanted = set(words_of(service_code))
    ranked = sorted(
        (len(wanted & set(words_of(name))), method)
        for method, name in methods.items()
        if guess_code(name, marketplace) == code
    )
    if not ranked or (len(ranked) > 1 and ranked[-1][0] == ranked[-2][0]):
        return None
    return ranked[-1][1]
