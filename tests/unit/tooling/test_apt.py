"""Missing packages are installed where that is allowed, and named where it is not."""

import pytest

from scripts.tooling import apt
from scripts.tooling.paths import Problem

RECORD = 'echo "$@" >> "$LOG"\n'


@pytest.fixture
def calls(tmp_path, monkeypatch):
    log = tmp_path / "calls"
    log.touch()
    monkeypatch.setenv("LOG", str(log))
    monkeypatch.setattr(apt, "is_root", lambda: True)
    return lambda: [line.split()[-2:] for line in log.read_text().splitlines()]


def test_no_apt(programs):
    programs.only()
    with pytest.raises(Problem, match=r"^No cat: install the package cat\.$"):
        apt.install(["cat"], "No cat")


def test_no_right_to_use_it(programs, monkeypatch):
    monkeypatch.setattr(apt, "is_root", lambda: False)
    programs("apt-get", "exit 0")
    programs("sudo", "exit 1")
    with pytest.raises(Problem, match="packages cat dog .sudo apt-get install cat dog"):
        apt.install(["cat", "dog"], "No pets")


def test_installed(programs, calls):
    programs("apt-get", RECORD)
    apt.install(["cat"], "No cat")
    assert calls() == [["--no-install-recommends", "cat"]]


def test_old_lists_are_read_again(programs, calls, tmp_path):
    programs(
        "apt-get",
        RECORD
        + f'case "$*" in *update) touch "{tmp_path}/new";;'
        + f' *) [ -f "{tmp_path}/new" ];; esac',
    )
    apt.install(["cat"], "No cat")
    assert [words[-1] for words in calls()] == ["cat", "update", "cat"]


def test_no_network_is_a_sentence_that_names_the_package(programs, calls):
    programs("apt-get", RECORD + "echo cannot connect; exit 100")
    with pytest.raises(Problem, match="No cat: install the package cat; .*failed"):
        apt.install(["cat"], "No cat")
