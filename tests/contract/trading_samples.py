"""Trading answers made up from their shapes, as samples.py does for REST."""

from __future__ import annotations

import random
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from .trading_shapes import ANSWERS, CURRENCY, FRAME, REPORT_FILE, RESULT_FILE

NAMESPACE = "urn:ebay:apis:eBLBaseComponents"
_TEXTS = {
    "bool": ("true", "false"),
    "int": ("1", "0", "3"),
    "id": ("110001", "110002"),
    "amount": ("9.90", "1234.5"),
    "number": ("1.5", "0"),
    "time": ("2026-11-01T10:20:30.000Z",),
    "word": ("Active", "Germany"),
    "url": ("https://www.ebay.example/itm/1",),
    "period": ("P3DT2H",),
}
_STRANGE = ("", "²", "-1", "9" * 5_000, "SomethingNew", "1,5", "true", "\u20ac", "NaN")
_BROKEN = (
    b"",
    b"<",
    b"<html><body>Service unavailable</body></html>",
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
    b"{}",
    b"\xff\xfe\x00",
    b"<a>" * 3_000,
)


class TradingSampler:
    """Makes answers to the calls of one made-up conversation."""

    def __init__(self, kind: str, seed: str) -> None:
        self.kind = kind
        self.dice = random.Random(f"trading/{kind}/{seed}")
        self._answers = 0

    def answer(self, name: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of an answer to the call `name`."""
        self._answers += 1
        headers = {"Content-Type": "text/xml;charset=utf-8"}
        if self.kind == "broken":
            return 200, headers, self.dice.choice(_BROKEN)
        shape = {**FRAME, **ANSWERS.get(name, {})}
        if self.kind == "whole":
            shape.pop("Errors")
        return 200, headers, self._written(f"{name}Response", shape)

    def file(self) -> bytes:
        """A result file of the Feed API: a report, or the verdicts on an upload."""
        if self.kind == "broken":
            return self.dice.choice(_BROKEN)
        shape = self.dice.choice((REPORT_FILE, RESULT_FILE))
        return self._written("BulkDataExchangeResponses", shape)

    def _written(self, name: str, shape: dict[str, Any]) -> bytes:
        root = Element(name, {"xmlns": NAMESPACE})
        self._fill(root, shape, 0)
        return tostring(root, encoding="utf-8", xml_declaration=True)

    def _fill(self, element: Element, shape: dict[str, Any], depth: int) -> None:
        keep = {"whole": 1.0, "sparse": 0.4}.get(self.kind, 0.8)
        for name, child in shape.items():
            needed = name == "Ack" and self.dice.random() < 0.95
            if depth < 8 and (needed or self.dice.random() < keep):
                repeats = isinstance(child, list)
                for _ in range(self.dice.choice((1, 2)) if repeats else 1):
                    self._add(element, name, child[0] if repeats else child, depth)
        if self.kind == "strange":
            SubElement(SubElement(element, "SomethingNew"), "Deep").text = "1"

    def _add(self, parent: Element, name: str, shape: Any, depth: int) -> None:
        element = SubElement(parent, name)
        if self.kind == "mistyped" and name != "Ack" and self.dice.random() < 0.12:
            # A text where elements belong, or elements where a text belongs.
            if isinstance(shape, dict):
                element.text = "text"
            else:
                SubElement(element, "Inner").text = "1"
        elif isinstance(shape, dict):
            self._fill(element, shape, depth + 1)
        else:
            element.text = self._text(name, shape)
            if shape in CURRENCY and self.kind != "mistyped":
                element.set("currencyID", "EUR")

    def _text(self, name: str, form: str) -> str:
        if name == "HasMoreItems" and self._answers > 5:
            return "false"
        if name == "Ack":
            return self.dice.choice(form.split("|")) if self._odd() else "Success"
        if self.kind == "strange" and self._odd():
            return self.dice.choice(_STRANGE)
        choices = _TEXTS.get(form) or (form.split("|") if "|" in form else ("text",))
        return self.dice.choice(choices)

    def _odd(self) -> bool:
        return self.kind != "whole" and self.dice.random() < 0.3
