"""``scripts/setup``: everything that tests and the demo need, without a question."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from . import odoo_home, postgres, provision, venvs
from .paths import SERIES, Problem
from .runtime import Runtime


def chosen_series(choice: str) -> tuple[Sequence[str], bool]:
    """The series that ``--odoo`` names, and whether each of them is a must."""
    if choice == "all":
        return SERIES, False
    return [provision.check_series(choice)], True


def prepare(
    series: Sequence[str], required: bool, retry: bool
) -> tuple[dict[str, Runtime], dict[str, Problem]]:
    """Make the development environment, the server and each of ``series`` ready.

    Independent steps run side by side. Returns the series that are ready and, for
    the others, why not. Raises Problem when one of the common steps failed.
    """
    steps: dict[str, Callable[[], object]] = {
        "Python": lambda: venvs.ensure(venvs.dev_recipe()),
        "PostgreSQL": postgres.environment,
    }
    for name in series:
        steps[name] = lambda name=name: provision.runtime(name, required, retry)
    with ThreadPoolExecutor(len(steps)) as pool:
        futures = {name: pool.submit(step) for name, step in steps.items()}
    ready, missing = {}, {}
    for name in series:
        error = futures[name].exception()
        if error is None:
            ready[name] = futures[name].result()
        elif isinstance(error, Problem):
            missing[name] = error
        else:
            raise error
    for name in ("Python", "PostgreSQL"):
        futures[name].result()
    return ready, missing


def main(arguments: Sequence[str]) -> int:
    """The command line. Returns 0 when what was asked for is ready."""
    parser = argparse.ArgumentParser(prog="scripts/setup", description=__doc__)
    parser.add_argument("--odoo", default="all", metavar="|".join([*SERIES, "all"]))
    odoo_home.add_option(parser)
    options = parser.parse_args(arguments)
    series, required = chosen_series(options.odoo)
    ready, missing = prepare(series, required, retry=True)
    for name, runtime in ready.items():
        print(f"Odoo {name}: {runtime.tree.package} ({runtime.tree.found})")
    for sentence in dict.fromkeys(str(problem) for problem in missing.values()):
        print(sentence, file=sys.stderr)
    return 0 if ready and not (missing and required) else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Problem as trouble:
        sys.exit(str(trouble))
