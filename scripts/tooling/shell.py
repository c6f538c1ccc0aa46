"""Run other programs, and speak to the person at the terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from .paths import Problem


def say(text: str) -> None:
    """One line of progress; on stderr, so that stdout stays for results."""
    print(f"  {text}", file=sys.stderr, flush=True)


def quiet(
    command: Sequence[str | Path],
    log: Path,
    trouble: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout: float | None = None,
    lock: int | None = None,
) -> None:
    """Run ``command`` with its output in ``log``. It keeps ``lock``, an open file,
    so that the lock outlives this process when only this one is killed.

    Raises Problem with the sentence ``trouble``, the log's last lines before it,
    when it fails or takes longer than ``timeout`` seconds.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "ab") as out:
        try:
            done = subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=dict(env) if env is not None else None,
                cwd=cwd,
                timeout=timeout,
                pass_fds=() if lock is None else (lock,),
                check=False,
            )
            code = done.returncode
        except (OSError, subprocess.TimeoutExpired) as error:
            out.write(f"{error}\n".encode())
            code = -1
    if code:
        raise Problem(f"{tail(log)}{trouble} (log: {log})")


def output(
    command: Sequence[str | Path],
    env: Mapping[str, str] | None = None,
    timeout: float = 60,
) -> str | None:
    """What ``command`` prints on stdout, or None when it fails or is missing."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=dict(env) if env is not None else None,
            timeout=timeout,
            check=False,
            text=True,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of ``log``, indented, to stand before an explanation."""
    try:
        text = log.read_text(errors="replace")
    except OSError:
        return ""
    return "".join(f"    | {line}\n" for line in text.splitlines()[-lines:])


def is_root() -> bool:
    """Whether this process is the superuser's."""
    return os.geteuid() == 0
