"""Where things lie: the checkout, and the cache that all set-up steps share."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
ADDON = CHECKOUT / "ebay_sync"
SERIES = ("18.0", "19.0")


class Problem(Exception):
    """Something a person must put right; its text is the one sentence to show."""


def cache_root() -> Path:
    """``$EBAY_SYNC_CACHE``, else ``~/.cache/ebay_sync``; made when missing.

    Raises Problem when it cannot be written.
    """
    given = os.environ.get("EBAY_SYNC_CACHE")
    root = Path(given).absolute() if given else Path.home() / ".cache" / "ebay_sync"
    return writable(root)


def bytecode() -> dict[str, str]:
    """Variables that let Python keep what it compiles, outside of checkout and Odoo.

    Odoo takes seconds to compile, at each start of a server.
    """
    folder = writable(cache_root() / "pycache")
    return {"PYTHONPYCACHEPREFIX": str(folder), "PYTHONDONTWRITEBYTECODE": ""}


def writable(folder: Path) -> Path:
    """Make ``folder`` and return it; raises Problem when it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(_unwritable(folder, error)) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Problem(_unwritable(folder, "no permission"))
    return folder


def _unwritable(folder: Path, reason: object) -> str:
    return (
        f"The folder {folder} cannot be written ({reason}): "
        "set EBAY_SYNC_CACHE to a folder of your own."
    )


def report_file(name: str) -> Path:
    """A file to be written at the end; raises Problem before the minutes are spent."""
    path = Path(name)
    if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        raise Problem(f"The report {name} cannot be written.")
    return path


def digest(parts: Iterable[str | bytes], length: int = 12) -> str:
    """A short content hash of ``parts``, in their order."""
    sha = hashlib.sha256()
    for part in parts:
        sha.update(part.encode() if isinstance(part, str) else part)
    return sha.hexdigest()[:length]
