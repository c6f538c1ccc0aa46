"""One set-up step at a time, across processes."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator

from .paths import Problem, cache_root, writable
from .shell import say


@contextlib.contextmanager
def locked(name: str, patience: float = 900) -> Iterator[int]:
    """Hold the lock ``name`` while the block runs; yields its file descriptor.

    The kernel drops the lock when its holder dies, so a lock file left behind is
    never stale. Raises Problem when another process holds it for ``patience``
    seconds.
    """
    path = writable(cache_root() / "locks") / f"{name}.lock"
    try:
        handle = open(path, "a+", encoding="utf-8")
    except OSError as error:
        raise Problem(
            f"The lock {path} cannot be opened ({error.strerror}): "
            "give it to this user or set EBAY_SYNC_CACHE to another folder."
        ) from error
    with handle:
        _acquire(handle, name, patience)
        handle.truncate(0)
        handle.write(f"{os.getpid()}\n")
        handle.flush()
        yield handle.fileno()


def _acquire(handle, name: str, patience: float) -> None:
    deadline = time.monotonic() + patience
    told = False
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if patience and not told:
                handle.seek(0)
                holder = handle.read().strip() or "unknown"
                say(f"waiting for process {holder}, which works on {name} too")
                told = True
        if time.monotonic() > deadline:
            raise Problem(
                f"Another process has worked on {name} for "
                f"{patience / 60:.0f} minutes: end it and start again."
            )
        time.sleep(0.1)
