"""The PostgreSQL that tests and demos use.

With ``PGHOST``, ``PGHOSTADDR``, ``PGPORT`` or ``PGSERVICE`` set, that server is used
as it is. Otherwise a private cluster is started in a folder of its own: a socket in
a short private folder, TCP on 127.0.0.1 with a password, a port that was free, and
no fsync, because nothing in it must outlive the machine. It never runs as root.

    python -m scripts.tooling.postgres start|stop|status|env
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shlex
import shutil
import signal
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import apt
from .locks import locked
from .paths import Problem, cache_root, digest, writable
from .ports import bindable, free_port
from .shell import is_root, output, quiet, say, tail

ROLE = "ebay_sync"
LEAST_FREE_MB = 500
_GIVEN = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE")
_SETTINGS = """
# written by scripts/tooling/postgres.py: a throw-away server for tests and demos
listen_addresses = '127.0.0.1'
max_connections = 200
shared_buffers = 256MB
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
max_parallel_workers_per_gather = 0
dynamic_shared_memory_type = mmap
jit = off
"""
_ACCESS = """
local all all trust
host all all 127.0.0.1/32 scram-sha-256
"""


def external() -> bool:
    """Whether the environment names a server of the user's own."""
    return any(os.environ.get(name) for name in _GIVEN)


def environment() -> dict[str, str]:
    """The PG variables to reach the server, which is started when needed.

    Raises Problem when it can neither be reached nor started.
    """
    if external():
        _check_external()
        names = (name for name in os.environ if name.startswith("PG"))
        return {name: os.environ[name] for name in names}
    return Cluster.here().start()


def _check_external() -> None:
    server = ", ".join(f"{n}={os.environ[n]}" for n in _GIVEN if os.environ.get(n))
    if os.environ.get("PGUSER", "") == "postgres" or (
        not os.environ.get("PGUSER") and pwd.getpwuid(os.geteuid())[0] == "postgres"
    ):
        raise Problem(
            "Odoo refuses to work as the database user postgres: set PGUSER to a "
            "role that may create databases."
        )
    psql = program("psql")
    asked = output([psql, "-wXqAt", "-d", "postgres", "-c", "SELECT 1"], timeout=15)
    if asked is None:
        raise Problem(
            f"The PostgreSQL server of {server} does not let us in: check it with "
            "psql -d postgres, or unset these variables to use a private server."
        )


def program(name: str) -> Path:
    """The path of one of PostgreSQL's programs, of the newest version here.

    ``name`` is installed with apt when missing; raises Problem when it cannot be.
    """
    return _program(name) or _install(name)


def _program(name: str) -> Path | None:
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: float(folder.parent.name),
        reverse=True,
    )
    folders.extend(sorted(Path("/usr").glob("pgsql-*/bin"), reverse=True))
    for folder in folders:
        if os.access(folder / name, os.X_OK):
            return folder / name
    found = shutil.which(name)
    return Path(found) if found else None


def _install(name: str) -> Path:
    server = name in ("initdb", "pg_ctl", "postgres")
    package = "postgresql" if server else "postgresql-client"
    apt.install([package], f"PostgreSQL's {name} was not found")
    found = _program(name)
    if not found:
        raise Problem(f"PostgreSQL's {name} was not found: install {package}.")
    return found


@dataclass(frozen=True)
class Cluster:
    """The private cluster: its folder, and the user that runs it."""

    folder: Path
    user: str

    @classmethod
    def here(cls) -> Cluster:
        """This user's cluster; its folder is made when missing.

        Root's server runs as ``postgres``, which cannot look into ``/root``: its
        folder then lies in /var/lib.
        """
        cache = cache_root()
        if not is_root():
            return cls(writable(cache / "pg"), pwd.getpwuid(os.geteuid())[0])
        user = _unprivileged_user()
        folder = cache / "pg"
        if output(["runuser", "-u", user, "--", "test", "-x", cache]) is None:
            folder = Path("/var/lib/ebay_sync") / digest([str(cache)], 8)
        writable(folder)
        shutil.chown(folder, user)
        return cls(folder, user)

    @property
    def data(self) -> Path:
        """The data directory, one per major version of PostgreSQL."""
        version = program("initdb").parents[1].name
        return self.folder / f"data-{version}"

    @property
    def sockets(self) -> Path:
        """A private folder for the Unix socket, whose path may have 107 bytes."""
        near = self.folder / "run"
        if len(os.fsencode(near)) <= 85:
            return near
        return Path("/tmp") / f"ebay_sync-pg-{digest([str(self.folder)], 8)}"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.folder / "server.log"

    def variables(self) -> dict[str, str]:
        """The PG variables of the cluster, which may or may not be running."""
        return {
            "PGHOST": str(self.sockets),
            "PGPORT": self._read("port"),
            "PGUSER": ROLE,
            "PGPASSWORD": self._read("password"),
        }

    def running(self) -> bool:
        """Whether somebody accepts connections on the cluster's socket."""
        port = self._read("port")
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.sockets / f".s.PGSQL.{port}"))
            except OSError:
                return False
        return bool(port)

    def start(self) -> dict[str, str]:
        """Make and start the cluster where needed; returns its PG variables."""
        if not self.running():
            with locked("postgres"):
                if not self.running():
                    self._check_space()
                    self._create()
                    self._bury()
                    self._launch()
                    self._ensure_role()
        return self.variables()

    def stop(self) -> None:
        """Stop the server, when it runs."""
        with locked("postgres"):
            if self.running():
                log = self.folder / "stop.log"
                command = self._as_user("pg_ctl", "-D", self.data, "-m", "fast", "stop")
                quiet(command, log, "PostgreSQL did not stop", cwd=Path("/"))
            self._bury()

    def _read(self, name: str) -> str:
        with contextlib.suppress(OSError):
            return (self.folder / name).read_text().strip()
        return ""

    def _write(self, name: str, text: str) -> None:
        part = self.folder / f"{name}.part"
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        part.write_text(f"{text}\n")
        if is_root():
            shutil.chown(part, self.user)
        part.replace(self.folder / name)

    def _as_user(self, name: str, *arguments: object) -> list[str]:
        prefix = ["runuser", "-u", self.user, "--"] if is_root() else []
        return [*prefix, str(program(name)), *map(str, arguments)]

    def _check_space(self) -> None:
        free = shutil.disk_usage(self.folder).free // 2**20
        if free < LEAST_FREE_MB:
            raise Problem(
                f"Only {free} MB are free in {self.folder}: PostgreSQL needs "
                f"{LEAST_FREE_MB} MB there."
            )

    def _create(self) -> None:
        if (self.data / "PG_VERSION").is_file():
            return
        say(f"making a private PostgreSQL cluster in {self.data}")
        half = self.data.with_suffix(".part")
        shutil.rmtree(half, ignore_errors=True)
        if not self._read("password"):
            self._write("password", secrets.token_urlsafe(24))
        command = self._as_user("initdb", "-D", half, "-U", "postgres", "-E", "UTF8")
        log = self.folder / "initdb.log"
        trouble = f"PostgreSQL's initdb failed in {half}"
        quiet([*command, "--locale=C", "--no-sync"], log, trouble, cwd=Path("/"))
        with open(half / "postgresql.conf", "a", encoding="utf-8") as settings:
            settings.write(_SETTINGS)
        (half / "pg_hba.conf").write_text(_ACCESS)
        half.replace(self.data)

    def _bury(self) -> None:
        """Clear what a killed server left: its orphans, pid file and socket."""
        if self._postmaster() in self._processes():
            return  # it lives, and is still starting or stopping
        deadline = time.monotonic() + 10
        while (orphans := self._processes()) and time.monotonic() < deadline:
            for pid in orphans:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.1)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for left in self.sockets.glob(".s.PGSQL.*"):
            left.unlink(missing_ok=True)

    def _processes(self) -> list[int]:
        """PostgreSQL's processes that work in our data directory.

        The directory itself is compared, not its name: another container or chroot
        may have one of the same name, and its processes may be seen from here.
        """
        if not self.data.is_dir():
            return []
        ours = self.data.stat()
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    theirs = (entry / "cwd").stat()
                    same = os.path.samestat(ours, theirs)
                    if same and (entry / "comm").read_text() == "postgres\n":
                        found.append(int(entry.name))
        return found

    def _postmaster(self) -> int:
        with contextlib.suppress(OSError, ValueError, IndexError):
            return int((self.data / "postmaster.pid").read_text().split()[0])
        return 0

    def _launch(self) -> None:
        self._make_sockets()
        port = self._read("port")
        for _ in range(5):
            if not port or not bindable(int(port)):
                port = str(free_port())
            self.log.unlink(missing_ok=True)
            options = f"-p {port} -k {shlex.quote(str(self.sockets))}"
            command = self._as_user("pg_ctl", "-D", self.data, "-l", self.log)
            command += ["-w", "-t", "60", "-o", options, "start"]
            try:
                quiet(command, self.folder / "start.log", "", cwd=Path("/"))
            except Problem as problem:
                if "could not bind" not in _text(self.log):
                    raise self._refusal() from problem
                port = ""
                continue
            self._write("port", port)
            return
        raise Problem("PostgreSQL found no free port on 127.0.0.1 in five tries.")

    def _make_sockets(self) -> None:
        folder = self.sockets
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            if is_root():
                shutil.chown(folder, self.user)
        facts = folder.lstat()
        if folder.is_symlink() or facts.st_uid != pwd.getpwnam(self.user).pw_uid:
            raise Problem(f"{folder} belongs to somebody else: remove it.")
        folder.chmod(0o700)

    def _refusal(self) -> Problem:
        log = _text(self.log)
        if "No space left on device" in log:
            return Problem(
                f"The disk of {self.folder} is full: PostgreSQL cannot start."
            )
        return Problem(
            f"{tail(self.log)}PostgreSQL did not start: fix what its log "
            f"{self.log} says, or remove {self.data} to begin with an empty one."
        )

    def _ensure_role(self) -> None:
        password = self._read("password")
        sql = (
            f"SELECT 'CREATE ROLE {ROLE}' WHERE NOT EXISTS "
            f"(SELECT FROM pg_roles WHERE rolname = '{ROLE}') \\gexec\n"
            f"ALTER ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}';\n"
        )
        script = self.folder / "role.sql"
        self._write("role.sql", sql)
        env = {**os.environ, **self.variables(), "PGUSER": "postgres"}
        command = [program("psql"), "-wXq", "-d", "postgres", "-v", "ON_ERROR_STOP=1"]
        log = self.folder / "role.log"
        quiet([*command, "-f", script], log, "PostgreSQL refused to make a role", env)
        script.unlink()


def _unprivileged_user() -> str:
    program("initdb")  # its package brings the user "postgres"
    for name in ("postgres", "ebay-sync-pg"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    made = output(["useradd", "--system", "--no-create-home", "ebay-sync-pg"])
    if made is None:
        raise Problem("PostgreSQL will not run as root: make a user named postgres.")
    return "ebay-sync-pg"


def _text(log: Path) -> str:
    with contextlib.suppress(OSError):
        return log.read_text(errors="replace")
    return ""


def exports(variables: Mapping[str, str]) -> str:
    """Lines that a shell can eval."""
    lines = (f"export {name}={shlex.quote(v)}" for name, v in variables.items())
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """The command line: start, stop, status (exit 3 when stopped), env."""
    command = arguments[0] if len(arguments) == 1 else ""
    if command not in ("start", "stop", "status", "env"):
        print("usage: postgres start|stop|status|env", file=sys.stderr)
        return 2
    if command in ("start", "env"):
        variables = environment()
        if command == "env":
            print(exports(variables))
        return 0
    if external():
        print("the server that the PG variables name; not ours to stop")
        return 0
    cluster = Cluster.here()
    if command == "stop":
        cluster.stop()
        return 0
    running = cluster.running()
    print(f"{'running' if running else 'stopped'}: {cluster.data}")
    return 0 if running else 3


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Problem as trouble:
        sys.exit(str(trouble))
