"""Requests per second that the local eBay serves, next to its client.

A simulator with a state file is started; a client on two connections repeats each call
for a while. Both run on this machine, so the figures are of the two together.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

ORDERS = 500
CONNECTIONS = 2
_LIMITED = (
    "commerce/identity/v1/identity",
    "sell/Fulfillment/v1/sell.fulfillment",
    "identity/oauth2/v1/refresh_token",
)
"""Daily quotas that a bench of some seconds could use up."""


def main(arguments: list[str]) -> dict[str, Any]:
    """Measure for ``--seconds`` (1) a call; requests/s by call, and memory in MB."""
    parser = argparse.ArgumentParser(prog="bench simulator", description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each call")
    given = parser.parse_args(arguments)
    with _simulator() as (process, port):
        return asyncio.run(_measure(process, port, given.seconds))


@contextmanager
def _simulator() -> Iterator[tuple[subprocess.Popen[str], int]]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "simulator", "--port", "0"]
        command += ["--catalogue", "200", "--state", str(Path(folder) / "state.sqlite")]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            yield process, int(line.rsplit(":", 1)[1])
        finally:
            process.terminate()
            process.wait(10)


class Connection:
    """One HTTP/1.1 connection, as lean as can be: it shall not be what is measured."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def open(self) -> None:
        """Connect."""
        streams = await asyncio.open_connection("127.0.0.1", self._port)
        self._reader, self._writer = streams

    async def send(self, request: bytes) -> tuple[int, bytes]:
        """Send; status and body of the answer."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        size = 0
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                size = int(line.partition(b":")[2])
        body = await self._reader.readexactly(size)
        return int(head[9:12]), body

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


def _request(
    method: str, path: str, headers: dict[str, str], body: bytes = b""
) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


async def _measure(
    process: subprocess.Popen[str], port: int, seconds: float
) -> dict[str, Any]:
    connections = [Connection(port) for _ in range(CONNECTIONS)]
    for one in connections:
        await one.open()
    first = connections[0]
    tokens = await _control(first, "tokens")
    bought = await _control(first, "buy", {"count": ORDERS})
    for key in _LIMITED:
        await _control(first, "quotas", {"key": key, "limit": 100_000_000})
    order_id = bought["orderIds"][0]
    user = {"Authorization": f"Bearer {tokens['access_token']}"}
    pair = base64.b64encode(b"SIM-client:SIM-secret").decode()
    refresh = f"grant_type=refresh_token&refresh_token={_quoted(tokens)}".encode()
    form = {
        "Authorization": f"Basic {pair}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    order = "/sell/fulfillment/v1/order"
    calls = {
        "getUser": _request("GET", "/commerce/identity/v1/user", user),
        "getOrder": _request("GET", f"{order}/{order_id}", user),
        "getOrders of 50": _request("GET", f"{order}?limit=50", user),
        "getOrders of 50, gzip": _request(
            "GET", f"{order}?limit=50", {**user, "Accept-Encoding": "gzip"}
        ),
        "token refresh": _request("POST", "/identity/v1/oauth2/token", form, refresh),
    }
    numbers: dict[str, Any] = {}
    for name, request in calls.items():
        numbers[f"{name}/s"] = await _rate(connections, request, seconds)
    numbers["buy/s"] = await _buying(first, seconds)
    numbers["memory MB"] = _memory(process.pid)
    for one in connections:
        one.close()
    return numbers


def _quoted(tokens: dict[str, str]) -> str:
    return quote(tokens["refresh_token"], safe="")


async def _control(
    connection: Connection, name: str, given: dict[str, Any] | None = None
) -> dict[str, Any]:
    body = json.dumps(given or {}).encode()
    status, answer = await connection.send(_request("POST", f"/_sim/{name}", {}, body))
    if status >= 300:
        raise RuntimeError(f"/_sim/{name}: {status} {answer!r}")
    return json.loads(answer)


async def _rate(connections: list[Connection], request: bytes, seconds: float) -> int:
    """Answers per second over all connections; every one must be a 200."""

    async def repeat(connection: Connection) -> int:
        count = 0
        while time.perf_counter() < end:
            status, _ = await connection.send(request)
            if status != 200:
                raise RuntimeError(f"answered {status} after {count} requests")
            count += 1
        return count

    started = time.perf_counter()
    end = started + seconds
    counts = await asyncio.gather(*(repeat(one) for one in connections))
    return round(sum(counts) / (time.perf_counter() - started))


async def _buying(connection: Connection, seconds: float) -> int:
    """Orders made per second, fifty a call."""
    started, count = time.perf_counter(), 0
    while time.perf_counter() < started + seconds:
        made = await _control(connection, "buy", {"count": 50})
        count += len(made["orderIds"])
        if "stopped" in made:
            break
    return round(count / (time.perf_counter() - started))


def _memory(pid: int) -> int:
    """Resident memory of a process in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000)
