"""A simulator in this process, and who talks to it."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Client, Response

from simulator.app import Application, create_app
from simulator.scopes import KNOWN
from simulator.seed import CLIENT_ID, OTHER_SELLER, SELLER
from simulator.settings import Settings
from simulator.tokens import full_scope, issue_access

from .in_process import new_client
from .webhook import API, Webhook, as_app, subscription, target

NOON = "2026-06-15T12:00:00.000Z"
ALL_SCOPES = (
    "",
    "sell.inventory",
    "sell.account",
    "sell.fulfillment",
    "sell.marketing",
)


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state file with a catalogue of twenty: copying is faster than seeding."""
    path = tmp_path_factory.mktemp("seeded") / "state.sqlite"
    create_app(Settings(catalogue=20, state=str(path))).world.close()
    return path


@pytest.fixture
def listing_app(seeded: Path) -> Iterator[Application]:
    """A fresh simulator with a catalogue of twenty listings."""
    state = shutil.copy(seeded, seeded.with_name("copy.sqlite"))
    app = create_app(Settings(catalogue=20, state=str(state)))
    yield app
    app.world.close()


@pytest.fixture(scope="session")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """The event loop of all simulators; it runs while somebody waits for it."""
    running = asyncio.new_event_loop()
    yield running
    running.close()


@pytest.fixture
def as_seller(
    listing_app: Application, loop: asyncio.AbstractEventLoop
) -> Callable[..., Client]:
    """Make a client with a user token; ``scopes`` and ``seller`` can be chosen."""

    def make(seller: str = SELLER, scopes: tuple[str, ...] = ALL_SCOPES) -> Client:
        token = issue_access(
            listing_app.world, CLIENT_ID, [full_scope(one) for one in scopes], seller
        )
        client = new_client(listing_app, loop)
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
def seller(as_seller: Callable[..., Client]) -> Client:
    """The seller with the catalogue."""
    return as_seller()


@pytest.fixture
def other_seller(as_seller: Callable[..., Client]) -> Client:
    """A seller with policies and a location but no listings."""
    return as_seller(OTHER_SELLER)


@pytest.fixture
def anyone(listing_app: Application, loop: asyncio.AbstractEventLoop) -> Client:
    """An application token, as Taxonomy and Metadata want it."""
    token = issue_access(listing_app.world, CLIENT_ID, [full_scope("")])
    client = new_client(listing_app, loop)
    client.headers["Authorization"] = f"Bearer {token}"
    return client


class Shop:
    """A running simulator seen from all sides: controls, seller, application."""

    def __init__(
        self, client: Client, app: Application, loop: asyncio.AbstractEventLoop
    ) -> None:
        self.client, self.world, self._loop = client, app.world, loop
        self.seller = self.headers()
        token = issue_access(app.world, CLIENT_ID, [full_scope("")])
        self.app = {"Authorization": f"Bearer {token}"}

    def wait_for(self, reached: Callable[[], bool]) -> None:
        """Let the simulator work until that is so, for at most a minute."""
        deadline = time.monotonic() + 60
        while not reached():
            assert time.monotonic() < deadline, "it did not happen"
            self._loop.run_until_complete(asyncio.sleep(0.002))

    def headers(self, *scopes: str, seller: str = SELLER) -> dict[str, str]:
        """Authorization of a user token; without scopes of one with all."""
        chosen = [full_scope(one) for one in scopes or sorted(KNOWN)]
        token = issue_access(self.world, CLIENT_ID, chosen, seller)
        return {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **query: object) -> Response:
        """GET as the seller."""
        return self.client.get(path, params=query, headers=self.seller)

    def post(self, path: str, json: object = None) -> Response:
        """POST as the seller."""
        return self.client.post(path, json=json, headers=self.seller)

    def sim(self, path: str, given: object = None) -> dict[str, Any]:
        """POST a control, which must work."""
        answer = self.client.post(f"/_sim/{path}", json={} if given is None else given)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def look(self, path: str, **query: object) -> dict[str, Any]:
        """GET a control, which must work."""
        answer = self.client.get(f"/_sim/{path}", params=query)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def later(self, seconds: float) -> None:
        """Move the clock, with a token that is fresh then."""
        self.sim("clock", {"advance": seconds})
        self.seller = self.headers()

    def buy(self, **wish: object) -> str:
        """One order; its id."""
        return self.sim("buy", wish)["orderIds"][0]

    def order(self, order_id: str, **query: object) -> dict[str, Any]:
        """getOrder, which must work."""
        answer = self.get(f"/sell/fulfillment/v1/order/{order_id}", **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def orders(self, **query: object) -> dict[str, Any]:
        """getOrders, which must work."""
        answer = self.get("/sell/fulfillment/v1/order", **query)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def shop(loop: asyncio.AbstractEventLoop) -> Iterator[Shop]:
    """A running simulator whose clock stands at noon of a day in June.

    Nine listings: of all kinds, but without the one of 250 variations.
    """
    app = create_app(Settings(catalogue=9))
    loop.run_until_complete(app.start())
    client = new_client(app, loop)
    client.post("/_sim/clock", json={"set": NOON, "freeze": True})
    yield Shop(client, app, loop)
    loop.run_until_complete(app.stop())


@pytest.fixture(scope="session")
def endpoint() -> Iterator[Webhook]:
    webhook = Webhook()
    yield webhook
    webhook.server.shutdown()
    webhook.server.server_close()


@pytest.fixture
def webhook(endpoint: Webhook) -> Webhook:
    endpoint.got.clear()
    endpoint.statuses.clear()
    endpoint.answers_challenge = True
    return endpoint


@pytest.fixture
def destination(shop: Shop, webhook: Webhook) -> str:
    assert as_app(shop, "PUT", "/config", {"alertEmail": "a@b.test"}).status_code == 204
    answer = as_app(shop, "POST", "/destination", target(webhook))
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"].rsplit("/")[-1]


@pytest.fixture
def subscribed(shop: Shop, destination: str) -> str:
    """The seller listens to ORDER_CONFIRMATION; the subscription's id."""
    wish = subscription("ORDER_CONFIRMATION", destination)
    answer = shop.post(f"{API}/subscription", wish)
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"].rsplit("/")[-1]
