"""Key Management API v1: keys for digital signatures."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from ..calls import Api, Call, Operation, Quota, Reply, reply_json
from ..errors import EbayError

_LIFETIME = 3 * 365 * 86_400
_PUBLIC = (
    "signingKeyId",
    "signingKeyCipher",
    "publicKey",
    "jwe",
    "creationTime",
    "expirationTime",
)


def _error(status: int, error_id: int, message: str) -> EbayError:
    return EbayError(status, error_id, message, domain="API_KEY_MANAGEMENT")


def _generate(cipher: str) -> tuple[str, str]:
    """A key pair as base64 DER: PKCS#8 and SubjectPublicKeyInfo."""
    key: Any = (
        ed25519.Ed25519PrivateKey.generate()
        if cipher == "ED25519"
        else rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    private = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(private).decode(), base64.b64encode(public).decode()


def create_signing_key(call: Call) -> Reply:
    """createSigningKey: the private key is shown here and never again."""
    request = call.json_object()
    if not request:
        raise _error(
            400,
            210006,
            "You must request for new signing key with valid request payload.",
        )
    cipher = request.get("signingKeyCipher")
    if cipher not in ("ED25519", "RSA"):
        raise _error(
            400,
            210001,
            "You must supply a valid signing key cipher. Allowed values are ED25519 "
            "and RSA.",
        )
    private, public = _generate(cipher)
    now = int(call.world.clock.now().timestamp())
    key = {
        "signingKeyId": call.world.ids.uuid("signing_key"),
        "signingKeyCipher": cipher,
        "publicKey": public,
        "jwe": f"eyJhbGciOiJBMjU2R0NNS1cifQ.{secrets.token_urlsafe(48)}",
        "creationTime": now,
        "expirationTime": now + _LIFETIME,
    }
    stored = {**key, "clientId": call.client_id}
    call.world.collection("signing_key").put(key["signingKeyId"], stored)
    return reply_json({**key, "privateKey": private})


def _shown(key: dict[str, Any]) -> dict[str, Any]:
    return {name: key[name] for name in _PUBLIC}


def get_signing_keys(call: Call) -> Reply:
    """getSigningKeys: those of this application, without private keys."""
    keys = call.world.collection("signing_key").values()
    mine = [_shown(key) for key in keys if key["clientId"] == call.client_id]
    return reply_json({"signingKeys": mine})


def get_signing_key(call: Call) -> Reply:
    """getSigningKey."""
    key_id = call.params["signing_key_id"]
    key = call.world.collection("signing_key").get(key_id)
    if key is None or key["clientId"] != call.client_id:
        raise _error(404, 210002, f"The signing key with id {key_id} was not found.")
    return reply_json(_shown(key))


_SCOPES = ("",)

API = Api(
    name="developer.key_management",
    prefix="/developer/key_management/v1",
    quota=Quota("developer", "KeyManagement", "developer.key_management", 5_000),
    operations=[
        Operation(
            "GET", "/signing_key", "getSigningKeys", get_signing_keys, "app", _SCOPES
        ),
        Operation(
            "POST",
            "/signing_key",
            "createSigningKey",
            create_signing_key,
            "app",
            _SCOPES,
        ),
        Operation(
            "GET",
            "/signing_key/{signing_key_id}",
            "getSigningKey",
            get_signing_key,
            "app",
            _SCOPES,
        ),
    ],
)
