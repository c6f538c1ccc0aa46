"""The Notification API: where eBay sends what, and the key it signs with."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from contract.simulation import Simulation
from ebay_api.client import EbayClient

from .frame import refused, rows, story

TOKEN = "contract-verification-token-0123456789"


@contextmanager
def webhook() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """An address that answers eBay's challenge, and what eBay sends to it."""
    received: list[tuple[dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            code = parse_qs(urlsplit(self.path).query)["challenge_code"][0]
            digest = hashlib.sha256((code + TOKEN + address).encode()).hexdigest()
            self._answer(200, json.dumps({"challengeResponse": digest}).encode())

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            received.append((dict(self.headers), self.rfile.read(length)))
            self._answer(204, b"")

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{server.server_port}/webhook"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield address, received
    finally:
        server.shutdown()
        server.server_close()


@story
def notification(client: EbayClient, shop: Simulation) -> None:
    """From the first setting to the last subscription, and back."""
    api = client.notification
    refused(api.get_config)
    api.update_config({"alertEmail": "shop@example.com"})
    api.get_config()
    refused(lambda: api.update_config({"alertEmail": "nobody"}))
    topics = rows(api.topic_pages(limit=10), "topics")
    topic = api.get_topic("ORDER_CONFIRMATION")
    assert topic["topicId"] in {one["topicId"] for one in topics}
    refused(lambda: api.get_topic("ITEM_SOLD"))
    with webhook() as (address, received):
        _destination(client, address)
        _subscription(client, api.destination_pages(), topic)
        for headers, _ in received:
            _check_key(client, headers)
        destination = next(api.destination_pages())["destinations"][0]
        changed = {k: destination[k] for k in ("name", "deliveryConfig")}
        changed["deliveryConfig"]["verificationToken"] = TOKEN
        api.update_destination(
            destination["destinationId"], {**changed, "status": "DISABLED"}
        )
        api.delete_destination(destination["destinationId"])
        refused(lambda: api.delete_destination(destination["destinationId"]))
    refused(lambda: api.get_public_key("00000000-0000-0000-0000-000000000000"))


def _destination(client: EbayClient, address: str) -> None:
    api = client.notification
    delivery = {"endpoint": address, "verificationToken": TOKEN}
    wish = {"name": "Odoo", "status": "ENABLED", "deliveryConfig": delivery}
    made = api.create_destination(wish).created_id
    api.get_destination(made)
    refused(lambda: api.create_destination(wish))
    refused(lambda: api.get_destination("404"))
    broken = {**wish, "deliveryConfig": {**delivery, "verificationToken": "short"}}
    refused(lambda: api.create_destination(broken))


def _subscription(client: EbayClient, destinations, topic) -> None:
    api = client.notification
    destination_id = next(destinations)["destinations"][0]["destinationId"]
    payload = topic["supportedPayloads"][0]
    wish = {
        "topicId": topic["topicId"],
        "status": "ENABLED",
        "destinationId": destination_id,
        "payload": {
            "format": "JSON",
            "schemaVersion": payload["schemaVersion"],
            "deliveryProtocol": "HTTPS",
        },
    }
    made = api.create_subscription(wish, as_user=True).created_id
    refused(lambda: api.create_subscription(wish, as_user=True))
    api.get_subscription(made, as_user=True)
    api.disable_subscription(made, as_user=True)
    api.enable_subscription(made, as_user=True)
    change = {key: wish[key] for key in ("status", "destinationId", "payload")}
    api.update_subscription(made, change, as_user=True)
    assert rows(api.subscription_pages(as_user=True), "subscriptions")
    api.test_subscription(made, as_user=True)
    refused(lambda: api.delete_destination(destination_id))
    closure = {**wish, "topicId": "MARKETPLACE_ACCOUNT_DELETION"}
    other = api.create_subscription(closure).created_id
    rows(api.subscription_pages(limit=10), "subscriptions")
    api.delete_subscription(other)
    api.delete_subscription(made, as_user=True)
    refused(lambda: api.get_subscription(made, as_user=True))


def _check_key(client: EbayClient, headers: dict[str, str]) -> None:
    import base64

    envelope = headers.get("X-EBAY-SIGNATURE") or headers["x-ebay-signature"]
    kid = json.loads(base64.b64decode(envelope))["kid"]
    assert client.notification.get_public_key(kid)["algorithm"] == "ECDSA"
