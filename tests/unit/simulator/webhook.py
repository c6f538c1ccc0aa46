"""An application's side of notifications: endpoint, subscription, verification."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

API = "/commerce/notification/v1"
TOKEN = "t" * 40


class Webhook:
    """An application's endpoint: passes the challenge, keeps what it is sent."""

    def __init__(self) -> None:
        self.got: list[tuple[str, bytes]] = []
        self.statuses: list[int] = []
        self.answers_challenge = True
        webhook = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                code = parse_qs(urlsplit(self.path).query)["challenge_code"][0]
                if not webhook.answers_challenge:
                    code += "x"
                text = f"{code}{TOKEN}{webhook.url}"
                digest = hashlib.sha256(text.encode()).hexdigest()
                body = json.dumps({"challengeResponse": digest}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                webhook.got.append((self.headers["x-ebay-signature"], body))
                self.send_response(webhook.statuses.pop(0) if webhook.statuses else 204)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhook"
        threading.Thread(target=self.server.serve_forever, args=(0.01,)).start()

    def wait(self, shop, count: int) -> list[dict]:
        """The bodies, once there are that many."""
        shop.wait_for(lambda: len(self.got) >= count)
        assert len(self.got) == count
        return [json.loads(body) for _, body in self.got]


def as_app(shop, method, path, json=None):
    return shop.client.request(method, API + path, json=json, headers=shop.app)


def error_of(answer):
    return answer.status_code, answer.json()["errors"][0]["errorId"]


def target(webhook, **changes):
    return {
        "name": "Odoo",
        "status": "ENABLED",
        "deliveryConfig": {"endpoint": webhook.url, "verificationToken": TOKEN},
        **changes,
    }


def subscription(topic, destination_id, **changes):
    return {
        "topicId": topic,
        "status": "ENABLED",
        "destinationId": destination_id,
        "payload": {
            "format": "JSON",
            "schemaVersion": "1.0",
            "deliveryProtocol": "HTTPS",
        },
        **changes,
    }


def verify(shop, header, body):
    """What a client does with a message; raises InvalidSignature."""
    document = json.loads(base64.b64decode(header))
    assert (document["alg"], document["digest"]) == ("ecdsa", "SHA1")
    answer = as_app(shop, "GET", f"/public_key/{document['kid']}")
    if answer.status_code == 404:
        assert error_of(answer) == (404, 195001)
        raise InvalidSignature
    key = answer.json()
    assert (key["algorithm"], key["digest"]) == ("ECDSA", "SHA1")
    assert "\n" not in key["key"]
    der = base64.b64decode(key["key"].split("-----")[2])
    public = serialization.load_der_public_key(der)
    assert isinstance(public.curve, ec.SECP256R1)
    signature = base64.b64decode(document["signature"])
    public.verify(signature, body, ec.ECDSA(hashes.SHA1()))
