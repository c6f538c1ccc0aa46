"""The simulator's time."""

from __future__ import annotations

from ..calls import Call, Reply, reply_json
from ..clock import from_text
from . import control, refuse


def show_clock(call: Call) -> Reply:
    """What time it is."""
    return reply_json(call.world.clock.describe())


def set_clock(call: Call) -> Reply:
    """``set`` (and ``freeze``), ``advance`` by seconds, or ``real``."""
    given = call.json_object()
    clock = call.world.clock
    try:
        if given.get("real"):
            clock.real()
        if "set" in given:
            clock.set(from_text(str(given["set"])), bool(given.get("freeze")))
        elif given.get("freeze"):
            clock.set(clock.now(), freeze=True)
        if "advance" in given:
            clock.advance(float(given["advance"]))
    except (TypeError, ValueError, OverflowError) as error:
        raise refuse(f"Not a time: {error}.") from error
    return show_clock(call)


OPERATIONS = [
    control("GET", "/clock", show_clock),
    control("POST", "/clock", set_clock),
]
