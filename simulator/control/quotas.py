"""Daily limits: look, lower, spend."""

from __future__ import annotations

from ..calls import Call, Reply, reply_json
from ..seed import CLIENT_ID
from . import control, refuse


def list_quotas(call: Call) -> Reply:
    """Every quota by key with its counter for the keyset."""
    quotas = call.world.quotas
    shown = {key: quotas.rate(CLIENT_ID, one) for key, one in quotas.known.items()}
    return reply_json(shown)


def set_quota(call: Call) -> Reply:
    """``key`` and ``limit``; null restores eBay's."""
    given = call.json_object()
    key, limit = given.get("key"), given.get("limit")
    if key not in call.world.quotas.known:
        raise refuse("No such quota; GET /_sim/quotas lists them.", 404)
    if limit is not None and not isinstance(limit, int):
        raise refuse("limit is a number or null.")
    call.world.quotas.set_limit(key, limit)
    return list_quotas(call)


OPERATIONS = [
    control("GET", "/quotas", list_quotas),
    control("POST", "/quotas", set_quota),
]
