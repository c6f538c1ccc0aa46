"""Digital signatures that EU and UK sellers' money calls must carry.

Source: "Digital Signatures for APIs": RFC 9421 with ``x-ebay-signature-key``, and
``Content-Digest`` (RFC 9530) when there is a body. Every failure is a 403.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import time
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

from .behaviour import behaviour
from .calls import Call
from .errors import EbayError
from .orders.taxes import EU

TOLERANCE = 900
"""Seconds that ``created`` may differ from the machine's time."""

_INPUT = re.compile(r'(\w+)=(\((?:"[^"]+"\s*)*\);created=(\d+)[^,]*)')
_SIGNATURE = re.compile(r"(\w+)=:([A-Za-z0-9+/=]+):")
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/=]+):")
_MUST_COVER = ("x-ebay-signature-key", "@method", "@path", "@authority")


def _refuse(error_id: int, message: str) -> EbayError:
    return EbayError(403, error_id, message, domain="ACCESS", category="REQUEST")


def require_signature(call: Call) -> None:
    """Check the signature when the seller is domiciled in the EU or the UK.

    :raises EbayError: 403 with 215000 ... 215122.
    """
    seller = call.world.collection("seller").get(call.seller) or {}
    domicile = seller.get("country", "")
    if domicile != "GB" and domicile not in EU:
        return
    if not behaviour(call.world, "requireSignatures"):
        return
    key = _key(call)
    _check_digest(call)
    covered, parameters, signature = _parse(call)
    _verify(key, _base(call, covered, parameters).encode(), signature)


def _key(call: Call) -> dict[str, Any]:
    jwe = call.headers.get("x-ebay-signature-key")
    if not jwe:
        raise _refuse(215001, "The x-ebay-signature-key header is missing.")
    for key in call.world.collection("signing_key").values():
        if key["jwe"] == jwe:
            if key["clientId"] != call.client_id:
                raise _refuse(215117, "The key belongs to another application.")
            return key
    raise _refuse(215115, "The x-ebay-signature-key header is invalid.")


def _check_digest(call: Call) -> None:
    if not call.body:
        return
    header = call.headers.get("content-digest")
    if not header:
        raise _refuse(215000, "The Content-Digest header is missing.")
    match = _DIGEST.search(header)
    right = base64.b64encode(hashlib.sha256(call.body).digest()).decode()
    if match is None or match[1] != right:
        raise _refuse(215105, "The Content-Digest header does not fit the body.")


def _parse(call: Call) -> tuple[list[str], str, bytes]:
    """Covered components, the parameter text, the signature's bytes."""
    if not call.headers.get("signature"):
        raise _refuse(215111, "The Signature header is missing.")
    if not call.headers.get("signature-input"):
        raise _refuse(215112, "The Signature-Input header is missing.")
    given = _INPUT.search(call.headers["signature-input"])
    signature = _SIGNATURE.search(call.headers["signature"])
    if given is None:
        raise _refuse(215113, "The Signature-Input header has no created time.")
    if abs(time.time() - int(given[3])) > TOLERANCE:
        raise _refuse(215114, "The created time is too old or in the future.")
    covered = re.findall(r'"([^"]+)"', given[2])
    wanted = [*_MUST_COVER, *(["content-digest"] if call.body else [])]
    if signature is None or signature[1] != given[1] or set(wanted) - set(covered):
        raise _refuse(215120, "The signature is invalid.")
    try:
        return covered, given[2], base64.b64decode(signature[2], validate=True)
    except binascii.Error as error:
        raise _refuse(215120, "The signature is invalid.") from error


def _base(call: Call, covered: list[str], parameters: str) -> str:
    derived = {
        "@method": call.method,
        "@path": call.path,
        "@authority": call.headers.get("host", ""),
    }
    lines = []
    for name in covered:
        value = derived.get(name) or call.headers.get(name)
        if value is None:
            raise _refuse(215121, f"The signed component {name} is missing.")
        lines.append(f'"{name}": {value}')
    lines.append(f'"@signature-params": {parameters}')
    return "\n".join(lines)


def _verify(key: dict[str, Any], base: bytes, signature: bytes) -> None:
    public = serialization.load_der_public_key(base64.b64decode(key["publicKey"]))
    try:
        if isinstance(public, ed25519.Ed25519PublicKey):
            public.verify(signature, base)
        elif isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, base, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature as error:
        raise _refuse(215122, "The signature does not fit the request.") from error
