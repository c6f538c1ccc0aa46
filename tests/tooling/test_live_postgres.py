"""The private PostgreSQL: started once, and again whatever killed it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest

from scripts.tooling import databases, postgres
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
    deadline = time.monotonic() + 10
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
