"""How much of eBay's quotas is left (Developer Analytics API, getRateLimits)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..values.reader import Node, Reading


@dataclass(frozen=True, slots=True)
class Quota:
    """What is left of one resource of an API until ``reset`` (aware UTC)."""

    api: str
    resource: str
    limit: int
    remaining: int
    reset: datetime | None

    @property
    def percent_left(self) -> int:
        """What is left, from 0 to 100."""
        return max(0, min(100, self.remaining * 100 // self.limit))


def map_rate_limits(document: dict[str, Any]) -> tuple[Quota, ...]:
    """Read the answer of getRateLimits or getUserRateLimits.

    The sandbox fills in words instead of numbers now and then: such entries, and
    those without a limit, are left out.
    """
    return tuple(_quotas(Node(document, "$", Reading())))


def _quotas(node: Node) -> Iterator[Quota]:
    for api in node.children("rateLimits"):
        for resource in api.children("resources"):
            for rate in resource.children("rates"):
                limit = rate.whole_number("limit")
                remaining = rate.whole_number("remaining")
                if limit and remaining is not None:
                    yield Quota(
                        api=api.line("apiName", 60) or "",
                        resource=resource.line("name", 120) or "",
                        limit=limit,
                        remaining=remaining,
                        reset=rate.timestamp("reset"),
                    )
