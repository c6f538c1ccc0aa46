"""Judges what eBay's OpenAPI documents leave out: OAuth and the Trading API.

Sources: eBay's guides "The authorization code grant request", "Using a refresh token to
update a user access token", "The client credentials grant request"; "Making a call" and
the call reference of the Trading API.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs, urlsplit

from .judge import Exchange
from .trading import judge_trading

TOKEN_PATH = "/identity/v1/oauth2/token"
FORM = "application/x-www-form-urlencoded"
#: Grant type -> (fields it needs, fields it may have, fields of the answer)
GRANTS = {
    "authorization_code": (
        {"code", "redirect_uri"},
        set(),
        {"refresh_token", "refresh_token_expires_in"},
    ),
    "refresh_token": ({"refresh_token"}, {"scope"}, set()),
    "client_credentials": ({"scope"}, set(), set()),
}
TOKEN_FIELDS = {"access_token": str, "expires_in": int, "token_type": str}
REFRESH_FIELDS = {"refresh_token": str, "refresh_token_expires_in": int}
REFUSALS = {
    "invalid_grant": 400,
    "invalid_scope": 400,
    "invalid_request": 400,
    "unsupported_grant_type": 400,
    "invalid_client": 401,
}


def judge_undocumented(exchange: Exchange) -> list[str] | None:
    """Findings for a call of these two APIs; None for any other call."""
    place = urlsplit(exchange.url)
    if place.path.startswith("/ws/"):
        return [f"Trading: {text}" for text in judge_trading(exchange)]
    if not place.path.startswith("/identity/v1/oauth2"):
        return None
    findings = [*_frame(exchange, place.hostname or "", place.query)]
    if place.path == f"{TOKEN_PATH}/revoke":
        findings += _revocation(exchange)
    elif place.path == TOKEN_PATH:
        findings += _grant(exchange)
    else:
        findings.append(f"no such path: {place.path}")
    return [f"OAuth: {text}" for text in findings]


def _frame(exchange: Exchange, host: str, query: str) -> Iterator[str]:
    headers = lowered(exchange.request_headers)
    if exchange.method != "POST" or host != "api.ebay.com" or query:
        yield f"{exchange.method} {host} ?{query}"
    if headers.get("content-type") != FORM:
        yield f"Content-Type is {headers.get('content-type')}"
    scheme, _, keys = headers.get("authorization", "").partition(" ")
    if scheme != "Basic" or b":" not in base64.b64decode(keys):
        yield "no Basic authorization with the keyset"


def _grant(exchange: Exchange) -> Iterator[str]:
    form = parse_qs(exchange.request_body.decode(), keep_blank_values=True)
    grant = form.pop("grant_type", [""])[0]
    if grant not in GRANTS:
        yield f"unknown grant type {grant!r}"
        return
    needed, possible, more = GRANTS[grant]
    if not needed <= set(form) <= needed | possible:
        yield f"{grant} with the fields {sorted(form)}"
    if any(len(values) != 1 or not values[0] for values in form.values()):
        yield f"{grant} with an empty or doubled field"
    yield from _token_answer(exchange, more)


def _token_answer(exchange: Exchange, more: set[str]) -> Iterator[str]:
    document = json.loads(exchange.body)
    if exchange.status != 200:
        yield from _refusal(exchange.status, document)
        return
    fields = TOKEN_FIELDS | {name: REFRESH_FIELDS[name] for name in more}
    if set(document) != set(fields):
        yield f"answers with the fields {sorted(document)}"
    for name, kind in fields.items():
        if not isinstance(document.get(name), kind):
            yield f"answers with {name} {document.get(name)!r}"


def _refusal(status: int, document: Mapping[str, object]) -> Iterator[str]:
    if status == 429:
        if "errors" not in document:
            yield "answers 429 in another shape than REST"
        return
    if set(document) != {"error", "error_description"}:
        yield f"refuses with the fields {sorted(document)}"
    elif REFUSALS.get(str(document["error"])) != status:
        yield f"refuses with {status} {document['error']}"


def _revocation(exchange: Exchange) -> Iterator[str]:
    form = parse_qs(exchange.request_body.decode(), keep_blank_values=True)
    if not {"token"} <= set(form) <= {"token", "token_type_hint"}:
        yield f"revokes with the fields {sorted(form)}"
    if exchange.status != 200 or exchange.body:
        yield f"answers {exchange.status} to a revocation"


def lowered(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers by their names in lower case."""
    return {name.lower(): value for name, value in headers.items()}
