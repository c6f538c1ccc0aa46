"""Counts come from JUnit files; the last line is what machines read."""

from scripts.tooling.report import Result, joined, last_line, read_junit, table

JUNIT = """<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest" tests="4">
  <testcase classname="a.B" name="one"/>
  <testcase classname="a.B" name="two"><failure message="no">x</failure></testcase>
  <testcase classname="a.B" name="three"><error message="no">x</error></testcase>
  <testcase classname="a.B" name="four"><skipped message="why"/></testcase>
  <testcase classname="a.B" name="five"/>
</testsuite></testsuites>
"""


def test_a_junit_file_is_counted(tmp_path):
    file = tmp_path / "junit.xml"
    file.write_text(JUNIT)
    result = Result("unit")
    assert read_junit(file, result)
    assert (result.passed, result.failed, result.skipped) == (2, 2, 1)
    assert result.skips == ["a.B.four: why"]


def test_a_junit_file_that_is_not_whole_is_not_believed(tmp_path):
    file = tmp_path / "junit.xml"
    assert not read_junit(file, Result("unit"))
    file.write_text(JUNIT[:200])
    assert not read_junit(file, Result("unit"))


def test_the_last_line():
    results = [Result("unit", passed=2, failed=1), Result("odoo", "18.0", passed=3)]
    assert last_line(results) == "5 passed, 1 failed"
    results.append(Result("e2e", "18.0", skipped=4))
    assert last_line(results) == "5 passed, 1 failed, 4 skipped"
    assert last_line([]) == "0 passed, 0 failed"


def test_the_table_names_part_and_series():
    lines = table(
        [
            Result("unit", passed=1234, seconds=8.4),
            Result("odoo", "18.0", failed=1, note="pytest ended with 2"),
        ]
    ).splitlines()
    assert lines[1].split() == ["unit", "-", "1234", "0", "0", "8", "s"]
    assert lines[2].startswith("odoo  18.0 ")
    assert lines[2].endswith("pytest ended with 2")
    assert not any(line.endswith(" ") for line in lines)


def test_runs_side_by_side_are_one_result():
    one = Result("a", passed=3, seconds=4, skips=["x: y"], skipped=1)
    two = Result("b", passed=2, failed=1, seconds=9, note="pytest ended with 3")
    whole = joined("unit", [one, two])
    assert (whole.part, whole.passed, whole.failed, whole.skipped) == ("unit", 5, 1, 1)
    assert (whole.seconds, whole.note) == (9, "pytest ended with 3")
    assert whole.skips == ["x: y"]
