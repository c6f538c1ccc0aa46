"""TCP ports of this machine that stay free until the one who asked binds them."""

from __future__ import annotations

import contextlib
import random
import socket
from pathlib import Path

from .paths import Problem

LOWEST, HIGHEST = 15_000, 65_535
TRIES = 1_000
_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_reserved: list[socket.socket] = []
_dice = random.SystemRandom()


def free_port() -> int:
    """A port on 127.0.0.1 that nobody has, kept for this process until it ends.

    It is none of those that the kernel gives to outgoing connections: they would take
    it at any time, and while a killed server is down too. Other runs are kept away by
    the UDP port of the same number, which is held meanwhile.
    """
    ports = _quiet_ports()
    for _try in range(TRIES):
        port = _dice.choice(ports)
        if bindable(port) and _reserve(port):
            return port
    raise Problem(f"No free port was found on 127.0.0.1 in {TRIES} tries.")


def bindable(port: int) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return True
    return False


def _reserve(port: int) -> bool:
    held = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        held.bind(("127.0.0.1", port))
    except OSError:
        held.close()
        return False
    _reserved.append(held)
    return True


def _quiet_ports() -> range:
    """The larger part of what the kernel leaves to servers; all when it leaves none."""
    try:
        first, last = map(int, _RANGE.read_text("ascii").split())
    except (OSError, ValueError):
        first, last = 32_768, 60_999
    below, above = range(LOWEST, first), range(last + 1, HIGHEST)
    widest = max(below, above, key=len)
    return widest if len(widest) >= TRIES else range(LOWEST, HIGHEST)
