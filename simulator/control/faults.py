"""Fault rules: add, list, lift."""

from __future__ import annotations

from ..calls import Call, Reply, no_content, reply_json
from . import control, refuse


def list_faults(call: Call) -> Reply:
    """All rules with how often they were seen and struck."""
    rules = [rule.describe() for rule in call.world.faults.rules()]
    return reply_json({"faults": rules})


def add_fault(call: Call) -> Reply:
    """Put one rule in force, or several as a list."""
    given = call.json()
    try:
        rules = [
            call.world.faults.add(one)
            for one in (given if isinstance(given, list) else [given])
        ]
    except (TypeError, ValueError, AttributeError) as error:
        raise refuse(f"Not a fault rule: {error}.") from error
    shown = [rule.describe() for rule in rules]
    return reply_json(shown if isinstance(given, list) else shown[0], 201)


def clear_faults(call: Call) -> Reply:
    """Lift all rules."""
    call.world.faults.remove()
    return no_content()


def remove_fault(call: Call) -> Reply:
    """Lift one rule."""
    number = call.params["number"]
    if not number.isdecimal():
        raise refuse("Rules have numbers.")
    call.world.faults.remove(int(number))
    return no_content()


OPERATIONS = [
    control("GET", "/faults", list_faults),
    control("POST", "/faults", add_fault),
    control("DELETE", "/faults", clear_faults),
    control("DELETE", "/faults/{number}", remove_fault),
]
