"""Bring Odoo series into working order: the tree, then its environment."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from . import debian_odoo, odoo_archive, odoo_home, odoo_requirements, venvs
from .locks import locked
from .odoo_home import OdooTree
from .paths import SERIES, Problem, writable
from .runtime import Runtime

FORGET_FAILURE_AFTER = 6 * 3600


def check_series(series: str) -> str:
    """``series`` itself; raises Problem when this addon does not support it."""
    if series not in SERIES:
        raise Problem(f"Odoo {series} is not supported: say {' or '.join(SERIES)}.")
    return series


def runtime(series: str, required: bool = True, retry: bool = True) -> Runtime:
    """The series ready to run. Raises Problem when it cannot be had.

    An Odoo that is not on this machine is downloaded: not when ``ODOO_HOME`` says
    which Odoo is meant, unless this series is ``required``, and without ``retry``
    not when that failed within the last hours.
    """
    tree = odoo_home.find(check_series(series)) or _obtain(series, required, retry)
    return Runtime(tree, venvs.ensure(odoo_requirements.recipe(tree)))


def default_series() -> str:
    """``$EBAY_SYNC_SERIES``, else the first series found on this machine.

    Raises Problem when there is none.
    """
    given = os.environ.get("EBAY_SYNC_SERIES")
    if given:
        return check_series(given)
    for series in SERIES:
        if odoo_home.find(series):
            return series
    raise Problem("No Odoo was found: run scripts/setup, or set ODOO_HOME.")


def _obtain(series: str, required: bool, retry: bool) -> OdooTree:
    target = odoo_home.cached(series)
    failure = target.with_name(f"{series}.failure")
    if odoo_home.given_homes() and not required:
        raise Problem(f"Odoo {series} is not in ODOO_HOME.")
    if not retry and _young(failure):
        raise Problem(failure.read_text())
    writable(target.parent)
    with locked(f"odoo-{series}"):
        tree = odoo_home.find(series)
        if tree is None:
            try:
                _download(series, target)
            except Problem as problem:
                failure.write_text(str(problem))
                raise
            failure.unlink(missing_ok=True)
            tree = odoo_home.find(series)
    if tree is None:
        raise Problem(f"The Odoo in {target} is damaged: remove that folder.")
    return tree


def _download(series: str, target: Path) -> None:
    reasons = []
    for source in (odoo_archive, debian_odoo):
        try:
            return source.fetch(series, target)
        except Problem as problem:
            reasons.append(str(problem).strip().splitlines()[-1])
    raise Problem(
        f"Odoo {series} is not on this machine and could not be downloaded "
        f"({'; '.join(reasons)}): set ODOO_HOME to the folder that contains odoo-bin."
    )


def _young(file: Path) -> bool:
    with contextlib.suppress(OSError):
        return time.time() - file.stat().st_mtime < FORGET_FAILURE_AFTER
    return False
