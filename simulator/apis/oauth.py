"""OAuth token endpoint: mint, revoke, introspect.

Sources: "The authorization code grant request", "Using a refresh token", "OAuth rate
limits". Refusals have OAuth's own shape; only 429 comes in the REST shape.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any

from ..calls import Api, Call, Operation, Quota, Reply, reply_json
from ..scopes import BASE
from ..tokens import (
    ACCESS_SECONDS,
    REFRESH_SECONDS,
    find_access,
    find_refresh,
    issue_access,
    issue_refresh,
    revoke,
)
from ..world import World

USER_TOKEN = "User Access Token"
APP_TOKEN = "Application Access Token"
_FORM = "application/x-www-form-urlencoded"


class Refusal(Exception):
    """A refusal in OAuth's shape."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status

    def reply(self) -> Reply:
        """The answer."""
        document = {"error": self.error, "error_description": self.description}
        return reply_json(document, self.status)


def _keyset(call: Call) -> dict[str, Any]:
    """The keyset named by Basic authentication."""
    refusal = Refusal("invalid_client", "client authentication failed", 401)
    scheme, _, encoded = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        raise refusal
    try:
        plain = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise refusal from error
    client_id, _, secret = plain.partition(":")
    keyset = call.world.collection("keyset").get(client_id)
    if keyset is None or not hmac.compare_digest(
        keyset["clientSecret"].encode(), secret.encode()
    ):
        raise refusal
    return keyset


def _form(call: Call) -> dict[str, str]:
    if not call.headers.get("content-type", "").lower().startswith(_FORM):
        raise _malformed()
    return call.form()


def _malformed() -> Refusal:
    return Refusal(
        "invalid_request", "request is missing a required parameter or malformed."
    )


def _invalid_scope() -> Refusal:
    return Refusal(
        "invalid_scope",
        "The requested scope is invalid, unknown, malformed, or exceeds the scope "
        "granted to the client",
    )


def _from_code(call: Call, keyset: dict[str, Any], form: dict[str, str]) -> Reply:
    """authorization_code: a code works once, for its keyset and RuName."""
    if not form.get("code") or not form.get("redirect_uri"):
        raise _malformed()
    code = call.world.collection("code").delete(form["code"])
    fits = (
        code is not None
        and code["clientId"] == keyset["clientId"]
        and code["ruName"] == form["redirect_uri"]
        and code["expires"] > call.world.clock.now().timestamp()
    )
    if code is None or not fits:
        raise Refusal(
            "invalid_grant",
            "the provided authorization grant code is invalid or was issued to "
            "another client",
        )
    owner = (keyset["clientId"], code["scopes"], code["seller"])
    refresh = issue_refresh(call.world, *owner)
    return reply_json(
        {
            "access_token": issue_access(call.world, *owner, refresh),
            "expires_in": ACCESS_SECONDS,
            "refresh_token": refresh,
            "refresh_token_expires_in": REFRESH_SECONDS,
            "token_type": USER_TOKEN,
        }
    )


def _from_refresh(call: Call, keyset: dict[str, Any], form: dict[str, str]) -> Reply:
    """refresh_token: the same refresh token stays, its end stays."""
    text = form.get("refresh_token")
    if not text:
        raise _malformed()
    refresh = find_refresh(call.world, text)
    if refresh is None or refresh["clientId"] != keyset["clientId"]:
        raise Refusal(
            "invalid_grant",
            "the provided authorization refresh token is invalid or was issued to "
            "another client",
        )
    scopes = form.get("scope", "").split() or refresh["scopes"]
    if not set(scopes) <= set(refresh["scopes"]):
        raise _invalid_scope()
    access = issue_access(
        call.world, keyset["clientId"], scopes, refresh["seller"], text
    )
    return _access_reply(access, USER_TOKEN)


def _from_client(call: Call, keyset: dict[str, Any], form: dict[str, str]) -> Reply:
    """client_credentials: an application token for the base scope."""
    scopes = form.get("scope", "").split() or [BASE]
    if set(scopes) - {BASE, *keyset.get("appScopes", [])}:
        raise _invalid_scope()
    return _access_reply(
        issue_access(call.world, keyset["clientId"], scopes), APP_TOKEN
    )


def _access_reply(access: str, kind: str) -> Reply:
    return reply_json(
        {"access_token": access, "expires_in": ACCESS_SECONDS, "token_type": kind}
    )


_Grant = Callable[[Call, dict[str, Any], dict[str, str]], Reply]
GRANTS: dict[str, tuple[_Grant, Quota]] = {
    name: (grant, Quota("identity", "oauth2", name, limit, shown=False))
    for name, grant, limit in (
        ("authorization_code", _from_code, 10_000),
        ("refresh_token", _from_refresh, 50_000),
        ("client_credentials", _from_client, 1_000),
    )
}


def _refusing(handler: Callable[[Call], Reply]) -> Callable[[Call], Reply]:
    """Turn a Refusal into its answer."""

    @wraps(handler)
    def wrapped(call: Call) -> Reply:
        try:
            return handler(call)
        except Refusal as refusal:
            return refusal.reply()

    return wrapped


@_refusing
def token(call: Call) -> Reply:
    """POST /token."""
    keyset = _keyset(call)
    form = _form(call)
    name = form.get("grant_type")
    if not name:
        raise _malformed()
    if name not in GRANTS:
        raise Refusal(
            "unsupported_grant_type",
            "grant type in request is not supported by the authorization server",
        )
    grant, quota = GRANTS[name]
    call.world.quotas.spend(keyset["clientId"], quota)
    return grant(call, keyset, form)


def _named_token(call: Call) -> tuple[str, dict[str, Any] | None]:
    """The token in the form, and what it is if it lives and is the caller's."""
    keyset = _keyset(call)
    text = _form(call).get("token")
    if not text:
        raise _malformed()
    found = find_access(call.world, text) or find_refresh(call.world, text)
    if found is not None and found["clientId"] != keyset["clientId"]:
        found = None
    return text, found


@_refusing
def revoke_token(call: Call) -> Reply:
    """POST /revoke: 200 without a body, whether or not there was such a token."""
    text, found = _named_token(call)
    if found is not None:
        revoke(call.world, text)
    return Reply(200)


@_refusing
def introspect(call: Call) -> Reply:
    """POST /introspect: ``active`` and, of a living token, what it is."""
    _, found = _named_token(call)
    if found is None:
        return reply_json({"active": False})
    return reply_json(
        {
            "active": True,
            "client_id": found["clientId"],
            "username": found["seller"] or "",
            "scope": " ".join(found["scopes"]),
            "exp": int(found["expires"]),
        }
    )


def _register(world: World) -> None:
    for _, quota in GRANTS.values():
        world.quotas.register(quota)


API = Api(
    name="identity.oauth2",
    prefix="/identity/v1/oauth2",
    setup=_register,
    operations=[
        Operation("POST", "/token", "token", token, token=None),
        Operation("POST", "/token/revoke", "revokeToken", revoke_token, token=None),
        Operation("POST", "/revoke", "revokeToken", revoke_token, token=None),
        Operation("POST", "/token/introspect", "introspect", introspect, token=None),
        Operation("POST", "/introspect", "introspect", introspect, token=None),
    ],
)
