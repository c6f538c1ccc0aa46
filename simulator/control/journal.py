"""What was asked and answered."""

from __future__ import annotations

from ..calls import Call, Reply, no_content, reply_json
from . import control, refuse

_EXACT = ("operation", "method", "path", "seller")


def read_journal(call: Call) -> Reply:
    """Entries by ``operation``, ``method``, ``path``, ``seller``, ``status``.

    ``after`` is a number to begin behind, ``limit`` how many (the newest).
    """
    query = call.query
    wanted: dict[str, object] = {name: query[name] for name in _EXACT if name in query}
    try:
        if "status" in query:
            wanted["status"] = int(query["status"])
        limit = int(query.get("limit", 1000))
        after = int(query.get("after", 0))
    except ValueError as error:
        raise refuse("status, limit and after are numbers.") from error
    entries = call.world.journal.find(limit, after, **wanted)
    total = call.world.journal.count(after, **wanted)
    return reply_json({"total": total, "entries": entries})


def clear_journal(call: Call) -> Reply:
    """Forget the entries; numbering continues."""
    call.world.journal.clear()
    return no_content()


OPERATIONS = [
    control("GET", "/journal", read_journal),
    control("DELETE", "/journal", clear_journal),
]
