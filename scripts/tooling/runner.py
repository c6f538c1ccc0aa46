"""``scripts/test``: the whole suite or parts of it, with a table at the end."""

from __future__ import annotations

import argparse
import functools
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from . import apt, jobs, leftovers, odoo_home, setup, venvs
from .paths import SERIES, Problem, cache_root, writable
from .report import Result, last_line, table
from .runtime import Runtime

PARTS = ("unit", "contract", "lint", "tooling", "odoo", "extended", "e2e", "browser")
_NEED_ODOO = ("odoo", "extended", "e2e", "browser")
Task = tuple[str, str, Callable[[], Result]]


def parse(arguments: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """The options, and what stands after ``--`` for pytest."""
    words = list(arguments)
    extra = []
    if "--" in words:
        extra = words[words.index("--") + 1 :]
        words = words[: words.index("--")]
    parser = argparse.ArgumentParser(
        prog="scripts/test",
        description="Run the tests. What is missing is installed first.",
        epilog="Arguments for pytest may follow after --",
    )
    parser.add_argument(
        "part",
        nargs="*",
        metavar="|".join([*PARTS, "all"]),
        help="one or several; all of them when none is named",
    )
    parser.add_argument("--odoo", default="all", metavar="|".join([*SERIES, "all"]))
    odoo_home.add_option(parser)
    options = parser.parse_args(words)
    unknown = set(options.part) - {*PARTS, "all"}
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    everything = not options.part or "all" in options.part
    options.everything = everything
    options.part = [name for name in PARTS if everything or name in options.part]
    return options, extra


def main(arguments: Sequence[str]) -> int:
    """The command line. Returns 0 when something was tested and nothing failed."""
    options, extra = parse(arguments)
    runtimes, missing = _prepare(options)
    run = jobs.Run(_folder(), venvs.ensure(venvs.dev_recipe()), extra)
    tasks = _plan(run, options, runtimes)
    run.stream = len(tasks) == 1
    started = time.monotonic()
    results = _work(run, tasks)
    print(f"\n{table(results)}")
    for one in results:
        for skip in one.skips[:20]:
            print(f"skipped: {skip}")
    for sentence in dict.fromkeys(missing.values()):
        print(f"not tested: {sentence}")
    print(f"after {time.monotonic() - started:.0f} s; the logs are in {run.folder}")
    print(last_line(results), flush=True)
    ran = any(one.passed or one.skipped for one in results)
    selected = ran or not extra  # an empty folder is fine, a mistyped -k is not
    return int(any(one.failed for one in results) or not selected)


def _prepare(
    options: argparse.Namespace,
) -> tuple[dict[str, Runtime], dict[str, str]]:
    if "lint" in options.part and not shutil.which("git"):
        apt.install(["git"], "The linters ask git which files are ours")
    if not set(options.part) & set(_NEED_ODOO):
        return {}, {}
    series, required = setup.chosen_series(options.odoo)
    ready, missing = setup.prepare(series, required, retry=required)
    sentences = {name: str(problem) for name, problem in missing.items()}
    if not ready:
        raise Problem("\n".join(dict.fromkeys(sentences.values())))
    return ready, sentences


def _plan(
    run: jobs.Run, options: argparse.Namespace, runtimes: dict[str, Runtime]
) -> list[Task]:
    """What to run, the longest first."""
    tasks: list[Task] = []
    if runtimes and not run.extra:  # whoever picks single tests wants those
        tasks += _of_each_series(run, "install", runtimes)
    for part in _NEED_ODOO:
        if part in options.part:
            tasks += _of_each_series(run, part, runtimes)
    for part in ("unit", "contract", "lint", "tooling"):
        if part in options.part:
            tasks.append((part, "", functools.partial(getattr(jobs, part), run)))
    if options.everything:
        for name, runtime in runtimes.items():
            if name == SERIES[0]:  # the one with the oldest libraries
                work = functools.partial(jobs.unit_inside, run, runtime)
                tasks.append(("unit", name, work))
    return tasks


def _of_each_series(
    run: jobs.Run, part: str, runtimes: dict[str, Runtime]
) -> list[Task]:
    work = getattr(jobs, part)
    return [
        (part, name, functools.partial(work, run, runtime))
        for name, runtime in runtimes.items()
    ]


def _work(run: jobs.Run, tasks: Sequence[Task]) -> list[Result]:
    """Run the tasks, as many at once as there are processors (at most four)."""
    installed: dict[str, Future[Result]] = {}
    with ThreadPoolExecutor(min(os.cpu_count() or 1, 4)) as pool:
        futures = []
        for task in tasks:
            future = pool.submit(_one, run, task, installed.get(task[1]))
            futures.append(future)
            if task[0] == "install":
                installed[task[1]] = future
        try:
            return [future.result() for future in futures]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            run.abort()
            raise


def _one(run: jobs.Run, task: Task, installed: Future[Result] | None) -> Result:
    part, series, work = task
    if installed and part in _NEED_ODOO and "not install" in installed.result().note:
        return Result(part, series, failed=1, note="not run: see install")
    result = jobs.guarded(part, series, work)
    title = f"{part} {series}".strip()
    line = f"{title}: {result.passed} passed, {result.failed} failed"
    log = run.log(result)
    if result.failed and log.is_file():
        text = log.read_text(errors="replace")
        print(f"\n==== {title} ====\n{text}", flush=True)
    print(f"{line} ({result.seconds:.0f} s) {result.note}".rstrip(), flush=True)
    return result


def _folder() -> Path:
    """A folder for this run's files; what old runs left goes."""
    runs = writable(cache_root() / "runs")
    leftovers.sweep()
    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
    return writable(runs / name)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # its children end too
    try:
        sys.exit(main(sys.argv[1:]))
    except Problem as trouble:
        print(trouble, file=sys.stderr)
        print("0 passed, 1 failed", flush=True)
        sys.exit(1)
