"""A client whose clock, sleep and chance belong to the test."""

from datetime import datetime, timedelta, timezone

import pytest
import responses

from ebay_api.client import EbayClient
from ebay_api.hosts import Hosts
from ebay_api.transport import Transport

BASE = "https://ebay.test"


class Clock:
    """Stands still unless told otherwise; sleeping moves it on."""

    def __init__(self):
        self.now = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)
        self.slept = []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.advance(seconds)

    def advance(self, seconds):
        self.now += timedelta(seconds=seconds)


class Tokens:
    """A token source that counts its renewals."""

    def __init__(self):
        self.current = {"user": "user-token-1", "app": "app-token-1"}
        self.renewed = []

    def user_token(self):
        return self.current["user"]

    def app_token(self):
        return self.current["app"]

    def renew(self, kind, rejected):
        self.renewed.append((kind, rejected))
        self.current[kind] = f"{kind}-token-{len(self.renewed) + 1}"
        return self.current[kind]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def records():
    return []


@pytest.fixture
def make_transport(clock, records):
    def make(**options):
        options = {"listener": records.append, "chance": lambda: 0.5, **options}
        return Transport(clock=clock, sleep=clock.sleep, **options)

    return make


@pytest.fixture
def tokens():
    return Tokens()


@pytest.fixture
def make_client(make_transport, tokens):
    def make(transport=None, hosts=None, **options):
        return EbayClient(
            hosts or Hosts.all_at(BASE),
            tokens,
            transport or make_transport(),
            **options,
        )

    return make


@pytest.fixture
def client(make_client):
    return make_client()


@pytest.fixture
def ebay():
    """A mocked eBay; unexpected calls fail the test."""
    with responses.RequestsMock(assert_all_requests_are_fired=True) as mock:
        mock.base = BASE
        yield mock
