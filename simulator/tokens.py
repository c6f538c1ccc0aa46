"""Access and refresh tokens, and the check that every REST call goes through."""

from __future__ import annotations

import secrets
from typing import Any

from .calls import Call, Operation
from .errors import (
    insufficient_permissions,
    invalid_token,
    missing_token,
    wrong_scheme,
)
from .scopes import full_scope
from .world import World

ACCESS_SECONDS = 7_200
REFRESH_SECONDS = 47_304_000


def issue_access(
    world: World,
    client_id: str,
    scopes: list[str],
    seller: str | None = None,
    refresh: str | None = None,
) -> str:
    """Make and store an access token; without a seller it is an application token.

    ``refresh`` is the refresh token it comes from: both die together.
    """
    tokens = world.collection("access_token")
    now = world.clock.now().timestamp()
    while (first := tokens.oldest()) and first[1]["expires"] <= now:
        tokens.delete(first[0])
    text = f"v^1.1#i^1#I^3#p^3#r^0#f^0#t^{secrets.token_urlsafe(48)}"
    document = {"clientId": client_id, "seller": seller, "scopes": scopes}
    document |= {"expires": now + ACCESS_SECONDS, "refresh": refresh}
    tokens.put(text, document)
    return text


def issue_refresh(world: World, client_id: str, scopes: list[str], seller: str) -> str:
    """Make and store a refresh token."""
    text = f"v^1.1#i^1#f^0#r^1#p^3#I^3#t^{secrets.token_urlsafe(48)}"
    document = {"clientId": client_id, "seller": seller, "scopes": scopes}
    document["expires"] = world.clock.now().timestamp() + REFRESH_SECONDS
    world.collection("refresh_token").put(text, document)
    return text


def find_access(world: World, text: str) -> dict[str, Any] | None:
    """The living access token with this text, or None."""
    return _living(world, "access_token", text)


def find_refresh(world: World, text: str) -> dict[str, Any] | None:
    """The living refresh token with this text, or None."""
    return _living(world, "refresh_token", text)


def _living(world: World, kind: str, text: str) -> dict[str, Any] | None:
    token = world.collection(kind).get(text)
    if token is None or token["expires"] <= world.clock.now().timestamp():
        return None
    return token


def revoke(world: World, text: str) -> None:
    """Kill a token, and with a refresh token the access tokens made from it."""
    accesses = world.collection("access_token")
    accesses.delete(text)
    if world.collection("refresh_token").delete(text):
        for key, token in accesses.items():
            if token["refresh"] == text:
                accesses.delete(key)


def revoke_seller(world: World, seller: str) -> int:
    """Kill every token of a seller, as a revoked consent does; how many consents."""
    texts = [
        text
        for text, token in world.collection("refresh_token").items()
        if token["seller"] == seller
    ]
    for text in texts:
        revoke(world, text)
    return len(texts)


def claimed_seller(call: Call) -> str:
    """The seller of the token in the header, whether or not the call is allowed."""
    text = call.headers.get("authorization", "").partition(" ")[2].strip()
    token = call.world.collection("access_token").get(text) or {}
    return token.get("seller") or ""


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
