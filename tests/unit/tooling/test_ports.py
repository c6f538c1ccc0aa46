"""Ports that nobody takes between the choice and the bind."""

import socket
import subprocess
import sys

import pytest

from scripts.tooling import ports
from scripts.tooling.paths import CHECKOUT, Problem

ASK = "from scripts.tooling.ports import free_port; print(free_port(), flush=True)"


def test_a_port_is_given_once_and_can_be_bound():
    given = {ports.free_port() for _ in range(50)}
    assert len(given) == 50
    for port in given:
        with socket.create_server(("127.0.0.1", port)):
            assert not ports.bindable(port)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("32768\t60999\n", range(15_000, 32_768)),
        ("1024\t40000\n", range(40_001, 65_535)),
        ("1024\t65535\n", range(15_000, 65_535)),
        ("nonsense", range(15_000, 32_768)),
    ],
)
def test_the_ports_of_outgoing_connections_are_left_alone(
    tmp_path, monkeypatch, told, expected
):
    file = tmp_path / "range"
    file.write_text(told)
    monkeypatch.setattr(ports, "_RANGE", file)
    assert ports._quiet_ports() == expected


def test_another_process_gets_another_port(monkeypatch):
    mine = ports.free_port()
    # the one port that there is, asked for in another process
    only = f"from scripts.tooling import ports; ports._quiet_ports = lambda: [{mine}]"
    asked = subprocess.run(
        [sys.executable, "-c", f"{only}; {ASK}"], cwd=CHECKOUT, capture_output=True
    )
    assert asked.returncode
    assert b"No free port" in asked.stderr
    monkeypatch.setattr(ports, "_quiet_ports", lambda: [mine])
    with pytest.raises(Problem, match="No free port"):
        ports.free_port()
