"""Digital signatures: keys, and refunds of sellers in the EU and the UK."""

from __future__ import annotations

import base64
import hashlib
import json
import time

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

KEYS = "/developer/key_management/v1/signing_key"
COVERED = (
    "content-digest",
    "x-ebay-signature-key",
    "@method",
    "@path",
    "@authority",
)


def new_key(shop, cipher="ED25519"):
    answer = shop.client.post(KEYS, json={"signingKeyCipher": cipher}, headers=shop.app)
    assert answer.status_code == 200, answer.text
    return answer.json()


def sign(key, path, body, created=None, covered=COVERED):
    """The headers of a signed POST, made as eBay's guide says."""
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    headers = {
        "x-ebay-signature-key": key["jwe"],
        "Content-Digest": f"sha-256=:{digest}:",
    }
    values = {
        "content-digest": headers["Content-Digest"],
        "x-ebay-signature-key": key["jwe"],
        "@method": "POST",
        "@path": path,
        "@authority": "ebay.test",
    }
    names = " ".join(f'"{one}"' for one in covered)
    parameters = f"({names});created={created or int(time.time())}"
    lines = [f'"{one}": {values[one]}' for one in covered]
    base = "\n".join([*lines, f'"@signature-params": {parameters}']).encode()
    private = serialization.load_der_private_key(
        base64.b64decode(key["privateKey"]), password=None
    )
    if key["signingKeyCipher"] == "RSA":
        signature = private.sign(base, padding.PKCS1v15(), hashes.SHA256())
    else:
        signature = private.sign(base)
    headers["Signature-Input"] = f"sig1={parameters}"
    headers["Signature"] = f"sig1=:{base64.b64encode(signature).decode()}:"
    return headers


@pytest.fixture
def refund(shop):
    """Path and body of a refund of a euro."""
    order = shop.order(shop.buy(marketplace="EBAY_DE"))
    path = f"/sell/fulfillment/v1/order/{order['orderId']}/issue_refund"
    amount = {"value": "0.01", "currency": "EUR"}
    request = {"reasonForRefund": "OTHER_ADJUSTMENT", "orderLevelRefundAmount": amount}
    return path, json.dumps(request).encode()


def send(shop, refund, headers):
    path, body = refund
    return shop.client.post(path, content=body, headers={**shop.seller, **headers})


def refused(answer):
    assert answer.status_code == 403
    return answer.json()["errors"][0]["errorId"]


@pytest.mark.parametrize("cipher", ["ED25519", "RSA"])
def test_a_signed_refund_passes(shop, refund, cipher):
    headers = sign(new_key(shop, cipher), *refund)
    assert send(shop, refund, headers).status_code == 200


def test_what_is_missing_is_named(shop, refund):
    headers = sign(new_key(shop), *refund)
    for name, error_id in (
        ("x-ebay-signature-key", 215001),
        ("Content-Digest", 215000),
        ("Signature", 215111),
        ("Signature-Input", 215112),
    ):
        rest = {key: value for key, value in headers.items() if key != name}
        assert refused(send(shop, refund, rest)) == error_id


def test_what_does_not_fit_is_refused(shop, refund):
    key = new_key(shop)
    path, body = refund
    good = sign(key, path, body)
    assert refused(send(shop, (path, body + b" "), good)) == 215105
    old = sign(key, path, body, created=int(time.time()) - 3600)
    assert refused(send(shop, refund, old)) == 215114
    unknown = good | {"x-ebay-signature-key": "nonsense"}
    assert refused(send(shop, refund, unknown)) == 215115
    other = sign(key | {"jwe": new_key(shop)["jwe"]}, path, body)
    assert refused(send(shop, refund, other)) == 215122
    elsewhere = sign(key, "/sell/fulfillment/v1/order/1/issue_refund", body)
    assert refused(send(shop, refund, elsewhere)) == 215122
    little = sign(key, path, body, covered=("x-ebay-signature-key", "@method"))
    assert refused(send(shop, refund, little)) == 215120


def test_sellers_elsewhere_need_not_sign(shop, refund):
    shop.sim("sellers", {"username": "sim_seller", "country": "US"})
    assert send(shop, refund, {}).status_code == 200


def test_keys_show_their_private_part_once(shop):
    key = new_key(shop)
    assert key["expirationTime"] - key["creationTime"] == 3 * 365 * 86_400
    path = f"{KEYS}/{key['signingKeyId']}"
    shown = shop.client.get(path, headers=shop.app).json()
    assert shown == {name: key[name] for name in key if name != "privateKey"}
    listed = shop.client.get(KEYS, headers=shop.app).json()["signingKeys"]
    assert listed == [shown]
    assert shop.client.get(f"{KEYS}/x", headers=shop.app).status_code == 404
    for body in ({}, {"signingKeyCipher": "DES"}):
        answer = shop.client.post(KEYS, json=body, headers=shop.app)
        assert answer.status_code == 400
