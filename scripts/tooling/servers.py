"""Odoo servers for tests that need a real one.

    from scripts.tooling.servers import OdooServer

    with OdooServer.fresh() as server:             # own database, addon installed
        server.call("res.partner", "search_count", [])
        server.kill()                              # kill -9, workers included
        server.start()                             # same database, same port

The series is ``$EBAY_SYNC_SERIES``, which ``scripts/test`` sets, else the first one
found.
"""

from __future__ import annotations

import contextlib
import http.client
import http.cookiejar
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar

from . import databases, leftovers, odoo_log, postgres, provision
from .paths import Problem, cache_root, writable
from .ports import free_port
from .runtime import Runtime
from .shell import tail

READY_SECONDS = 240
ANSWER_SECONDS = 240
# Odoo's own jobs rest: in a new database all of them are due, they take seconds from
# whoever waits, and there is no mail server to send anything with.
REST = (
    "UPDATE ir_cron SET active = false WHERE id NOT IN (SELECT res_id "
    "FROM ir_model_data WHERE model = 'ir.cron' AND module = 'ebay_sync')"
)


class CallFailed(Exception):
    """Odoo answered a call with an error; ``data`` is its ``error`` member."""

    def __init__(self, data: dict) -> None:
        details = data.get("data") or {}
        super().__init__(details.get("message") or data.get("message"))
        self.data = data


class OdooServer:
    """One ``odoo-bin`` process group on a port and a database of its own.

    ``options`` are settings of odoo.conf that differ from the usual ones (which
    are ``workers = 0`` and one cron thread); ``environment`` is added to the
    process's. The log is at ``log``.
    """

    #: Called with every ``fresh`` server at its end, while its database is there.
    inspections: ClassVar[list[Callable[[OdooServer], None]]] = []

    def __init__(
        self,
        runtime: Runtime,
        database: str,
        options: Mapping[str, object] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.runtime = runtime
        self.database = database
        self.options = dict(options or {})
        self.extra_environment = dict(environment or {})
        self.port = free_port()
        self._gevent_port = free_port()
        self.log = writable(cache_root() / "logs") / f"server-{database}.log"
        self.process: subprocess.Popen | None = None
        self._session = _Session(self.url, database)

    @classmethod
    @contextlib.contextmanager
    def fresh(
        cls,
        series: str | None = None,
        options: Mapping[str, object] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Iterator[OdooServer]:
        """A running server on a new database with the addon; both go at the end.

        Of the scheduled actions only the addon's run.
        """
        runtime = provision.runtime(series or provision.default_series())
        template = databases.addon_template(runtime)
        with databases.fresh(runtime, template) as database:
            databases.sql(REST, database)
            server = cls(runtime, database, options, environment)
            server.start()
            try:
                yield server
                for inspect in cls.inspections:
                    inspect(server)
            finally:
                server.kill()  # its database goes with it: nothing to wait for

    @property
    def url(self) -> str:
        """The server's address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises Problem, with the end of its log, when it does not.
        """
        variables = postgres.environment()
        env = self.runtime.environment(variables, self._configuration(variables))
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.runtime.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**env, **self.extra_environment, **leftovers.owned()},
                start_new_session=True,
            )
        self._wait()

    def stop(self, seconds: float = 20) -> None:
        """End the server in good order; it is killed after ``seconds``."""
        if self.running():
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
        self.kill()

    def kill(self) -> None:
        """``kill -9`` of the server and all of its workers."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def kill_workers(self) -> None:
        """``kill -9`` of every worker process; the server itself starts new ones."""
        if self.process is None:
            return
        main = self.process.pid
        children = Path(f"/proc/{main}/task/{main}/children").read_text("ascii")
        for pid in children.split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        while any(_lives(pid) for pid in children.split()):
            time.sleep(0.01)  # none takes another request

    def look_for_jobs(self) -> None:
        """Have the scheduled actions check what is due now, as they do on their own
        once a minute; one that is busy or not up yet does not hear it."""
        databases.sql(f"NOTIFY cron_trigger, '{self.database}'")

    def running(self) -> bool:
        """Whether the server's main process is there."""
        return self.process is not None and self.process.poll() is None

    def call(self, model: str, method: str, *args: object, **kwargs: object) -> object:
        """Call a model's method as the administrator; returns its JSON result.

        Raises CallFailed when Odoo answers with an error.
        """
        return self._session.call(model, method, list(args), kwargs)

    def sql(self, statement: str) -> str:
        """Run SQL in the server's database; rows as lines, fields parted by ``|``."""
        return databases.sql(statement, self.database)

    def shell(self, code: str, seconds: float = 600) -> str:
        """Run ``code`` in ``odoo-bin shell`` (``env`` is there) and commit; returns
        what it prints. Raises Problem when it raises."""
        command = self.runtime.command(
            "shell", "-d", self.database, "--no-http", "--log-level=warn"
        )
        variables = postgres.environment()
        env = self.runtime.environment(variables, self._configuration(variables))
        done = subprocess.run(
            command,
            input=f"exec({code!r})\nenv.cr.commit()\nprint('\\0done')\n",
            env={**env, **self.extra_environment},
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        printed, mark, _rest = done.stdout.partition("\0done")
        if not mark:
            raise Problem(f"odoo-bin shell failed: {done.stdout}{done.stderr}")
        return printed.strip()

    def warnings(self) -> list[str]:
        """The warnings and errors in the server's log so far."""
        return odoo_log.unexpected_lines(self.log)

    def _configuration(self, variables: Mapping[str, str]) -> Path:
        usual = self.runtime.configuration(variables).read_text(encoding="utf-8")
        options = {
            "http_port": self.port,
            "db_name": self.database,
            "dbfilter": f"^{self.database}$",
            "list_db": False,
            **self.options,
        }
        if int(options.get("workers", 0)):
            options.setdefault("gevent_port", self._gevent_port)
        kept = [
            line
            for line in usual.splitlines()
            if line.split("=")[0].strip() not in options
        ]
        kept += [f"{name} = {value}" for name, value in options.items()]
        file = databases.server_configuration(self.database)
        file.write_text("\n".join(kept) + "\n", encoding="utf-8")
        return file

    def _wait(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if not self.running():
                break
            with contextlib.suppress(OSError, http.client.HTTPException):
                self._session.get("/web/health", seconds=30)
                return
            time.sleep(0.1)
        self.kill()
        raise Problem(f"{tail(self.log, 30)}Odoo did not start (log: {self.log}).")


def _lives(pid: str) -> bool:
    """Whether a process still does anything; a dead one may wait for its parent."""
    with contextlib.suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
        return stat.rpartition(")")[2].split()[0] not in "ZX"
    return False


class _Session:
    """A web client's session: Odoo's own JSON calls, the same on both series."""

    def __init__(self, url: str, database: str) -> None:
        self.url = url
        self.database = database
        jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(jar),
        )
        self._known = False

    def call(self, model: str, method: str, args: list, kwargs: dict) -> object:
        if not self._known:
            login = {"db": self.database, "login": "admin", "password": "admin"}
            self._post("/web/session/authenticate", login)
            self._known = True
        call = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self._post("/web/dataset/call_kw", call)

    def get(self, path: str, seconds: float) -> bytes:
        with self._opener.open(self.url + path, timeout=seconds) as answer:
            return answer.read()

    def _post(self, path: str, params: dict) -> object:
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        request = urllib.request.Request(
            self.url + path, body.encode(), {"Content-Type": "application/json"}
        )
        with self._opener.open(request, timeout=ANSWER_SECONDS) as answer:
            told = json.load(answer)
        if "error" in told:
            raise CallFailed(told["error"])
        return told["result"]
