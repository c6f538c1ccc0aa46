"""Where notifications go: configuration, destinations, the challenge, the keys."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from typing import Any
from urllib.parse import urlsplit

import httpx2

from ..behaviour import behaviour
from ..calls import Call, Reply, no_content, reply_created, reply_json
from .errors import notification_error
from .http import new_client
from .paging import page
from .signing import public_key_document

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32,80}")
_MAX_NAME = 64
_CHALLENGE_SECONDS = 5.0
_LONGEST_ANSWER = 64 * 1024
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def get_config(call: Call) -> Reply:
    """getConfig."""
    config = call.world.collection("notification_config").get(call.client_id)
    if config is None:
        raise notification_error(195026)
    return reply_json(config)


def update_config(call: Call) -> Reply:
    """updateConfig: the alert email, without which nothing else works."""
    email = call.json_object().get("alertEmail")
    if not isinstance(email, str) or not _EMAIL.fullmatch(email):
        raise notification_error(195025)
    configs = call.world.collection("notification_config")
    configs.put(call.client_id, {"alertEmail": email})
    return no_content()


def require_config(call: Call) -> None:
    """409/195003 while there is no configuration."""
    if call.client_id not in call.world.collection("notification_config"):
        raise notification_error(195003)


def _mine(call: Call) -> list[dict[str, Any]]:
    destinations = call.world.collection("destination").values()
    return [one for one in destinations if one["clientId"] == call.client_id]


def _document(destination: dict[str, Any]) -> dict[str, Any]:
    names = ("destinationId", "name", "status", "deliveryConfig")
    return {name: destination[name] for name in names}


def find_destination(call: Call, destination_id: str) -> dict[str, Any]:
    """The caller's destination.

    :raises EbayError: 404/195022.
    """
    found = call.world.collection("destination").get(destination_id)
    if found is None or found["clientId"] != call.client_id:
        raise notification_error(195022)
    return found


def _checked(call: Call, own_id: str | None) -> dict[str, Any]:
    """A DestinationRequest that is in order."""
    given = call.json_object()
    name, config = given.get("name"), given.get("deliveryConfig")
    config = config if isinstance(config, dict) else {}
    endpoint, token = config.get("endpoint"), config.get("verificationToken")
    if not isinstance(name, str) or len(name) > _MAX_NAME or "<" in name or not name:
        raise notification_error(195016)
    if not isinstance(endpoint, str) or not _endpoint_fits(call, endpoint):
        raise notification_error(195017)
    if given.get("status") not in ("ENABLED", "DISABLED"):
        raise notification_error(195018)
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise notification_error(195019)
    for other in _mine(call):
        same = other["deliveryConfig"]["endpoint"] == endpoint
        if same and other["destinationId"] != own_id:
            raise notification_error(195021)
    return {
        "name": name,
        "status": given["status"],
        "deliveryConfig": {"endpoint": endpoint, "verificationToken": token},
    }


def _endpoint_fits(call: Call, endpoint: str) -> bool:
    """HTTPS and public as at eBay, unless the simulator is set to be lenient."""
    try:
        parts = urlsplit(endpoint)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.fragment or parts.query or not host:
        return False
    local = host in _LOOPBACK
    if local and behaviour(call.world, "localEndpoints"):
        return parts.scheme in ("http", "https")
    return parts.scheme == "https" and not local


async def challenge(endpoint: str, token: str) -> bool:
    """Ask the endpoint for SHA-256 of code, token and endpoint, as eBay does."""
    code = secrets.token_hex(16)
    right = hashlib.sha256(f"{code}{token}{endpoint}".encode()).hexdigest()
    try:
        async with new_client(_CHALLENGE_SECONDS) as client:
            answer = await client.get(endpoint, params={"challenge_code": code})
        if answer.status_code != 200 or len(answer.content) > _LONGEST_ANSWER:
            return False
        kind = answer.headers.get("content-type", "")
        document = json.loads(answer.content)
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
        return False
    return (
        kind.startswith("application/json")
        and isinstance(document, dict)
        and document.get("challengeResponse") == right
    )


async def create_destination(call: Call) -> Reply:
    """createDestination: the endpoint must pass the challenge during the call."""
    require_config(call)
    wanted = _checked(call, None)
    if not await challenge(**_challenge_of(wanted)):
        raise notification_error(195020)
    destination_id = call.world.ids.uuid("destination")
    found = {"destinationId": destination_id, "clientId": call.client_id, **wanted}
    call.world.collection("destination").put(destination_id, found)
    return reply_created(call.href(f"/destination/{destination_id}"), {})


def _challenge_of(destination: dict[str, Any]) -> dict[str, str]:
    config = destination["deliveryConfig"]
    return {"endpoint": config["endpoint"], "token": config["verificationToken"]}


async def update_destination(call: Call) -> Reply:
    """updateDestination: challenged again when endpoint or token changed."""
    found = find_destination(call, call.params["destination_id"])
    wanted = _checked(call, found["destinationId"])
    changed = wanted["deliveryConfig"] != found["deliveryConfig"]
    if changed and not await challenge(**_challenge_of(wanted)):
        raise notification_error(195020)
    found |= wanted
    call.world.collection("destination").put(found["destinationId"], found)
    return no_content()


def get_destination(call: Call) -> Reply:
    """getDestination."""
    return reply_json(_document(find_destination(call, call.params["destination_id"])))


def get_destinations(call: Call) -> Reply:
    """getDestinations."""
    documents = [_document(one) for one in _mine(call)]
    return reply_json(page(call, "/destination", "destinations", documents))


def delete_destination(call: Call) -> Reply:
    """deleteDestination: not while it is enabled or subscriptions use it."""
    found = find_destination(call, call.params["destination_id"])
    used = any(
        one["destinationId"] == found["destinationId"]
        for one in call.world.collection("subscription").values()
    )
    if found["status"] == "ENABLED" or used:
        raise notification_error(195024)
    call.world.collection("destination").delete(found["destinationId"])
    return no_content()


def get_public_key(call: Call) -> Reply:
    """getPublicKey: the key as a PEM without line breaks."""
    document = public_key_document(call.world, call.params["public_key_id"])
    if document is None:
        raise notification_error(195001)
    return reply_json(document)
