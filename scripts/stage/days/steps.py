"""The list of what can happen in a shop day, filled by whoever acts in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .shop import DayShop

Act = Callable[[DayShop], object]


@dataclass(frozen=True)
class Step:
    """Something that can happen; ``weight`` is how often, beside the others."""

    name: str
    weight: int
    act: Act


STEPS: list[Step] = []


def step(weight: int) -> Callable[[Act], Act]:
    """Add a function to what can happen. What it returns becomes part of the story."""

    def add(act: Act) -> Act:
        STEPS.append(Step(act.__name__, weight, act))
        return act

    return add
