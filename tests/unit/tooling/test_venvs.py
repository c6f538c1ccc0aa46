"""Environments: built once per content, never half."""

import os
import subprocess
from pathlib import Path

import pytest

from scripts.tooling import interpreters, venvs
from scripts.tooling.paths import CHECKOUT, Problem

RECIPE = venvs.Recipe("thing", ["a==1"], first=["tool"])


@pytest.fixture
def built(monkeypatch):
    """Commands that building ran; the first one makes the folder."""
    commands = []

    def pretend(command, log, trouble, **_options):
        words = [str(word) for word in command]
        commands.append(words)
        if "venv" in words:
            python = Path(words[-1]) / "bin" / "python"
            python.parent.mkdir(parents=True)
            python.touch(mode=0o755)
        if "broken" in words:
            raise Problem(trouble)

    monkeypatch.setattr(venvs, "quiet", pretend)
    monkeypatch.setattr(interpreters, "ensure_venv_module", lambda python: None)
    monkeypatch.setattr(interpreters, "find_python", lambda: Path("python3.11"))
    return commands


def test_it_is_built_once(built):
    python = venvs.ensure(RECIPE)
    assert python == RECIPE.folder / "bin" / "python"
    assert (RECIPE.folder / "requirements.txt").read_text() == "a==1\n"
    assert [words[-1] for words in built[1:]] == [
        "tool",
        str(RECIPE.folder / "requirements.txt"),
    ]
    venvs.ensure(RECIPE)
    assert len(built) == 3


def test_a_half_finished_one_is_built_again(built):
    (RECIPE.folder / "bin").mkdir(parents=True)
    (RECIPE.folder / "bin" / "python").touch(mode=0o755)
    left = RECIPE.folder / "left"
    left.touch()
    venvs.ensure(RECIPE)
    assert built
    assert not left.exists()


def test_one_whose_python_is_gone_is_built_again(built):
    venvs.ensure(RECIPE)
    (RECIPE.folder / "bin" / "python").unlink()
    (RECIPE.folder / "bin" / "python").symlink_to("/nowhere/python3")
    assert not venvs.ready(RECIPE.folder)
    venvs.ensure(RECIPE)
    assert venvs.ready(RECIPE.folder)


def test_one_that_failed_does_not_count(built):
    recipe = venvs.Recipe("thing", [], first=["broken"])
    with pytest.raises(Problem, match="network or a package index"):
        venvs.ensure(recipe)
    assert not venvs.ready(recipe.folder)


def test_another_content_is_another_folder(monkeypatch):
    other = venvs.Recipe("thing", ["a==2"], first=["tool"])
    assert other.folder != RECIPE.folder
    before = RECIPE.folder
    monkeypatch.setenv("EBAY_SYNC_PYTHON", "python3.12")
    assert RECIPE.folder != before


def test_old_ones_go_and_young_ones_stay(built):
    old = venvs.ensure(venvs.Recipe("thing", ["a==0"])).parents[1]
    young = venvs.ensure(venvs.Recipe("thing", ["a==3"])).parents[1]
    os.utime(old / ".complete", (0, 0))
    venvs.ensure(RECIPE)
    assert not old.exists()
    assert young.exists()


def test_one_that_is_used_stays(built):
    used = venvs.ensure(RECIPE).parents[1]
    os.utime(used / ".complete", (0, 0))
    venvs.ensure(RECIPE)
    venvs.ensure(venvs.Recipe("thing", ["a==4"]))
    assert used.exists()


@pytest.mark.parametrize("python", ["", "python3.99"])
def test_the_shell_finds_the_folder_that_python_builds(cache, monkeypatch, python):
    if python:
        monkeypatch.setenv("EBAY_SYNC_PYTHON", python)
    folder = venvs.dev_recipe().folder
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").touch(mode=0o755)
    (folder / ".complete").touch()
    source = CHECKOUT / "scripts" / "tooling" / "dev-python.sh"
    script = f'set -eu; . "{source}"; echo "$DEV_PYTHON"'
    told = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, check=True
    )
    assert told.stdout == f"{folder / 'bin' / 'python'}\n"
    assert told.stderr == ""


def test_the_interpreter_must_fit(programs, monkeypatch):
    programs("python-old", "echo 3; echo 9; echo /usr/bin/python3.9")
    monkeypatch.setenv("EBAY_SYNC_PYTHON", "python-old")
    with pytest.raises(Problem, match=r"python-old is no Python 3\.10 to 3\.13"):
        interpreters.find_python()


def test_the_next_interpreter_is_taken_when_the_first_does_not_fit(programs):
    programs("python3", "echo 3; echo 14; echo /usr/bin/python3.14")
    found = interpreters.find_python()
    assert found.name.startswith("python3.1")
    assert found.name != "python3.14"


def test_a_missing_venv_module_is_installed_or_said(programs, monkeypatch):
    python = programs("python3.11", "exit 1")
    wanted = []
    monkeypatch.setattr(
        interpreters.apt, "install", lambda names, why: wanted.extend(names)
    )
    with pytest.raises(Problem, match=r"install the package python3\.11-venv"):
        interpreters.ensure_venv_module(python)
    assert wanted == ["python3-venv"]
