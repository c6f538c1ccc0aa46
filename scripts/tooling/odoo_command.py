"""``scripts/odoo SERIES ARGUMENTS...``: odoo-bin of that series on this checkout."""

from __future__ import annotations

import os
import sys

from . import provision
from .paths import SERIES, Problem
from .runtime import started

USAGE = f"""usage: scripts/odoo {"|".join(SERIES)} [ARGUMENTS OF odoo-bin]

  scripts/odoo 18.0 -d shop -i ebay_sync       install the addon and serve
  scripts/odoo 18.0 shell -d shop              a Python prompt in that database"""


def main(arguments: list[str]) -> None:
    """Replace this process by Odoo's."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(USAGE, file=sys.stdout if arguments else sys.stderr)
        sys.exit(0 if arguments else 2)
    runtime = provision.runtime(arguments[0])
    command, environment = started(runtime, *arguments[1:])
    os.execve(command[0], command, environment)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Problem as problem:
        sys.exit(str(problem))
