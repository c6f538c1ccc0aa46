"""Pushing notifications to endpoints, in the background, at most three times each.

A message waits in the store until it was tried, so a restart loses none; the log of
attempts is what ``/_sim/notifications`` shows.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import deque
from typing import TYPE_CHECKING, Any

import httpx2

from ..behaviour import behaviour
from .http import new_client
from .signing import current_key, new_key, signature_header

if TYPE_CHECKING:
    from ..faults import Rule
    from ..world import World

_log = logging.getLogger("simulator")
ATTEMPTS = 3
TIMEOUT = 10.0
_AT_ONCE = 16
_KEPT = 5_000
ACKNOWLEDGED = frozenset({200, 201, 202, 204})
FORGERIES = ("signature", "key", "body")
Message = dict[str, Any]


class Courier:
    """Takes messages and delivers them while the application runs."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._messages = world.collection("delivery")
        self._wake = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._loop: asyncio.Task[None] | None = None
        self._client: httpx2.AsyncClient | None = None
        self._pending = deque(
            number
            for number, message in self._messages.items()
            if message["state"] == "pending"
        )

    def start(self) -> None:
        """Begin delivering; called inside the running event loop."""
        self._loop = asyncio.create_task(self._work())

    async def stop(self) -> None:
        """Stop; what was not delivered stays in the store."""
        tasks = [*self._running, *([self._loop] if self._loop else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    def post(
        self,
        topic: str,
        data: dict[str, Any],
        endpoint: str,
        version: str = "1.0",
        notification_id: str | None = None,
        forged: str | None = None,
    ) -> Message:
        """Queue a message to one endpoint; returns its log entry.

        ``forged``: None, or what is wrong with it (one of FORGERIES).
        """
        world = self._world
        number = str(world.ids.count("delivery"))
        message = {
            "number": number,
            "notificationId": notification_id or world.ids.uuid("notification"),
            "topic": topic,
            "version": version,
            "data": data,
            "endpoint": endpoint,
            "eventDate": world.clock.text(),
            "forged": forged,
            "state": "pending",
            "attempts": [],
        }
        self._messages.put(number, message)
        self._pending.append(number)
        while len(self._messages) > _KEPT and (oldest := self._messages.oldest()):
            self._messages.delete(oldest[0])
        self._wake.set()
        return message

    def log(self) -> list[Message]:
        """All messages, oldest first."""
        return self._messages.values()

    def clear(self) -> None:
        """Forget the log; what is pending is no longer sent."""
        self._messages.clear()
        self._pending.clear()

    async def _work(self) -> None:
        while True:
            while self._pending:
                message = self._messages.get(self._pending.popleft())
                if message is not None:
                    task = asyncio.create_task(self._carry(message))
                    self._running.add(task)
                    task.add_done_callback(self._running.discard)
            self._wake.clear()
            await self._wake.wait()

    async def _carry(self, message: Message) -> None:
        """Deliver one message: up to three attempts, with what faults add."""
        try:
            async with self._free:
                rules = self._world.faults.hit(
                    f"notification.{message['topic']}", "POST", message["endpoint"]
                )
                await self._deliver(message, {rule.fault: rule for rule in rules})
        except Exception:
            _log.exception("delivery %s failed", message["number"])
            message["state"] = "failed"
        self._save(message)

    async def _deliver(self, message: Message, rules: dict[str, Rule]) -> None:
        if "drop" in rules:
            message["state"] = "dropped"
            return
        if "late" in rules:
            await rules["late"].hold_up(5)
        if "forged" in rules:
            message["forged"] = rules["forged"].details.get("how", FORGERIES[0])
        waits = behaviour(self._world, "deliveryRetrySeconds")
        for attempt in range(1, ATTEMPTS + 1):
            if attempt > 1:
                await asyncio.sleep(waits[min(attempt - 2, len(waits) - 1)])
            if await self._attempt(message, attempt):
                message["state"] = "delivered"
                break
            self._save(message)
        else:
            message["state"] = "failed"
        for _ in range(self._repeats(rules)):
            await self._attempt(message, 1)

    @staticmethod
    def _repeats(rules: dict[str, Rule]) -> int:
        rule = rules.get("duplicate")
        return int(rule.details.get("copies", 1)) if rule else 0

    async def _attempt(self, message: Message, attempt: int) -> bool:
        body, header = sign(self._world, message, attempt)
        headers = {"Content-Type": "application/json", "x-ebay-signature": header}
        started = time.perf_counter()
        outcome: dict[str, Any] = {"attempt": attempt, "at": self._world.clock.text()}
        if self._client is None:
            self._client = new_client(TIMEOUT)
        try:
            answer = await self._client.post(
                message["endpoint"], content=body, headers=headers
            )
            outcome["status"] = answer.status_code
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            outcome["error"] = type(error).__name__
        outcome["milliseconds"] = round((time.perf_counter() - started) * 1000, 1)
        message["attempts"].append(outcome)
        return outcome.get("status") in ACKNOWLEDGED

    def _save(self, message: Message) -> None:
        if message["number"] in self._messages:
            self._messages.put(message["number"], message)
            self._world.store.commit()


def sign(world: World, message: Message, attempt: int) -> tuple[bytes, str]:
    """The body and the signature header of one attempt, forged where asked for."""
    envelope = {
        "metadata": {
            "topic": message["topic"],
            "schemaVersion": message["version"],
            "deprecated": False,
        },
        "notification": {
            "notificationId": message["notificationId"],
            "eventDate": message["eventDate"],
            "publishDate": world.clock.text(),
            "publishAttemptCount": attempt,
            "data": message["data"],
        },
    }
    body = _compact(envelope)
    kid, key = current_key(world)
    forged = message["forged"]
    if forged == "signature":
        return body, signature_header(kid, new_key(), body)
    if forged == "key":
        return body, signature_header(world.ids.uuid("forged"), new_key(), body)
    header = signature_header(kid, key, body)
    if forged == "body":
        envelope["notification"]["data"] = {**message["data"], "forged": True}
        body = _compact(envelope)
    return body, header


def _compact(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
