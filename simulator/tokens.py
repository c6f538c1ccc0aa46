"""Access and refresh tokens, and the check that every REST call goes through."""

from __future__ import annotations

import secrets
from typing import Any

from .calls import SCOPE, Call, Operation
from .errors import (
    insufficient_permissions,
    invalid_token,
    missing_token,
    wrong_scheme,
)
from .world import World

ACCESS_SECONDS = 7_200
REFRESH_SECONDS = 47_304_000


def full_scope(suffix: str) -> str:
    """``sell.inventory`` → its full name; the empty suffix is the base scope."""
    return f"{SCOPE}/{suffix}" if suffix else SCOPE


def issue_access(
    world: World,
    client_id: str,
    scopes: list[str],
    seller: str | None = None,
    refresh: str | None = None,
) -> str:
    """Make and store an access token; without a seller it is an application token."""
    text = f"v^1.1#i^1#I^3#p^3#r^0#f^0#t^{secrets.token_urlsafe(48)}"
    expires = world.clock.now().timestamp() + ACCESS_SECONDS
    world.collection("access_token").put(
        text,
        {
            "clientId": client_id,
            "seller": seller,
            "scopes": scopes,
            "expires": expires,
            "refresh": refresh,
        },
    )
    return text


def issue_refresh(world: World, client_id: str, scopes: list[str], seller: str) -> str:
    """Make and store a refresh token."""
    text = f"v^1.1#i^1#f^0#r^1#p^3#I^3#t^{secrets.token_urlsafe(48)}"
    expires = world.clock.now().timestamp() + REFRESH_SECONDS
    world.collection("refresh_token").put(
        text,
        {
            "clientId": client_id,
            "seller": seller,
            "scopes": scopes,
            "expires": expires,
        },
    )
    return text


def find_access(world: World, text: str) -> dict[str, Any] | None:
    """The living access token with this text, or None."""
    token = world.collection("access_token").get(text)
    if token is None or token["expires"] <= world.clock.now().timestamp():
        return None
    return token


def authorize(call: Call, operation: Operation) -> None:
    """Check the Authorization header against what the operation asks; set the token.

    :raises EbayError: 400/1002, 400/1003, 401/1001, 403/1100.
    """
    header = call.headers.get("authorization", "").strip()
    if not header:
        raise missing_token()
    scheme, _, text = header.partition(" ")
    if scheme.lower() != call.api.scheme.lower() or not text:
        raise wrong_scheme()
    token = find_access(call.world, text.strip())
    if token is None:
        raise invalid_token()
    call.token = token
    require(token, operation.token, operation.scopes)


def require(token: dict[str, Any], kind: str | None, suffixes: tuple[str, ...]) -> None:
    """Check a living token's kind and scopes.

    :raises EbayError: 403/1100.
    """
    is_user = token["seller"] is not None
    if (kind == "user" and not is_user) or (kind == "app" and is_user):
        raise insufficient_permissions()
    if suffixes and not any(full_scope(one) in token["scopes"] for one in suffixes):
        raise insufficient_permissions()
