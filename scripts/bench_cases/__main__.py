"""``scripts/bench CASE [options]``: run a case, print its numbers, write a report.

A case is a module in this folder whose ``main`` takes the remaining arguments and
returns plain numbers by name. ``--report FILE`` is for every case.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from pkgutil import iter_modules

from ..tooling.paths import Problem, report_file


def cases() -> dict[str, str]:
    """Every case with the first line of its docstring."""
    here = str(Path(__file__).parent)
    names = sorted(one.name for one in iter_modules([here]) if not one.ispkg)
    return {
        name: (_case(name).__doc__ or "").strip().partition("\n")[0]
        for name in names
        if not name.startswith("_")
    }


def _case(name: str):
    return importlib.import_module(f"{__package__}.{name}")


def _take_report(arguments: list[str]) -> Path | None:
    """Remove ``--report FILE`` from the arguments; returns the file."""
    if "--report" not in arguments:
        return None
    place = arguments.index("--report")
    if place + 1 == len(arguments):
        raise SystemExit("--report needs a file")
    try:
        report = report_file(arguments[place + 1])
    except Problem as problem:
        raise SystemExit(str(problem)) from None
    del arguments[place : place + 2]
    return report


def run(arguments: list[str]) -> int:
    """List the cases, or run the one named first; the exit code."""
    known = cases()
    if not arguments or arguments[0] in ("-h", "--help"):
        for name, line in known.items():
            print(f"{name:<14}{line}")
        return 0
    name, *rest = arguments
    if name not in known:
        print(f"no case {name!r}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    report = _take_report(rest)
    numbers = _case(name).main(rest)
    for key, value in numbers.items():
        print(f"{key:<32}{value}")
    if report:
        document = {"case": name, "numbers": numbers}
        report.write_text(json.dumps(document, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(run(sys.argv[1:]))
