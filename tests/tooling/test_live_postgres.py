"""The private PostgreSQL: started once, and again whatever killed it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from scripts.tooling import databases, postgres
from scripts.tooling.locks import locked
from scripts.tooling.paths import CHECKOUT, Problem


@pytest.fixture
def cluster(tmp_path, monkeypatch):
    """A cluster of the test's own, that runs."""
    monkeypatch.setenv("EBAY_SYNC_CACHE", str(tmp_path / "the cache"))
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)
    made = postgres.Cluster.here()
    made.start()
    yield made
    made.stop()
    shutil.rmtree(made.folder)


def postmaster(cluster):
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def test_a_cluster_lives_through_what_happens_to_it(cluster):
    first = cluster.variables()
    assert databases.sql("SELECT current_user") == "ebay_sync"
    assert cluster.start() == first

    # kill -9, and its pid taken by a process that is none of its own
    os.kill(postmaster(cluster), signal.SIGKILL)
    file = cluster.data / "postmaster.pid"
    lines = file.read_text().splitlines()
    file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    deadline = time.monotonic() + 60
    while cluster.running() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not cluster.running()
    assert databases.sql("SELECT 1") == "1"

    # its port taken by somebody else while it was down
    cluster.stop()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", int(first["PGPORT"])))
        other.listen()
        second = cluster.start()
    assert second["PGPORT"] != first["PGPORT"]
    assert {**second, "PGPORT": ""} == {**first, "PGPORT": ""}

    # from the network only with the password
    psql = [postgres.program("psql"), "-wXqAt", "-h", "127.0.0.1", "-c", "SELECT 1"]
    env = {**os.environ, **second}
    assert postgres.output([*psql, "-d", "postgres"], env) == "1\n"
    env["PGPASSWORD"] = "wrong"
    assert postgres.output([*psql, "-d", "postgres"], env) is None

    # the refusal of a statement comes with the server's reason
    with pytest.raises(Problem, match="database .nowhere. does not exist"):
        databases.sql('DROP DATABASE "nowhere"')


def test_a_database_in_use_is_copied_and_dropped(cluster, tmp_path):
    """A killed server's sessions are still there, and what they do continues."""
    runtime = SimpleNamespace(series="18.0", data_dir=tmp_path)
    databases.sql('CREATE DATABASE "in_use"')
    databases.sql("CREATE TABLE thing AS SELECT 42 AS answer", "in_use")
    psql = [postgres.program("psql"), "-wXqAt", "-d", "in_use", "-c"]
    env = {**os.environ, **cluster.variables()}
    for act in (
        lambda: databases.copy(runtime, "in_use", "copied"),
        lambda: databases.drop(runtime, "in_use"),
    ):
        with subprocess.Popen([*psql, "SELECT pg_sleep(600)"], env=env) as session:
            in_use = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'in_use'"
            deadline = time.monotonic() + 60
            while databases.sql(in_use) == "0" and time.monotonic() < deadline:
                time.sleep(0.05)
            act()
            assert session.wait(60)
    assert databases.sql("SELECT answer FROM thing", "copied") == "42"
    assert not databases.exists("in_use")


def test_what_killed_runs_left_is_dropped(cluster, tmp_path):
    runtime = SimpleNamespace(series="18.0", data_dir=tmp_path)
    ended = subprocess.Popen(["true"])
    ended.wait()
    mine, left = f"ebay_run18_{os.getpid()}_a", f"ebay_run18_{ended.pid}_two_host"
    half, made = "ebay_addon18_1_half", "ebay_addon18_2_half"
    for name in (mine, left, half, made):
        databases.sql(f'CREATE DATABASE "{name}"')
    with locked("template-ebay_addon18_2"):  # somebody is making that one
        databases._drop_abandoned(runtime)
    there = [databases.exists(name) for name in (mine, left, half, made)]
    assert there == [True, False, False, True]


def test_the_command_line(cluster):
    def call(*words):
        command = [sys.executable, "scripts/tooling", "postgres", *words]
        return subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True)

    assert call("status").stdout.startswith("running: ")
    shell = f'{call("env").stdout}\nprintf %s "$PGHOST"'
    told = subprocess.run(["sh", "-c", shell], capture_output=True, text=True)
    assert told.stdout == str(cluster.sockets)
    assert call("stop").returncode == 0
    assert call("status").returncode == 3
    assert call("dance").returncode == 2


def test_only_postgresqls_own_processes_are_ended(cluster):
    """Neither a shell that stands in the folder, nor a server in another folder."""
    with subprocess.Popen(["sleep", "60"], cwd=cluster.data) as bystander:
        assert bystander.pid not in cluster._processes()
        assert postmaster(cluster) in cluster._processes()
        cluster.stop()
        cluster._bury()
        assert bystander.poll() is None
        bystander.kill()
