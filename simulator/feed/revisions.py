"""LMS_REVISE_INVENTORY_STATUS: a file of Trading requests, and what became of each."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, tostring

from ..reference.marketplaces import BY_SITE_ID, MARKETPLACES
from ..trading import revising
from ..trading.frame import NAMESPACE, Request, TradingError, ack_of, answer
from ..trading.xml_in import UnreadableXml, read_xml

if TYPE_CHECKING:
    from ..calls import Call

_CALL = "ReviseInventoryStatus"


def apply(call: Call, seller: str, content: bytes) -> tuple[bytes, int, int]:
    """Do every request of the file: (result XML, how many worked, how many did not)."""
    results = Element("BulkDataExchangeResponses", xmlns=NAMESPACE)
    try:
        root = read_xml(content)
    except UnreadableXml:
        broken = TradingError(5, "XML Parse error. The file is no XML.")
        results.append(answer(call.world, _CALL, "Failure", [broken], {}))
        return _text(results), 0, 1
    site = root.findtext(f"{{{NAMESPACE}}}Header/{{{NAMESPACE}}}SiteID", "")
    place = BY_SITE_ID.get(site.strip(), MARKETPLACES["EBAY_US"])
    good = bad = 0
    for body in root.iter(f"{{{NAMESPACE}}}{_CALL}Request"):
        request = Request(call, _CALL, seller, place, body)
        result, worked = _one(request)
        good, bad = good + worked, bad + (not worked)
        results.append(result)
    return _text(results), good, bad


def _one(request: Request) -> tuple[Element, bool]:
    content = {}
    try:
        content = revising.revise_inventory_status(request)
    except TradingError as error:
        request.errors.append(error)
    ack = ack_of(request.errors, content.get("InventoryStatus"))
    content["CorrelationID"] = request.text("MessageID")
    result = answer(request.world, _CALL, ack, request.errors, content)
    del result.attrib["xmlns"]
    return result, ack in ("Success", "Warning")


def _text(results: Element) -> bytes:
    return tostring(results, encoding="utf-8", xml_declaration=True)
