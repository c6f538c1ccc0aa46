"""A pytest plugin for Odoo's environments: an unexpected warning fails its test.

Odoo's own tests are run so that a WARNING or ERROR in the log fails the build. A
test that expects one catches it with ``assertLogs`` or ``mute_logger``; neither lets
it through to the root logger, where this plugin listens.
"""

from __future__ import annotations

import logging

import pytest

from .odoo_log import expected


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if not expected(record.name, message):
            self.lines.append(f"{record.levelname} {record.name}: {message}")


_listener = _Listener()


def pytest_sessionstart() -> None:
    """Listen from now on."""
    logging.getLogger().addHandler(_listener)


def _checked(item: pytest.Item):
    _listener.lines.clear()
    result = yield
    if _listener.lines:
        said = "\n".join(_listener.lines[:20])
        pytest.fail(f"unexpected warnings in the log:\n{said}", pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item):
    """Guard the set-up of a test (and of its class, when it is the first)."""
    return (yield from _checked(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item):
    """Guard the test itself."""
    return (yield from _checked(item))
