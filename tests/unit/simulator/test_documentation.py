"""docs/simulator.md names every control, fault and choice that there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simulator.apis import all_apis
from simulator.behaviour import DEFAULTS
from simulator.control import control_api
from simulator.faults import KINDS
from simulator.server import parse

TEXT = (Path(__file__).parents[3] / "docs" / "simulator.md").read_text("utf-8")


def spoken_of(operation) -> bool:
    """Whether the path is written out, with any value for its parameters."""
    pattern = re.sub(r"\\{\w+\\}", r"(\\{\\w+\\}|[\\w<>-]+)", re.escape(operation.path))
    short = pattern.replace("/orders/", ".../", 1)
    return bool(re.search(rf"(/_sim{pattern}|{short})(?![\w/{{])", TEXT))


@pytest.mark.parametrize(
    "operation", control_api().operations, ids=lambda one: one.name
)
def test_every_control(operation):
    assert spoken_of(operation)


def test_a_control_that_is_not_there_is_not_found():
    operation = control_api().operations[0]
    assert not spoken_of(type(operation)("GET", "/nonsense", "x", operation.handler))


@pytest.mark.parametrize("word", [*sorted(KINDS), *DEFAULTS])
def test_every_fault_and_choice(word):
    assert f"`{word}`" in TEXT


def test_every_option():
    for name in vars(parse([])):
        assert f"`--{name.replace('_', '-')} " in TEXT


def test_operation_names_are_those_of_the_journal():
    names = [one.name for api in all_apis() for one in api.operations]
    assert {"getOrders", "token", "consentPage"} <= set(names)
