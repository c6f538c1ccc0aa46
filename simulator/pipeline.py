"""What happens to every request, in this order.

read body -> faults that strike before -> token -> quota -> handler -> commit ->
faults that strike after -> eBay's headers, compression -> journal.
"""

from __future__ import annotations

import asyncio
import gzip
import inspect
import logging
import time
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import Headers, QueryParams
from starlette.types import Receive, Scope, Send

from . import misbehave
from .calls import Api, Call, Operation, Reply
from .errors import EbayError, internal, too_large
from .tokens import authorize, claimed_seller
from .world import World

WORLD = "simulator.world"
"""Where the application puts its world into the ASGI scope."""

_log = logging.getLogger("simulator")
LARGEST_BODY = 32 * 1024 * 1024
"""Bytes; what is larger is refused."""
_COMPRESS_FROM = 1_000
_SECRET = frozenset({"state", "code", "token", "challenge_code"})


class Endpoint:
    """The ASGI endpoint of one operation."""

    def __init__(self, api: Api, operation: Operation) -> None:
        self._api = api
        self._operation = operation
        self._quota = operation.quota or api.quota
        self._is_async = inspect.iscoroutinefunction(operation.handler)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        body = await _read_body(receive)
        if body is None:
            return
        call = _call(self._api, self._operation, scope, body)
        if self._api.control:
            await _send(send, call, await self._answer(call))
            return
        seller = claimed_seller(call)
        rules = call.world.faults.hit(call.operation, call.method, call.path, seller)
        reply = await misbehave.before(call, rules)
        if reply is None:
            reply = await self._answer(call)
            reply = misbehave.after(call, rules, reply)
        call.world.journal.add(_entry(call, seller, reply, rules, started))
        await misbehave.deliver(rules, scope, lambda cut: _send(send, call, reply, cut))

    async def _answer(self, call: Call) -> Reply:
        try:
            if len(call.body) > LARGEST_BODY:
                raise too_large()
            if self._operation.token is not None:
                authorize(call, self._operation)
            if self._quota is not None:
                call.world.quotas.spend(call.client_id, self._quota, call.seller)
            answer: Any = self._operation.handler(call)
            reply = await answer if self._is_async else answer
        except EbayError as error:
            reply = self._api.render_error(error)
        except Exception:
            _log.exception("%s failed", call.operation)
            reply = self._api.render_error(internal())
        call.world.store.commit()
        return reply


async def _read_body(receive: Receive) -> bytes | None:
    """The whole body; None when the client went away before its end.

    Of a body that is too large one byte more than allowed is kept.
    """
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")[: LARGEST_BODY + 1 - size]
        size += len(part)
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


def _call(api: Api, operation: Operation, scope: Scope, body: bytes) -> Call:
    world: World = scope[WORLD]
    headers = Headers(scope=scope)
    name = api.operation_name(headers) if api.operation_name else operation.name
    return Call(
        world=world,
        api=api,
        operation=name,
        method=scope["method"],
        path=scope["simulator.path"],
        params=scope.get("path_params", {}),
        query=QueryParams(scope.get("query_string", b"")),
        headers=headers,
        body=body,
        scheme=scope.get("scheme", "http"),
        request_id=world.request_id(),
    )


def _entry(
    call: Call, seller: str, reply: Reply, rules: list[Any], started: float
) -> dict[str, Any]:
    return {
        "at": call.world.clock.text(),
        "method": call.method,
        "path": call.path,
        "query": _harmless(call.query),
        "operation": call.operation,
        "seller": seller or None,
        "status": reply.status,
        "milliseconds": round((time.perf_counter() - started) * 1000, 3),
        "requestBytes": len(call.body),
        "responseBytes": len(reply.body),
        "requestId": call.request_id,
        "faults": [rule.fault for rule in rules],
    }


def _harmless(query: QueryParams) -> str:
    """The query without what OAuth keeps secret."""
    return urlencode(
        [(name, value) for name, value in query.multi_items() if name not in _SECRET]
    )


async def _send(send: Send, call: Call, reply: Reply, cut: int | None = None) -> None:
    body = reply.body
    headers = {
        "X-EBAY-C-REQUEST-ID": call.request_id,
        "rlogid": f"t6{call.request_id[3:19]}",
        **reply.headers,
    }
    if reply.content_type:
        headers["Content-Type"] = reply.content_type
    if len(body) >= _COMPRESS_FROM and "gzip" in call.headers.get(
        "accept-encoding", ""
    ):
        body = await _compress(body)
        headers["Content-Encoding"] = "gzip"
        headers["Vary"] = "Accept-Encoding"
    if reply.status not in (204, 304):
        headers["Content-Length"] = str(len(body))
    raw = [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in headers.items()
    ]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    if cut is not None:
        size = len(body) // 2 if cut == misbehave.HALF else cut
        body = body[: min(size, len(body) - 1)]
    await send(
        {"type": "http.response.body", "body": body, "more_body": cut is not None}
    )


async def _compress(body: bytes) -> bytes:
    if len(body) < 1_000_000:
        return gzip.compress(body, 1)
    return await asyncio.to_thread(gzip.compress, body, 1)
