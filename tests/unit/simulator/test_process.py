"""The simulator as a process: its first line, and its state after kill -9."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

ROOT = Path(__file__).resolve().parents[3]
ORDER = "/sell/fulfillment/v1/order"


@contextmanager
def running(*options: str) -> Iterator[tuple[subprocess.Popen[str], httpx2.Client]]:
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "simulator",
            "--port",
            "0",
            "--catalogue",
            "3",
            *options,
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    line = process.stdout.readline()
    assert line.startswith("simulator listening on http://127.0.0.1:")
    try:
        with httpx2.Client(base_url=line.split()[-1], trust_env=False) as client:
            yield process, client
    finally:
        process.kill()
        process.wait(5)
        process.stdout.close()


def test_acknowledged_writes_survive_kill_9(tmp_path: Path):
    orders = tmp_path / "orders.json"
    document = {
        "orderId": "07-12345-67890",
        "creationDate": "2026-01-02T03:04:05.000Z",
        "lastModifiedDate": "2026-06-01T00:00:00.000Z",
        "lineItems": [{"lineItemId": "1", "quantity": 2}],
        "fulfillmentHrefs": [],
    }
    orders.write_text(json.dumps({"orders": [document]}), "utf-8")
    options = ("--state", str(tmp_path / "state.sqlite"), "--orders", str(orders))
    with running(*options) as (process, client):
        token = client.post("/_sim/tokens", json={}).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        loaded = client.get(f"{ORDER}/07-12345-67890", headers=headers)
        assert loaded.json() == document
        path = f"{ORDER}/07-12345-67890/shipping_fulfillment"
        parcel = {"lineItems": [{"lineItemId": "1", "quantity": 2}]}
        # A response that is lost on the wire, as a client behind a proxy sees it.
        rule = {"fault": "lost_response", "operation": "createShippingFulfillment"}
        client.post("/_sim/faults", json=rule)
        try:
            client.post(path, json=parcel, headers=headers)
            raise AssertionError("the connection should have been closed")
        except httpx2.RemoteProtocolError:
            pass
        cut = {"fault": "cut_body", "operation": "getOrder", "times": 1}
        client.post("/_sim/faults", json=cut)
        try:
            client.get(f"{ORDER}/07-12345-67890", headers=headers)
            raise AssertionError("the body should have been cut")
        except httpx2.RemoteProtocolError:
            pass
        bought = client.post("/_sim/buy", json={"count": 3}).json()["orderIds"]
        process.kill()
    with running(*options) as (process, client):
        parcels = client.get(path, headers=headers).json()
        assert parcels["total"] == 1
        ids = [one["orderId"] for one in client.get("/_sim/orders").json()["orders"]]
        assert ids == ["07-12345-67890", *bought]
        fresh = client.post("/_sim/buy", json={}).json()["orderIds"]
        assert fresh[0] not in ids
