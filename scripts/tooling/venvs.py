"""Virtual environments, one folder per content of their requirements.

A virtual environment cannot be moved, so each is built in its final place, named
after a hash of what goes into it, and counts only once its ``.complete`` file is
there: a half-built one is thrown away and built again.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from . import interpreters
from .locks import locked
from .paths import CHECKOUT, Problem, cache_root, digest, writable
from .shell import quiet, say

UNUSED_DAYS = 7


@dataclass(frozen=True)
class Recipe:
    """What goes into one environment.

    ``first`` is installed before, and without, the rest: build tools for the few
    packages that have no wheel. ``requirements`` are the lines of one pip run.
    """

    name: str
    requirements: Sequence[str]
    first: Sequence[str] = ()
    options: Sequence[str] = ()
    key: str = ""

    @property
    def folder(self) -> Path:
        """Where the environment lies (or will lie)."""
        key = self.key or digest(
            [
                *self.first,
                *self.options,
                *self.requirements,
                os.environ.get("EBAY_SYNC_PYTHON", ""),
            ]
        )
        return cache_root() / "venv" / f"{self.name}-{key}"


def ready(folder: Path) -> bool:
    """Whether the environment in ``folder`` is whole and its Python still exists."""
    return (folder / ".complete").is_file() and os.access(
        folder / "bin" / "python", os.X_OK
    )


def ensure(recipe: Recipe) -> Path:
    """The interpreter of ``recipe``'s environment, which is built when missing."""
    folder = recipe.folder
    if not ready(folder):
        writable(folder.parent)
        with locked(f"venv-{folder.name}") as lock:
            if not ready(folder):
                _build(recipe, folder, lock)
        _drop_unused(recipe.name, keep=folder)
    (folder / ".complete").touch()  # when it was used last
    return folder / "bin" / "python"


def _build(recipe: Recipe, folder: Path, lock: int) -> None:
    python = interpreters.find_python()
    interpreters.ensure_venv_module(python)
    started = time.monotonic()
    say(f"building the Python environment {folder.name}")
    log = writable(cache_root() / "logs") / f"{folder.name}.log"
    log.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    quiet([python, "-m", "venv", folder], log, f"{python} could not make {folder}")
    pip = [folder / "bin" / "python", "-m", "pip", "install", "--no-input"]
    pip += ["--disable-pip-version-check", "--no-compile", "--prefer-binary"]
    trouble = (
        f"The Python packages of {recipe.name} could not be installed: "
        "give this machine a network or a package index (pip config)"
    )
    if recipe.first:
        quiet([*pip, *recipe.first], log, trouble, lock=lock)
    listing = folder / "requirements.txt"
    listing.write_text("\n".join(recipe.requirements) + "\n")
    quiet([*pip, *recipe.options, "-r", listing], log, trouble, lock=lock)
    (folder / ".complete").touch()
    say(f"{folder.name} is ready after {time.monotonic() - started:.0f} s")


def _drop_unused(name: str, keep: Path) -> None:
    limit = time.time() - UNUSED_DAYS * 86400
    for other in keep.parent.glob(f"{name}-*"):
        stamp = other / ".complete"
        if other != keep and stamp.is_file() and stamp.stat().st_mtime < limit:
            shutil.rmtree(other, ignore_errors=True)


def dev_recipe() -> Recipe:
    """The development environment: requirements-dev.txt.

    The key is the one that ``dev-python.sh`` computes for its fast path.
    """
    files = [CHECKOUT / "requirements.txt", CHECKOUT / "requirements-dev.txt"]
    given = os.environ.get("EBAY_SYNC_PYTHON", "")
    return Recipe(
        name="dev",
        requirements=[f'-r "{files[1]}"'],
        key=digest([*(file.read_bytes() for file in files), given]),
    )


if __name__ == "__main__":
    try:
        print(ensure(dev_recipe()))
    except Problem as problem:
        sys.exit(str(problem))
