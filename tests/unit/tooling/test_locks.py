"""Two set-ups side by side, and what a killed one leaves behind."""

import os
import subprocess
import sys

import pytest

from scripts.tooling.locks import locked
from scripts.tooling.paths import CHECKOUT, Problem
from scripts.tooling.shell import quiet

HOLDER = """
import sys, time
from scripts.tooling.locks import locked
with locked("thing"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder():
    """Another process that holds the lock."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout.readline() == "held\n"
    yield child
    child.kill()
    child.wait()


def test_a_file_left_behind_is_no_lock(cache):
    (cache / "locks").mkdir(parents=True)
    (cache / "locks" / "thing.lock").write_text("999999\n")
    with locked("thing", patience=0):
        assert (cache / "locks" / "thing.lock").read_text() == f"{os.getpid()}\n"


def test_another_holder_is_named_and_waited_for_only_so_long(holder, capsys):
    with pytest.raises(Problem, match="Another process has worked on thing"):
        with locked("thing", patience=0.2):
            raise AssertionError("two hold the lock")
    assert f"waiting for process {holder.pid}" in capsys.readouterr().err


def test_the_lock_of_a_killed_holder_is_free(holder):
    holder.kill()
    with locked("thing", patience=60):
        pass


def test_a_child_that_was_given_the_lock_keeps_it(tmp_path):
    end = tmp_path / "end"
    waits = f"while [ ! -e '{end}' ]; do sleep 0.05; done &"
    with locked("thing") as lock:
        quiet(["sh", "-c", waits], tmp_path / "log", "no sh", lock=lock)
    with pytest.raises(Problem, match="Another process"):
        with locked("thing", patience=0):
            raise AssertionError("two hold the lock")
    end.touch()
    with locked("thing", patience=60):
        pass


def test_other_children_do_not_get_it(tmp_path):
    with locked("thing"):
        quiet(["sh", "-c", "sleep 20 &"], tmp_path / "log", "no sh")
    with locked("thing", patience=0):
        pass


def test_a_lock_of_somebody_else_is_a_sentence(cache):
    (cache / "locks" / "thing.lock").mkdir(parents=True)
    with pytest.raises(Problem, match="cannot be opened"):
        with locked("thing"):
            pass
