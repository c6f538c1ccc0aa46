"""Proves that a notification comes from eBay, and answers eBay's challenge.

Source: eBay guide "Marketplace user account deletion/closure notifications" and the
getPublicKey call of the Notification API. Needs neither HTTP nor a framework: bytes,
a header and a key go in, a verdict comes out.
"""

import base64
import binascii
import json
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from .errors import ContractError, EbayError, Rejected

LONGEST_HEADER = 4096
UNKNOWN_LIFE = timedelta(minutes=5)
# What other processes have learned is looked up so often at most, and eBay, which did
# not answer, is asked again for a known key.
SHELF_EVERY = timedelta(seconds=1)
ASK_AGAIN = timedelta(minutes=1)
_KID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DIGESTS: Mapping[str, type[hashes.HashAlgorithm]] = {
    # eBay signs with SHA-1 today; the answer of getPublicKey names the digest.
    "SHA1": hashes.SHA1,
    "SHA256": hashes.SHA256,
}


class SignatureInvalid(EbayError):
    """The notification is not proven to be eBay's: refuse it, store nothing."""

    default_message = "The notification's signature is not valid"


class KeyUnavailable(EbayError):
    """The key could not be asked for now: refuse for the moment, eBay sends again."""

    default_message = "eBay's public key cannot be fetched at the moment"


def challenge_response(challenge_code: str, token: str, endpoint: str) -> str:
    """The hex digest for eBay's challenge.

    `token` is the destination's verification token, `endpoint` its URL exactly as
    registered.
    """
    return sha256(f"{challenge_code}{token}{endpoint}".encode()).hexdigest()


def challenge_document(
    challenge_code: str, token: str, endpoint: str
) -> dict[str, str]:
    """The JSON object that answers eBay's challenge; see `challenge_response`."""
    return {"challengeResponse": challenge_response(challenge_code, token, endpoint)}


@dataclass(frozen=True)
class SignatureHeader:
    """The content of `x-ebay-signature`: which key signed, and the signature (DER)."""

    kid: str
    signature: bytes
    digest: str

    @classmethod
    def parse(cls, value: str) -> "SignatureHeader":
        """Reads the header; raises `SignatureInvalid` if it is not in its true form."""
        if not value or len(value) > LONGEST_HEADER:
            raise SignatureInvalid("The notification carries no usable signature")
        try:
            fields = json.loads(base64.b64decode(value, validate=True))
            kid, encoded = fields["kid"], fields["signature"]
            signature = base64.b64decode(encoded, validate=True)
            algorithm, digest = fields.get("alg", ""), fields.get("digest", "SHA1")
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise SignatureInvalid("The signature header is not readable") from None
        if not isinstance(kid, str) or not _KID.fullmatch(kid):
            raise SignatureInvalid("The signature names no valid key")
        if str(algorithm).lower() != "ecdsa" or str(digest) not in _DIGESTS:
            raise SignatureInvalid("The signature is of an unknown kind")
        return cls(kid=kid.lower(), signature=signature, digest=digest)


def load_public_key(text: str) -> ec.EllipticCurvePublicKey:
    """eBay's public key from its PEM, which comes without line breaks.

    The PEM frame is taken off and the DER inside loaded, since older versions of
    `cryptography` refuse a PEM in one line. Raises `ContractError` if it is no key on
    an elliptic curve.
    """
    encoded = re.sub(r"-----(?:BEGIN|END) PUBLIC KEY-----|\s", "", text)
    try:
        key = serialization.load_der_public_key(
            base64.b64decode(encoded, validate=True)
        )
    except (ValueError, TypeError, binascii.Error):
        raise ContractError(
            "eBay's public key is not readable", body=text.encode()
        ) from None
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise ContractError("eBay's public key is of an unknown kind")
    return key


def verify(
    body: bytes, header: SignatureHeader, key: ec.EllipticCurvePublicKey
) -> None:
    """Raises `SignatureInvalid` unless `key` signed this body.

    The raw bytes are tried first; then the compact JSON that eBay's own library signs
    (keys in their order, nothing escaped that need not be).
    """
    for message in _messages(body):
        try:
            key.verify(header.signature, message, ec.ECDSA(_DIGESTS[header.digest]()))
            return
        except InvalidSignature:
            continue
    raise SignatureInvalid()


def _messages(body: bytes):
    yield body
    try:
        # A key that stands there twice would let many spellings pass for one message.
        document = json.loads(body, object_pairs_hook=_each_key_once)
        compact = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
        message = compact.encode()
    except (ValueError, RecursionError):
        return
    if message != body:
        yield message


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a key stands there twice")
    return document


@dataclass(frozen=True)
class _Entry:
    key: ec.EllipticCurvePublicKey | None
    good_until: datetime
    # While eBay does not say whether it is still good, it is taken until then.
    kept_until: datetime


class Shelf(Protocol):
    """Where keys outlive a process, and what all processes count together."""

    def load(self) -> Mapping[str, tuple[str, datetime]]:
        """By id: the key's text, and when eBay handed it out last."""

    def keep(self, kid: str, text: str) -> object:
        """eBay handed this key out just now."""

    def drop(self, kid: str) -> object:
        """eBay does not know this key any more."""

    def may_ask(self, now: datetime) -> bool:
        """Whether eBay may be asked for one more id that nobody knows."""


class KeyCache:
    """Keeps eBay's public keys for about an hour, as eBay asks.

    `fetch` gets a key id and returns the document of getPublicKey. Unknown ids are
    remembered too, and at most `most_fetches` fetches happen per `fetch_window`, so
    that forged ids cannot use up the quota. Ids known to be eBay's are kept and counted
    apart: forged ones neither push them out nor hold up their renewal. Keep one cache
    per process; a `shelf` behind it serves all of them, and the next ones. While eBay
    cannot be asked, a key that it handed out is taken for `longest`.
    """

    def __init__(
        self,
        fetch: Callable[[str], Mapping[str, object]],
        clock: Callable[[], datetime],
        *,
        shelf: Shelf | None = None,
        life: timedelta = timedelta(hours=1),
        longest: timedelta = timedelta(days=2),
        capacity: int = 64,
        most_fetches: int = 10,
        fetch_window: timedelta = timedelta(minutes=1),
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._shelf = shelf
        self._shelf_read_at: datetime | None = None
        self._life = life
        self._longest = longest
        self._capacity = capacity
        self._most_fetches = most_fetches
        self._fetch_window = fetch_window
        self._keys: OrderedDict[str, _Entry] = OrderedDict()
        self._unknown: OrderedDict[str, _Entry] = OrderedDict()
        # When keys were fetched: those of unknown ids, and those known to be eBay's.
        self._fetched_at: dict[bool, list[datetime]] = {False: [], True: []}
        self._lock = threading.Lock()

    def get(self, kid: str) -> ec.EllipticCurvePublicKey:
        """The key for `kid`.

        Raises `SignatureInvalid` if eBay knows no such key, `KeyUnavailable` if it
        cannot be asked now.
        """
        now = self._clock()
        entry = self._fresh(kid, now)
        if entry is None and self._look_at_shelf(now):
            entry = self._fresh(kid, now)
        if entry is None:
            # Not under the lock: a slow eBay must not hold up the keys we have.
            entry = self._asked(kid, now)
        if entry.key is None:
            raise SignatureInvalid("eBay does not know the key of this signature")
        return entry.key

    def _fresh(self, kid: str, now: datetime) -> _Entry | None:
        with self._lock:
            entry = self._keys.get(kid) or self._unknown.get(kid)
        # A clock that was set back must not keep an entry for longer than its life.
        if entry and now < entry.good_until <= now + self._life:
            return entry
        return None

    def _look_at_shelf(self, now: datetime) -> bool:
        """Take what other processes have learned, at most once a second."""
        if self._shelf is None:
            return False
        at = self._shelf_read_at
        if at and timedelta(0) <= now - at < SHELF_EVERY:
            return False
        self._shelf_read_at = now
        for kid, (text, confirmed_at) in self._shelf.load().items():
            known = self._keys.get(kid)
            if known is None or known.good_until < confirmed_at + self._life:
                self._keep(kid, self._entry(load_public_key(text), confirmed_at))
        return True

    def _entry(
        self, key: ec.EllipticCurvePublicKey | None, asked_at: datetime
    ) -> _Entry:
        life = self._life if key else min(self._life, UNKNOWN_LIFE)
        return _Entry(key, asked_at + life, asked_at + (self._longest if key else life))

    def _asked(self, kid: str, now: datetime) -> _Entry:
        """What eBay says; while it says nothing, what it said before."""
        with self._lock:
            old = self._keys.get(kid)
        try:
            self._admit(now, old is not None)
            text = self._fetched(kid)
        except KeyUnavailable:
            if old is None or not now < old.kept_until <= now + self._longest:
                raise
            self._keep(kid, replace(old, good_until=now + ASK_AGAIN))
            return old
        entry = self._entry(None if text is None else load_public_key(text), now)
        self._keep(kid, entry)
        if self._shelf and text is not None:
            self._shelf.keep(kid, text)
        elif self._shelf and old:
            self._shelf.drop(kid)
        return entry

    def _keep(self, kid: str, entry: _Entry) -> None:
        with self._lock:
            entries = self._keys if entry.key else self._unknown
            self._keys.pop(kid, None)
            self._unknown.pop(kid, None)
            entries[kid] = entry
            while len(entries) > self._capacity:
                entries.popitem(last=False)

    def _admit(self, now: datetime, known: bool) -> None:
        since = now - self._fetch_window
        with self._lock:
            recent = [at for at in self._fetched_at[known] if since < at <= now]
            allowed = len(recent) < self._most_fetches
            self._fetched_at[known] = [*recent, now] if allowed else recent
        if allowed and not known and self._shelf:
            allowed = self._shelf.may_ask(now)
        if not allowed:
            raise KeyUnavailable(
                "Too many keys were asked for in notifications just now"
            )

    def _fetched(self, kid: str) -> str | None:
        try:
            document = self._fetch(kid)
        except Rejected:
            return None
        except EbayError as error:
            raise KeyUnavailable(
                f"eBay's public key cannot be fetched: {error.message}",
                status=error.status,
                request_id=error.request_id,
            ) from error
        return str(document.get("key", ""))


def verify_notification(body: bytes, header_value: str, keys: KeyCache) -> None:
    """Raises `SignatureInvalid` unless eBay signed this body; `KeyUnavailable` if that
    cannot be found out now."""
    header = SignatureHeader.parse(header_value)
    verify(body, header, keys.get(header.kid))
