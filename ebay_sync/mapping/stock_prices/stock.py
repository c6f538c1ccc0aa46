"""How many pieces eBay should show: the rule, step by step.

``clip(share * (available - waiting) - buffer, 0, cap)``, in whole pieces. Every step
has a name, so that people can be shown why a quantity is what it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

# eBay's documents name no limit for a quantity. A larger one is a slip of the hand.
LARGEST_QUANTITY = 999_999
# What is left of floating point after a division or a sum of quants.
_GRAIN = 10**-6


@dataclass(frozen=True, slots=True)
class StockRule:
    """What holds for one listing, exceptions included.

    ``share`` in percent; ``cap`` None for none; ``fixed`` None for not fixed; ``never``
    leaves the listing alone. ``least`` stays on show where an empty shelf would end the
    listing; a ``fixed`` 0 and a ``cap`` of 0 are meant so, and end it.
    """

    share: float = 100
    buffer: int = 0
    cap: int | None = None
    fixed: int | None = None
    never: bool = False
    least: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a rule: its code and the number after it."""

    code: str
    value: float


def quantity_steps(
    rule: StockRule, available: float | None, waiting: float = 0, shown: int = 0
) -> list[Step]:
    """From what is available to what eBay should show; the last step is the result.

    ``available`` is None where Odoo counts no stock (services, goods that are not
    tracked); ``waiting`` is what eBay's orders that are not in Odoo yet will take;
    ``shown`` is what eBay shows now. The list is empty where nothing is to be sent.
    """
    if rule.never:
        return []
    if rule.fixed is not None:
        return _limited([Step("fixed", rule.fixed)], None, 0)
    if available is None or not math.isfinite(available):
        return []
    steps = [Step("available", available)]
    value = available
    if waiting:
        value -= waiting
        steps.append(Step("waiting", value))
    if rule.share != 100:
        value = value * rule.share / 100
        steps.append(Step("share", value))
    if rule.buffer:
        value -= rule.buffer
        steps.append(Step("buffer", value))
    least = rule.least if shown > 0 and rule.cap != 0 else 0
    return _limited(steps, rule.cap, least)


def _limited(steps: list[Step], cap: int | None, least: int) -> list[Step]:
    """Whole pieces, not below zero, not above the cap and what eBay can bear."""
    value = math.floor(steps[-1].value + _GRAIN)
    if value != steps[-1].value:
        steps.append(Step("whole", value))
    if value < 0:
        value = 0
        steps.append(Step("zero", 0))
    if cap is not None and value > cap:
        value = cap
        steps.append(Step("cap", value))
    if value > LARGEST_QUANTITY:
        value = LARGEST_QUANTITY
        steps.append(Step("largest", value))
    if value < least:
        value = least
        steps.append(Step("least", value))
    steps.append(Step("result", value))
    return steps


def desired_quantity(
    rule: StockRule, available: float | None, waiting: float = 0, shown: int = 0
) -> int | None:
    """What eBay should show, or None where nothing is to be sent."""
    steps = quantity_steps(rule, available, waiting, shown)
    return int(steps[-1].value) if steps else None


def kit_quantity(components: list[tuple[float, float]]) -> float:
    """How many kits there are: ``components`` are (available, needed per kit)."""
    counts = [
        math.floor(available / needed + _GRAIN)
        for available, needed in components
        if needed > 0
    ]
    return min(counts, default=0)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is known of the quantity that eBay shows.

    ``acked`` is what eBay last took from us (None: nothing yet), ``sold`` what it has
    sold since then, ``seen`` what the mirror read. ``unsettled``: something was sent
    and it is not known what became of it.
    """

    acked: int | None
    sold: int
    seen: int
    unsettled: bool


def expected(shown: Shown) -> int | None:
    """What eBay must be showing now, or None when that is not known."""
    if shown.unsettled:
        return None
    if shown.acked is None:
        return shown.seen
    return max(shown.acked - shown.sold, 0)
