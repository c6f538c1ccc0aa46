"""Contract tests: what they need, and what they report at the end."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from contract import openapi
from contract.coverage import COVERAGE, Coverage

HERE = Path(__file__).resolve().parent


def pytest_addoption(parser):
    parser.addoption(
        "--contract-report",
        metavar="FILE",
        help="write there which of eBay's operations the contract tests covered",
    )


def pytest_configure(config):
    config.stash[COVERAGE] = Coverage()


def pytest_collection_modifyitems(config, items):
    """Without eBay's documents: one skipped test says so; with CI=true, a failure."""
    ours = [item for item in items if HERE in item.path.parents]
    if openapi.available() or not ours:
        return
    text = (
        f"contract tests need eBay's OpenAPI documents; none in {openapi.directory()} "
        "(EBAY_OPENAPI_DIR names another directory)"
    )
    if os.environ.get("CI", "").lower() == "true":
        raise pytest.UsageError(text)
    ours[0].add_marker(pytest.mark.skip(reason=text))
    items[:] = [item for item in items if item not in ours[1:]]
    config.hook.pytest_deselected(items=ours[1:])


def pytest_terminal_summary(terminalreporter, config):
    coverage = config.stash[COVERAGE]
    if not coverage.seen:
        return
    report = coverage.report(openapi.documents())
    terminalreporter.section("eBay's operations")
    terminalreporter.write(report)
    target = config.getoption("--contract-report")
    if target:
        Path(target).write_text(report, "utf-8")
