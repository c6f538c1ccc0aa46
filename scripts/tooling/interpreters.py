"""Which Python the virtual environments are made of: 3.10 to 3.13."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from . import apt
from .paths import Problem
from .shell import output

OLDEST, NEWEST = (3, 10), (3, 13)
_ASK = (
    "import os, sys;"
    "print(*sys.version_info[:2], os.path.realpath("
    "getattr(sys, '_base_executable', None) or sys.executable), sep='\\n')"
)


def find_python() -> Path:
    """The interpreter to build on: ``$EBAY_SYNC_PYTHON``, ``python3``, then the
    newest ``python3.N`` on the PATH. Its real, versioned path is returned, so that
    an environment breaks visibly when that version is removed.

    Raises Problem when there is none.
    """
    given = os.environ.get("EBAY_SYNC_PYTHON")
    names = [given] if given else ["python3", "/usr/bin/python3"]
    if not given:
        minors = range(NEWEST[1], OLDEST[1] - 1, -1)
        names += [f"python3.{minor}" for minor in minors]
    for name in names:
        found = _usable(name)
        if found:
            return found
    wanted = f"Python {_dotted(OLDEST)} to {_dotted(NEWEST)}"
    if given:
        raise Problem(f"EBAY_SYNC_PYTHON={given} is no {wanted}: name one that is.")
    raise Problem(f"No {wanted} was found: install the package python3.")


def ensure_venv_module(python: Path) -> None:
    """See to it that ``python -m venv`` works; Debian packages it apart."""
    if output([python, "-c", "import venv, ensurepip"]) is not None:
        return
    apt.install(["python3-venv"], f"{python} cannot make virtual environments")
    if output([python, "-c", "import venv, ensurepip"]) is None:
        raise Problem(
            f"{python} has no venv module: install the package {python.name}-venv."
        )


def _usable(name: str) -> Path | None:
    found = shutil.which(name)
    told = output([found, "-I", "-c", _ASK]) if found else None
    if not told:
        return None
    major, minor, path = told.split("\n", 2)
    fits = OLDEST <= (int(major), int(minor)) <= NEWEST
    return Path(path.strip()) if fits else None


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(str(part) for part in version)
