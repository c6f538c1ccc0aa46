"""What the demo did: on the screen while it happens, as JSON at the end."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Report:
    """The steps of one demo, each with its seconds and its result in words."""

    def __init__(self, series: str) -> None:
        self.series = series
        self.steps: list[dict[str, Any]] = []
        self.began = time.monotonic()

    @property
    def ok(self) -> bool:
        """Whether every step so far worked, and there was one."""
        return bool(self.steps) and all(step["ok"] for step in self.steps)

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[dict[str, Any]]:
        """One step; its block fills in ``step["result"]``, figures as it likes.

        A step that raises is written down and ends the demo.
        """
        step: dict[str, Any] = {"title": title, "ok": False, "result": ""}
        self.steps.append(step)
        print(f"  {title} ...", end=" ", flush=True)
        began = time.monotonic()
        try:
            yield step
            step["ok"] = True
        except BaseException as error:
            step["result"] = str(error) or type(error).__name__
            raise
        finally:
            step["seconds"] = round(time.monotonic() - began, 2)
            mark = "done" if step["ok"] else "FAILED"
            print(f"{mark} ({step['seconds']} s). {step['result']}", flush=True)

    def document(self) -> dict[str, Any]:
        """The report as plain values."""
        return {
            "ok": self.ok,
            "odoo": self.series,
            "seconds": round(time.monotonic() - self.began, 2),
            "steps": self.steps,
        }

    def write(self, path: Path) -> None:
        """The report as a JSON file."""
        text = json.dumps(self.document(), indent=2, ensure_ascii=False)
        path.write_text(f"{text}\n", encoding="utf-8")
