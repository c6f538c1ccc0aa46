"""``scripts/demo``: a living shop on this machine, or one full cycle and a report."""

from __future__ import annotations

import argparse
import signal
import sys
import traceback

from ..stage.shop import Shop
from ..tooling import odoo_home
from ..tooling.paths import SERIES, Problem, report_file
from . import connecting, listing, notifying, ordering, shipping, stocking
from .report import Report

ACTS = (connecting, listing, ordering, shipping, notifying, stocking)


def main(arguments: list[str] | None = None) -> int:
    """Play everything; 0 when all went well."""
    options = _options(arguments)
    try:
        series = options.odoo or _first_series()
        file = options.report and report_file(options.report)
    except Problem as problem:
        raise SystemExit(str(problem)) from None
    report = Report(series)
    print(f"eBay Sync on Odoo {series}, with a local eBay", flush=True)
    try:
        with Shop.open(series, seed=options.seed) as shop:
            for act in ACTS:
                act.play(shop, report)
            if not options.once:
                _stay(shop)
    except (Problem, OSError) as problem:
        print(f"\n{problem}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped.")
    except Exception:  # a bug of ours is reported like any other failure
        traceback.print_exc()
    if file:
        report.write(file)
        print(f"The report is in {file}.")
    print("All went well." if report.ok else "Something went wrong; see above.")
    return 0 if report.ok else 1


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="one cycle, then stop")
    parser.add_argument("--report", metavar="FILE", help="write JSON")
    parser.add_argument(
        "--odoo", choices=SERIES, help="which Odoo; else the first found"
    )
    odoo_home.add_option(parser)
    parser.add_argument("--seed", type=int, default=1, help="of the local eBay")
    return parser.parse_args(arguments)


def _first_series() -> str:
    """The series that is on this machine, 18.0 first; else one that can be fetched."""
    found = [series for series in SERIES if odoo_home.find(series)]
    return (found or SERIES[-1:])[0]


def _stay(shop: Shop) -> None:
    print(
        f"""
  Odoo   {shop.odoo.url}/odoo  (admin / admin), then Sales > Configuration > eBay
  eBay   {shop.ebay.url}  (docs/simulator.md says what it can do)
  Ctrl-C stops both and forgets them.
""",
        flush=True,
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.pause()


if __name__ == "__main__":
    sys.exit(main())
