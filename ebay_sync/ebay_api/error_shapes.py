"""Reads eBay's four error shapes into `ErrorDetail` entries. Never raises.

REST       {"errors": [{"errorId": 25002, "message": ..., "parameters": [...]}]}
OAuth      {"error": "invalid_grant", "error_description": "..."}
Post-Order {"errorMessage": {"error": [{...}]}}       (`error` may be a single object)
Trading    <...Response><Ack>Failure</Ack><Errors>...</Errors></...Response>
The token endpoint answers in the REST shape when it is rate limited, so the shape is
recognised by its keys, never by the address called.
"""

import json
from collections.abc import Iterable
from typing import Any

from .errors import ErrorDetail
from .xml_reader import Element, UnreadableXml, read_xml

TRADING_NAMESPACE = "{urn:ebay:apis:eBLBaseComponents}"
MAX_DETAILS = 100


def read_error_details(body: bytes) -> tuple[ErrorDetail, ...]:
    """The error entries in a body of any shape; empty when there are none."""
    text = body.lstrip()
    if text.startswith(b"{"):
        try:
            return details_of_document(json.loads(text))
        except (ValueError, RecursionError):
            return ()
    if text.startswith(b"<"):
        try:
            return trading_details(read_xml(text))
        except UnreadableXml:
            return ()
    return ()


def details_of_document(document: Any) -> tuple[ErrorDetail, ...]:
    """The error entries of a decoded JSON document (REST, OAuth, Post-Order)."""
    if not isinstance(document, dict):
        return ()
    if isinstance(document.get("error"), str):
        return (
            ErrorDetail(
                error_id=document["error"],
                message=_text(document.get("error_description")),
                domain="OAuth",
            ),
        )
    post_order = document.get("errorMessage")
    if isinstance(post_order, dict):
        entries = post_order.get("error")
        if isinstance(entries, dict):
            entries = [entries]
        return rest_details(entries)
    return rest_details(document.get("errors"))


def rest_details(entries: Any, severity: str = "Error") -> tuple[ErrorDetail, ...]:
    """The entries of a REST `errors` or `warnings` list; odd ones are left out."""
    if not isinstance(entries, list):
        return ()
    return tuple(
        ErrorDetail(
            error_id=_text(entry.get("errorId")),
            message=_text(entry.get("message")),
            long_message=_text(entry.get("longMessage")),
            domain=_text(entry.get("domain")),
            category=_text(entry.get("category")),
            severity=severity,
            parameters=_parameters(entry),
            input_refs=tuple(_text(ref) for ref in _list(entry.get("inputRefIds"))),
        )
        for entry in entries[:MAX_DETAILS]
        if isinstance(entry, dict)
    )


def trading_details(root: Element) -> tuple[ErrorDetail, ...]:
    """The `Errors` elements of a Trading response, warnings among them."""
    return tuple(
        ErrorDetail(
            error_id=_child(entry, "ErrorCode"),
            message=_child(entry, "ShortMessage"),
            long_message=_child(entry, "LongMessage"),
            domain="Trading",
            category=_child(entry, "ErrorClassification"),
            severity=_child(entry, "SeverityCode") or "Error",
            parameters=tuple(
                (parameter.get("ParamID", ""), _child(parameter, "Value"))
                for parameter in _children(entry, "ErrorParameters")
            ),
        )
        for entry in list(_children(root, "Errors"))[:MAX_DETAILS]
    )


def _parameters(entry: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    listed = entry.get("parameters") or entry.get("parameter")
    return tuple(
        (_text(parameter.get("name")), _text(parameter.get("value")))
        for parameter in _list(listed)
        if isinstance(parameter, dict)
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value)


def _children(element: Element, name: str) -> Iterable[Element]:
    return (
        child for child in element if child.tag in (f"{TRADING_NAMESPACE}{name}", name)
    )


def _child(element: Element, name: str) -> str:
    return next(((c.text or "").strip() for c in _children(element, name)), "")
