"""How Odoo is started, and what its databases are called."""

import os
from pathlib import Path

import pytest

from scripts.tooling import databases, odoo_home, odoo_log
from scripts.tooling.paths import ADDON, CHECKOUT, Problem
from scripts.tooling.runtime import Runtime
from scripts.tooling.servers import OdooServer
from unit.tooling.fakes import make_package, make_tree

PG = {"PGHOST": "/run/pg", "PGPORT": "5433", "PGUSER": "me", "PGPASSWORD": "secret"}


@pytest.fixture
def runtime(tmp_path):
    [tree] = odoo_home.trees_in(make_tree(tmp_path / "my odoo", "18.0"), "here")
    return Runtime(tree, Path("/venv/bin/python"))


def options(file):
    lines = [line for line in file.read_text().splitlines() if " = " in line]
    return dict(line.split(" = ", 1) for line in lines)


def test_the_configuration_reaches_database_and_checkout(runtime):
    file = runtime.configuration(PG)
    told = options(file)
    assert told["db_host"] == "/run/pg"
    assert told["db_port"] == "5433"
    assert told["addons_path"].split(",")[-1] == str(CHECKOUT)
    assert "secret" not in file.read_text()


def test_the_environment_of_odoo(runtime, monkeypatch):
    monkeypatch.delenv("PYTHONPATH", raising=False)
    env = runtime.environment(PG)
    assert env["PYTHONPATH"] == str(runtime.tree.import_root)
    assert env["ODOO_RC"] == str(runtime.configuration(PG))
    assert env["PGPASSWORD"] == "secret"


def test_a_comma_in_a_path_is_said(tmp_path):
    [tree] = odoo_home.trees_in(make_tree(tmp_path / "a,b", "18.0"), "here")
    with pytest.raises(Problem, match="comma"):
        Runtime(tree, Path("python")).configuration(PG)


def test_a_package_gets_a_launcher(tmp_path, runtime):
    make_package(tmp_path / "package", "19.0")
    [tree] = odoo_home.trees_in(tmp_path / "package", "here")
    command = Runtime(tree, Path("/venv/bin/python")).command("shell", "-d", "x")
    assert command[0] == "/venv/bin/python"
    assert "odoo.cli.main()" in Path(command[1]).read_text()
    assert command[2:] == ["shell", "-d", "x"]
    assert runtime.command()[1] == str(tmp_path / "my odoo" / "odoo-bin")


def test_a_server_has_its_own_settings(runtime, cache):
    server = OdooServer(runtime, "ebay_run18_1_a", {"workers": 2, "http_port": 18301})
    told = options(server._configuration(PG))
    assert told["workers"] == "2"
    assert told["http_port"] == "18301"
    assert told["dbfilter"] == "^ebay_run18_1_a$"
    assert int(told["gevent_port"]) > 1024
    assert told["db_host"] == "/run/pg"


def test_names_of_databases_are_checked():
    assert databases._safe("ebay_run18_1_ab-c.d") == "ebay_run18_1_ab-c.d"
    for name in ("", 'a"b', "a b", "x" * 64, "a;b"):
        with pytest.raises(Problem, match="no name for a database"):
            databases._safe(name)


def test_warnings_are_read_from_a_log(tmp_path):
    log = tmp_path / "odoo.log"
    log.write_text(
        "2026-01-01 00:00:00,123 42 INFO db odoo: WARNING is only a word here\n"
        "2026-01-01 00:00:00,123 42 WARNING db odoo.x: one\n"
        "Traceback\n"
        "2026-01-01 00:00:00,123 42 ERROR db odoo.y: two\n"
        "2026-01-01 00:00:00,123 42 WARNING ? py.warnings: /lib/x.py:1: old\n"
        f"2026-01-01 00:00:00,123 42 WARNING ? py.warnings: {ADDON}/a.py:1: three\n"
    )
    assert [line.split(": ")[-1] for line in odoo_log.unexpected_lines(log)] == [
        "one",
        "two",
        "three",
    ]
    assert odoo_log.unexpected_lines(tmp_path / "none") == []


def test_a_filestore_is_shared_file_by_file(runtime):
    source = databases._filestore(runtime, "template")
    (source / "ab").mkdir(parents=True)
    (source / "ab" / "abcd").write_text("content")
    databases._copy_filestore(runtime, "template", "copy")
    copied = databases._filestore(runtime, "copy") / "ab" / "abcd"
    assert copied.read_text() == "content"
    assert os.stat(copied).st_nlink == 2


def test_what_the_addons_template_depends_on(tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "models" / "a.py").write_text("1")
    before = list(databases._contents(tmp_path))
    (tmp_path / "tests" / "test_a.py").write_text("no matter")
    assert list(databases._contents(tmp_path)) == before
    (tmp_path / "models" / "a.py").write_text("2")
    assert list(databases._contents(tmp_path)) != before


def test_a_change_that_stores_nothing_needs_no_new_template(tmp_path):
    flow = tmp_path / "flows" / "orders" / "a.py"
    flow.parent.mkdir(parents=True)
    flow.write_text('    _name = "ebay.a"\n\n    def f(self): return 1\n')
    before = list(databases._stored_contents(tmp_path))
    whole = list(databases._contents(tmp_path))
    flow.write_text('    _name = "ebay.a"\n\n    def f(self): return 2\n')
    assert list(databases._stored_contents(tmp_path)) == before
    assert list(databases._contents(tmp_path)) != whole
    flow.write_text('    _name = "ebay.b"\n')
    assert list(databases._stored_contents(tmp_path)) != before
