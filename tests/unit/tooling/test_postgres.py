"""Which PostgreSQL is used, and what is said when it cannot be."""

import os

import pytest

from scripts.tooling import postgres
from scripts.tooling.paths import Problem


def test_a_given_server_is_used_as_it_is(monkeypatch, programs):
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("PGUSER", "me")
    monkeypatch.setattr(postgres, "program", programs("psql", "echo 1").parent.joinpath)
    assert postgres.environment() == {"PGHOST": "db.example", "PGUSER": "me"}


def test_a_given_server_that_does_not_answer(monkeypatch, programs):
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("PGUSER", "me")
    monkeypatch.setattr(postgres, "program", programs("psql", "exit 2").parent.joinpath)
    with pytest.raises(Problem, match="PGHOST=db.example does not let us in"):
        postgres.environment()


def test_odoo_refuses_the_superuser(monkeypatch):
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("PGUSER", "postgres")
    with pytest.raises(Problem, match="set PGUSER"):
        postgres.environment()


def test_a_full_disk_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(postgres, "LEAST_FREE_MB", 10**12)
    with pytest.raises(Problem, match="MB are free"):
        postgres.Cluster(tmp_path, "nobody")._check_space()


def test_a_long_path_gets_a_short_folder_for_its_socket(tmp_path):
    near = postgres.Cluster(tmp_path / "pg", "me")
    far = postgres.Cluster(tmp_path / ("x" * 90), "me")
    assert near.sockets == tmp_path / "pg" / "run"
    assert far.sockets.parent.name == "tmp"
    assert len(str(far.sockets / ".s.PGSQL.12345")) < 107


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path):
    user = postgres.pwd.getpwuid(os.geteuid()).pw_name
    (tmp_path / "run").symlink_to(tmp_path)
    with pytest.raises(Problem, match="belongs to somebody else"):
        postgres.Cluster(tmp_path, user)._make_sockets()


def test_a_missing_program_is_installed_or_named(monkeypatch):
    asked = []
    monkeypatch.setattr(postgres, "_program", lambda name: None)
    monkeypatch.setattr(
        postgres.apt, "install", lambda names, why: asked.append((names, why))
    )
    for name, package in (("initdb", "postgresql"), ("psql", "postgresql-client")):
        with pytest.raises(Problem, match=f"install {package}"):
            postgres.program(name)
        assert asked.pop() == ([package], f"PostgreSQL's {name} was not found")
