"""Client and simulator talk; eBay's documents judge both sides of every exchange."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field

import pytest

from contract.client import methods, new_client
from contract.coverage import COVERAGE, implemented, trading_calls
from contract.judge import Judge
from contract.openapi import documents
from contract.recording import InventedAdapter
from contract.simulation import documented, simulation
from contract.stories import STORIES
from contract.undocumented import judge_undocumented
from ebay_api.oauth import OAuth
from simulator.apis import all_apis

METHODS = set(methods(new_client(InventedAdapter(lambda request: None))))
OAUTH_METHODS = {"exchange_code", "refresh", "app_token", "revoke", "consent_url"}


@dataclass
class Played:
    """What came of playing all stories once."""

    findings: dict[str, list[str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)
    judge: Judge | None = None


@pytest.fixture(scope="module")
def played(request) -> Played:
    result = Played(judge=Judge(documents()))
    coverage = request.config.stash[COVERAGE]
    with simulation("--catalogue", "60") as shop:
        client = shop.connect()
        _spy(client, result.called)
        for name, play in STORIES.items():
            begin = len(shop.adapter.exchanges)
            try:
                play(client, shop)
            except Exception:
                result.errors[name] = traceback.format_exc(limit=-3)
            findings = []
            for exchange in shop.adapter.exchanges[begin:]:
                verdict = judge_undocumented(exchange)
                if verdict is None:
                    operation, verdict = result.judge.judge(exchange, shop.tokens)
                    if operation:
                        coverage.seen.add(operation.key)
                findings += verdict
                call = exchange.request_headers.get("X-EBAY-API-CALL-NAME")
                coverage.trading |= {call} - {None}
            result.findings[name] = list(dict.fromkeys(findings))
    return result


def _spy(client, called):
    """Notes every method of the client that is called."""
    for name in METHODS:
        api_name, _, method_name = name.partition(".")
        api = getattr(client, api_name)
        setattr(api, method_name, _watched(getattr(api, method_name), name, called))


def _watched(method, name, called):
    def watched(*args, **options):
        called.add(name)
        return method(*args, **options)

    return watched


@pytest.mark.parametrize("name", STORIES)
def test_story_comes_to_its_end(played, name):
    if name in played.errors:
        pytest.fail(played.errors[name], pytrace=False)


@pytest.mark.parametrize("name", STORIES)
def test_story_is_as_ebay_documents_it(played, name):
    if played.findings[name]:
        pytest.fail("\n".join(played.findings[name]), pytrace=False)


def test_every_method_of_the_client_was_called(played):
    missing = sorted(METHODS - played.called)
    assert not missing, f"in no story: {missing}"


def test_every_operation_of_the_client_was_judged(played, request):
    seen = request.config.stash[COVERAGE].seen
    missing = sorted(implemented(documents()) - seen)
    missing += sorted(trading_calls() - request.config.stash[COVERAGE].trading)
    assert not missing, f"never judged: {missing}"


def test_every_route_of_the_simulator_was_judged(played, request):
    seen = request.config.stash[COVERAGE].seen
    offered = {
        found.key
        for api in all_apis()
        for operation in api.operations
        if (found := documented(api, operation)) and found.described
    }
    assert not sorted(offered - seen)


def test_oauth_is_as_large_as_its_story():
    public = {name for name in vars(OAuth) if not name.startswith("_")}
    assert public == OAUTH_METHODS


def test_every_exception_is_needed(played):
    entries = documents().exceptions.get("allow", [])
    idle = [
        f"{one['operation']}: {one['what']}"
        for one in entries
        if (one["operation"], one["what"]) not in played.judge.used
    ]
    assert not idle, "nothing needs these entries of exceptions.toml: " + str(idle)
