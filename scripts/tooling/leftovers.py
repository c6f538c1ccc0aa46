"""What runs leave behind, and how much of it is kept.

Names of databases, and of all that goes with one, hold the number of the process that
made them: ``ebay_run<series>_<pid>_…``; so do the folders of runs at their end.
"""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

from .paths import cache_root

KEPT_RUNS = 10
KEPT_LOGS = 50
SESSION_SECONDS = 86_400
_OWNER = re.compile(r"ebay_run\d+_(\d+)_|^\d{8}-\d{6}-(\d+)$")
_OF_ONE_RUN = (
    "conf/server-ebay_run*.conf",
    "locks/copy-ebay_run*.lock",
    "data/*/filestore/ebay_run*",
)


def sweep() -> None:
    """Remove what nobody needs any more; nothing of a process that lives."""
    root = cache_root()
    _keep_newest(root, "runs/*", KEPT_RUNS)
    _keep_newest(root, "logs/server-*.log", KEPT_LOGS)
    for pattern in _OF_ONE_RUN:
        for path in root.glob(pattern):
            if owner_is_gone(path.name):
                _remove(path)
    limit = time.time() - SESSION_SECONDS
    for session in root.glob("data/*/sessions/**/*"):
        if session.is_file() and _changed_at(session) < limit:
            _remove(session)


def owner_is_gone(name: str) -> bool:
    """Whether the process that a name tells of has ended; False when it tells none."""
    owner = _OWNER.search(name)
    return bool(owner) and not Path("/proc", owner[1] or owner[2]).exists()


def _keep_newest(root: Path, pattern: str, count: int) -> None:
    found = sorted(root.glob(pattern), key=_changed_at)
    for path in found[:-count]:
        if owner_is_gone(path.name):
            _remove(path)


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # another run sweeps too
        return 0


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
