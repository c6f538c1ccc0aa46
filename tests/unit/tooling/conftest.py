"""A cache of its own for every test, and programs that only pretend."""

import os
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """An empty cache; nothing of the machine's own set-up is seen."""
    folder = tmp_path / "the cache"
    monkeypatch.setenv("EBAY_SYNC_CACHE", str(folder))
    for name in list(os.environ):
        if name.startswith(("PG", "ODOO_", "EBAY_SYNC_")) and name != "EBAY_SYNC_CACHE":
            monkeypatch.delenv(name)
    return folder


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """``programs(name, script)`` puts a shell script first on the PATH; with
    ``programs.only()`` nothing but those (and sh) can be found."""
    return Programs(tmp_path / "bin", monkeypatch)


class Programs:
    def __init__(self, folder: Path, monkeypatch):
        self.folder = folder
        self.monkeypatch = monkeypatch
        folder.mkdir()
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def __call__(self, name: str, script: str) -> Path:
        file = self.folder / name
        file.write_text(script if script.startswith("#!") else f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)
        return file

    def only(self) -> None:
        self.monkeypatch.setenv("PATH", str(self.folder))
