"""Feed tasks: which of a list is the one that was ordered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ..values.reader import Node, Reading


def latest_task(tasks: Sequence[dict[str, Any]], since: datetime) -> str | None:
    """The id of the newest task created at ``since`` (aware UTC) or later, or None."""
    reading = Reading()
    found = []
    for task in tasks:
        node = Node(task, "$.tasks", reading)
        task_ref, created_at = node.identifier("taskId"), node.timestamp("creationDate")
        if task_ref and created_at and created_at >= since:
            found.append((created_at, task_ref))
    return max(found)[1] if found else None
