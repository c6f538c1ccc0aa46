"""Outgoing signatures: a published vector, and that the right calls carry them."""

import base64
from datetime import datetime, timezone

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from ebay_api.digital_signature import Signer
from ebay_api.errors import InvalidArgument

# The Ed25519 test key of RFC 9421; JWE and results as published for eBay's guide.
ED25519 = "MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF"
JWE = (
    "eyJhbGciOiJBMjU2R0NNS1ciLCJlbmMiOiJBMjU2R0NNIiwiemlwIjoiREVGIiwiaXYiOiJvSzFwdXJN"
    "VHQtci14VUwzIiwidGFnIjoiTjB4WjI4ZklZckFmYkd5UWFrTnpjZyJ9.AYdKU7ObIc7Z764OrlKpwUV"
    "iK8Rphxl0xMP9v2_o9mI.1DbZiSQNRK6pLeIw.Yzp3IDV8RM_h_lMAnwGpMA4DXbaDdmqAh-65kO9xyD"
    "gzHD6s0kY3p-yO6oPR9kEcAbjGXIULeQKWVYzbfHKwXTY09Npj_mNuO5yxgZtWnL55uIgP2HL1So2dKk"
    "ZRK0eyPa6DEXJT71lPtwZtpIGyq9R5h6s3kGMbqA.m4t_MX4VnlXJGx1X_zZ-KQ"
)
CREATED = datetime.fromtimestamp(1663459378, timezone.utc)
COMPONENTS = '"x-ebay-signature-key" "@method" "@path" "@authority"'


def test_the_published_vector_is_reproduced():
    headers = Signer.from_text(ED25519, JWE).headers(
        "POST",
        "http://localhost:8080/test?left=out",
        b'{"hello": "world"}',
        CREATED,
    )
    assert headers == {
        "x-ebay-signature-key": JWE,
        "Content-Digest": "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
        "Signature-Input": f'sig1=("content-digest" {COMPONENTS});created=1663459378',
        "Signature": "sig1=:gkk7dqudw21DFHDVBoRUWe/F6/2hTEmWRFDBxiN6COD4PjozXziiDFML1n"
        "FHu+0UcMXC/niltxzABjnugu4DCA==:",
    }


def test_a_call_without_a_body_has_no_digest():
    headers = Signer.from_text(ED25519, JWE).headers(
        "GET", "https://apiz.ebay.com/sell/finances/v1/payout", None, CREATED
    )
    assert "Content-Digest" not in headers
    assert headers["Signature-Input"] == f"sig1=({COMPONENTS});created=1663459378"


def test_an_rsa_key_signs_too():
    key = rsa.generate_private_key(65537, 1024)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    signer = Signer.from_text(pem, "jwe")
    headers = signer.headers("GET", "https://a.test/p", None, CREATED)
    base = (
        '"x-ebay-signature-key": jwe\n"@method": GET\n"@path": /p\n'
        f'"@authority": a.test\n"@signature-params": ({COMPONENTS});created=1663459378'
    )
    signature = base64.b64decode(headers["Signature"][len("sig1=:") : -1])
    key.public_key().verify(
        signature, base.encode(), padding.PKCS1v15(), hashes.SHA256()
    )


def test_unusable_keys_are_refused_without_being_shown():
    curve = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    for text in ("", "c2VjcmV0", "not base64!", curve.decode()):
        with pytest.raises(InvalidArgument) as caught:
            Signer.from_text(text, "jwe")
        assert not text or text not in str(caught.value)
    for jwe in ("", "a b", "a\nb", "ż"):
        with pytest.raises(InvalidArgument):
            Signer.from_text(ED25519, jwe)


def test_a_key_does_not_show_in_a_repr():
    shown = repr(Signer.from_text(ED25519, JWE))
    assert ED25519 not in shown
    assert JWE not in shown


def test_refunds_are_signed_over_the_bytes_sent_and_other_calls_are_not(
    make_client, ebay, clock
):
    client = make_client(signer=Signer.from_text(ED25519, JWE))
    order = f"{ebay.base}/sell/fulfillment/v1/order/1"
    ebay.post(
        f"{order}/issue_refund", json={"refundId": "5", "refundStatus": "PENDING"}
    )
    ebay.get(order, json={"orderId": "1"})
    refund = {"reasonForRefund": "BUYER_CANCEL", "comment": "Żółw"}
    client.fulfillment.issue_refund("1", refund)
    client.fulfillment.get_order("1")
    signed, plain = (call.request for call in ebay.calls)
    expected = client.signer.headers("POST", signed.url, signed.body, clock.now)
    assert {name: signed.headers[name] for name in expected} == expected
    assert "Signature" not in plain.headers


def test_without_a_key_nothing_is_signed(client, ebay):
    order = f"{ebay.base}/sell/fulfillment/v1/order/1"
    ebay.post(f"{order}/issue_refund", json={"refundStatus": "PENDING"})
    client.fulfillment.issue_refund("1", {})
    assert "Signature" not in ebay.calls[0].request.headers
