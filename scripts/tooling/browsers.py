"""A Chromium for the tests that click."""

from __future__ import annotations

import shutil

from . import apt
from .paths import Problem

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of a Chromium or Chrome, or None."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def ensure() -> str:
    """The path of a Chromium, installed with apt when there is none.

    Raises Problem when it cannot be.
    """
    found = find()
    if not found:
        apt.install(["chromium"], "The browser tests need a Chromium")
        found = find()
    if not found:
        raise Problem("No Chromium was found: install the package chromium.")
    return found
