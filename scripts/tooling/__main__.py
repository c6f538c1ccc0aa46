"""``python scripts/tooling MODULE ARGUMENTS...``, from any folder, leaving PYTHONPATH
(which Odoo would inherit) alone."""

import runpy
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2])
module = sys.argv.pop(1)
runpy.run_module(f"scripts.tooling.{module}", run_name="__main__", alter_sys=True)
