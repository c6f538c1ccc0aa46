"""Trouble on demand: rules that say which call fails how, how often.

One engine for all: the pipeline asks it before and after a handler, the delivery of
notifications asks it per message. Rules and their fields: docs/simulator.md.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from .ids import Ids

KINDS = frozenset(
    {
        "error",
        "rate_limited",
        "slow",
        "hang",
        "close",
        "lost_response",
        "cut_body",
        "oversized_body",
        "malformed_json",
        "html",
        "redirect",
        "page_drift",
        "duplicate",
        "late",
        "forged",
        "drop",
    }
)


@dataclass(slots=True, eq=False)
class Rule:
    """One fault rule.

    It fits a call when operation, method, path and seller fit (``*`` patterns). Of the
    fitting calls the first ``after`` pass, then every ``every``-th is hit with
    ``probability``, ``times`` times in all (None: without end). ``details`` belong to
    the fault: status, errors, seconds, retry_after, bytes, url, topic, ...
    """

    number: int
    fault: str
    operation: str = "*"
    method: str = "*"
    path: str = "*"
    seller: str = "*"
    times: int | None = None
    after: int = 0
    every: int = 1
    probability: float = 1.0
    details: dict[str, Any] = field(default_factory=dict)
    seen: int = 0
    hits: int = 0
    lifted: asyncio.Event = field(default_factory=asyncio.Event)

    def fits(self, operation: str, method: str, path: str, seller: str) -> bool:
        """Whether the call is one this rule is about."""
        return (
            fnmatchcase(operation, self.operation)
            and fnmatchcase(method, self.method)
            and fnmatchcase(path, self.path)
            and fnmatchcase(seller, self.seller)
        )

    async def hold_up(self, default: float) -> None:
        """Wait for the rule's ``seconds``, or until it is lifted."""
        seconds = float(self.details.get("seconds", default))
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self.lifted.wait(), seconds)

    def describe(self) -> dict[str, Any]:
        """For the control API."""
        names = ("number", "fault", "operation", "method", "path", "seller", "times")
        shown = {name: getattr(self, name) for name in names}
        shown |= {"after": self.after, "every": self.every}
        shown |= {"probability": self.probability, **self.details}
        return shown | {"seen": self.seen, "hits": self.hits}


_FIELDS = ("operation", "method", "path", "seller", "times", "after", "every")


class Faults:
    """The rules in force; in memory, gone after a restart."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._rules: list[Rule] = []
        self._count = 0

    def add(self, given: dict[str, Any]) -> Rule:
        """Put a rule in force.

        :raises ValueError: unknown fault kind.
        """
        fault = given.get("fault")
        if fault not in KINDS:
            raise ValueError(f"fault must be one of {', '.join(sorted(KINDS))}")
        self._count += 1
        known = {name: given[name] for name in _FIELDS if name in given}
        if "probability" in given:
            known["probability"] = float(given["probability"])
        details = {
            name: value
            for name, value in given.items()
            if name not in (*_FIELDS, "probability", "fault")
        }
        rule = Rule(number=self._count, fault=fault, details=details, **known)
        self._rules.append(rule)
        return rule

    def rules(self) -> list[Rule]:
        """All rules, oldest first."""
        return list(self._rules)

    def remove(self, number: int | None = None) -> None:
        """Lift one rule, or all; what it held up continues."""
        gone = [rule for rule in self._rules if number in (None, rule.number)]
        self._rules = [rule for rule in self._rules if rule not in gone]
        for rule in gone:
            rule.lifted.set()

    def hit(
        self, operation: str, method: str = "", path: str = "", seller: str = ""
    ) -> list[Rule]:
        """The rules that strike this call, oldest first; counts it for each."""
        if not self._rules:
            return []
        return [
            rule
            for rule in self._rules
            if rule.fits(operation, method, path, seller) and self._strikes(rule)
        ]

    def _strikes(self, rule: Rule) -> bool:
        rule.seen += 1
        turn = rule.seen - rule.after
        if turn < 1 or (turn - 1) % rule.every:
            return False
        if rule.times is not None and rule.hits >= rule.times:
            return False
        draw = self._ids.chance("fault", rule.number, rule.seen).random()
        if draw >= rule.probability:
            return False
        rule.hits += 1
        return True
