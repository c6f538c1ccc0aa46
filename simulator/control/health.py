"""``/_sim/health`` and ``/_sim/reset``."""

from __future__ import annotations

from ..calls import Call, Operation, Reply, reply_json


def health(call: Call) -> Reply:
    """Alive; what is stored, by kind."""
    kinds = ("seller", "listing", "order")
    counts = {kind: len(call.world.collection(kind)) for kind in kinds}
    return reply_json({"status": "ok", "now": call.world.clock.text(), **counts})


OPERATIONS = [Operation("GET", "/health", "health", health, token=None)]
