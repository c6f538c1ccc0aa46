"""What an Odoo server may write to its log: nothing above INFO that nobody expects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MARKER = "logs(*beginnings): warnings and errors that the test expects in Odoo's log"
# What Odoo says on a slow machine: a file that takes more than a second to send.
_SLOW = "sending two different Date response headers"
# PostgreSQL lets one of two transactions that meet give way. Odoo says so as an error
# and repeats it; where nobody does, the failed request or job is an error of its own.
_GAVE_WAY = re.compile(
    r"bad query: .*^ERROR: +could not serialize access", re.DOTALL | re.MULTILINE
)
_RECORD = re.compile(
    r"^\S+ \S+ \d+ (?P<level>[A-Z]+) \S+ \S+?: (?P<message>.*?)"
    r"(?=^\d{4}-\d\d-\d\d \S+ \d+ [A-Z]+ |\Z)",
    re.DOTALL | re.MULTILINE,
)
_TROUBLE = {"WARNING", "ERROR", "CRITICAL"}


@contextmanager
def guarded(log: Path, expected: Iterable[str]) -> Iterator[None]:
    """Fail when a block leaves a warning or an error that is not ``expected``.

    Expected are messages that match one of these patterns from their beginning.
    """
    start = log.stat().st_size
    yield
    with open(log, "rb") as file:
        file.seek(start)
        text = file.read().decode("utf-8", "replace")
    if strange := unexpected(text, expected):
        said = "\n".join(strange[:20])
        pytest.fail(f"unexpected lines in {log.name}:\n{said}", pytrace=False)


def unexpected(text: str, expected: Iterable[str]) -> list[str]:
    """The first lines of the warnings and errors that nobody expects."""
    patterns = [re.compile(pattern) for pattern in (_SLOW, *expected)]
    return [
        record.group(0).splitlines()[0]
        for record in _RECORD.finditer(text)
        if record["level"] in _TROUBLE
        and not _GAVE_WAY.match(record["message"])
        and not any(pattern.match(record["message"]) for pattern in patterns)
    ]


def expected_by(request: pytest.FixtureRequest) -> list[str]:
    """What the ``logs`` marks of a test say."""
    marks = request.node.iter_markers("logs")
    return [pattern for mark in marks for pattern in mark.args]
