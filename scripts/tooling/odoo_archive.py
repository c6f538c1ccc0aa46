"""Odoo's source archive, from the vendor's own download site."""

from __future__ import annotations

import os
import shutil
import time
import urllib.error
import urllib.request
from pathlib import Path

from .odoo_home import trees_in
from .paths import Problem
from .shell import quiet, say

URL = "https://nightly.odoo.com/{series}/nightly/src/odoo_{series}.latest.tar.gz"
CONNECT_SECONDS = 8
WHOLE_SECONDS = 300


def fetch(series: str, target: Path) -> None:
    """Download and unpack ``series`` into ``target``, which does not exist yet.

    ``$EBAY_SYNC_ODOO_ARCHIVE`` names another place to download from, ``{series}``
    standing for the series. Raises Problem when that fails.
    """
    url = os.environ.get("EBAY_SYNC_ODOO_ARCHIVE", URL).replace("{series}", series)
    half = target.with_name(f"{target.name}.part")
    archive = target.with_name(f"{target.name}.tar.gz.part")
    shutil.rmtree(half, ignore_errors=True)
    try:
        _download(url, archive, series)
        half.mkdir()
        # tar refuses members that would land outside of the folder
        unpack = ["tar", "-xzf", archive, "--strip-components=1", "--no-same-owner"]
        log = target.with_name(f"{target.name}.log")
        quiet([*unpack, "-C", half], log, f"{url} is no whole archive")
        log.unlink()
        if series not in {tree.series for tree in trees_in(half, url)}:
            raise Problem(f"{url} holds no Odoo {series}")
        half.replace(target)
    finally:
        archive.unlink(missing_ok=True)
        shutil.rmtree(half, ignore_errors=True)


def _download(url: str, archive: Path, series: str) -> None:
    deadline = time.monotonic() + WHOLE_SECONDS
    try:
        with urllib.request.urlopen(url, timeout=CONNECT_SECONDS) as answer:
            say(f"downloading Odoo {series} from {url}")
            with open(archive, "wb") as file:
                while chunk := answer.read(1 << 20):
                    file.write(chunk)
                    if time.monotonic() > deadline:
                        raise TimeoutError("too slow")
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise Problem(f"{url} cannot be reached ({reason})") from error
