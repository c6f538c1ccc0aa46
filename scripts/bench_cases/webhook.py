"""Notifications at 200 a second against a server with two workers, for half a minute.

Valid ones, repeats, forged and oversized ones in a fixed mixture, sent on time whether
or not the earlier ones are answered; then buyers click, one after the other. Figures:
answers by kind, p50 and p99 in milliseconds from the moment a push was due, what is in
the database afterwards, how often eBay was asked for a key, memory of Odoo in MB, and
the seconds from a buyer's click to the confirmed sale order.

What a push costs is given as processor time of Odoo's processes and, since that depends
on the machine, as a ratio to Odoo's own empty page (``/web/health``), taken in turns.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..stage import pushing
from ..stage.shop import Shop, wait_for
from ..tooling.paths import SERIES, Problem

SKU = "BENCH-PUSH"
# Of ten valid ones nine are what eBay sends most, and one wakes the flow.
TOPIC = "MARKETPLACE_ACCOUNT_DELETION"
URGENT = "ORDER_CONFIRMATION"
# Of ten pushes in a row.
MIXTURE = ("valid",) * 4 + ("duplicate",) * 2 + ("forged",) * 3 + ("oversized",)
OVERSIZED = 300_000
PATIENCE = 10.0
# Processor time is counted in ticks of 10 ms, hence so many requests at a time.
ROUND = 100
ROUNDS = 4
EMPTY = "empty page"
CLOSED = 0  # the server refused and hung up before everything was sent


@dataclass
class Push:
    """One request as it goes over the wire, and what became of it."""

    kind: str
    wire: bytes
    status: int = -1
    milliseconds: float = 0.0


def main(arguments: list[str]) -> dict[str, Any]:
    """Send, measure, count; see the module."""
    parser = argparse.ArgumentParser(prog="bench webhook", description=__doc__)
    parser.add_argument("--rate", type=int, default=200, help="pushes a second")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--clicks", type=int, default=20, help="buyers, one by one")
    parser.add_argument("--odoo", choices=SERIES, default=SERIES[0])
    given = parser.parse_args(arguments)
    # one database and no filter, as odoo.conf.example has it: with a filter Odoo asks
    # PostgreSQL for the list of databases at every request
    options = {"workers": 2, "max_cron_threads": 1, "dbfilter": ""}
    with Shop.open(given.odoo, **options) as shop:
        _prepare(shop)
        keys_before = _key_fetches(shop)
        costs = asyncio.run(_costs(shop))
        pushes = asyncio.run(_pushes(shop, given.rate * given.seconds))
        memory_before = _memory(shop)
        rows_before = pushing.stored(shop)
        asyncio.run(_flood(shop, pushes, given.rate))
        numbers = _numbers(pushes)
        numbers["rows stored"] = pushing.stored(shop) - rows_before
        numbers["key fetches"] = _key_fetches(shop) - keys_before
        numbers["memory MB before"] = memory_before
        numbers["memory MB after"] = _memory(shop)
        shop.run_now("notifications_in", 120)
        wait_for(lambda: not pushing.stored(shop, state="new"), "all to be worked on")
        clicks = sorted(pushing.click_to_order(shop, SKU) for _ in range(given.clicks))
    return {
        "odoo": given.odoo,
        **costs,
        "per second": given.rate,
        **numbers,
        "click to order s, median": _share(clicks, 0.5),
        "click to order s, p95": _share(clicks, 0.95),
    }


def _prepare(shop: Shop) -> None:
    shop.create_account(mode="mirror", pull_limit=100_000, push_limit=100_000)
    shop.connect()
    shop.use_currency("EUR")
    shop.create_product(SKU, 1000)
    shop.ebay.control(
        "listings/new",
        title="Bench",
        price="10.00",
        quantity=1000,
        sku=SKU,
        marketplace="EBAY_DE",
    )
    pushing.set_up(shop)
    pushing.click_to_order(shop, SKU)  # both workers and the scheduler are warm


# -- what is sent --------------------------------------------------------------------


async def _pushes(shop: Shop, count: int, urgent: bool = True) -> list[Push]:
    """The pushes in their order; eBay's own signature is on the valid ones."""
    kinds = [MIXTURE[number % len(MIXTURE)] for number in range(count)]
    signed = await _signed(shop, kinds.count("valid"), urgent)
    fresh = iter(signed)
    sent: list[tuple[bytes, str]] = []
    pushes = []
    for number, kind in enumerate(kinds):
        if kind == "valid":
            body, header = next(fresh)
            sent.append((body, header))
        elif kind == "duplicate":
            body, header = sent[number % len(sent)]
        elif kind == "forged":
            body, header = _forged(*sent[number % len(sent)], number)
        else:
            body, header = b"[" + b"1," * (OVERSIZED // 2) + b"1]", sent[-1][1]
        pushes.append(Push(kind, _wire(shop, body, header)))
    return pushes


def _forged(body: bytes, header: str, number: int) -> tuple[bytes, str]:
    """Another body under eBay's signature, or eBay's body under a made-up key."""
    if number % 2:
        return body.replace(b"stranger", b"impostor"), header
    fields = json.loads(base64.b64decode(header))
    fields["signature"] = base64.b64encode(os.urandom(70)).decode()
    return body, base64.b64encode(json.dumps(fields).encode()).decode()


def _wire(shop: Shop, body: bytes, header: str) -> bytes:
    parts = urlsplit(pushing_address(shop))
    lines = [
        f"POST {parts.path} HTTP/1.1",
        f"Host: {parts.netloc}",
        "Content-Type: application/json",
        f"x-ebay-signature: {header}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + body


_addresses: dict[int, str] = {}


def pushing_address(shop: Shop) -> str:
    """The webhook's address, asked for once."""
    if id(shop) not in _addresses:
        _addresses[id(shop)] = pushing.address(shop)
    return _addresses[id(shop)]


async def _signed(shop: Shop, count: int, urgent: bool) -> list[tuple[bytes, str]]:
    """So many different pushes as the local eBay signs them, caught by us."""
    caught: list[tuple[bytes, str]] = []

    async def listen(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with_close = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        fields = dict(
            line.lower().split(":", 1) if ":" in line else (line, "")
            for line in head.split("\r\n")
        )
        body = await reader.readexactly(int(fields["content-length"]))
        [header] = [
            line.split(":", 1)[1].strip()
            for line in head.split("\r\n")
            if line.lower().startswith("x-ebay-signature:")
        ]
        caught.append((body, header))
        writer.write(with_close)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    loop = asyncio.get_running_loop()
    async with server:
        for number in range(count):
            wakes = urgent and number % 10 == 0
            await loop.run_in_executor(None, _ask, shop, number, port, wakes)
        deadline = time.monotonic() + 60
        while len(caught) < count:
            if time.monotonic() > deadline:
                raise Problem(f"Only {len(caught)} of {count} pushes were signed.")
            await asyncio.sleep(0.05)
    return caught


def _ask(shop: Shop, number: int, port: int, wakes: bool) -> None:
    """Have eBay sign one push: a closed account, or another seller's order."""
    topic, data = TOPIC, {"username": f"stranger_{number}", "userId": f"u-{number}"}
    if wakes:
        topic, data = URGENT, pushing.confirmation(f"stranger-{number}", "stranger")
    endpoint = f"http://127.0.0.1:{port}/"
    shop.ebay.control("notifications", topic=topic, data=data, endpoint=endpoint)


# -- sending -------------------------------------------------------------------------


async def _flood(shop: Shop, pushes: list[Push], rate: int) -> None:
    """Each push when it is due; a late answer delays no other push."""
    parts = urlsplit(pushing_address(shop))
    began = time.perf_counter()
    waiting = []
    for number, push in enumerate(pushes):
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        waiting.append(
            asyncio.create_task(_send(push, str(parts.hostname), parts.port or 80, due))
        )
    await asyncio.gather(*waiting)


async def _send(push: Push, host: str, port: int, due: float) -> None:
    try:
        push.status = await asyncio.wait_for(_answer(push, host, port), PATIENCE)
    except (ConnectionError, asyncio.IncompleteReadError):
        push.status = CLOSED
    except asyncio.TimeoutError:
        push.status = -1
    push.milliseconds = (time.perf_counter() - due) * 1000


async def _answer(push: Push, host: str, port: int) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(push.wire)
        return int((await reader.readuntil(b"\r\n"))[9:12])
    finally:
        writer.close()


# -- what one costs ------------------------------------------------------------------


async def _costs(shop: Shop) -> dict[str, Any]:
    """Processor milliseconds of Odoo for one request of each kind; see the module."""
    pushes = await _pushes(shop, ROUND * ROUNDS * len(MIXTURE) // 4, urgent=False)
    by_kind = {
        kind: [push for push in pushes if push.kind == kind]
        for kind in dict.fromkeys(MIXTURE)
    }
    by_kind[EMPTY] = [Push(EMPTY, _health(shop))]
    spent: Counter[str] = Counter()
    for turn in range(ROUNDS):
        for kind, mine in by_kind.items():
            some = mine[turn * ROUND : (turn + 1) * ROUND]
            while len(some) < ROUND:
                some = (some + mine)[:ROUND]  # these may be sent again
            began = _processor_ms(shop)
            await _one_by_one(shop, some)
            spent[kind] += _processor_ms(shop) - began
    empty = spent[EMPTY]
    figures: dict[str, Any] = {}
    for kind in by_kind:
        figures[f"{kind}: processor ms"] = round(spent[kind] / (ROUND * ROUNDS), 2)
        figures[f"{kind}: times the {EMPTY}"] = round(spent[kind] / empty, 2)
    return figures


async def _one_by_one(shop: Shop, pushes: list[Push]) -> None:
    parts = urlsplit(pushing_address(shop))
    for push in pushes:
        await _send(push, str(parts.hostname), parts.port or 80, time.perf_counter())


def _health(shop: Shop) -> bytes:
    host = urlsplit(pushing_address(shop)).netloc
    lines = ["GET /web/health HTTP/1.1", f"Host: {host}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode()


# -- figures -------------------------------------------------------------------------


def _numbers(pushes: list[Push]) -> dict[str, Any]:
    numbers: dict[str, Any] = {}
    for kind in dict.fromkeys(MIXTURE):
        mine = [push for push in pushes if push.kind == kind]
        times = sorted(push.milliseconds for push in mine)
        numbers[f"{kind}: answers"] = dict(Counter(push.status for push in mine))
        numbers[f"{kind}: p50 ms"] = _share(times, 0.5)
        numbers[f"{kind}: p99 ms"] = _share(times, 0.99)
    times = sorted(push.milliseconds for push in pushes)
    numbers["all: p50 ms"] = _share(times, 0.5)
    numbers["all: p99 ms"] = _share(times, 0.99)
    numbers["valid sent"] = sum(push.kind == "valid" for push in pushes)
    return numbers


def _share(values: list[float], share: float) -> float:
    return round(values[min(int(len(values) * share), len(values) - 1)], 2)


def _key_fetches(shop: Shop) -> int:
    return shop.ebay.look("journal", operation="getPublicKey", limit=1)["total"]


def _memory(shop: Shop) -> int:
    """Resident memory of Odoo's processes together, in MB."""
    pages = sum(int(line.split()[1]) for line in _of_processes(shop, "statm"))
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000)


def _processor_ms(shop: Shop) -> float:
    """Processor time that Odoo's processes have used so far, in milliseconds."""
    ticks = 0
    for line in _of_processes(shop, "stat"):
        fields = line.rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])  # utime and stime
    return ticks * 1000 / os.sysconf("SC_CLK_TCK")


def _of_processes(shop: Shop, name: str) -> Iterator[str]:
    """That file under /proc of each of Odoo's processes."""
    assert shop.odoo.process is not None
    group = os.getpgid(shop.odoo.process.pid)
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            if os.getpgid(int(folder.name)) == group:
                yield (folder / name).read_text("ascii", "replace")
        except (OSError, ProcessLookupError):
            continue  # it ended meanwhile
