"""Counts of a test run, read from JUnit XML, and the table at its end."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Result:
    """What one part of the suite came to. ``note`` stands beside the numbers."""

    part: str
    series: str = ""
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0
    note: str = ""
    skips: list[str] = field(default_factory=list)


def read_junit(file: Path, result: Result) -> bool:
    """Add the counts of a JUnit file to ``result``; False when it is not whole."""
    try:
        root = ElementTree.parse(file).getroot()
    except (OSError, ElementTree.ParseError):
        return False
    for case in root.iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            result.failed += 1
        elif (skip := case.find("skipped")) is not None:
            result.skipped += 1
            reason = skip.get("message", "")
            result.skips.append(f"{case.get('classname')}.{case.get('name')}: {reason}")
        else:
            result.passed += 1
    return True


def joined(part: str, results: Sequence[Result]) -> Result:
    """One result of runs that went side by side: their sums, the longest time."""
    return Result(
        part,
        passed=sum(one.passed for one in results),
        failed=sum(one.failed for one in results),
        skipped=sum(one.skipped for one in results),
        seconds=max(one.seconds for one in results),
        note="; ".join(one.note for one in results if one.note),
        skips=[skip for one in results for skip in one.skips],
    )


def table(results: Sequence[Result]) -> str:
    """One line per part and series, aligned."""
    rows = [("part", "Odoo", "passed", "failed", "skipped", "time", "")]
    for one in results:
        numbers = [str(one.passed), str(one.failed), str(one.skipped)]
        time = f"{one.seconds:.0f} s"
        rows.append((one.part, one.series or "-", *numbers, time, one.note))
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    lines = []
    for row in rows:
        left = [row[column].ljust(widths[column]) for column in (0, 1)]
        right = [row[column].rjust(widths[column]) for column in range(2, 6)]
        lines.append("  ".join([*left, *right, row[6]]).rstrip())
    return "\n".join(lines)


def last_line(results: Sequence[Result]) -> str:
    """``N passed, N failed``; ``, N skipped`` follows where something was."""
    passed = sum(one.passed for one in results)
    failed = sum(one.failed for one in results)
    skipped = sum(one.skipped for one in results)
    line = f"{passed} passed, {failed} failed"
    return f"{line}, {skipped} skipped" if skipped else line
