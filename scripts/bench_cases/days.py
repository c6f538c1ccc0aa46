"""Days of a shop by chance, with faults and kills: eBay and Odoo agree at each rest.

Each seed is a day in a new database: so many steps that chance chooses (buyers buy and
cancel, clerks deliver, count and sell, the seller changes things on eBay, eBay fails,
processes die), with a rest now and then in which all flows run undisturbed. At each
rest eBay's books are compared with Odoo's. A complaint ends the case with its seed and
its story; ``--skip`` leaves out steps of it by number, to find those that matter.
What is played stands in ``scripts/stage/days/``.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from typing import Any

from ..stage.local_ebay import LocalEbay
from ..tooling import databases, provision
from ..tooling.paths import CHECKOUT, SERIES, Problem
from ..tooling.servers import REST, OdooServer

CODE = """
import json, sys
sys.path.insert(0, {checkout!r})
from scripts.stage.days.play import play
print(json.dumps(play(env, {url!r}, {seed}, {steps}, {rest}, {skip})))
"""


def main(arguments: list[str]) -> dict[str, Any]:
    """Play ``--days`` days from ``--seed`` on; see the module."""
    parser = argparse.ArgumentParser(prog="bench days", description=__doc__)
    parser.add_argument("--days", type=int, default=5, help="how many seeds")
    parser.add_argument("--seed", type=int, default=1, help="the first one")
    parser.add_argument("--steps", type=int, default=120, help="of each day")
    parser.add_argument("--rest", type=int, default=30, help="after so many steps")
    parser.add_argument("--skip", type=int, nargs="*", default=[])
    parser.add_argument("--odoo", choices=SERIES, default=SERIES[0])
    given = parser.parse_args(arguments)
    total: Counter[str] = Counter()
    for seed in range(given.seed, given.seed + given.days):
        told = one_day(given.odoo, seed, given.steps, given.rest, given.skip)
        if told["complaints"]:
            lines = [*told["story"], "", *told["complaints"]]
            raise Problem("\n".join([*lines, f"Seed {seed} ends like this."]))
        total.update(told["done"])
        total["pushed quantities"] += told["pushes"]
        total["runs of flows"] += sum(told["runs"].values())
    return {"odoo": given.odoo, "days": given.days, **total}


def one_day(
    series: str | None, seed: int, steps: int, rest: int, skip: list[int]
) -> dict[str, Any]:
    """The day of one seed: what was done, and the complaints."""
    runtime = provision.runtime(series or provision.default_series())
    template = databases.addon_template(runtime)
    with (
        LocalEbay.fresh(seed) as ebay,
        databases.fresh(runtime, template) as database,
    ):
        databases.sql(REST, database)
        code = CODE.format(
            checkout=str(CHECKOUT),
            url=ebay.url,
            seed=seed,
            steps=steps,
            rest=rest,
            skip=skip,
        )
        told = OdooServer(runtime, database).shell(code, seconds=3600)
    return json.loads(told.splitlines()[-1])
