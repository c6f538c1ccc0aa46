"""The runner counts honestly."""

import sys
from pathlib import Path

import pytest

from scripts.tooling import jobs, odoo_home, runner
from scripts.tooling.jobs import Run
from scripts.tooling.paths import Problem
from scripts.tooling.report import Result
from scripts.tooling.runtime import Runtime
from unit.tooling.fakes import make_tree


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    return Run(folder, Path(sys.executable))


def test_a_problem_is_a_failure_with_its_sentence():
    def work():
        raise Problem("    | a log\nInstall the package cat.")

    result = jobs.guarded("browser", "18.0", work)
    assert (result.failed, result.note) == (1, "Install the package cat.")


def test_installing_without_a_word_passes(run, tmp_path, monkeypatch):
    log = tmp_path / "install.log"
    line = "2026-01-01 00:00:00,1 42 {} db odoo.modules: something\n"
    log.write_text(line.format("INFO"))
    monkeypatch.setattr(jobs.databases, "addon_template", lambda runtime: "t")
    monkeypatch.setattr(jobs.databases, "install_log", lambda name: log)
    runtime = fake_runtime(tmp_path)
    assert jobs.install(run, runtime).passed == 1
    log.write_text(line.format("INFO") + line.format("WARNING"))
    result = jobs.install(run, runtime)
    assert (result.passed, result.failed) == (0, 1)
    assert "WARNING" in run.log(result).read_text()


def test_an_addon_that_does_not_install_stops_its_series_only(run, tmp_path):
    def fail(note):
        return Result("install", "18.0", failed=1, note=note)

    ran = []
    tasks = [
        ("install", "18.0", lambda: fail("the addon does not install")),
        ("install", "19.0", lambda: fail("2 warnings while installing")),
        ("odoo", "18.0", lambda: ran.append("18.0")),
        ("odoo", "19.0", lambda: ran.append("19.0") or Result("odoo", "19.0")),
        ("unit", "", lambda: ran.append("unit") or Result("unit")),
    ]
    results = runner._work(run, tasks)
    assert sorted(ran) == ["19.0", "unit"]
    assert results[2].failed == 1
    assert [result.part for result in results] == [task[0] for task in tasks]


def fake_runtime(tmp_path, series="18.0"):
    [tree] = odoo_home.trees_in(make_tree(tmp_path / series, series), "here")
    return Runtime(tree, Path("/usr/bin/python3"))


def test_everything_is_planned_for_every_series(run, tmp_path):
    options, _extra = runner.parse([])
    runtimes = {s: fake_runtime(tmp_path, s) for s in ("18.0", "19.0")}
    plan = [(part, series) for part, series, _ in runner._plan(run, options, runtimes)]
    inside = ("install", "odoo", "extended", "e2e", "browser")
    assert plan[:10] == [(part, series) for part in inside for series in runtimes]
    alone = [(part, "") for part in ("unit", "contract", "lint", "tooling")]
    assert plan[10:] == [*alone, ("unit", "18.0")]


def test_parts_and_arguments():
    options, extra = runner.parse(["odoo", "unit", "--odoo", "18.0", "--", "-k", "x"])
    assert options.part == ["unit", "odoo"]
    assert not options.everything
    assert extra == ["-k", "x"]
    with pytest.raises(SystemExit):
        runner.parse(["units"])


def test_unit_tests_need_no_odoo(monkeypatch):
    monkeypatch.setattr(runner.setup, "prepare", lambda *_a, **_k: pytest.fail("setup"))
    options, _extra = runner.parse(["unit"])
    assert runner._prepare(options) == ({}, {})


def test_the_last_line_and_the_exit_code(monkeypatch, capsys, run, tmp_path):
    monkeypatch.setattr(runner.venvs, "ensure", lambda recipe: run.dev_python)
    monkeypatch.setattr(runner.jobs, "unit", lambda run: Result("unit", passed=3))
    assert runner.main(["unit"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "3 passed, 0 failed"
    monkeypatch.setattr(
        runner.jobs, "unit", lambda run: Result("unit", passed=2, failed=1)
    )
    assert runner.main(["unit"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "2 passed, 1 failed"


def test_a_selection_that_fits_nothing_anywhere_fails(monkeypatch, run):
    monkeypatch.setattr(runner.venvs, "ensure", lambda recipe: run.dev_python)
    monkeypatch.setattr(runner.jobs, "unit", lambda run: Result("unit"))
    assert runner.main(["unit", "--", "-k", "mistyped"]) == 1
    assert runner.main(["unit"]) == 0


def test_a_series_that_is_missing_is_named(monkeypatch, capsys, run, tmp_path):
    monkeypatch.setattr(runner.venvs, "ensure", lambda recipe: run.dev_python)
    ready = {"18.0": fake_runtime(tmp_path)}
    missing = {"19.0": Problem("Odoo 19.0 was not found.")}
    monkeypatch.setattr(runner.setup, "prepare", lambda *_a, **_k: (ready, missing))
    for part in ("install", "odoo"):
        monkeypatch.setattr(
            runner.jobs, part, lambda run, runtime: Result("x", "18.0", passed=1)
        )
    assert runner.main(["odoo"]) == 0
    assert "not tested: Odoo 19.0 was not found." in capsys.readouterr().out
    monkeypatch.setattr(runner.setup, "prepare", lambda *_a, **_k: ({}, missing))
    with pytest.raises(Problem, match="was not found"):
        runner.main(["odoo"])
