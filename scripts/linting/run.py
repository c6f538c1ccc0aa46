"""Run every linter at once and print one line per finding.

    python -m scripts.linting.run [NAME ...]

NAME is one of the checks below; all of them without one. Exits with 1 when there is
a finding, with 2 when a linter itself broke.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..describing.__main__ import stale
from . import translations, xml_form

ROOT = Path(__file__).resolve().parents[2]
ADDON = ROOT / "ebay_sync"
BIN = Path(sys.executable).parent
#: How ruff, pylint and the OCA checks say where: path, line, perhaps a column.
PLACE = re.compile(r"^(?P<path>[^\s:][^:]*):(?P<line>\d+):(?:\d+:)?\s*(?P<what>.+)")


#: How a diff says which file differs.
DIFFERS = re.compile(r"^--- (?P<path>.+)")


class Broken(Exception):
    """A linter did not run to its end."""


def tracked(pattern: str) -> list[Path]:
    """The tracked files that match, as far as they (still) exist."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--", pattern],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = filter(None, done.stdout.split("\0"))
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def lint(pattern: re.Pattern[str], *command: str, codes: Sequence[int] = (1,)):
    """The matches of `pattern` in the lines that a linter prints.

    `codes` are its exit codes for 'there are findings'. Raises Broken for any other
    but 0, and where it has findings that the pattern does not see: a linter whose
    output has changed must not pass for a clean bill.
    """
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "NO_COLOR": "1"},
    )
    found = [
        match for line in done.stdout.splitlines() if (match := pattern.match(line))
    ]
    if done.returncode not in (0, *codes) or (done.returncode and not found):
        last = (done.stderr or done.stdout).strip().splitlines()[-3:]
        raise Broken(f"{command[0]} exited with {done.returncode}: {' '.join(last)}")
    return found


def places(*command: str, codes: Sequence[int] = (1,)) -> Iterator[str]:
    """The findings of a linter, each on a line of its own, from the checkout on."""
    for found in lint(PLACE, *command, codes=codes):
        path = os.path.relpath(Path("/") / found["path"], ROOT)
        if path.startswith(".."):
            path = found["path"]
        yield f"{path}:{found['line']}: {found['what']}"


def ruff() -> Iterator[str]:
    """Errors, likely bugs, complexity, import order, security in the pure parts."""
    yield from places("ruff", "check", "--output-format=concise", ".")


def form() -> Iterator[str]:
    """Python is written the way `ruff format` writes it."""
    for found in lint(DIFFERS, "ruff", "format", "--diff", "."):
        yield f"{found['path']}:1: not formatted (ruff format)"


def odoo() -> Iterator[str]:
    """pylint-odoo's rules for an addon; pyproject.toml lists them."""
    # The exit code is a sum of bits, one per kind of finding; 32 is wrong usage.
    yield from places("pylint", "--score=n", "ebay_sync", codes=range(1, 32))


def addon() -> Iterator[str]:
    """OCA's checks of an addon's data files; .oca_hooks.cfg configures them."""
    yield from places("oca-checks-odoo-module", str(ADDON))


def xml() -> Iterator[str]:
    """XML is well-formed and laid out evenly."""
    for path in tracked("*.xml"):
        for line, what in xml_form.check(path):
            yield f"{path.relative_to(ROOT)}:{line}: {what}"


def po() -> Iterator[str]:
    """Polish and German translate every term, and the files parse."""
    files = [str(path) for path in tracked("ebay_sync/i18n/*.po*")]
    if files:
        yield from places("oca-checks-po", *files)
    for path, line, what in translations.check(ADDON / "i18n"):
        yield f"{path.relative_to(ROOT)}:{line}: {what}"


def readme() -> Iterator[str]:
    """README.rst and the page in Apps are what the fragments in readme/ make."""
    for path in stale():
        yield f"{path.relative_to(ROOT)}:1: not up to date (scripts/readme)"


def shell() -> Iterator[str]:
    """Shell scripts parse."""
    for path in tracked("scripts") + tracked(".ci"):
        first = path.read_bytes()[:64].partition(b"\n")[0]
        if path.suffix != ".sh" and b"bash" not in first:
            continue
        done = subprocess.run(["bash", "-n", path], capture_output=True, text=True)
        for line in done.stderr.splitlines():
            number = re.search(r"line (\d+): (.*)", line)
            if number:
                yield f"{path.relative_to(ROOT)}:{number[1]}: {number[2]}"


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (
    odoo,
    addon,
    ruff,
    form,
    xml,
    po,
    readme,
    shell,
)


def main(names: list[str]) -> int:
    """Run the checks called `names` (all without any); return the exit code."""
    known = {check.__name__: check for check in CHECKS}
    unknown = set(names) - set(known)
    if unknown:
        print(f"no such check: {', '.join(sorted(unknown))} (there are {[*known]})")
        return 2
    chosen = [known[name] for name in names] or list(CHECKS)
    findings, broken = 0, 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = [(check.__name__, pool.submit(list, check())) for check in chosen]
        for name, result in runs:
            try:
                lines = result.result()
            except Broken as error:
                broken += 1
                print(f"{name}: {error}")
                continue
            findings += len(lines)
            for line in lines:
                print(f"{line} [{name}]")
    print(f"{findings} findings of {len(chosen)} checks", file=sys.stderr)
    return 2 if broken else int(bool(findings))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
