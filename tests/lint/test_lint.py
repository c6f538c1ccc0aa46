"""Every linter of scripts/lint, each as one test."""

import pytest

from scripts.linting.run import CHECKS


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_lint(check):
    """The linter finds nothing; what it found is the message."""
    findings = list(check())
    assert not findings, "\n" + "\n".join(findings)
