"""Developer Analytics API v1_beta: how much of the daily quotas is used."""

from __future__ import annotations

from typing import Any

from ..calls import Api, Call, Operation, Quota, Reply, no_content, reply_json

_USER_SCOPES = (
    "sell.inventory",
    "sell.inventory.readonly",
    "sell.marketplace.insights.readonly",
    "commerce.catalog.readonly",
    "sell.marketing",
    "sell.marketing.readonly",
)


def _rate_limits(call: Call, owner: str) -> Reply:
    """All known quotas by API, narrowed by ``api_context`` and ``api_name``."""
    context = call.query.get("api_context", "").lower()
    name = call.query.get("api_name", "").lower()
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for quota in call.world.quotas.known.values():
        if not quota.shown or context not in ("", quota.context.lower()):
            continue
        if name not in ("", quota.api.lower()):
            continue
        api = found.setdefault(
            (quota.context, quota.api),
            {
                "apiContext": quota.context,
                "apiName": quota.api,
                "apiVersion": quota.version,
                "resources": [],
            },
        )
        rate = call.world.quotas.rate(owner, quota)
        api["resources"].append({"name": quota.resource, "rates": [rate]})
    if not found:
        return no_content()
    return reply_json({"rateLimits": list(found.values())})


def get_rate_limits(call: Call) -> Reply:
    """getRateLimits: of the keyset, all its sellers together."""
    return _rate_limits(call, call.client_id)


def get_user_rate_limits(call: Call) -> Reply:
    """getUserRateLimits: of this seller alone."""
    return _rate_limits(call, call.world.quotas.owner(call.client_id, call.seller))


API = Api(
    name="developer.analytics",
    prefix="/developer/analytics/v1_beta",
    quota=Quota("developer", "Analytics", "developer.analytics", 5_000, "v1_beta"),
    operations=[
        Operation("GET", "/rate_limit", "getRateLimits", get_rate_limits, "app", ("",)),
        Operation(
            "GET",
            "/user_rate_limit",
            "getUserRateLimits",
            get_user_rate_limits,
            scopes=_USER_SCOPES,
        ),
    ],
)
