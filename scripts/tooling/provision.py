"""Bring one Odoo series into working order: its tree, then its environment."""

from __future__ import annotations

from . import odoo_home, odoo_requirements, venvs
from .paths import SERIES, Problem
from .runtime import Runtime


def check_series(series: str) -> str:
    """``series`` itself; raises Problem when this addon does not support it."""
    if series not in SERIES:
        raise Problem(f"Odoo {series} is not supported: say {' or '.join(SERIES)}.")
    return series


def runtime(series: str) -> Runtime:
    """The series ready to run. Raises Problem when it cannot be had."""
    tree = odoo_home.find(check_series(series))
    if tree is None:
        raise Problem(
            f"Odoo {series} was not found: set ODOO_HOME to the folder that "
            "contains odoo-bin."
        )
    return Runtime(tree, venvs.ensure(odoo_requirements.recipe(tree)))
