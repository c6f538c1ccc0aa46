"""How the faults of :mod:`simulator.faults` look on the wire."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.types import Scope

from .calls import Call, Reply, reply_json, reply_text
from .errors import EbayError, internal, too_many_requests
from .faults import Rule

TRANSPORT = "simulator.transport"
"""Where the server puts the connection's transport into the ASGI scope."""
HALF = -1


async def before(call: Call, rules: list[Rule]) -> Reply | None:
    """Faults that strike instead of the handler; None lets the call through."""
    for rule in rules:
        if rule.fault == "slow":
            await rule.hold_up(1)
        elif rule.fault == "page_drift":
            call.world.emit("page_drift", call=call, rule=rule)
    for rule in rules:
        make = _INSTEAD.get(rule.fault)
        if make is not None:
            return make(call, rule)
    return None


def _given_error(call: Call, rule: Rule) -> Reply:
    details = rule.details
    status = int(details.get("status", 500))
    if "body" in details:
        return reply_text(
            details["body"], details.get("contentType", "text/plain"), status
        )
    if "errors" in details:
        return reply_json({"errors": details["errors"]}, status)
    error = internal()
    error.status = status
    return call.api.render_error(error)


def _rate_limited(call: Call, rule: Rule) -> Reply:
    error: EbayError = too_many_requests(rule.details.get("retry_after"))
    return call.api.render_error(error)


def _redirect(call: Call, rule: Rule) -> Reply:
    url = rule.details.get("url", "http://127.0.0.2:9/elsewhere")
    status = int(rule.details.get("status", 302))
    return Reply(status, b"", None, {"Location": url})


def _html(call: Call, rule: Rule) -> Reply:
    page = "<!DOCTYPE html><html><body><h1>Service Unavailable</h1></body></html>"
    return reply_text(page, "text/html", int(rule.details.get("status", 200)))


def _nothing(call: Call, rule: Rule) -> Reply:
    return Reply(0)


_INSTEAD: dict[str, Callable[[Call, Rule], Reply]] = {
    "error": _given_error,
    "rate_limited": _rate_limited,
    "redirect": _redirect,
    "html": _html,
    "close": _nothing,
    "hang": _nothing,
}


def after(call: Call, rules: list[Rule], reply: Reply) -> Reply:
    """Faults that spoil the answer of work that was done."""
    for rule in rules:
        if rule.fault == "malformed_json":
            half = reply.body[: len(reply.body) // 2] or b"{"
            reply = Reply(reply.status, half, "application/json", reply.headers)
        elif rule.fault == "oversized_body":
            size = int(rule.details.get("bytes", 64 * 1024 * 1024))
            body = b'{"padding":"' + b"x" * size + b'"}'
            reply = Reply(reply.status, body, "application/json", reply.headers)
    return reply


async def deliver(
    rules: list[Rule],
    scope: Scope,
    send: Callable[[int | None], Awaitable[None]],
) -> None:
    """Send the answer, or lose it, or cut it off.

    ``send`` takes the number of bytes to cut it at (HALF: in the middle), or None.
    """
    for rule in rules:
        if rule.fault in ("lost_response", "close", "hang"):
            await rule.hold_up(60 if rule.fault == "hang" else 0)
            await _drop(scope)
            return
        if rule.fault == "cut_body":
            await send(int(rule.details.get("bytes", HALF)))
            await _drop(scope)
            return
    await send(None)


async def _drop(scope: Scope) -> None:
    """Break the connection without another byte."""
    transport: Any = scope.get(TRANSPORT)
    if transport is None:
        raise ConnectionResetError("the simulator dropped this connection on purpose")
    transport.close()
    await asyncio.sleep(0)
