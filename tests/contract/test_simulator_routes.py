"""The simulator offers eBay's calls: under eBay's names, paths, tokens and scopes."""

from __future__ import annotations

import pytest

from contract.openapi import available, documents
from contract.simulation import documented
from simulator.apis import all_apis
from simulator.tokens import full_scope

#: APIs that eBay describes in words only, or (Post-Order) by paths alone.
UNDESCRIBED = ("/identity/v1/oauth2", "/oauth2", "/ws", "/post-order/v2")


def routes():
    return [
        pytest.param(api, operation, id=f"{api.name}.{operation.name}")
        for api in all_apis()
        for operation in api.operations
        if not api.prefix.startswith(UNDESCRIBED)
    ]


@pytest.mark.skipif(not available(), reason="no documents")
def test_there_are_routes():
    assert routes()


@pytest.mark.parametrize(("api", "operation"), routes())
def test_route_is_ebays(api, operation):
    found = documented(api, operation)
    assert found is not None, f"eBay has no {operation.method} {operation.path}"
    assert found.name == operation.name
    if not found.described:
        return
    scopes, kinds = documents().security(found)
    assert {full_scope(one) for one in operation.scopes} <= scopes
    if operation.token in ("user", "app"):
        assert operation.token in kinds
