"""How the simulator calls out: no proxies, no redirects, certificates loaded once."""

from __future__ import annotations

import ssl
from functools import cache

import httpx2


@cache
def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


def new_client(timeout: float) -> httpx2.AsyncClient:
    """A client; ``timeout`` in seconds for each step of a request."""
    return httpx2.AsyncClient(
        timeout=timeout, trust_env=False, follow_redirects=False, verify=_context()
    )
