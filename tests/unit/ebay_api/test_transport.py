"""The transport: time-outs, retries, limits, the listener, logs."""

import logging
from datetime import datetime, timedelta, timezone

import pytest
import requests

from ebay_api.breaker import Breaker
from ebay_api.budget import Budget
from ebay_api.calls import Call
from ebay_api.errors import (
    AuthError,
    CircuitOpen,
    ContractError,
    InvalidArgument,
    RateLimited,
    Rejected,
    Transient,
)
from ebay_api.transport import Transport

URL = "https://ebay.test/sell/inventory/v1/offer/1"


def call(**changes):
    facts = {"api": "inventory", "name": "getOffer", "method": "GET", "url": URL}
    return Call(**{**facts, **changes})


WRITE = call(method="POST", name="createOffer", writes=True, repeatable=False)


@pytest.fixture
def transport(make_transport):
    return make_transport()


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_a_failing_ebay_is_asked_three_times_with_growing_pauses(
    transport, ebay, clock, status
):
    ebay.get(URL, status=status, body="<html>oops</html>")
    with pytest.raises(Transient) as caught:
        transport.send(call())
    assert len(ebay.calls) == 3
    assert clock.slept == pytest.approx([0.3, 0.6])
    assert caught.value.status == status
    assert caught.value.outcome_unknown is False


def test_the_second_try_may_succeed(transport, ebay, records):
    ebay.get(URL, status=503)
    ebay.get(URL, json={"ok": True})
    assert transport.send(call()).body == b'{"ok": true}'
    assert [(r.attempt, r.outcome, r.status) for r in records] == [
        (1, "Transient", 503),
        (2, "ok", 200),
    ]


def test_a_call_that_is_not_repeatable_is_sent_once(transport, ebay, clock):
    ebay.post(URL, status=500)
    with pytest.raises(Transient) as caught:
        transport.send(WRITE)
    assert caught.value.outcome_unknown is True
    assert (len(ebay.calls), clock.slept) == (1, [])


def test_a_write_that_ran_into_a_time_out_has_an_unknown_outcome(transport, ebay):
    ebay.post(URL, body=requests.exceptions.ReadTimeout("too late"))
    with pytest.raises(Transient) as caught:
        transport.send(WRITE)
    assert caught.value.outcome_unknown is True
    assert "in time" in caught.value.message


def test_a_write_that_never_left_is_known_not_to_have_happened(transport, ebay):
    ebay.post(URL, body=requests.exceptions.ConnectTimeout("no way"))
    with pytest.raises(Transient) as caught:
        transport.send(WRITE)
    assert caught.value.outcome_unknown is False
    assert len(ebay.calls) == 3


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (requests.exceptions.SSLError("bad cert"), "certificate"),
        (requests.exceptions.ConnectionError("reset"), "broke off"),
        (requests.exceptions.ChunkedEncodingError("cut"), "broke off"),
        (requests.exceptions.ReadTimeout("late"), "in time"),
    ],
)
def test_network_faults_are_transient_and_say_what_happened(
    transport, ebay, error, words
):
    ebay.get(URL, body=error)
    with pytest.raises(Transient) as caught:
        transport.send(call())
    assert words in caught.value.message[:60]
    assert caught.value.call == "getOffer"


def test_a_request_that_cannot_be_built_is_no_network_fault(transport):
    with pytest.raises(InvalidArgument):
        transport.send(call(url="https://"))
    with pytest.raises(InvalidArgument):
        transport.send(call(headers={"X-Bad": "a\nb"}))


def test_429_without_a_time_blocks_the_api_for_an_hour(make_transport, ebay, clock):
    transport = make_transport(budget=Budget())
    body = {"errors": [{"errorId": 2001, "domain": "ACCESS", "message": "Too many"}]}
    ebay.get(URL, json=body, status=429)
    with pytest.raises(RateLimited) as caught:
        transport.send(call())
    assert caught.value.until == clock.now + timedelta(hours=1)
    assert caught.value.certain is False
    assert len(ebay.calls) == 1

    with pytest.raises(RateLimited) as caught:
        transport.send(call())
    assert caught.value.local is True
    assert len(ebay.calls) == 1

    other = "https://ebay.test/sell/account/v1/privilege"
    ebay.get(other, json={})
    transport.send(call(api="account", url=other))


def test_a_short_retry_after_is_waited_for(transport, ebay, clock):
    ebay.get(URL, status=429, headers={"Retry-After": "3"})
    ebay.get(URL, json={})
    transport.send(call())
    assert clock.slept == pytest.approx([3.2])


def test_a_short_retry_after_is_waited_for_even_when_writing(transport, ebay):
    ebay.post(URL, status=429, headers={"Retry-After": "1"})
    ebay.post(URL, json={}, status=201)
    assert transport.send(WRITE).status == 201


def test_a_long_retry_after_is_left_to_the_caller(transport, ebay, clock):
    ebay.get(URL, status=429, headers={"Retry-After": "900"})
    with pytest.raises(RateLimited) as caught:
        transport.send(call())
    assert caught.value.until == clock.now + timedelta(minutes=15)
    assert caught.value.certain is True
    assert clock.slept == []


@pytest.mark.parametrize(
    ("value", "until"),
    [
        ("Fri, 20 Nov 2026 12:10:00 GMT", timedelta(minutes=10)),
        ("Fri, 20 Nov 2026 13:10:00 +0100", timedelta(minutes=10)),
        ("99999999999999", timedelta(hours=24)),
        ("soon", timedelta(hours=1)),
        ("-5", timedelta(hours=1)),
    ],
)
def test_retry_after_is_read_in_all_its_forms(transport, ebay, clock, value, until):
    ebay.get(URL, status=429, headers={"Retry-After": value})
    with pytest.raises(RateLimited) as caught:
        transport.send(call())
    assert caught.value.until == clock.now + until


def test_a_long_pause_asked_by_a_503_is_left_to_the_caller(transport, ebay, clock):
    ebay.get(URL, status=503, headers={"Retry-After": "120"})
    with pytest.raises(Transient) as caught:
        transport.send(call())
    assert caught.value.retry_at == clock.now + timedelta(seconds=120)
    assert len(ebay.calls) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_not_followed(transport, ebay, status):
    ebay.get(URL, status=status, headers={"Location": "https://evil.test/"})
    with pytest.raises(ContractError) as caught:
        transport.send(call(headers={"Authorization": "Bearer secret"}))
    assert caught.value.status == status
    assert len(ebay.calls) == 1


def test_an_answer_over_the_cap_is_cut_and_its_beginning_kept(transport, ebay):
    ebay.get(URL, body=b"x" * 50_000)
    with pytest.raises(ContractError) as caught:
        transport.send(call(max_bytes=10_000))
    assert 0 < len(caught.value.body) <= 10_000
    assert "KiB" in caught.value.message


def test_a_netrc_entry_does_not_replace_our_token(
    transport, ebay, tmp_path, monkeypatch
):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine ebay.test login a password b\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    ebay.get(URL, json={})
    transport.send(call(headers={"Authorization": "Bearer mine"}))
    assert ebay.calls[0].request.headers["Authorization"] == "Bearer mine"


def test_cookies_are_not_kept(transport, ebay):
    ebay.get(URL, json={}, headers={"Set-Cookie": "session=1; Path=/"})
    transport.send(call())
    transport.send(call())
    assert "Cookie" not in ebay.calls[1].request.headers


def test_every_request_has_time_outs_and_checks_certificates(
    make_transport, ebay, monkeypatch
):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    ebay.get(URL, json={})
    make_transport(timeout=(2, 7)).send(call())
    assert ebay.calls[0].request.req_kwargs["timeout"] == (2, 7)
    assert ebay.calls[0].request.req_kwargs["verify"] is True
    assert Transport().timeout == (5, 30)


def test_the_listener_learns_every_attempt(make_transport, ebay, records):
    times = iter([10.0, 10.0, 10.25])
    transport = make_transport(timer=lambda: next(times, 10.25))
    errors = [{"errorId": 25713, "message": "This Offer is not available"}]
    ebay.get(
        URL,
        json={"errors": errors},
        status=404,
        headers={"X-EBAY-C-REQUEST-ID": "ri=abc,rci=def"},
    )
    with pytest.raises(Rejected) as caught:
        transport.send(call(body=b"12345"))
    [record] = records
    assert record.api == "inventory"
    assert (record.call, record.method, record.status) == ("getOffer", "GET", 404)
    assert record.error_ids == ("25713",)
    assert record.request_id == caught.value.request_id == "ri=abc,rci=def"
    assert record.bytes_sent == 5
    assert record.bytes_received > 40
    assert record.duration == pytest.approx(0.25)
    assert record.outcome == "Rejected"


def test_a_failing_listener_loses_no_answer(make_transport, ebay, caplog):
    def broken(record):
        raise RuntimeError("metrics are down")

    ebay.get(URL, json={})
    with caplog.at_level(logging.ERROR):
        assert make_transport(listener=broken).send(call()).status == 200
    assert "listener failed" in caplog.text


def test_logs_hold_neither_tokens_nor_queries_nor_bodies(transport, ebay, caplog):
    url = f"{URL}?buyer_username=karina_k"
    ebay.get(url, status=503, body='{"email":"k@example.com"}')
    with caplog.at_level(logging.DEBUG, logger="ebay_api"), pytest.raises(Transient):
        transport.send(call(url=url, headers={"Authorization": "Bearer v^1.1#i^1#abc"}))
    assert "getOffer" in caplog.text
    for secret in ("v^1.1", "karina", "example.com", "http"):
        assert secret not in caplog.text


# --- budget -------------------------------------------------------------------------


def test_the_budget_lets_thirty_pulls_and_sixty_pushes_through(clock):
    budget = Budget(longest_delay=0)
    for kind, most in (("pull", 30), ("push", 60)):
        for _ in range(most):
            budget.admit("inventory", kind, clock.now)
        with pytest.raises(RateLimited) as caught:
            budget.admit("inventory", kind, clock.now)
        assert caught.value.until == clock.now + timedelta(minutes=10)
    budget.admit("fulfillment", "pull", clock.now)


def test_what_others_sent_counts_as_long_as_the_window(clock):
    budget = Budget(longest_delay=0)
    before = clock.now - timedelta(minutes=4)
    budget.hear_of_others(
        [("inventory", "pull", 20, before), ("inventory", "pull", 9, clock.now)]
    )
    assert budget.used("inventory", "pull", clock.now) == 29
    assert budget.used("inventory", "push", clock.now) == 0
    budget.admit("inventory", "pull", clock.now)
    with pytest.raises(RateLimited) as refused:
        budget.admit("inventory", "pull", clock.now)
    assert refused.value.until == before + timedelta(minutes=10)
    later = clock.now + timedelta(minutes=7)
    assert budget.used("inventory", "pull", later) == 10
    budget.hear_of_others([])
    assert budget.used("inventory", "pull", clock.now) == 1


def test_more_of_others_than_the_limit_costs_no_memory(clock):
    budget = Budget()
    budget.hear_of_others([("inventory", "push", 10**9, clock.now)])
    assert budget.used("inventory", "push", clock.now) == 60


def test_the_budget_slows_down_above_four_fifths(clock):
    budget = Budget(longest_delay=100)
    delays = [budget.admit("inventory", "pull", clock.now) for _ in range(30)]
    assert delays[:24] == [0] * 24
    assert delays[24:] == [100] * 6
    gentle = Budget({"pull": 10, "push": 1}, window=timedelta(seconds=20))
    for _ in range(8):
        assert gentle.admit("x", "pull", clock.now) == 0
    clock.advance(17)
    assert gentle.admit("x", "pull", clock.now) == pytest.approx(1.5)


def test_the_budget_frees_itself_as_its_window_moves_on(clock):
    budget = Budget({"pull": 2, "push": 2}, window=timedelta(seconds=10))
    budget.admit("x", "pull", clock.now)
    clock.advance(6)
    budget.admit("x", "pull", clock.now)
    with pytest.raises(RateLimited) as caught:
        budget.admit("x", "pull", clock.now)
    assert caught.value.until == clock.now + timedelta(seconds=4)
    clock.advance(4)
    budget.admit("x", "pull", clock.now)
    assert budget.used("x", "pull", clock.now) == 2


def test_single_apis_may_have_limits_of_their_own(clock):
    budget = Budget(api_limits={"taxonomy": {"pull": 1}})
    assert budget.limit("taxonomy", "push") == 60
    budget.admit("taxonomy", "pull", clock.now)
    with pytest.raises(RateLimited):
        budget.admit("taxonomy", "pull", clock.now)


def test_the_transport_draws_on_the_budget_and_waits(make_transport, ebay, clock):
    budget = Budget({"pull": 2, "push": 1}, longest_delay=1.5, slow_from=0.5)
    transport = make_transport(budget=budget)
    ebay.get(URL, json={})
    transport.send(call())
    transport.send(call())
    assert clock.slept == [1.5]
    with pytest.raises(RateLimited) as caught:
        transport.send(call())
    assert caught.value.local
    assert len(ebay.calls) == 2
    assert budget.used("inventory", "push", clock.now) == 0


# --- circuit breaker ----------------------------------------------------------------


def test_a_dead_api_is_left_alone_then_tried_by_one_call(make_transport, ebay, clock):
    breaker = Breaker(threshold=3, pause=timedelta(seconds=30))
    transport = make_transport(breaker=breaker)
    ebay.get(URL, status=500)
    with pytest.raises(Transient):
        transport.send(call())
    assert len(ebay.calls) == 3
    with pytest.raises(CircuitOpen) as caught:
        transport.send(call())
    assert len(ebay.calls) == 3
    assert breaker.open_until("inventory", clock.now) == caught.value.retry_at

    clock.advance(30)
    with pytest.raises(CircuitOpen):
        transport.send(call())
    assert len(ebay.calls) == 4, "one trial call, then closed again"
    assert breaker.open_until("inventory", clock.now) > clock.now + timedelta(
        seconds=55
    )


def test_success_closes_the_circuit(make_transport, ebay, clock):
    breaker = Breaker(threshold=1, pause=timedelta(seconds=30))
    transport = make_transport(breaker=breaker)
    ebay.post(URL, status=500)
    ebay.get(URL, json={})
    with pytest.raises(Transient):
        transport.send(WRITE)
    with pytest.raises(CircuitOpen):
        transport.send(call())
    clock.advance(30)
    transport.send(call())
    transport.send(call())
    assert breaker.open_until("inventory", clock.now) is None


def test_while_one_call_tries_a_dead_api_the_others_wait(clock):
    breaker = Breaker(threshold=1, pause=timedelta(seconds=30))
    breaker.failure("inventory", clock.now)
    clock.advance(30)
    breaker.check("inventory", clock.now)
    with pytest.raises(CircuitOpen):
        breaker.check("inventory", clock.now)
    breaker.check("account", clock.now)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, {"errors": [{"errorId": 1001}]}, AuthError),
        (400, {"errors": [{"errorId": 25002}]}, Rejected),
        (500, {"errors": [{"errorId": 25025}]}, Transient),
    ],
)
def test_an_ebay_that_answers_sensibly_is_not_dead(
    make_transport, ebay, status, body, error
):
    breaker = Breaker(threshold=1)
    transport = make_transport(breaker=breaker)
    ebay.get(URL, json=body, status=status)
    for _ in range(2):
        with pytest.raises(error):
            transport.send(call())
    now = datetime.now(timezone.utc)
    assert breaker.open_until("inventory", now) is None
