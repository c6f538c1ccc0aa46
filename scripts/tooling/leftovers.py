"""What runs leave behind, and how much of it is kept.

Names of databases, and of all that goes with one, hold the number of the process that
made them: ``ebay_run<series>_<pid>_...``; so do the folders of runs at their end.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import time
from pathlib import Path

from .paths import cache_root

KEPT_RUNS = 10
KEPT_LOGS = 50
SESSION_SECONDS = 86_400
OWNER = "EBAY_SYNC_OWNER"
_OWNED = re.compile(rb"(?:^|\0)EBAY_SYNC_OWNER=(\d+)\0")
_OWNER = re.compile(r"ebay_run\d+_(\d+)_|^\d{8}-\d{6}-(\d+)$")
_OF_ONE_RUN = (
    "conf/server-ebay_run*.conf",
    "locks/copy-ebay_run*.lock",
    "data/*/filestore/ebay_run*",
)


def owned() -> dict[str, str]:
    """For the environment of a server that must not outlive this process."""
    return {OWNER: str(os.getpid())}


def sweep() -> None:
    """Remove what nobody needs; nothing of a process that is alive."""
    _end_orphans()
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


def _end_orphans() -> None:
    """Kill the servers of runs that were killed."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended, or is another user's
            owner = _OWNED.search((process / "environ").read_bytes())
            if owner and not Path("/proc", owner[1].decode()).exists():
                os.kill(int(process.name), signal.SIGKILL)


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
