"""What pytest does, and what the runner makes of it."""

import sys
import time
from pathlib import Path

import pytest

from scripts.tooling import jobs
from scripts.tooling.jobs import Run
from scripts.tooling.report import Result

PASSES = "def test_it():\n    pass\n"
FAILS = "def test_it():\n    assert False\n"
BREAKS = "import no_such_module\n"
SKIPS = "import pytest\n\ndef test_it():\n    pytest.skip('why')\n"
DIES = "import os\n\ndef test_it():\n    os._exit(7)\n"
SLEEPS = "import time\n\ndef test_it():\n    time.sleep(600)\n"


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    return Run(folder, Path(sys.executable))


def counts(run, folder, **files):
    folder = folder / "suite"
    folder.mkdir()
    for name, text in files.items():
        (folder / f"test_{name}.py").write_text(text)
    alone = ["-c", "/dev/null", "--rootdir", str(folder), "-p", "no:hypothesispytest"]
    result = run.pytest(Result("unit"), run.dev_python, [folder], alone)
    return result, (result.passed, result.failed, result.skipped)


def test_what_pytest_reports_is_counted(run, tmp_path):
    result, numbers = counts(run, tmp_path, a=PASSES, b=FAILS, c=SKIPS)
    assert numbers == (1, 1, 1)
    assert result.skips == ["test_c.test_it: why"]
    assert "assert False" in run.log(result).read_text()


@pytest.mark.parametrize("text", [BREAKS, DIES])
def test_a_run_that_broke_is_a_failure(run, tmp_path, text):
    result, numbers = counts(run, tmp_path, a=PASSES, b=text)
    assert numbers[1] == 1
    assert result.note.startswith("pytest ended with")


def test_a_run_without_end_is_a_failure(run, tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "LONGEST_SECONDS", 1)
    started = time.monotonic()
    result, numbers = counts(run, tmp_path, a=SLEEPS)
    assert numbers == (0, 1, 0)
    assert result.note == "pytest ended with -9"
    assert time.monotonic() - started < 300


def test_an_empty_folder_is_said_and_no_error(run, tmp_path):
    result, numbers = counts(run, tmp_path)
    assert numbers == (0, 0, 0)
    assert result.note == "no tests there"


def test_a_selection_that_fits_nothing_is_said(run, tmp_path):
    run.extra = ["-k", "nothing"]
    result, numbers = counts(run, tmp_path, a=PASSES)
    assert numbers == (0, 0, 0)
    assert result.note == "no test was selected"


def test_a_named_file_replaces_the_whole_part(run, tmp_path):
    (tmp_path / "test_other.py").write_text(FAILS)
    run.extra = [f"{tmp_path / 'test_other.py'}::test_it"]
    assert counts(run, tmp_path, a=PASSES)[1] == (0, 1, 0)


def test_the_two_halves_of_the_unit_tests_are_one_result(run, tmp_path, monkeypatch):
    folder = tmp_path / "unit"
    for name, text in {"mapping": PASSES, "simulator": FAILS}.items():
        (folder / name).mkdir(parents=True)
        (folder / name / f"test_{name}.py").write_text(text)
    (folder / "test_alone.py").write_text(PASSES)
    (folder / "helpers.py").write_text(BREAKS)
    monkeypatch.setattr(jobs, "TESTS", tmp_path)
    result = jobs.unit(run)
    assert (result.part, result.passed, result.failed) == ("unit", 2, 1)
    log = run.log(result).read_text()
    assert "test_simulator.py" in log and "1 passed" in log
