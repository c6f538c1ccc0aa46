"""The simulator as a process of its own, and its controls under ``/_sim/``."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests

from ..tooling import leftovers
from ..tooling.paths import CHECKOUT, Problem
from ..tooling.ports import free_port

ANSWER_SECONDS = 240
BANNER = "simulator listening on "
_TOKENS = ("access_token", "refresh_token")


class LocalEbay:
    """One simulator process with its state in a file, so that it survives a kill."""

    def __init__(self, folder: Path, seed: int = 1, catalogue: int = 0) -> None:
        self.folder = folder
        self.seed = seed
        self.catalogue = catalogue
        self.url = ""
        self.port = free_port()
        self.process: subprocess.Popen[str] | None = None

    @classmethod
    @contextlib.contextmanager
    def fresh(cls, seed: int = 1, catalogue: int = 0) -> Iterator[LocalEbay]:
        """A running simulator with empty state; both go at the end."""
        with tempfile.TemporaryDirectory(prefix="ebay_sync_sim_") as folder:
            ebay = cls(Path(folder), seed, catalogue)
            ebay.start()
            try:
                yield ebay
            finally:
                ebay.kill()

    @property
    def log(self) -> Path:
        """Where the simulator's own messages go."""
        return self.folder / "simulator.log"

    def start(self) -> None:
        """Start, on the same port each time. Raises Problem when it does not."""
        command = [sys.executable, "-m", "simulator", "--port", str(self.port)]
        command += ["--seed", str(self.seed), "--state", str(self.folder / "ebay.db")]
        if self.catalogue:
            command += ["--catalogue", str(self.catalogue)]
        with open(self.log, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                command,
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **leftovers.owned()},
                start_new_session=True,
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line.startswith(BANNER):
            self.kill()
            told = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise Problem(f"{told}\nThe local eBay did not start (log: {self.log}).")
        self.url = line[len(BANNER) :].strip()

    def kill(self) -> None:
        """``kill -9``; what it had answered is in its state."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            if self.process.stdout is not None:
                self.process.stdout.close()
            self.process = None

    def control(self, path: str, **body: Any) -> Any:
        """Call a control: ``control("buy", count=3)``. Raises on a refusal."""
        answer = requests.post(
            f"{self.url}/_sim/{path}", json=body, timeout=ANSWER_SECONDS
        )
        return self._told(answer)

    def look(self, path: str, **query: Any) -> Any:
        """Read a control: ``look("requests")``."""
        answer = requests.get(
            f"{self.url}/_sim/{path}", params=query, timeout=ANSWER_SECONDS
        )
        return self._told(answer)

    def trouble(self, fault: str, **rule: Any) -> None:
        """Have calls fail: ``trouble("slow", operation="getUser", seconds=3)``."""
        self.control("faults", fault=fault, **rule)

    def calm(self) -> None:
        """Lift every fault rule."""
        self._told(requests.delete(f"{self.url}/_sim/faults", timeout=ANSWER_SECONDS))

    def calls(self, operation: str, after: int = 0) -> list[dict[str, Any]]:
        """The calls of one operation behind journal number ``after``, oldest first."""
        return self.look("journal", operation=operation, after=after)["entries"]

    def now(self) -> int:
        """The number of the journal's last entry, to look behind later."""
        entries = self.look("journal", limit=1)["entries"]
        return entries[-1]["number"] if entries else 0

    def tokens(self) -> set[str]:
        """Every access and refresh token that is known now, the dead ones too."""
        question = "SELECT key FROM document WHERE kind IN (?, ?)"
        with contextlib.closing(sqlite3.connect(self.folder / "ebay.db")) as state:
            return {key for (key,) in state.execute(question, _TOKENS)}

    @staticmethod
    def _told(answer: requests.Response) -> Any:
        if not answer.ok:
            raise Problem(f"The local eBay refused {answer.url}: {answer.text[:500]}")
        return answer.json() if answer.content else None
