"""eBay's OpenAPI documents: read, corrected, and found by request.

The documents are eBay's and are not part of the project. They are looked for in the
directory named by EBAY_OPENAPI_DIR, else in `shared/ebay-openapi` beside the checkout.
They require little and contain errors, so `exceptions.toml` corrects them (each
correction with its reason), and everything they do not mention is forbidden.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10; tomli comes with pytest there
    import tomli as tomllib

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
#: Which kind of token an OAuth flow yields.
_FLOWS = {"authorizationCode": "user", "clientCredentials": "app"}
METHODS = ("get", "post", "put", "delete", "patch")


def directory() -> Path:
    """Where eBay's documents are expected, whether or not they are there."""
    named = os.environ.get("EBAY_OPENAPI_DIR")
    return Path(named) if named else CHECKOUT.parent / "shared" / "ebay-openapi"


def available() -> bool:
    """Whether there is anything to judge by."""
    return any(directory().glob("*_oas3.json"))


@dataclass(frozen=True)
class Operation:
    """One call of one eBay API. `path` has placeholders, without the base path.

    `parameters` are eBay's parameter objects by (place, name), header names in lower
    case. `answers` maps a status to eBay's response object.
    """

    api: str
    name: str
    method: str
    hosts: frozenset[str]
    base: str
    path: str
    parameters: Mapping[tuple[str, str], Mapping[str, Any]] = field(repr=False)
    body: Mapping[str, Any] = field(repr=False)
    answers: Mapping[str, Mapping[str, Any]] = field(repr=False)

    @property
    def key(self) -> str:
        """How reports and exceptions call it: `sell_inventory_v1.getOffer`."""
        return f"{self.api}.{self.name}"

    @property
    def described(self) -> bool:
        """Whether eBay gives schemas; its Post-Order documents give paths alone."""
        return any(answer.get("content") for answer in self.answers.values()) or bool(
            self.parameters and self.base != "/post-order/v2"
        )


class Documents:
    """All of eBay's documents, with our corrections applied."""

    def __init__(
        self, by_api: dict[str, dict[str, Any]], exceptions: Mapping[str, Any]
    ) -> None:
        self.exceptions = exceptions
        self.by_api = by_api
        for correction in exceptions.get("schema", []):
            self._correct(correction)
        self.operations = [
            operation
            for api, document in self.by_api.items()
            for operation in _operations(api, document)
        ]
        self._routes = sorted(
            ((_pattern(op), op) for op in self.operations),
            key=lambda route: (route[1].path.count("{"), -len(route[1].path)),
        )
        self.by_key = {operation.key: operation for operation in self.operations}

    def schemas(self, api: str) -> dict[str, Any]:
        """The named schemas of one document."""
        return self.by_api[api].get("components", {}).get("schemas", {})

    def match(self, method: str, url: str) -> Operation | None:
        """The operation a request is meant for, or None when eBay has no such call.

        The host counts; a trailing slash is as eBay writes it or missing.
        """
        parts = urlsplit(url)
        candidates = [
            operation
            for pattern, operation in self._routes
            if operation.method == method.upper()
            and parts.hostname in operation.hosts
            and pattern.fullmatch(parts.path.rstrip("/"))
        ]
        # The same path with and without a slash at its end are two calls at eBay.
        slash = parts.path.endswith("/")
        candidates.sort(key=lambda operation: operation.path.endswith("/") != slash)
        return candidates[0] if candidates else None

    def error_ids(self, operation: Operation, status: int) -> set[str]:
        """The error ids that eBay lists for a call and a status like this one.

        eBay declares ids under 400 that it sends with 404 or 409, so all of the
        4xx count as one, and so do all of the 5xx; warnings stand under 2xx. A 404
        is mostly declared without ids: any id of the same API will do.
        """
        operations = [operation]
        if status == 404:
            operations = [one for one in self.operations if one.api == operation.api]
        return {
            error_id
            for one in operations
            for code, answer in one.answers.items()
            if code[0] == str(status)[0]
            for error_id in answer.get("x-response-codes", {}).get("errors", {})
        }

    def security(self, operation: Operation) -> tuple[set[str], set[str]]:
        """The scopes that eBay names for a call, and the kinds of token it takes.

        The kinds are `user` and `app`; both are empty where eBay says nothing.
        """
        document = self.by_api[operation.api]
        call = document["paths"][operation.path][operation.method.lower()]
        scopes = {
            scope
            for entry in call.get("security", [])
            for listed in entry.values()
            for scope in listed
        }
        schemes = document.get("components", {}).get("securitySchemes", {})
        flows = schemes.get("api_auth", {}).get("flows", {})
        kinds = {
            _FLOWS[flow]
            for flow, facts in flows.items()
            if flow in _FLOWS and scopes & set(facts["scopes"])
        }
        return scopes, kinds

    def _correct(self, correction: Mapping[str, Any]) -> None:
        api, schema, name = correction["field"].split(".")
        properties = self.schemas(api)[schema].setdefault("properties", {})
        properties[name] = correction["is"]


def _operations(api: str, document: Mapping[str, Any]) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method not in item:
                continue
            call = item[method]
            servers = call.get("servers") or item.get("servers") or document["servers"]
            bases = {_expand(server) for server in servers}
            parameters = [*item.get("parameters", []), *call.get("parameters", [])]
            yield Operation(
                api=api,
                name=call["operationId"],
                method=method.upper(),
                hosts=frozenset(urlsplit(base).hostname or "" for base in bases),
                base=urlsplit(min(bases)).path.rstrip("/"),
                path=path,
                parameters={_place(one): one for one in parameters},
                body=call.get("requestBody", {}),
                answers=call["responses"],
            )


def _place(parameter: Mapping[str, Any]) -> tuple[str, str]:
    name = parameter["name"]
    return parameter["in"], name.lower() if parameter["in"] == "header" else name


def _expand(server: Mapping[str, Any]) -> str:
    url = server["url"]
    for name, variable in server.get("variables", {}).items():
        url = url.replace("{" + name + "}", variable["default"])
    return url


def _pattern(operation: Operation) -> re.Pattern[str]:
    whole = (operation.base + operation.path).rstrip("/")
    steps = re.split(r"\{[^}]+\}", whole)
    return re.compile("[^/]+".join(re.escape(step) for step in steps))


def read_exceptions() -> dict[str, Any]:
    """`exceptions.toml`."""
    return tomllib.loads((HERE / "exceptions.toml").read_text("utf-8"))


def raw_documents() -> dict[str, dict[str, Any]]:
    """The documents as eBay wrote them, by the name of their API."""
    return {
        path.name.removesuffix("_oas3.json"): json.loads(path.read_text("utf-8"))
        for path in sorted(directory().glob("*_oas3.json"))
    }


@lru_cache(maxsize=1)
def documents() -> Documents:
    """eBay's documents as this machine has them.

    Raises FileNotFoundError where they are missing.
    """
    if not available():
        raise FileNotFoundError(f"none of eBay's OpenAPI documents in {directory()}")
    return Documents(raw_documents(), read_exceptions())
