"""Signs outgoing calls for sellers domiciled in the EU or UK (RFC 9421, RFC 9530).

Source: eBay guide "Digital Signatures for APIs". Needed for refunds and all of
Finances; elsewhere eBay ignores signatures.
"""

import base64
import binascii
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from .errors import InvalidArgument


@dataclass(frozen=True)
class Signer:
    """Signs calls with a key of eBay's Key Management API.

    `jwe` is the public half as eBay encrypted it; it goes along with every call.
    """

    private_key: Ed25519PrivateKey | RSAPrivateKey = field(repr=False)
    jwe: str = field(repr=False)

    @classmethod
    def from_text(cls, private_key: str, jwe: str) -> "Signer":
        """Builds a signer from the texts that eBay hands out.

        `private_key` is base64 of PKCS#8, with or without its PEM frame. Raises
        `InvalidArgument` if it is no Ed25519 or RSA key, without repeating it.
        """
        lines = private_key.strip().splitlines()
        encoded = "".join(line for line in lines if not line.startswith("-----"))
        try:
            der = base64.b64decode("".join(encoded.split()), validate=True)
            key = serialization.load_der_private_key(der, password=None)
        except (binascii.Error, ValueError, TypeError):
            raise InvalidArgument("The signing key is not readable") from None
        if not isinstance(key, Ed25519PrivateKey | RSAPrivateKey):
            raise InvalidArgument("The signing key is neither Ed25519 nor RSA")
        if not jwe or not jwe.isascii() or any(c.isspace() for c in jwe):
            raise InvalidArgument("The signing key's JWE is not usable")
        return cls(private_key=key, jwe=jwe)

    def headers(
        self, method: str, url: str, body: bytes | None, now: datetime
    ) -> dict[str, str]:
        """The signature headers for exactly these bytes, sent at `now` (aware)."""
        parts = urlsplit(url)
        result = {"x-ebay-signature-key": self.jwe}
        components = [
            ("x-ebay-signature-key", self.jwe),
            ("@method", method.upper()),
            ("@path", parts.path or "/"),
            ("@authority", parts.netloc.lower()),
        ]
        if body:
            digest = f"sha-256=:{base64.b64encode(sha256(body).digest()).decode()}:"
            result["Content-Digest"] = digest
            components.insert(0, ("content-digest", digest))
        names = " ".join(f'"{name}"' for name, _ in components)
        signed = f"({names});created={int(now.timestamp())}"
        lines = [f'"{name}": {value}' for name, value in components]
        base = "\n".join([*lines, f'"@signature-params": {signed}'])
        signature = base64.b64encode(self._sign(base.encode())).decode()
        result["Signature-Input"] = f"sig1={signed}"
        result["Signature"] = f"sig1=:{signature}:"
        return result

    def _sign(self, message: bytes) -> bytes:
        if isinstance(self.private_key, Ed25519PrivateKey):
            return self.private_key.sign(message)
        return self.private_key.sign(message, padding.PKCS1v15(), hashes.SHA256())
