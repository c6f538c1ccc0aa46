"""What earlier runs left goes, and nothing that somebody still works with."""

import os
import signal
import subprocess
import sys
import time

import pytest

from scripts.tooling import leftovers, runner


@pytest.fixture
def gone():
    """The number of a process that has ended."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def put(cache, name, age=0, folder=False):
    path = cache / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if folder:
        path.mkdir()
        (path / "a file").touch()
    else:
        path.touch()
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def test_the_newest_logs_and_runs_stay(cache, gone):
    logs = [
        put(cache, f"logs/server-ebay_run18_{gone}_{n}.log", age=n) for n in range(60)
    ]
    other = put(cache, "logs/apt.log", age=10_000)
    runs = [
        put(cache, f"runs/20260101-0000{n:02}-{gone}", age=n, folder=True)
        for n in range(12)
    ]
    leftovers.sweep()
    assert [log.exists() for log in logs] == [True] * 50 + [False] * 10
    assert [run.exists() for run in runs] == [True] * 10 + [False] * 2
    assert other.exists()


def test_what_a_living_process_uses_stays(cache, gone, monkeypatch):
    monkeypatch.setattr(leftovers, "KEPT_LOGS", 1)
    monkeypatch.setattr(leftovers, "KEPT_RUNS", 1)
    names = (
        "logs/server-ebay_run19_{}_two_localhost.log",
        "runs/20260101-000000-{}",
        "conf/server-ebay_run18_{}_a1.conf",
        "locks/copy-ebay_run18_{}_a1.lock",
        "data/18.0/filestore/ebay_run18_{}_a1",
    )
    mine = [put(cache, name.format(os.getpid()), age=99) for name in names]
    dead = [put(cache, name.format(gone), age=99) for name in names]
    put(cache, "logs/server-ebay_run19_1_new.log")
    put(cache, "runs/20260202-000000-1")
    template = put(cache, "data/18.0/filestore/ebay_addon18_a1", age=99)
    leftovers.sweep()
    assert all(path.exists() for path in mine)
    assert not any(path.exists() for path in dead)
    assert template.exists()


def test_old_sessions_go(cache):
    old = put(cache, "data/18.0/sessions/ab/one", age=2 * leftovers.SESSION_SECONDS)
    young = put(cache, "data/18.0/sessions/ab/two")
    leftovers.sweep()
    assert not old.exists()
    assert young.exists()


def test_the_servers_of_a_killed_run_end(cache, gone):
    orphan, mine, anybody = (
        subprocess.Popen(["sleep", "600"], env={**os.environ, **more})
        for more in ({leftovers.OWNER: str(gone)}, leftovers.owned(), {})
    )
    try:
        leftovers.sweep()
        assert orphan.wait(60) == -signal.SIGKILL
        assert mine.poll() is None
        assert anybody.poll() is None
    finally:
        for child in (orphan, mine, anybody):
            child.kill()
            child.wait()


def test_every_run_sweeps(cache, gone):
    left = put(cache, f"conf/server-ebay_run18_{gone}_a1.conf")
    assert runner._folder().is_dir()
    assert not left.exists()
