"""Judges Trading calls and answers by their shapes (see trading_shapes.py)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from simulator.trading.xml_in import UnreadableXml, read_xml

from .judge import Exchange
from .trading_shapes import ANSWERS, CURRENCY, FRAME, REQUESTS, STANDARD, TEXTS

NAMESPACE = "{urn:ebay:apis:eBLBaseComponents}"
SITES = {"0", "2", "3", "15", "16", "23", "71", "77", "100", "101", "123", "146"} | {
    *("186", "193", "201", "203", "205", "207", "210", "211", "212", "216"),
}


def judge_trading(exchange: Exchange) -> Iterator[str]:
    """Everything that is wrong with a Trading call or its answer."""
    headers = {name.lower(): text for name, text in exchange.request_headers.items()}
    name = headers.get("x-ebay-api-call-name", "")
    if name not in REQUESTS:
        yield f"no call that we know: {name!r}"
        return
    yield from _frame(exchange, headers)
    request = _parse(exchange.request_body)
    if request is None or request.tag != f"{NAMESPACE}{name}Request":
        yield f"{name}: the body is no {name}Request"
    else:
        yield from compare(request, {**STANDARD, **REQUESTS[name]}, name)
        yield from _limits(request, name)
    answer = _parse(exchange.body)
    if exchange.status != 200:
        yield f"{name}: answers {exchange.status}; Trading refuses with 200"
    elif answer is None or answer.tag != f"{NAMESPACE}{name}Response":
        yield f"{name}: the answer is no {name}Response"
    else:
        shape = {**FRAME, **ANSWERS[name]}
        yield from compare(answer, shape, f"{name} answer")
        yield from _verdict(answer, name)


def _frame(exchange: Exchange, headers: Mapping[str, str]) -> Iterator[str]:
    place = urlsplit(exchange.url)
    if (exchange.method, place.hostname) != ("POST", "api.ebay.com") or place.query:
        yield f"{exchange.method} {exchange.url}"
    if place.path != "/ws/api.dll":
        yield f"the path {place.path}"
    if not headers.get("content-type", "").startswith("text/xml"):
        yield f"Content-Type is {headers.get('content-type')}"
    if headers.get("x-ebay-api-siteid") not in SITES:
        yield f"site {headers.get('x-ebay-api-siteid')}"
    level = headers.get("x-ebay-api-compatibility-level", "")
    if not level.isdigit() or not 1300 <= int(level) <= 1500:
        yield f"compatibility level {level}"
    token = headers.get("x-ebay-api-iaf-token", "")
    if not token or " " in token:
        yield "the token is missing, or has a scheme before it"
    if "authorization" in headers:
        yield "an Authorization header beside the IAF token"


def _parse(body: bytes) -> Element | None:
    try:
        return read_xml(body)
    except UnreadableXml:
        return None


def compare(element: Element, shape: Any, where: str) -> Iterator[str]:
    """Where an element differs from its shape; every child is optional."""
    if isinstance(shape, str):
        yield from _text(element, shape, where)
        return
    seen: set[str] = set()
    for child in element:
        name = child.tag.removeprefix(NAMESPACE)
        place = f"{where}.{name}"
        if name not in shape or child.tag == name:
            yield f"{place}: unknown element"
            continue
        repeats = isinstance(shape[name], list)
        if name in seen and not repeats:
            yield f"{place}: twice"
        seen.add(name)
        yield from compare(child, shape[name][0] if repeats else shape[name], place)


def _text(element: Element, form: str, where: str) -> Iterator[str]:
    text = element.text or ""
    if len(element):
        yield f"{where}: elements in place of a text"
    elif not re.fullmatch(TEXTS.get(form, form), text):
        yield f"{where}: {text[:60]!r} is no {form}"
    currency = element.get("currencyID")
    if (form in CURRENCY) != (currency is not None):
        yield f"{where}: currency {currency}"
    elif currency is not None and not re.fullmatch("[A-Z]{3}", currency):
        yield f"{where}: currency {currency}"


def _limits(request: Element, name: str) -> Iterator[str]:
    per_page = request.findtext(f".//{NAMESPACE}EntriesPerPage")
    if per_page and not 1 <= int(per_page) <= 200:
        yield f"{name}: {per_page} entries per page"
    entries = request.findall(f"{NAMESPACE}InventoryStatus")
    if len(entries) > 4:
        yield f"{name}: {len(entries)} entries, 4 at most"
    keys = [
        (one.findtext(f"{NAMESPACE}ItemID"), one.findtext(f"{NAMESPACE}SKU"))
        for one in entries
    ]
    if len(set(keys)) < len(keys):
        yield f"{name}: the same listing twice"


def _verdict(answer: Element, name: str) -> Iterator[str]:
    for needed in ("Timestamp", "Ack", "Version", "Build"):
        if answer.find(NAMESPACE + needed) is None:
            yield f"{name} answer: lacks {needed}"
    severities = {
        entry.findtext(f"{NAMESPACE}SeverityCode")
        for entry in answer.findall(f"{NAMESPACE}Errors")
    }
    ack = answer.findtext(f"{NAMESPACE}Ack")
    fits = {
        "Success": severities == set(),
        "Warning": severities == {"Warning"},
        "Failure": "Error" in severities,
        "PartialFailure": "Error" in severities,
    }
    if not fits.get(ack or "", False):
        yield f"{name} answer: Ack {ack} with {sorted(map(str, severities))}"
