"""Three ways meet: what was last applied, what eBay says now, what Odoo says now.

Pure. What has not changed at eBay is nobody's business, whatever a clerk did. What has
changed is applied where Odoo still says what was applied, as far as Odoo is (the
table); else a person is asked. Making an order is the same step with nothing applied
before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .facts import (
    CHARGES,
    DELIVERY,
    GIFT,
    INVOICE,
    KEPT_IN_SILENCE,
    NOTE,
    NOTHING,
    PRICE,
    QUANTITY,
    SERVICE,
    SHIP_BY,
    Facts,
    Value,
    is_same,
    is_same_place,
    line_of,
)

# How far Odoo is, with the whole order or with one of its lines.
QUOTATION = "quotation"
CONFIRMED = "confirmed"
PICKING = "being picked"
PARTLY = "shipped in part"
SHIPPED = "shipped"
CANCELLED = "cancelled"
STAGES = (QUOTATION, CONFIRMED, PICKING, PARTLY, SHIPPED, CANCELLED)

# What becomes of a change at eBay that nobody has touched in Odoo.
APPLY = "apply"  # Odoo follows
HOLD = "hold"  # an urgent entry, and no transfer leaves before it is answered
ASK = "ask"  # an entry, both values, two buttons
TELL = "tell"  # an entry for information
LEAVE = "leave"  # too late to matter, or somebody else's: nothing is done
WAIT = "wait"  # nothing is done now, and the change stays one

# What kind of change it is.
ADDED = "line added"
CHANGED = "quantity"
DROPPED = "line dropped"
ADDRESS = "address"
BILLING = "billing"
MONEY = "money"
SHIPPING = "shipping service"
DETAIL = "detail"

_KINDS = {
    DELIVERY: ADDRESS,
    INVOICE: BILLING,
    SERVICE: SHIPPING,
    SHIP_BY: DETAIL,
    NOTE: DETAIL,
    GIFT: DETAIL,
    CHARGES: MONEY,
}

# rows: kinds of changes; columns: STAGES
TABLE: Mapping[str, Mapping[str, str]] = {
    kind: dict(zip(STAGES, verdicts, strict=True))
    for kind, verdicts in {
        #         quotation confirmed picking partly shipped cancelled
        ADDRESS: (APPLY, APPLY, HOLD, APPLY, TELL, WAIT),
        BILLING: (APPLY, APPLY, APPLY, APPLY, APPLY, WAIT),
        ADDED: (APPLY, APPLY, APPLY, APPLY, ASK, WAIT),
        CHANGED: (APPLY, APPLY, HOLD, HOLD, ASK, WAIT),
        DROPPED: (APPLY, APPLY, HOLD, HOLD, LEAVE, WAIT),
        MONEY: (APPLY, APPLY, APPLY, APPLY, APPLY, WAIT),
        SHIPPING: (APPLY, APPLY, ASK, LEAVE, LEAVE, WAIT),
        DETAIL: (APPLY, APPLY, APPLY, APPLY, LEAVE, WAIT),
    }.items()
}
# When both sides changed one of these, nothing leaves before somebody has answered.
_DECIDES_THE_PARCEL = frozenset((ADDRESS, CHANGED, DROPPED))
_BEFORE_THE_PARCEL = frozenset((QUOTATION, CONFIRMED, PICKING, PARTLY))


@dataclass(frozen=True, slots=True)
class Phase:
    """How far Odoo is: with what is still to leave, and with single lines."""

    order: str = QUOTATION
    lines: Mapping[str, str] = field(default_factory=dict)

    def of(self, key: str) -> str:
        """The stage that decides about a key."""
        return self.lines.get(line_of(key) or "", self.order)


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that eBay has changed, with what was applied before and is to be now."""

    key: str
    kind: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Conflict:
    """One change that a person decides on; ``holds`` for "nothing leaves before"."""

    key: str
    kind: str
    ebay: Value
    odoo: Value
    holds: bool


@dataclass(frozen=True, slots=True)
class Merge:
    """What is to be done.

    ``settled`` are keys on which nothing is to be done any more: eBay's value is the
    base from now on. ``touched`` are those that a clerk has changed.
    """

    changes: tuple[Change, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    told: tuple[Change, ...] = ()
    settled: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()


def merge(
    base: Facts,
    ebay: Facts,
    odoo: Facts,
    phase: Phase,
    taken: frozenset[str] = frozenset(),
) -> Merge:
    """Compare three ways. ``taken`` are keys for which a person chose eBay's value."""
    changes, conflicts, told, settled, touched = [], [], [], [], []
    for key in sorted({*base, *ebay, *odoo}):
        before, now, here = base.get(key), ebay.get(key), odoo.get(key)
        is_touched = not is_same(key, here, before)
        if is_touched:
            touched.append(key)
        if _says_nothing_new(key, before, now):
            continue
        change = Change(key, kind_of(key, before, now), before, now)
        verdict = TABLE[change.kind][phase.of(key)]
        if verdict == WAIT:
            continue
        agrees = is_same(key, here, now) or (
            is_touched and key in (DELIVERY, INVOICE) and is_same_place(here, now)
        )
        if agrees or _is_of_no_line(key, base, odoo):
            settled.append(key)
        elif key in taken:
            changes.append(change)
        elif verdict == LEAVE:
            settled.append(key)
        elif verdict == TELL:
            told.append(change)
        elif is_touched or verdict != APPLY:
            holds = verdict == HOLD or (
                change.kind in _DECIDES_THE_PARCEL
                and phase.of(key) in _BEFORE_THE_PARCEL
            )
            conflicts.append(Conflict(key, change.kind, now, here, holds))
        else:
            changes.append(change)
    return Merge(*map(tuple, (changes, conflicts, told, settled, touched)))


def next_base(
    base: Facts, ebay: Facts, merged: Merge, undone: frozenset[str] = frozenset()
) -> dict[str, Value]:
    """What counts as applied after a merge; ``undone`` are keys that could not be."""
    after = dict(base)
    done = [one.key for one in (*merged.changes, *merged.told)]
    for key in {*done, *merged.settled} - undone:
        if key in ebay:
            after[key] = ebay[key]
        else:
            after.pop(key, None)
    return after


def kind_of(key: str, before: Value, now: Value) -> str:
    """What kind of change it is when a key's value becomes another."""
    if key.startswith(QUANTITY):
        if (now or NOTHING) == NOTHING:
            return DROPPED
        return ADDED if before is None else CHANGED
    return MONEY if key.startswith(PRICE) else _KINDS[key]


def _says_nothing_new(key: str, before: Value, now: Value) -> bool:
    if now is None and (key in KEPT_IN_SILENCE or key.startswith(PRICE)):
        return True  # blanked, or the price of a line that is dropped
    return now == before


def _is_of_no_line(key: str, base: Facts, odoo: Facts) -> bool:
    """The price of a line that was there and that somebody has taken out."""
    ref = line_of(key)
    if ref is None or not key.startswith(PRICE):
        return False
    quantity = QUANTITY + ref
    was_there = (base.get(quantity) or NOTHING) != NOTHING
    return was_there and (odoo.get(quantity) or NOTHING) == NOTHING
