"""A short day by chance, of all flows together: eBay and Odoo agree at each rest.

More of them, of any seed: ``scripts/bench days``, see docs/architecture.md.
"""

from __future__ import annotations

import os

from scripts.bench_cases.days import one_day

# Another course of events on each series.
SEEDS = {"18.0": 18, "19.0": 19}
STEPS, REST = 75, 25


def test_a_day_of_the_shop():
    series = os.environ.get("EBAY_SYNC_SERIES", "18.0")
    told = one_day(series, SEEDS[series], STEPS, REST, skip=[])
    assert not told["complaints"], "\n".join([*told["story"], *told["complaints"]])
    assert told["pushes"] and told["runs"]["orders_in"], told
