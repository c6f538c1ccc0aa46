"""Which lines of Odoo's log fail a test: warnings and errors, as on Odoo's own build
machines, but not what Python says about the libraries that Odoo stands on."""

from __future__ import annotations

import re
from pathlib import Path

from .paths import ADDON

_LINE = re.compile(
    r"^\S+ \S+ \d+ (?P<level>WARNING|ERROR|CRITICAL) \S+ (?P<logger>[\w.]+): "
    r"(?P<message>.*)$",
    re.MULTILINE,
)


def expected(logger: str, message: str) -> bool:
    """Whether a warning has nothing to do with the addon: Python's own warnings
    (deprecations) about a file that is not the addon's."""
    return logger == "py.warnings" and not message.startswith(f"{ADDON}/")


def unexpected_lines(log: Path) -> list[str]:
    """The lines of the file ``log`` that should not be there."""
    try:
        text = log.read_text(errors="replace")
    except OSError:
        return []
    return [
        line.group(0)
        for line in _LINE.finditer(text)
        if not expected(line["logger"], line["message"])
    ]
