"""Install Debian or Ubuntu packages where this process may, and say so where not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence

from .locks import locked
from .paths import Problem, cache_root
from .shell import is_root, output, quiet, say


def install(packages: Sequence[str], why: str) -> None:
    """Install ``packages``. ``why`` begins the sentence when that is impossible.

    Raises Problem when there is no apt, no right to use it, or no network.
    """
    names = " ".join(packages)
    advice = f"{why}: install the package{'s' if len(packages) > 1 else ''} {names}"
    if not shutil.which("apt-get"):
        raise Problem(f"{advice}.")
    prefix = [] if is_root() else ["sudo", "-n"]
    if prefix and output(["sudo", "-n", "true"]) is None:
        raise Problem(f"{advice} (sudo apt-get install {names}).")
    with locked("apt"):
        say(f"installing {names} with apt")
        log = cache_root() / "logs" / "apt.log"
        get = [*prefix, "apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300"]
        get += ["-o", "Acquire::Retries=3"]
        env = dict(os.environ, DEBIAN_FRONTEND="noninteractive", LC_ALL="C")
        wanted = [*get, "install", "--no-install-recommends", *packages]
        try:
            quiet(wanted, log, advice, env, timeout=900)
        except Problem:  # the package lists may be old or missing altogether
            quiet([*get, "update"], log, f"{advice}; apt-get update failed", env)
            quiet(wanted, log, f"{advice}; apt-get install failed", env, timeout=900)
