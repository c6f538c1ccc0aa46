"""What the simulator is started with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Start options; every field has the same name on the command line."""

    seed: int = 1
    state: str | None = None
    """SQLite file that survives a restart; None keeps a private temporary file."""
    orders: str | None = None
    """JSON file with order documents to load as they are."""
    catalogue: int = 20
    """How many catalogue listings, of both kinds, the first seller has at the start."""
    base_url: str | None = None
    """What hrefs and Location headers begin with; None takes the request's host."""
