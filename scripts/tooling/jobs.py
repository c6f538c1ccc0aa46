"""The parts of the suite: each is one run of pytest, counted from its JUnit file."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import browsers, databases, odoo_log, postgres
from .paths import ADDON, CHECKOUT, Problem, bytecode
from .report import Result, joined, read_junit
from .runtime import Runtime

TESTS = CHECKOUT / "tests"
LONGEST_SECONDS = 3000
PURE = ("ebay_api", "mapping")
#: What pytest ends with when tests ran, passed or not; 5: there was none.
_RAN, _NONE = (0, 1), 5


@dataclass
class Run:
    """Where one call of scripts/test keeps its files, and what it was asked for."""

    folder: Path
    dev_python: Path
    extra: Sequence[str] = ()
    stream: bool = False
    children: list[subprocess.Popen] = field(default_factory=list)

    def pytest(
        self,
        result: Result,
        python: Path,
        folders: Sequence[Path],
        options: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> Result:
        """Run pytest on ``folders`` and put its counts into ``result``."""
        folders = [path for path in folders if _has_tests(path)]
        if not folders:
            result.note = "no tests there"
            return result
        junit = self.folder / f"{_slug(result)}.xml"
        named = any((CHECKOUT / word.split("::")[0]).exists() for word in self.extra)
        command = [python, "-m", "pytest", *options, f"--junitxml={junit}"]
        command += ["-o", "junit_family=xunit2", "-p", "no:cacheprovider"]
        command += self.extra if named else [*folders, *self.extra]
        started = time.monotonic()
        code = self._run([str(word) for word in command], result, environment)
        result.seconds += time.monotonic() - started
        whole = read_junit(junit, result)
        if code == _NONE:
            result.note = "no test was selected"
        elif code not in _RAN or not whole or (code and not result.failed):
            result.failed = result.failed or 1
            result.note = f"pytest ended with {code}"
        return result

    def log(self, result: Result) -> Path:
        """Where the output of a part is kept."""
        return self.folder / f"{_slug(result)}.log"

    def _run(
        self, command: list[str], result: Result, environment: Mapping[str, str] | None
    ) -> int:
        with open(self.log(result), "ab") as log:
            child = subprocess.Popen(
                command,
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=None if self.stream else log,
                stderr=None if self.stream else log,
                env={**(environment or os.environ), **_common()},
                start_new_session=True,
            )
        self.children.append(child)
        try:
            return child.wait(LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            return -signal.SIGKILL
        finally:
            _end(child)
            self.children.remove(child)

    def abort(self) -> None:
        """End every child that still runs."""
        for child in list(self.children):
            _end(child)


def unit(run: Run) -> Result:
    """Pure Python: no Odoo, no network. Two runs side by side when nothing is named."""
    if run.extra:
        return run.pytest(Result("unit"), run.dev_python, [TESTS / "unit"])
    found = sorted((TESTS / "unit").iterdir())
    pure = [path for path in found if path.name in PURE]
    rest = [path for path in found if path not in pure and _has_tests(path)]
    quiet = replace(run, stream=False)  # two at once cannot be read
    with ThreadPoolExecutor(2) as pool:
        halves = [
            pool.submit(quiet.pytest, Result(name), run.dev_python, folders)
            for name, folders in {"unit, pure": pure, "unit, rest": rest}.items()
        ]
        results = [half.result() for half in halves]
    logs = [run.log(result).read_text(errors="replace") for result in results]
    whole = joined("unit", results)
    run.log(whole).write_text("\n".join(logs))
    return whole


def unit_inside(run: Run, runtime: Runtime) -> Result:
    """What runs inside of Odoo, with the old libraries that Odoo pins."""
    folders = [TESTS / "unit" / name for name in PURE]
    result = Result("unit", runtime.series)
    return run.pytest(result, runtime.python, folders, ["-p", "no:odoo"])


def contract(run: Run) -> Result:
    """The client and the simulator against eBay's OpenAPI documents."""
    return run.pytest(Result("contract"), run.dev_python, [TESTS / "contract"])


def tooling(run: Run) -> Result:
    """Our own set-up and runners, with a real PostgreSQL and a real pytest."""
    return run.pytest(Result("tooling"), run.dev_python, [TESTS / "tooling"])


def lint(run: Run) -> Result:
    """The linters, each counted as one test."""
    return run.pytest(Result("lint"), run.dev_python, [TESTS / "lint"])


def install(run: Run, runtime: Runtime) -> Result:
    """The addon installs into a database, and no warning is logged."""
    result = Result("install", runtime.series)
    started = time.monotonic()
    log = run.log(result)
    try:
        template = databases.addon_template(runtime)
        lines = odoo_log.unexpected_lines(databases.install_log(template))
    except Problem as problem:
        lines = [str(problem)]
        result.note = "the addon does not install"
    result.seconds = time.monotonic() - started
    if lines:
        log.write_text("\n".join(lines) + "\n")
        result.failed = 1
        result.note = result.note or f"{len(lines)} warnings while installing"
    else:
        result.passed = 1
    return result


def odoo(run: Run, runtime: Runtime) -> Result:
    """The addon's own tests, HttpCase included, on a copy of the database."""
    result = Result("odoo", runtime.series)
    tests = ADDON / "tests"
    if any(_uses_browser(file) for file in tests.rglob("*.py")):
        browsers.ensure()
    template = databases.wide_template(runtime)
    return _inside(run, runtime, result, template, tests)


def extended(run: Run, runtime: Runtime) -> Result:
    """An addon that overrides every hook, installed on top of ours."""
    addon = TESTS / "addons" / "ebay_sync_extended"
    runtime = replace(runtime, more_addons=(addon.parent,))
    template = databases.extended_template(runtime, addon)
    result = Result("extended", runtime.series)
    return _inside(run, runtime, result, template, addon / "tests")


def _inside(
    run: Run, runtime: Runtime, result: Result, template: str, tests: Path
) -> Result:
    """Tests that run inside of Odoo, on a copy of a database."""
    with databases.fresh(runtime, template) as database:
        options = ["-c", CHECKOUT / "scripts/tooling/pytest-odoo.ini"]
        options += [f"--rootdir={CHECKOUT}", f"--odoo-database={database}"]
        options += ["--odoo-http", "--odoo-log-level=warn"]
        env = runtime.environment(postgres.environment())
        return run.pytest(result, runtime.python, [tests], map(str, options), env)


def e2e(run: Run, runtime: Runtime) -> Result:
    """Real servers, the simulator, faults."""
    return _on_servers(run, runtime, "e2e")


def browser(run: Run, runtime: Runtime) -> Result:
    """Chromium in front of a real server."""
    chromium = browsers.ensure() if _has_tests(TESTS / "browser") else ""
    pictures = os.environ.get("EBAY_SYNC_SCREENSHOTS", str(run.folder / "pictures"))
    extra = {"EBAY_SYNC_CHROMIUM": chromium, "EBAY_SYNC_SCREENSHOTS": pictures}
    return _on_servers(run, runtime, "browser", extra)


def guarded(part: str, series: str, work: Callable[[], Result]) -> Result:
    """The result of ``work``; a Problem in it is a failure with its sentence."""
    try:
        return work()
    except Problem as problem:
        note = str(problem).strip().splitlines()[-1]
        return Result(part, series, failed=1, note=note)


def _on_servers(
    run: Run, runtime: Runtime, part: str, extra: Mapping[str, str] | None = None
) -> Result:
    env = {**os.environ, **(extra or {}), "EBAY_SYNC_SERIES": runtime.series}
    result = Result(part, runtime.series)
    return run.pytest(result, run.dev_python, [TESTS / part], environment=env)


def _has_tests(path: Path) -> bool:
    return path.match("test_*.py") or any(path.rglob("test_*.py"))


def _uses_browser(file: Path) -> bool:
    return bool(re.search(r"\b(browser_js|start_tour)\(", file.read_text("utf-8")))


def _slug(result: Result) -> str:
    name = re.sub(r"\W+", "-", result.part)
    return f"{name}-{result.series}" if result.series else name


def _common() -> dict[str, str]:
    """What every part's environment holds. git reads a checkout of another owner."""
    return {
        **bytecode(),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": str(CHECKOUT),
    }


def _end(child: subprocess.Popen) -> None:
    """Kill what is left of the child's process group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
