"""Test-side controls under ``/_sim``; each module exports ``OPERATIONS``."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from ..calls import Api, Handler, Operation, Reply, reply_json
from ..errors import EbayError


def refuse(sentence: str, status: int = 400) -> EbayError:
    """What a control raises: one sentence for the test's author."""
    return EbayError(status, 0, "Refused", sentence)


def control_error(error: EbayError) -> Reply:
    """Controls say what was wrong in one sentence."""
    return reply_json({"error": error.error["longMessage"]}, error.status)


def control_api() -> Api:
    """All controls as one API without tokens, faults, quotas or journal."""
    operations: list[Operation] = []
    for module in sorted(iter_modules(__path__), key=lambda found: found.name):
        found = import_module(f"{__name__}.{module.name}")
        operations += getattr(found, "OPERATIONS", [])
    return Api(
        name="_sim",
        prefix="/_sim",
        operations=operations,
        render_error=control_error,
        control=True,
    )


def control(method: str, path: str, handler: Handler) -> Operation:
    """A control: an operation without a token, named after its handler."""
    return Operation(method, path, handler.__name__, handler, token=None)
