"""A simulator in this process, and who talks to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.testclient import TestClient

from simulator.app import Application, create_app
from simulator.seed import CLIENT_ID, OTHER_SELLER, SELLER
from simulator.settings import Settings
from simulator.tokens import full_scope, issue_access

ALL_SCOPES = (
    "",
    "sell.inventory",
    "sell.account",
    "sell.fulfillment",
    "sell.marketing",
)


@pytest.fixture
def listing_app() -> Iterator[Application]:
    """A fresh simulator with a catalogue of twenty listings."""
    app = create_app(Settings(catalogue=20))
    yield app
    app.world.close()


@pytest.fixture(scope="session")
def portal() -> Iterator[BlockingPortal]:
    """One event loop for all clients: starting one per request costs most of a test."""
    with start_blocking_portal() as running:
        yield running


@pytest.fixture
def as_seller(
    listing_app: Application, portal: BlockingPortal
) -> Callable[..., TestClient]:
    """Make a client with a user token; ``scopes`` and ``seller`` can be chosen."""

    def make(seller: str = SELLER, scopes: tuple[str, ...] = ALL_SCOPES) -> TestClient:
        token = issue_access(
            listing_app.world, CLIENT_ID, [full_scope(one) for one in scopes], seller
        )
        client = TestClient(listing_app, base_url="http://ebay.test")
        client.portal = portal
        client.headers.update(
            {
                "Authorization": f"Bearer {token}",
                "Accept-Language": "de-DE",
                "Content-Language": "de-DE",
                "X-EBAY-C-MARKETPLACE-ID": "EBAY_DE",
            }
        )
        return client

    return make


@pytest.fixture
def seller(as_seller: Callable[..., TestClient]) -> TestClient:
    """The seller with the catalogue."""
    return as_seller()


@pytest.fixture
def other_seller(as_seller: Callable[..., TestClient]) -> TestClient:
    """A seller with policies and a location but no listings."""
    return as_seller(OTHER_SELLER)


@pytest.fixture
def anyone(listing_app: Application, portal: BlockingPortal) -> TestClient:
    """An application token, as Taxonomy and Metadata want it."""
    token = issue_access(listing_app.world, CLIENT_ID, [full_scope("")])
    client = TestClient(listing_app, base_url="http://ebay.test")
    client.portal = portal
    client.headers["Authorization"] = f"Bearer {token}"
    return client
