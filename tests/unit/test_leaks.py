"""The search of a server's log for buyers finds them however they are written."""

import json

import pytest

from e2e.leaks import named

NAME = "Zażółć Gęślą"


@pytest.mark.parametrize(
    "line",
    [f"name: {NAME}", f"payload: {json.dumps(NAME)}", f"values: {NAME!a}"],
)
def test_a_name_is_found(line):
    assert named(f"2026-01-01 INFO {line} and more".encode(), {NAME, "Else"}) == [NAME]


def test_nobody_is_found_where_nobody_is():
    assert named(b"2026-01-01 INFO nothing of interest", {NAME}) == []
