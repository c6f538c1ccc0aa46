"""What an Odoo server may write to its log: nothing above INFO that nobody expects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MARKER = "logs(*beginnings): warnings and errors that the test expects in Odoo's log"
# What Odoo itself says now and then: two requests of one web client that collide and
# are repeated, and a file that a slow machine takes more than a second to send.
_ODOOS_OWN = (
    r"bad query: .* UPDATE .discuss_channel_member.",
    "sending two different Date response headers",
)
_RECORD = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) \S+ (\S+?): (.*)$")


@contextmanager
def guarded(log: Path, expected: Iterable[str]) -> Iterator[None]:
    """Fail when a block leaves a warning or an error that is not ``expected``.

    Expected are messages that match one of these patterns from their beginning.
    """
    start = log.stat().st_size
    yield
    patterns = [re.compile(pattern) for pattern in (*_ODOOS_OWN, *expected)]
    strange = [
        line
        for line, message in _warnings(log, start)
        if not any(pattern.match(message) for pattern in patterns)
    ]
    if strange:
        said = "\n".join(strange[:20])
        pytest.fail(f"unexpected lines in {log.name}:\n{said}", pytrace=False)


def expected_by(request: pytest.FixtureRequest) -> list[str]:
    """What the ``logs`` marks of a test say."""
    marks = request.node.iter_markers("logs")
    return [pattern for mark in marks for pattern in mark.args]


def _warnings(log: Path, start: int) -> Iterator[tuple[str, str]]:
    """Line and message of each warning written since byte ``start``."""
    with open(log, "rb") as file:
        file.seek(start)
        for line in file.read().decode("utf-8", "replace").splitlines():
            if found := _RECORD.match(line):
                yield line, found.group(3)
