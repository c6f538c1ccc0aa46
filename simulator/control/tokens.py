"""Keysets, sellers and tokens: what eBay's developer portal and time do."""

from __future__ import annotations

from typing import Any

from ..calls import Call, Reply, reply_json
from ..scopes import KNOWN, full_scope
from ..seed import CLIENT_ID, SELLER, new_seller
from ..tokens import issue_access, issue_refresh, revoke, revoke_seller
from . import control, refuse

_OPEN = ("acceptUrl", "declineUrl", "refusedScopes", "appScopes", "clientSecret")
_SELLER_OPEN = ("accountType", "registrationMarketplaceId", "country", "status")


def _keyset(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    keyset = call.world.collection("keyset").get(given.get("clientId", CLIENT_ID))
    if keyset is None:
        raise refuse("No such keyset.", 404)
    return keyset


def show_keyset(call: Call) -> Reply:
    """The keyset, secret included: it is a test keyset."""
    return reply_json(_keyset(call, dict(call.query)))


def set_keyset(call: Call) -> Reply:
    """Change accept and decline URL, refused scopes, extra app scopes, secret."""
    given = call.json_object()
    keyset = _keyset(call, given)
    keyset |= {name: given[name] for name in _OPEN if name in given}
    call.world.collection("keyset").put(keyset["clientId"], keyset)
    return reply_json(keyset)


def add_seller(call: Call) -> Reply:
    """A further seller, or other facts of one that exists."""
    given = call.json_object()
    username = given.get("username", SELLER)
    sellers = call.world.collection("seller")
    seller = sellers.get(username) or new_seller(username)
    seller |= {name: given[name] for name in _SELLER_OPEN if name in given}
    sellers.put(username, seller)
    return reply_json(seller)


def mint(call: Call) -> Reply:
    """A token without the consent page: ``kind`` user (default) or app.

    ``scopes`` are suffixes; without them all that the keyset may have.
    """
    given = call.json_object()
    keyset = _keyset(call, given)
    client_id = keyset["clientId"]
    if given.get("kind") == "app":
        return reply_json(
            {"access_token": issue_access(call.world, client_id, [full_scope("")])}
        )
    seller = given.get("seller", SELLER)
    if seller not in call.world.collection("seller"):
        raise refuse("No such seller.", 404)
    everything = sorted(KNOWN - set(keyset["refusedScopes"]))
    scopes = [full_scope(suffix) for suffix in given.get("scopes", everything)]
    refresh = issue_refresh(call.world, client_id, scopes, seller)
    access = issue_access(call.world, client_id, scopes, seller, refresh)
    return reply_json({"access_token": access, "refresh_token": refresh})


def revoke_tokens(call: Call) -> Reply:
    """Kill one ``token``, or all of a ``seller`` (with the notification)."""
    given = call.json_object()
    if "token" in given:
        revoke(call.world, given["token"])
        return reply_json({"revoked": 1})
    seller = given.get("seller", SELLER)
    count = revoke_seller(call.world, seller)
    reason = given.get("reason", "REVOKED_BY_USER")
    call.world.emit("authorization_revoked", seller=seller, reason=reason)
    return reply_json({"revoked": count})


def expire_tokens(call: Call) -> Reply:
    """End ``access`` (default) or ``refresh`` tokens now, of all or one seller."""
    given = call.json_object()
    kind = given.get("kind", "access")
    if kind not in ("access", "refresh"):
        raise refuse("kind is access or refresh.")
    tokens = call.world.collection(f"{kind}_token")
    ended = 0
    for text, token in tokens.items():
        if given.get("seller") in (None, token["seller"]):
            tokens.put(text, token | {"expires": 0})
            ended += 1
    return reply_json({"expired": ended})


OPERATIONS = [
    control("GET", "/keyset", show_keyset),
    control("POST", "/keyset", set_keyset),
    control("POST", "/runame", set_keyset),
    control("POST", "/sellers", add_seller),
    control("POST", "/tokens", mint),
    control("POST", "/tokens/revoke", revoke_tokens),
    control("POST", "/tokens/expire", expire_tokens),
]
