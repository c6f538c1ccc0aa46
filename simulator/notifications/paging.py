"""Lists with ``limit`` and ``continuation_token``."""

from __future__ import annotations

from typing import Any

from ..calls import Call
from .errors import notification_error

_DEFAULT, _LEAST, _MOST = 20, 10, 100


def page(
    call: Call, path: str, name: str, documents: list[dict[str, Any]]
) -> dict[str, Any]:
    """One page; the continuation token is the row to begin at.

    :raises EbayError: 195004, 195005.
    """
    limit_text = call.query.get("limit", str(_DEFAULT))
    if not limit_text.isdecimal() or not _LEAST <= int(limit_text) <= _MOST:
        raise notification_error(195004)
    token = call.query.get("continuation_token", "0")
    if not token.isdecimal() or int(token) > len(documents):
        raise notification_error(195005)
    limit, start = int(limit_text), int(token)
    shown = documents[start : start + limit]
    found: dict[str, Any] = {
        "total": len(documents),
        "href": call.href(path, limit=limit, continuation_token=start or None),
        "limit": limit,
        name: shown,
    }
    if start + limit < len(documents):
        found["next"] = call.href(path, limit=limit, continuation_token=start + limit)
    return found
