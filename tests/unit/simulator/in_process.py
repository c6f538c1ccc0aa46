"""A client that talks to a simulator in this process and this thread.

Starlette's TestClient crosses threads several times a request, which costs more than
the simulator does; here one event loop runs only while somebody waits for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import httpx2

from simulator.app import Application

HOST = "http://ebay.test"
Message = MutableMapping[str, Any]


class InProcess(httpx2.BaseTransport):
    """Carries requests to the application, answers back."""

    def __init__(self, app: Application, loop: asyncio.AbstractEventLoop) -> None:
        self._app, self._loop = app, loop

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """One request; what the application raises, the caller sees."""
        url = request.url
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": url.scheme,
            "path": url.path,
            "raw_path": url.raw_path.partition(b"?")[0],
            "query_string": url.query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "client": ("127.0.0.1", 50000),
            "server": (url.host, 80),
        }
        asked = [{"type": "http.request", "body": request.read(), "more_body": False}]
        told: list[Message] = []

        async def receive() -> Message:
            return asked.pop() if asked else {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            told.append(message)

        self._loop.run_until_complete(self._app(scope, receive, send))
        body = b"".join(one.get("body", b"") for one in told[1:])
        return httpx2.Response(
            told[0]["status"], headers=told[0]["headers"], content=body
        )


def new_client(app: Application, loop: asyncio.AbstractEventLoop) -> httpx2.Client:
    """A client of the application that follows redirects."""
    return httpx2.Client(
        transport=InProcess(app, loop), base_url=HOST, follow_redirects=True
    )
