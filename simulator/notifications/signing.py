"""The key that notifications are signed with, and the signature header.

Source: eBay's event-notification SDK (``lib/validator.js``): ECDSA over P-256 with
SHA-1, the key handed out as a PEM without line breaks.
"""

from __future__ import annotations

import base64
import json
import uuid
from typing import TYPE_CHECKING, Any, cast

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from ..world import World


def current_key(world: World) -> tuple[str, ec.EllipticCurvePrivateKey]:
    """The key id and the private key in use; made when there is none."""
    setting = world.collection("setting").get("notification_key")
    if setting is None:
        return rotate(world)
    stored = world.collection("notification_key").get(setting["kid"]) or {}
    return setting["kid"], _load(stored["private"])


def rotate(world: World) -> tuple[str, ec.EllipticCurvePrivateKey]:
    """Make a new key the current one; older ones stay readable."""
    key, kid = new_key(), str(uuid.uuid4())
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    world.collection("notification_key").put(kid, {"private": private})
    world.collection("setting").put("notification_key", {"kid": kid})
    return kid, key


def new_key() -> ec.EllipticCurvePrivateKey:
    """A fresh P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def _load(private: str) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(private.encode(), password=None)
    return cast(ec.EllipticCurvePrivateKey, key)


def public_key_document(world: World, kid: str) -> dict[str, Any] | None:
    """eBay's PublicKey, or None for an unknown id."""
    stored = world.collection("notification_key").get(kid)
    if stored is None:
        return None
    pem = (
        _load(stored["private"])
        .public_key()
        .public_bytes(
            serialization.Encoding.PEM,
            serialization.PublicFormat.SubjectPublicKeyInfo,
        )
        .decode()
    )
    return {"key": pem.replace("\n", ""), "algorithm": "ECDSA", "digest": "SHA1"}


def signature_header(kid: str, key: ec.EllipticCurvePrivateKey, body: bytes) -> str:
    """The value of ``x-ebay-signature`` for these bytes."""
    signature = key.sign(body, ec.ECDSA(hashes.SHA1()))
    document = {
        "alg": "ecdsa",
        "kid": kid,
        "signature": base64.b64encode(signature).decode(),
        "digest": "SHA1",
    }
    text = json.dumps(document, separators=(",", ":"))
    return base64.b64encode(text.encode()).decode()
