"""``limit`` and ``offset``: a page number for items and offers, a row otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..calls import Call
from .refusals import refusal


@dataclass(frozen=True)
class Page:
    """What was asked for; ``offset`` as sent."""

    limit: int
    offset: int

    @property
    def rows_to_skip(self) -> int:
        """The offset in rows, where it counts pages."""
        return self.limit * self.offset

    def links(
        self, call: Call, path: str, total: int, *, by_page: bool, **query: Any
    ) -> dict[str, Any]:
        """href, limit, total, and next/prev where there is such a page."""
        step = 1 if by_page else self.limit
        skipped = self.rows_to_skip if by_page else self.offset

        def link(offset: int) -> str:
            return call.href(path, **query, limit=self.limit, offset=offset)

        answer: dict[str, Any] = {
            "href": link(self.offset),
            "limit": self.limit,
            "total": total,
        }
        if skipped + self.limit < total:
            answer["next"] = link(self.offset + step)
        if self.offset > 0:
            answer["prev"] = link(max(self.offset - step, 0))
        return answer


def page_of(call: Call, *, default: int, largest: int, error_id: int = 25706) -> Page:
    """The page that the query asks for. Raises EbayError ``error_id``."""
    try:
        limit = int(call.query.get("limit", default))
        offset = int(call.query.get("offset", 0))
    except ValueError as error:
        raise refusal(error_id, "limit and offset are numbers.") from error
    if not 1 <= limit <= largest or offset < 0:
        raise refusal(error_id, f"limit is 1 to {largest}, offset 0 or more.")
    return Page(limit, offset)
