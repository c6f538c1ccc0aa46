"""The Trading API's frame: headers, tokens, XML in and out, errors with HTTP 200.

Sources: eBay's guide "Making a Call" and the Trading call reference. Error numbers are
Trading's own; what eBay's list does not name was taken from what clients report.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, tostring

from ..calls import Call, Reply
from ..errors import EbayError
from ..reference.marketplaces import BY_SITE_ID, Marketplace
from ..tokens import find_access
from .xml_in import UnreadableXml, read_xml

if TYPE_CHECKING:
    from ..world import World

NAMESPACE = "urn:ebay:apis:eBLBaseComponents"
VERSION = "1477"
_BUILD = "E1477_CORE_API_19110890_R1"
_OLDEST_LEVEL = 967


class TradingError(Exception):
    """One ``Errors`` entry. As an exception it fails the whole call."""

    severity = "Error"

    def __init__(
        self, code: int, message: str, *, parameters: Iterable[str] = ()
    ) -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message
        self.parameters = tuple(parameters)

    def fields(self) -> dict[str, Any]:
        """The entry's content."""
        system = self.code in (518, 10007)
        return {
            "ShortMessage": self.message.split(". ")[0],
            "LongMessage": self.message,
            "ErrorCode": self.code,
            "SeverityCode": self.severity,
            "ErrorParameters": [
                Tag({"Value": value}, {"ParamID": str(number)})
                for number, value in enumerate(self.parameters)
            ],
            "ErrorClassification": "SystemError" if system else "RequestError",
        }


class TradingWarning(TradingError):
    """An ``Errors`` entry beside what was done; never raised."""

    severity = "Warning"


def ack_of(errors: Iterable[TradingError], partly_done: Any) -> str:
    """The response's ``Ack``: what failed, in part or wholly, or was only noted."""
    severities = {error.severity for error in errors}
    if "Error" in severities:
        return "PartialFailure" if partly_done else "Failure"
    return "Warning" if severities else "Success"


def invalid_input(tag: str) -> TradingError:
    """37: a field of the request is missing or makes no sense."""
    return TradingError(
        37, f"Input data is invalid. The tag <{tag}> is missing or invalid."
    )


@dataclass(frozen=True)
class Tag:
    """An element with attributes."""

    content: Any
    attributes: dict[str, str]


def amount(value: Decimal, currency: str) -> Tag:
    """A price with its ``currencyID``: one decimal, or two where needed."""
    text = f"{value:.2f}"
    return Tag(text[:-1] if text.endswith("0") else text, {"currencyID": currency})


@dataclass
class Request:
    """One Trading call on its way: who, where, what."""

    call: Call
    name: str
    seller: str
    place: Marketplace
    body: Element
    errors: list[TradingError] = field(default_factory=list)
    """Errors of single entries; the handler decides on the Ack."""

    @property
    def world(self) -> World:
        """The simulator's state."""
        return self.call.world

    def text(self, path: str, within: Element | None = None) -> str | None:
        """The stripped text at ``path`` (``A/B``), or None when absent or empty."""
        found = self.find(path, within)
        return (found.text or "").strip() or None if found is not None else None

    def find(self, path: str, within: Element | None = None) -> Element | None:
        """The first element at ``path``."""
        return next(iter(self.find_all(path, within)), None)

    def find_all(self, path: str, within: Element | None = None) -> list[Element]:
        """All elements at ``path``."""
        start = self.body if within is None else within
        inside = "/".join(f"{{{NAMESPACE}}}{part}" for part in path.split("/"))
        return start.findall(inside)

    def flag(self, path: str, default: bool = False) -> bool:
        """The boolean at ``path``; xs:boolean has two spellings of true."""
        text = self.text(path)
        return default if text is None else text in ("true", "1")

    def number(self, path: str, default: int, within: Element | None = None) -> int:
        """The integer at ``path``. Raises TradingError 37."""
        text = self.text(path, within)
        try:
            return default if text is None else int(text)
        except ValueError as error:
            raise invalid_input(path.replace("/", ".")) from error


def open_request(call: Call) -> Request:
    """Check headers, body and token.

    Raises TradingError: 10011/10012 headers, 5 XML, 930...21917053 tokens.
    """
    name = _header(call, "X-EBAY-API-CALL-NAME")
    level = _header(call, "X-EBAY-API-COMPATIBILITY-LEVEL")
    site = _header(call, "X-EBAY-API-SITEID")
    if not level.isdigit() or int(level) < _OLDEST_LEVEL:
        raise _bad_header("X-EBAY-API-COMPATIBILITY-LEVEL")
    place = BY_SITE_ID.get(site)
    if place is None:
        raise _bad_header("X-EBAY-API-SITEID")
    body = _parse(call.body, name)
    call.token = _token(call, body)
    return Request(call, name, call.seller, place, body)


def _header(call: Call, name: str) -> str:
    value = call.headers.get(name, "").strip()
    if not value:
        raise TradingError(10011, f'Missing HTTP header. "{name}" is not set.')
    return value


def _bad_header(name: str) -> TradingError:
    return TradingError(10012, f'Invalid value for HTTP header. "{name}" is wrong.')


def _parse(body: bytes, name: str) -> Element:
    try:
        root = read_xml(body)
    except UnreadableXml as error:
        raise TradingError(5, "XML Parse error. The request is no XML.") from error
    if root.tag != f"{{{NAMESPACE}}}{name}Request":
        raise TradingError(5, f"XML Parse error. <{name}Request> was expected.")
    return root


def _token(call: Call, body: Element) -> dict[str, Any]:
    """The user token of the IAF header, or of the body as older programs send it."""
    text = call.headers.get("X-EBAY-API-IAF-TOKEN", "").strip()
    path = "/".join(
        f"{{{NAMESPACE}}}{part}" for part in ("RequesterCredentials", "eBayAuthToken")
    )
    old_style = (body.findtext(path) or "").strip()
    if not text and not old_style:
        raise TradingError(930, "No XML auth token. Name one in the request header.")
    token = find_access(call.world, text or old_style)
    if token is not None and token["seller"] is not None:
        return token
    known = call.world.collection("access_token").get(text or old_style)
    has_expired = known is not None and known["seller"] is not None
    if text:
        if has_expired:
            raise TradingError(21917053, "Expired IAF token. The token has expired.")
        raise TradingError(21916984, "Invalid IAF token. The token is invalid.")
    if has_expired:
        raise TradingError(932, "Auth token is hard expired. Get a new one.")
    raise TradingError(931, "Auth token is invalid. Validation of it failed.")


def answer(
    world: World, name: str, ack: str, errors: Iterable[TradingError], content: Any
) -> Element:
    """The response's element tree."""
    root = Element(f"{name}Response", xmlns=NAMESPACE)
    head = {
        "Timestamp": world.clock.text(),
        "Ack": ack,
        "Errors": [one.fields() for one in errors],
        "Version": VERSION,
        "Build": _BUILD,
    }
    _fill(root, head)
    _fill(root, content)
    return root


def _fill(parent: Element, content: dict[str, Any]) -> None:
    """Append ``content``; lists repeat their element, None is left out."""
    for name, value in content.items():
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                _append(parent, name, one)


def _append(parent: Element, name: str, value: Any) -> None:
    element = SubElement(parent, name)
    if isinstance(value, Tag):
        element.attrib.update(value.attributes)
        value = value.content
    if isinstance(value, dict):
        _fill(element, value)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    else:
        element.text = str(value)


_ALWAYS = {"Timestamp", "Ack", "Errors", "Version", "Build", "CorrelationID"}


def select(root: Element, selectors: list[str]) -> None:
    """OutputSelector: keep what is named, with all it holds and what holds it.

    A selector is a name (``ItemID``) or a path (``Item.SellingStatus.CurrentPrice``)
    and names every element that ends like it, whatever its case.
    """
    wanted = [tuple(one.lower().split(".")) for one in selectors]
    for child in list(root):
        if child.tag not in _ALWAYS and not _keep(child, (child.tag.lower(),), wanted):
            root.remove(child)


def _keep(
    element: Element, path: tuple[str, ...], wanted: list[tuple[str, ...]]
) -> bool:
    if any(path[-len(one) :] == one for one in wanted):
        return True
    for child in list(element):
        if not _keep(child, (*path, child.tag.lower()), wanted):
            element.remove(child)
    return len(element) > 0


def reply(root: Element) -> Reply:
    """HTTP 200, whatever the Ack says."""
    text = '<?xml version="1.0" encoding="UTF-8"?>' + tostring(root, "unicode")
    return Reply(200, text.encode(), "text/xml;charset=utf-8")


def render_error(error: EbayError) -> Reply:
    """What the gateway says where no call was reached: quotas, faults, crashes.

    Those that stand for a broken gateway keep their HTTP status.
    """
    error_id = error.error["errorId"]
    code = {2001: 518}.get(error_id, 10007)
    entry = TradingError(code, error.error["longMessage"])
    root = Element("eBay", xmlns=NAMESPACE)
    _fill(root, {"Ack": "Failure", "Errors": entry.fields(), "Version": VERSION})
    made = reply(root)
    made.status = error.status if error.status >= 500 else 200
    return made
