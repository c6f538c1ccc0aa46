"""Health, reset, and the choices of :mod:`simulator.behaviour`."""

from __future__ import annotations

from ..behaviour import all_behaviour, change
from ..calls import Call, Reply, reply_json
from . import control, refuse


def health(call: Call) -> Reply:
    """Alive; what is stored, by kind."""
    world = call.world
    return reply_json(
        {
            "status": "ok",
            "now": world.clock.text(),
            "seed": world.settings.seed,
            "orders": len(world.orders),
            "sellers": world.collection("seller").keys(),
            "requests": world.journal.total,
        }
    )


def reset(call: Call) -> Reply:
    """Forget everything and begin again with the same seed."""
    call.world.reset()
    return health(call)


def show_behaviour(call: Call) -> Reply:
    """Every choice with its value."""
    return reply_json(all_behaviour(call.world))


def set_behaviour(call: Call) -> Reply:
    """Change some choices."""
    try:
        change(call.world, call.json_object())
    except KeyError as error:
        raise refuse(f"No such choice: {error.args[0]}.") from error
    return show_behaviour(call)


OPERATIONS = [
    control("GET", "/health", health),
    control("POST", "/reset", reset),
    control("GET", "/behaviour", show_behaviour),
    control("POST", "/behaviour", set_behaviour),
]
