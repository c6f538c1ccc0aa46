"""A reverse proxy as small as can be: another name, another path, a few headers."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import requests

# What belongs to one line between two machines and not to the message.
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-encoding"}
SECONDS = 240


@contextmanager
def proxied(
    upstream: str, public: str, headers: Mapping[str, str] | None = None
) -> Iterator[str]:
    """The address of a proxy for ``upstream`` that is known as ``public`` outside.

    A path in ``public`` is taken away on the way in. ``headers`` are added to every
    request; what a sender says under these names is thrown away.
    """
    known_as = urlsplit(public)
    added = {
        "Host": known_as.netloc,
        "X-Forwarded-Host": known_as.netloc,
        "X-Forwarded-Proto": known_as.scheme,
        "X-Forwarded-For": "203.0.113.7",
        **(headers or {}),
    }
    overridden = {name.lower() for name in added}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            kept = {
                name: value
                for name, value in self.headers.items()
                if name.lower() not in HOP_BY_HOP | overridden
            }
            answer = requests.request(
                self.command,
                upstream + self.path.removeprefix(known_as.path.rstrip("/")),
                headers={**kept, **added},
                data=self.rfile.read(length) if length else None,
                allow_redirects=False,
                timeout=SECONDS,
            )
            self._answer(answer)

        do_POST = do_GET

        def _answer(self, answer: requests.Response) -> None:
            self.send_response(answer.status_code)
            for name, value in answer.raw.headers.items():  # Set-Cookie comes twice
                if name.lower() not in HOP_BY_HOP | {"content-length"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *_: object) -> None:
            """Odoo's log says what came through."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
