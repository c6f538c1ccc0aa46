"""The process: socket, first line, uvicorn."""

from __future__ import annotations

import argparse
import socket
from collections.abc import Sequence
from dataclasses import fields

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .app import create_app
from .misbehave import TRANSPORT
from .settings import Settings


class Protocol(HttpToolsProtocol):
    """Hands the transport to the application, so that a fault can break it."""

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self.scope[TRANSPORT] = self.transport


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=18000, help="0 picks a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--seed", type=int, default=1, help="same seed, same ids and data"
    )
    parser.add_argument("--state", help="SQLite file that survives a restart")
    parser.add_argument("--orders", help="JSON file with orders to load as they are")
    parser.add_argument(
        "--catalogue", type=int, default=20, help="listings to begin with"
    )
    parser.add_argument("--base-url", help="what hrefs begin with")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted."""
    given = parse(arguments)
    settings = Settings(
        **{one.name: getattr(given, one.name) for one in fields(Settings)}
    )
    app = create_app(settings)
    try:
        listener = socket.create_server((given.host, given.port), backlog=1024)
    except OSError as error:
        raise SystemExit(f"{given.host}:{given.port}: {error.strerror}") from error
    host, port = listener.getsockname()[:2]
    print(f"simulator listening on http://{host}:{port}", flush=True)
    config = uvicorn.Config(
        app,
        http=Protocol,
        loop="uvloop",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    uvicorn.Server(config).run(sockets=[listener])
