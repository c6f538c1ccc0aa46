"""scripts/bench: finds its cases, runs one, writes its report."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from scripts.bench_cases import __main__ as bench


def test_cases_are_listed_with_what_they_measure(capsys):
    assert bench.run([]) == 0
    shown = capsys.readouterr().out
    for name, line in bench.cases().items():
        assert line and f"{name:<14}{line}" in shown
    assert "simulator" in bench.cases()


def test_an_unknown_case_is_refused(capsys):
    assert bench.run(["nonsense"]) == 2
    assert "simulator" in capsys.readouterr().err


def test_numbers_are_printed_and_reported(monkeypatch, tmp_path, capsys):
    given = []

    def main(arguments):
        given.extend(arguments)
        return {"things/s": 42}

    monkeypatch.setattr(bench, "_case", lambda name: SimpleNamespace(main=main))
    file = tmp_path / "report.json"
    options = ["--report", str(file), "--seconds", "1"]
    assert bench.run(["simulator", *options]) == 0
    assert given == ["--seconds", "1"]
    assert capsys.readouterr().out.split() == ["things/s", "42"]
    report = json.loads(file.read_text("utf-8"))
    assert report == {"case": "simulator", "numbers": {"things/s": 42}}


def test_a_report_that_cannot_be_written_is_refused_first(tmp_path):
    for place in (tmp_path, tmp_path / "no" / "report.json"):
        with pytest.raises(SystemExit, match="cannot be written"):
            bench.run(["simulator", "--report", str(place)])
