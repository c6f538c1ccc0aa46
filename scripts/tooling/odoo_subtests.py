"""A pytest plugin: lets pytest-odoo run Odoo 18.0's tests on Python 3.10.

pytest-odoo 2.3 replaces ``unittest.case._Outcome.testPartExecutor`` for 18.0, by one
that calls the original with an argument that came with Python 3.11. Python 3.10's own
method is the right one there, so it is put back.
"""

import sys
from unittest.case import _Outcome

_original = _Outcome.testPartExecutor  # this plugin is imported before pytest-odoo


def pytest_sessionstart() -> None:
    """pytest-odoo has made its replacement by now."""
    if sys.version_info < (3, 11):
        _Outcome.testPartExecutor = _original
