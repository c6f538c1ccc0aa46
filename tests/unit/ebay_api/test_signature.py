"""Incoming notifications: eBay's challenge, the signature, the cache of keys."""

import base64
import json

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from ebay_api.errors import ContractError, Rejected, Transient
from ebay_api.signature import (
    KeyCache,
    KeyUnavailable,
    SignatureHeader,
    SignatureInvalid,
    challenge_response,
    load_public_key,
    verify,
    verify_notification,
)

# Figures published by eBay (event-notification-nodejs-sdk, test data).
KID = "9936261a-7d7b-4621-a0f1-96ccb428af49"
PUBLIC_KEY = (
    "-----BEGIN PUBLIC KEY-----"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEZhhxXKtR+TOvtDbgTPCkSof02qgBB7IsYOyf76il"
    "ExJ/upAa/vKIKheOoCyOpcLmi4t0b4uepb7LLjmMr90FUg=="
    "-----END PUBLIC KEY-----"
)
SIGNATURE = (
    "MEYCIQCfxfIWuxmWcIBQJ9c5/X7iGDJqs2RCGsBEaAjinyrrfAIhAIV6wGcTiBuV5KJUif2hokyr"
    "L+Q9ssHkad+mx2nEE25w"
)
MISMATCH = (
    "MEYCIQCGcSnmAkTfr+ZiZ2Vg0bWEos8a/teBqi7Pe68+hGmLMCQIgeFvkrto+8ds8RVwI3Ggn1mM"
    "GCrNMEZJ3SRlO2x/oxqI="
)
BODY = (
    b'{"metadata":{"topic":"MARKETPLACE_ACCOUNT_DELETION","schemaVersion":"1.0",'
    b'"deprecated":false},"notification":{"notificationId":'
    b'"49feeaeb-4982-42d9-a377-9645b8479411_33f7e043-fed8-442b-9d44-791923bd9a6d",'
    b'"eventDate":"2021-03-19T20:43:59.462Z","publishDate":"2021-03-19T20:43:59.679Z",'
    b'"publishAttemptCount":1,"data":{"username":"test_user","userId":"ma8vp1jySJC",'
    b'"eiasToken":"nY+sHZ2PrBmdj6wVnY+sEZ2PrA2dj6wJnY+gAZGEpwmdj6x9nY+seQ=="}}}'
)


def header(signature=SIGNATURE, **changes):
    fields = {"alg": "ecdsa", "kid": KID, "signature": signature, "digest": "SHA1"}
    fields.update(changes)
    return base64.b64encode(json.dumps(fields).encode()).decode()


@pytest.fixture
def keys(clock):
    return KeyCache(lambda kid: {"key": PUBLIC_KEY, "digest": "SHA1"}, clock)


def test_the_challenge_of_ebays_documentation_is_answered_rightly():
    code = token = "71745723-d031-455c-bfa5-f90d11b4f20a"
    assert (
        challenge_response(code, token, "http://www.testendpoint.com/webhook")
        == "048de9ffd0e35021fefc0388d5c52e0f475324f582f3778ca81a53354ccbbc97"
    )


def test_a_notification_of_ebay_is_accepted(keys):
    verify_notification(BODY, header(), keys)


def test_the_compact_form_is_tried_when_the_raw_body_was_reformatted(keys):
    spread = json.dumps(json.loads(BODY), indent=2).encode()
    verify_notification(spread, header(), keys)


@pytest.mark.parametrize(
    "body",
    [
        BODY.replace(b"ma8vp1jySJC", b"ma8vp1jySJD"),
        BODY.replace(b"1.0", b"1.1"),
        BODY[:-1],
        b"",
        pytest.param(b"[" * 100_000, id="deep"),
    ],
)
def test_a_changed_body_is_refused(body, keys):
    with pytest.raises(SignatureInvalid):
        verify_notification(body, header(), keys)


@pytest.mark.parametrize("signature", [MISMATCH, "AAAA", ""])
def test_a_wrong_signature_is_refused(signature, keys):
    with pytest.raises(SignatureInvalid):
        verify_notification(BODY, header(signature), keys)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "not base64!",
        base64.b64encode(b"[]").decode(),
        base64.b64encode(b"{}").decode(),
        base64.b64encode(b"\xff\xfe").decode(),
        header(kid="../../etc"),
        header(kid=7),
        header(alg="none"),
        header(digest="MD5"),
        header(digest=["SHA1"]),
        "A" * 5000,
    ],
)
def test_a_malformed_header_is_refused_before_any_key_is_fetched(value):
    def fetch(kid):
        raise AssertionError("a key was fetched")

    with pytest.raises(SignatureInvalid):
        verify_notification(BODY, value, KeyCache(fetch, None))


def test_non_ascii_text_is_verified_in_the_form_ebay_signs():
    private = ec.generate_private_key(ec.SECP256R1())
    body = '{"name":"Zażółć"}'.encode()
    signature = private.sign(body, ec.ECDSA(hashes.SHA256()))
    parsed = SignatureHeader(KID, signature, "SHA256")
    verify(
        b'{ "name": "Za\\u017c\\u00f3\\u0142\\u0107" }', parsed, private.public_key()
    )


@pytest.mark.parametrize("framed", [True, False])
def test_a_key_is_read_with_and_without_its_frame_and_line_breaks(framed):
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()
    text = pem if framed else "".join(pem.splitlines()[1:-1])
    assert load_public_key(text).public_numbers() == public.public_numbers()


def test_a_key_that_is_no_elliptic_curve_key_is_not_accepted():
    public = rsa.generate_private_key(65537, 1024).public_key()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    for text in (pem.decode(), "", "-----BEGIN PUBLIC KEY-----"):
        with pytest.raises(ContractError):
            load_public_key(text)


def test_a_key_is_fetched_once_an_hour(clock):
    fetched = []

    def fetch(kid):
        fetched.append(kid)
        return {"key": PUBLIC_KEY}

    keys = KeyCache(fetch, clock)
    for _ in range(3):
        verify_notification(BODY, header(), keys)
    assert fetched == [KID]
    clock.advance(3600)
    verify_notification(BODY, header(kid=KID.upper()), keys)
    assert fetched == [KID, KID]


def test_an_unknown_key_is_asked_for_once(clock):
    fetched = []

    def fetch(kid):
        fetched.append(kid)
        raise Rejected("no such key", status=404)

    keys = KeyCache(fetch, clock)
    for _ in range(3):
        with pytest.raises(SignatureInvalid):
            keys.get(KID)
    assert fetched == [KID]


def test_a_known_key_is_at_hand_while_another_is_being_fetched(clock):
    other = "00000000-0000-0000-0000-000000000001"
    seen = []

    def fetch(kid):
        if kid == other:
            seen.append(keys.get(KID))
        return {"key": PUBLIC_KEY}

    keys = KeyCache(fetch, clock)
    keys.get(KID)
    keys.get(other)
    assert len(seen) == 1


def test_a_key_that_ebay_did_not_know_is_asked_for_again_soon(clock):
    fetched = []

    def fetch(kid):
        fetched.append(kid)
        if len(fetched) == 1:
            raise Rejected("not yet", status=404)
        return {"key": PUBLIC_KEY}

    keys = KeyCache(fetch, clock)
    with pytest.raises(SignatureInvalid):
        keys.get(KID)
    clock.advance(300)
    keys.get(KID)


def test_forged_key_ids_cannot_use_up_the_quota(clock):
    fetched = []

    def fetch(kid):
        fetched.append(kid)
        raise Rejected("no such key", status=404)

    keys = KeyCache(fetch, clock, most_fetches=3, capacity=2)
    outcomes = []
    for number in range(20):
        try:
            keys.get(f"00000000-0000-0000-0000-{number:012d}")
        except (SignatureInvalid, KeyUnavailable) as error:
            outcomes.append(type(error))
    assert len(fetched) == 3
    assert outcomes == [SignatureInvalid] * 3 + [KeyUnavailable] * 17
    clock.advance(61)
    with pytest.raises(SignatureInvalid):
        keys.get(KID)


def test_forged_key_ids_neither_push_out_nor_hold_up_ebays_own(clock):
    fetched = []

    def fetch(kid):
        fetched.append(kid)
        if kid != KID:
            raise Rejected("no such key", status=404)
        return {"key": PUBLIC_KEY}

    keys = KeyCache(fetch, clock, most_fetches=3, capacity=2)
    keys.get(KID)
    for hour in range(2):
        for number in range(10):
            with pytest.raises((SignatureInvalid, KeyUnavailable)):
                keys.get(f"00000000-0000-0000-{hour:04d}-{number:012d}")
        keys.get(KID)
        assert fetched.count(KID) == 1 + hour
        clock.advance(3600)


def test_a_known_key_is_good_for_two_days_while_ebay_is_down(clock):
    answers = [{"key": PUBLIC_KEY}]
    fetched = []

    def fetch(kid):
        fetched.append(kid)
        if not answers:
            raise Transient("down")
        return answers.pop()

    keys = KeyCache(fetch, clock)
    keys.get(KID)
    clock.advance(3600)
    for _ in range(10):
        keys.get(KID)
    assert len(fetched) == 2, "asked again in a minute, and not by every push"
    clock.advance(60)
    keys.get(KID)
    assert len(fetched) == 3
    clock.advance(2 * 86_400)
    with pytest.raises(KeyUnavailable):
        keys.get(KID)


class MemoryShelf:
    """What all processes share."""

    def __init__(self, clock, most=3):
        self.clock, self.most = clock, most
        self.keys, self.asked, self.loads = {}, 0, 0

    def load(self):
        self.loads += 1
        return dict(self.keys)

    def keep(self, kid, text):
        self.keys[kid] = (text, self.clock())

    def drop(self, kid):
        del self.keys[kid]

    def may_ask(self, now):
        self.asked += 1
        return self.asked <= self.most


def only_ebays(fetched):
    def fetch(kid):
        fetched.append(kid)
        if kid != KID:
            raise Rejected("no such key", status=404)
        return {"key": PUBLIC_KEY}

    return fetch


def test_a_key_outlives_the_process_and_no_flood_holds_it_up(clock):
    fetched, shelf = [], MemoryShelf(clock)
    KeyCache(only_ebays(fetched), clock, shelf=shelf).get(KID)
    assert fetched == [KID]
    clock.advance(1800)
    keys = KeyCache(only_ebays(fetched), clock, shelf=shelf)
    for number in range(200):
        with pytest.raises((SignatureInvalid, KeyUnavailable)):
            keys.get(f"00000000-0000-0000-0000-{number:012d}")
    verify_notification(BODY, header(), keys)
    assert fetched.count(KID) == 1
    assert len(fetched) <= 1 + shelf.most
    assert shelf.loads <= 2, "a flood reads nothing"


def test_what_another_process_learned_is_known_a_second_later(clock):
    fetched, shelf = [], MemoryShelf(clock, most=0)
    keys = KeyCache(only_ebays(fetched), clock, shelf=shelf)
    with pytest.raises(KeyUnavailable):
        keys.get(KID)
    shelf.keep(KID, PUBLIC_KEY)
    clock.advance(1)
    keys.get(KID)
    assert fetched == []


def test_a_stored_key_that_ebay_takes_back_goes(clock):
    answers, shelf = [{"key": PUBLIC_KEY}], MemoryShelf(clock)

    def fetch(kid):
        if not answers:
            raise Rejected("no such key", status=404)
        return answers.pop()

    keys = KeyCache(fetch, clock, shelf=shelf)
    keys.get(KID)
    assert KID in shelf.keys
    clock.advance(3600)
    with pytest.raises(SignatureInvalid):
        keys.get(KID)
    assert not shelf.keys


def test_a_stored_key_is_good_while_ebay_is_down_and_not_for_ever(clock):
    def fetch(kid):
        raise Transient("down")

    shelf = MemoryShelf(clock)
    shelf.keep(KID, PUBLIC_KEY)
    clock.advance(86_400)
    KeyCache(fetch, clock, shelf=shelf).get(KID)
    clock.advance(86_400)
    with pytest.raises(KeyUnavailable):
        KeyCache(fetch, clock, shelf=shelf).get(KID)


def test_a_key_named_twice_does_not_pass_for_what_ebay_signed(clock):
    keys = KeyCache(lambda kid: {"key": PUBLIC_KEY}, clock)
    respelled = BODY.replace(b"{", b'{"x":1,"x":1,', 1)
    twice = BODY.replace(b"{", b'{"metadata":0,', 1)
    for body in (respelled, twice):
        with pytest.raises(SignatureInvalid):
            verify_notification(body, header(), keys)


def test_a_failing_ebay_is_no_verdict_and_is_asked_again(clock):
    answers = [Transient("down"), {"key": PUBLIC_KEY}]

    def fetch(kid):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    keys = KeyCache(fetch, clock)
    with pytest.raises(KeyUnavailable):
        verify_notification(BODY, header(), keys)
    verify_notification(BODY, header(), keys)


def test_a_clock_that_is_set_back_or_forward_locks_nobody_out(clock):
    fetched = []

    def fetch(kid):
        fetched.append(kid)
        if kid != KID:
            raise Rejected("no such key", status=404)
        return {"key": PUBLIC_KEY}

    keys = KeyCache(fetch, clock, most_fetches=3)
    clock.advance(365 * 86_400)  # a machine that starts in the future
    for number in range(3):
        with pytest.raises(SignatureInvalid):
            keys.get(f"00000000-0000-0000-0000-{number:012d}")
    clock.advance(-365 * 86_400)
    verify_notification(BODY, header(), keys)  # the quota of a minute that is not now
    with pytest.raises(SignatureInvalid):
        keys.get("00000000-0000-0000-0000-000000000000")
    assert len(fetched) == 5  # asked again, not remembered for a year
    clock.advance(-7200)
    verify_notification(BODY, header(), keys)
    clock.advance(30 * 86_400)
    verify_notification(BODY, header(), keys)
