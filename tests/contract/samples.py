"""Answers made up from eBay's schemas: whole, sparse, strange and broken ones.

The same seed makes the same answer. Sparse answers leave optional fields out, strange
ones hold words, fields and links that no document knows, broken ones have the wrong
types or are no JSON at all.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import Any

from .openapi import Documents, Operation

_DEEPEST = 7
_TEXTS = (
    "",
    "x",
    "Größe ß",
    "Łódź",
    "日本語",
    "a" * 300,
    "\u0000",
    "<b>&amp;</b>",
    "-1",
)
_LINKS = (
    "https://api.ebay.com/sell/fulfillment/v1/order?limit=2&offset=2",
    "/sell/inventory/v1/inventory_item?limit=2&offset=1",
    "https://ebay.example/steal?offset=1",
    "http://127.0.0.1:1/x?offset=1",
    "://",
    "?offset=abc&limit=-1",
    "?offset=²",
    "",
)
_RETRY_AFTER = (
    "1",
    "-1",
    "",
    "²",
    "9" * 5_000,
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "soon",
)
_BROKEN = (
    b"",
    b"{",
    b"null",
    b"[]",
    b'"text"',
    b"NaN",
    b"<html><body>Service unavailable</body></html>",
    b"\xff\xfe\x00",
    b"{}",
    b'{"errors": 1}',
    b"[" * 5_000,
)


class Sampler:
    """Makes answers for one operation after the other."""

    def __init__(self, documents: Documents, kind: str, seed: str) -> None:
        self.documents = documents
        self.kind = kind
        self.dice = random.Random(f"{kind}/{seed}")
        self._answers = 0

    def answer(self, operation: Operation) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and body."""
        self._answers += 1
        statuses = [code for code in operation.answers if code[0] == "2"] or ["200"]
        status = int(self.dice.choice(statuses))
        if self.kind != "whole" and self.dice.random() < 0.15:
            return self._refusal()
        headers = {"Content-Type": "application/json", "X-EBAY-C-REQUEST-ID": "ri=1"}
        for name in operation.answers.get(str(status), {}).get("headers", {}):
            if self.kind == "whole" or self.dice.random() < 0.5:
                headers[name] = f"https://api.ebay.com{operation.base}/made/up-1"
        if self.kind == "broken":
            return status, headers, self.dice.choice(_BROKEN)
        schema = self._schema(operation, status)
        if schema is None:
            return status, headers, b""
        document = self.value(operation.api, schema, "", 0)
        if isinstance(document, dict) and self._answers > 10:
            # Every list of pages ends; whoever continues after that never stops.
            document = {
                name: [] if isinstance(value, list) else value
                for name, value in document.items()
                if name not in ("next", "total")
            }
        return status, headers, json.dumps(document, ensure_ascii=False).encode()

    def value(self, api: str, schema: Mapping[str, Any], name: str, depth: int) -> Any:
        """A value for a schema of one document; `name` is the field it is for."""
        if "$ref" in schema:
            schema = self.documents.schemas(api)[schema["$ref"].rpartition("/")[2]]
        if self.kind == "mistyped" and self.dice.random() < 0.08:
            return self.dice.choice((None, 7, 1.5, True, "text", [], {}, [None], [[]]))
        kind = schema.get("type")
        if kind == "object":
            return self._object(api, schema, depth)
        if kind == "array":
            deep = depth > _DEEPEST
            count = 0 if deep else self.dice.choice((1, 2) if depth else (0, 1, 3))
            return [
                self.value(api, schema["items"], name, depth + 1) for _ in range(count)
            ]
        if kind in ("integer", "number"):
            return self._number(name)
        if kind == "boolean":
            return self.dice.random() < 0.5
        return self._text(name)

    def _object(self, api: str, schema: Mapping[str, Any], depth: int) -> Any:
        made = {}
        more = schema.get("additionalProperties")
        if isinstance(more, dict):
            made = {"Brand": self.value(api, more, "Brand", depth + 1)}
        keep = {"whole": 1.0, "sparse": 0.4}.get(self.kind, 0.8)
        for name, field in schema.get("properties", {}).items():
            if depth <= _DEEPEST and self.dice.random() < keep:
                made[name] = self.value(api, field, name, depth + 1)
        if self.kind == "strange":
            made["somethingNew"] = {"deep": [1, "two", None]}
        return made

    def _number(self, name: str) -> int:
        if name == "total":
            return self.dice.choice((0, 1, 3, 7))
        if self.kind == "strange":
            return self.dice.choice((0, -1, 2**40, 10**18))
        return self.dice.choice((200, 201, 204, 400)) if name == "statusCode" else 3

    def _text(self, name: str) -> str:
        strange = self.kind == "strange"
        if name in ("href", "next", "prev"):
            return self.dice.choice(_LINKS) if strange else self.dice.choice(_LINKS[:2])
        if strange and self.dice.random() < 0.5:
            return self.dice.choice(("SOMETHING_NEW", *_TEXTS))
        if name == "currency":
            return "EUR"
        if name == "value":
            return self.dice.choice(("12.50", "0.0", "-3", "4085.0"))
        if name.endswith("Date"):
            return "2026-11-01T10:20:30.000Z"
        if name.lower().endswith(("id", "key", "sku")):
            return str(self.dice.randrange(1, 10**9))
        return self.dice.choice(("ACTIVE", "text", "EBAY_DE"))

    def _schema(self, operation: Operation, status: int) -> Mapping[str, Any] | None:
        declared = operation.answers.get(str(status), {})
        if status == 207 and not declared.get("content"):
            declared = operation.answers.get("200", {})
        content = declared.get("content", {}).get("application/json", {})
        return content.get("schema")

    def _refusal(self) -> tuple[int, Mapping[str, str], bytes]:
        status = self.dice.choice((400, 401, 403, 404, 409, 418, 429, 500, 503))
        error = {"errorId": self.dice.choice((25002, 2001, 1001, "?", None))}
        errors = self.dice.choice(([error], [error, 1], {}, None, [None]))
        body = json.dumps({"errors": errors}).encode()
        body = self.dice.choice((body, *_BROKEN))
        headers = {"Content-Type": "application/json"}
        if self.dice.random() < 0.5:
            headers["Retry-After"] = self.dice.choice(_RETRY_AFTER)
        return status, headers, body
