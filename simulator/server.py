"""The process: socket, first line, uvicorn."""

from __future__ import annotations

import argparse
import socket
import sqlite3
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


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return port


def _count(text: str) -> int:
    count = int(text)
    if count < 0:
        raise argparse.ArgumentTypeError("how many is no negative number")
    return count


_port.__name__, _count.__name__ = "port", "number"  # what argparse calls them


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/simulator",
        description="A local eBay, for tests and demonstrations; docs/simulator.md "
        "says what it can do.",
    )
    parser.add_argument("--port", type=_port, default=18000, help="0 picks a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--seed", type=int, default=1, help="same seed, same ids and data"
    )
    parser.add_argument("--state", help="SQLite file that survives a restart")
    parser.add_argument("--orders", help="JSON file with orders to load as they are")
    parser.add_argument(
        "--catalogue", type=_count, default=20, help="listings to begin with"
    )
    parser.add_argument("--base-url", help="what hrefs begin with")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted."""
    given = parse(arguments)
    settings = Settings(
        **{one.name: getattr(given, one.name) for one in fields(Settings)}
    )
    try:
        app = create_app(settings)
    except sqlite3.Error as error:
        raise SystemExit(f"{given.state}: {error}") from error
    except OSError as error:
        raise SystemExit(f"{given.orders}: {error.strerror}") from error
    except ValueError as error:  # no JSON, or no orders
        raise SystemExit(f"{given.orders}: {error}") from error
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
