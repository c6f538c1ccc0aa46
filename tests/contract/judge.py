"""Compares a request and its answer with what eBay documents; returns findings.

Stricter than the documents: a field, parameter or status that eBay does not document is
a finding, unless `exceptions.toml` says why it is right.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from openapi_schema_validator import OAS30Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from .openapi import Documents, Operation

#: Headers that every call may carry, whether or not eBay lists them for it.
COMMON_HEADERS = {
    "accept",
    "accept-encoding",
    "accept-language",
    "authorization",
    "connection",
    "content-digest",
    "content-length",
    "content-type",
    "host",
    "signature",
    "signature-input",
    "user-agent",
    "x-ebay-enforce-signature",
    "x-ebay-signature-key",
}
#: Error ids that any call may answer with: guide "Using eBay RESTful APIs"; the last
#: ones are those of digital signatures.
COMMON_ERRORS = {"1001", "1002", "1003", "1004", "1100", "2001", "2002", "2003"} | {
    *("2004", "3001", "3002", "3003", "3004", "3005"),
    *(str(number) for number in (*range(215000, 215004), *range(215105, 215123))),
}
COMMON_STATUSES = {400, 401, 403, 404, 429, 500}
LOCALE = re.compile(r"[a-z]{2}-[A-Z]{2}")
TIMESTAMP = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$"
DECIMAL = r"^-?\d+(\.\d+)?$"


@dataclass(frozen=True)
class Exchange:
    """One request as it went out, under eBay's own host name, and its answer."""

    method: str
    url: str
    request_headers: Mapping[str, str] = field(repr=False)
    request_body: bytes = field(repr=False)
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class Tokens(Protocol):
    """The tokens that were in use, to tell their kinds apart."""

    user: str
    app: str


class Judge:
    """Judges exchanges by one set of documents."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents
        exceptions = documents.exceptions
        self._allowed = {
            (one["operation"], one["what"]) for one in exceptions.get("allow", [])
        }
        self._required = {
            (one["operation"], one["what"]) for one in exceptions.get("require", [])
        }
        #: Entries of `allow` that were needed so far.
        self.used: set[tuple[str, str]] = set()
        self._validator = lru_cache(maxsize=None)(self._make_validator)
        self._registry = Registry().with_resources(
            (f"urn:{api}", Resource(_strict(document), DRAFT4))
            for api, document in documents.by_api.items()
        )

    def judge(
        self, exchange: Exchange, tokens: Tokens | None = None
    ) -> tuple[Operation | None, list[str]]:
        """The operation, and everything that is wrong with request or answer.

        With `tokens`, also whether a call went out with the kind of token it needs.
        """
        operation = self.documents.match(exchange.method, exchange.url)
        if operation is None:
            place = urlsplit(exchange.url)
            return None, [
                f"eBay has no such call: {exchange.method} {place.hostname}{place.path}"
            ]
        findings = [*self._request(operation, exchange)]
        findings += self._answer(operation, exchange)
        if tokens:
            findings += self._token(operation, exchange, tokens)
        kept = [
            text for what, text in findings if not self._is_allowed(operation, what)
        ]
        return operation, [f"{operation.key}: {text}" for text in kept]

    def document(self, api: str, schema: str, document: object) -> list[str]:
        """What is wrong with a document of one of the API's named schemas."""
        reference = json.dumps({"$ref": f"#/components/schemas/{schema}"})
        errors = self._validator(api, reference).iter_errors(document)
        return [f"{error.json_path}: {error.message[:160]}" for error in errors]

    def _is_allowed(self, operation: Operation, what: str) -> bool:
        for key in (operation.key, f"{operation.api}.*", "*"):
            if (key, what) in self._allowed:
                self.used.add((key, what))
                return True
        return False

    # -- the request ---------------------------------------------------------

    def _request(
        self, operation: Operation, exchange: Exchange
    ) -> Iterator[tuple[str, str]]:
        headers = {
            name.lower(): value for name, value in exchange.request_headers.items()
        }
        query = parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True)
        yield from self._parameters(operation, headers, query)
        yield from _path(operation, exchange)
        if not headers.get("authorization", "").startswith(_scheme(operation)):
            yield "scheme", f"Authorization is not {_scheme(operation)}..."
        for name in ("content-language", "accept-language"):
            if name in headers and not LOCALE.fullmatch(headers[name]):
                yield name, f"{name}: {headers[name]!r} is no locale of eBay's"
        yield from self._request_body(operation, exchange, headers)

    def _token(
        self, operation: Operation, exchange: Exchange, tokens: Tokens
    ) -> Iterator[tuple[str, str]]:
        token = exchange.request_headers.get("Authorization", "").partition(" ")[2]
        kinds = {tokens.user: "user", tokens.app: "app"}
        _, wanted = self.documents.security(operation)
        if token in kinds and wanted and kinds[token] not in wanted:
            yield "token", f"sent with the {kinds[token]} token"

    def _parameters(
        self,
        operation: Operation,
        headers: Mapping[str, str],
        query: list[tuple[str, str]],
    ) -> Iterator[tuple[str, str]]:
        sent = {("header", name) for name in headers}
        sent |= {("query", name) for name, _ in query}
        for place, name in sorted(sent):
            known = (place, name) in operation.parameters
            common = place == "header" and name in COMMON_HEADERS
            if not known and not common and operation.described:
                yield f"{place}:{name}", f"sends an unknown {place} parameter {name}"
        for (place, name), parameter in operation.parameters.items():
            wanted = parameter.get("required") or (
                (operation.key, f"{place}:{name}") in self._required
            )
            if place in ("header", "query") and wanted and (place, name) not in sent:
                yield f"{place}:{name}", f"lacks the {place} parameter {name}"
        for name, value in query:
            if ("query", name) in operation.parameters and not value.strip():
                yield f"query:{name}", f"sends {name} empty"
            if name in ("limit", "offset") and not value.isdigit():
                yield f"query:{name}", f"{name} is {value!r}"

    def _request_body(
        self, operation: Operation, exchange: Exchange, headers: Mapping[str, str]
    ) -> Iterator[tuple[str, str]]:
        content = operation.body.get("content", {})
        sent = headers.get("content-type", "").partition(";")[0].strip().lower()
        if not exchange.request_body:
            if operation.body.get("required"):
                yield "body", "sends no body"
            return
        if not content and exchange.request_body == b"{}":
            yield "empty-body", "sends {} where eBay takes no body"
        elif sent not in content:
            yield "body", f"sends a body of type {sent or 'none'}, which eBay ignores"
        elif "schema" in content[sent] and sent == "application/json":
            yield from self._json(
                operation, exchange.request_body, content[sent]["schema"], "request"
            )

    # -- the answer ----------------------------------------------------------

    def _answer(
        self, operation: Operation, exchange: Exchange
    ) -> Iterator[tuple[str, str]]:
        status = exchange.status
        declared = operation.answers.get(str(status))
        if declared is None and status not in COMMON_STATUSES:
            yield f"status:{status}", f"answers {status}, which eBay does not"
        if not operation.described:
            return
        if status >= 400:
            yield from self._error(operation, exchange)
            return
        declared = declared or {}
        for name in declared.get("headers", {}):
            if name.lower() not in {one.lower() for one in exchange.headers}:
                yield f"answer-header:{name}", f"answers without {name}"
        yield from self._answer_body(operation, exchange, declared)

    def _answer_body(
        self, operation: Operation, exchange: Exchange, declared: Mapping[str, Any]
    ) -> Iterator[tuple[str, str]]:
        content = declared.get("content", {})
        if exchange.status == 207 and not content:
            # eBay declares 207 without a body; the shape is that of 200.
            content = operation.answers.get("200", {}).get("content", {})
        kind = _header(exchange.headers, "content-type").partition(";")[0].lower()
        if not exchange.body:
            schema = content.get("application/json", {}).get("schema", {})
            if "$ref" in schema and _has_fields(self.documents, operation.api, schema):
                yield "answer-body", f"answers {exchange.status} without a body"
        elif not content:
            yield "answer-body", f"answers {exchange.status} with a body"
        else:
            if kind not in content:
                yield "answer-type", f"answers with {kind or 'no type'}"
            if "application/json" in content:
                schema = content["application/json"]["schema"]
                yield from self._json(
                    operation, _plain(exchange.body), schema, "answer"
                )

    def _error(
        self, operation: Operation, exchange: Exchange
    ) -> Iterator[tuple[str, str]]:
        try:
            errors = json.loads(exchange.body)["errors"]
        except (ValueError, KeyError, TypeError):
            yield "error-body", f"answers {exchange.status} without errors"
            return
        schema = {"type": "array", "minItems": 1, "items": {"$ref": _ERROR_REF}}
        if "Error" not in self.documents.schemas(operation.api):
            return
        yield from self._json(
            operation, json.dumps(errors).encode(), schema, "error answer"
        )
        known = self.documents.error_ids(operation, exchange.status) | COMMON_ERRORS
        for error in errors:
            error_id = str(error.get("errorId"))
            if error_id not in known:
                yield f"error:{error_id}", f"answers with error {error_id}, not listed"

    # -- schemas -------------------------------------------------------------

    def _json(
        self, operation: Operation, body: bytes, schema: Mapping[str, Any], what: str
    ) -> Iterator[tuple[str, str]]:
        try:
            document = json.loads(body)
        except ValueError as error:
            yield what, f"{what} is not JSON: {error}"
            return
        validator = self._validator(operation.api, json.dumps(schema, sort_keys=True))
        for error in validator.iter_errors(document):
            place = re.sub(r"\[\d+\]", "[]", error.json_path)
            for name in _unknown_fields(error) or [""]:
                where = f"{place}.{name}" if name else place
                text = "unknown field" if name else error.message[:160]
                yield f"{what}:{where}", f"{what} {where}: {text}"

    def _make_validator(self, api: str, schema: str) -> OAS30Validator:
        absolute = json.loads(schema, object_hook=lambda node: _absolute(node, api))
        return OAS30Validator(_strict(absolute), registry=self._registry)


_ERROR_REF = "#/components/schemas/Error"


def _path(operation: Operation, exchange: Exchange) -> Iterator[tuple[str, str]]:
    path = urlsplit(exchange.url).path
    if path.endswith("/") != operation.path.endswith("/"):
        yield "slash", f"path {path} and eBay's {operation.path} end differently"
    if any(unquote(step) in ("None", "") for step in path.strip("/").split("/")):
        yield "path", f"an empty part in the path {path}"


def _plain(body: bytes) -> bytes:
    """The content of a body that is a gzip file; other bodies as they are."""
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


def _scheme(operation: Operation) -> str:
    return "IAF " if operation.base.startswith("/post-order") else "Bearer "


def _header(headers: Mapping[str, str], name: str) -> str:
    return next((v for key, v in headers.items() if key.lower() == name), "").strip()


def _has_fields(documents: Documents, api: str, schema: Mapping[str, Any]) -> bool:
    name = schema["$ref"].rpartition("/")[2]
    properties = set(documents.schemas(api)[name].get("properties", {}))
    return not properties <= {"warnings"}


def _absolute(node: dict[str, Any], api: str) -> dict[str, Any]:
    if isinstance(node.get("$ref"), str) and node["$ref"].startswith("#"):
        return {"$ref": f"urn:{api}{node['$ref']}"}
    return node


def _unknown_fields(error: Any) -> list[str]:
    if error.validator != "additionalProperties":
        return []
    known = error.schema.get("properties", {})
    return sorted(name for name in error.instance if name not in known)


def _strict(schema: Any) -> Any:
    """A copy that forbids unknown fields and knows eBay's amounts and timestamps."""
    if isinstance(schema, list):
        return [_strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    copy = {name: _strict(value) for name, value in schema.items()}
    properties = copy.get("properties")
    if schema.get("type") == "object" and isinstance(properties, dict):
        copy.setdefault("additionalProperties", False)
        for name, value in properties.items():
            _tighten(name, value, properties)
    return copy


def _tighten(name: str, field_schema: Any, beside: Mapping[str, Any]) -> None:
    if not isinstance(field_schema, dict) or field_schema.get("type") != "string":
        return
    if "pattern" in field_schema:
        return
    if name in ("value", "convertedFromValue") and "currency" in beside:
        field_schema["pattern"] = DECIMAL
    elif name in ("currency", "convertedFromCurrency") and "value" in beside:
        field_schema["pattern"] = "^[A-Z]{3}$"
    elif re.search(r"(Date|^date)$", name):
        field_schema["pattern"] = TIMESTAMP
