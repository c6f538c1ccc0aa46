"""A simulator of its own for one test module, and a client that is connected to it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import requests

from ebay_api.client import EbayClient
from ebay_api.digital_signature import Signer
from ebay_api.hosts import Hosts
from ebay_api.oauth import Keyset, OAuth
from ebay_api.scopes import DEFAULT_FEATURES, scopes_for
from simulator.calls import Api
from simulator.calls import Operation as Route

from .client import FixedTokens, new_client, new_transport
from .openapi import CHECKOUT, Operation, documents
from .recording import RecordingAdapter, mount

KEYSET = Keyset("SIM-client", "SIM-secret", "SIM-RuName")
SELLER = "sim_seller"
ACCEPT_URL = "https://odoo.example/ebay/oauth/callback"


class Simulation:
    """A running simulator; `base` is its address."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.adapter = RecordingAdapter(base)
        self.oauth = OAuth(Hosts.production(), KEYSET, new_transport(self.adapter))
        self.tokens = FixedTokens("", "")

    def control(self, path: str, method: str = "POST", **body: object) -> dict:
        """One of the simulator's own controls under `/_sim/`."""
        answer = requests.request(
            method, f"{self.base}/_sim/{path}", json=body or None, timeout=240
        )
        assert answer.ok, f"{path}: {answer.text}"
        return answer.json() if answer.content else {}

    def consent(self, *features: str) -> str:
        """The seller agrees on eBay's page; returns the code of the callback."""
        scopes = scopes_for(features or DEFAULT_FEATURES)
        url = self.oauth.consent_url(scopes, "state-1")
        form = {k: values[0] for k, values in parse_qs(urlsplit(url).query).items()}
        answer = requests.post(
            f"{self.base}{urlsplit(url).path}",
            data={**form, "seller": SELLER, "action": "agree"},
            allow_redirects=False,
            timeout=240,
        )
        assert answer.status_code == 302, answer.text
        query = parse_qs(urlsplit(answer.headers["Location"]).query)
        assert query["state"] == ["state-1"]
        return query["code"][0]

    def connect(self) -> EbayClient:
        """A client with a user token and an application token."""
        token = self.oauth.exchange_code(self.consent(), scopes_for())
        self.tokens.user = token.access_token
        self.tokens.app = self.oauth.app_token().access_token
        return new_client(self.adapter, self.tokens, signer=self._signer())

    def ask(
        self, method: str, url: str, body: object = None, *, as_app: bool = False
    ) -> requests.Response:
        """A request that the client has no method for, recorded like all others."""
        token = self.tokens.app if as_app else self.tokens.user
        headers = {"Authorization": f"Bearer {token}"}
        if "/sell/inventory/" in url:
            headers |= {"Accept-Language": "de-DE", "Content-Language": "de-DE"}
        with mount(requests.Session(), self.adapter) as session:
            return session.request(method, url, json=body, headers=headers, timeout=240)

    def _signer(self) -> Signer:
        """A key of eBay's Key Management API: sellers of the EU sign refunds."""
        url = "https://apiz.ebay.com/developer/key_management/v1/signing_key"
        key = self.ask("POST", url, {"signingKeyCipher": "ED25519"}, as_app=True).json()
        return Signer.from_text(key["privateKey"], key["jwe"])


@contextmanager
def simulation(*options: str) -> Iterator[Simulation]:
    """Starts a simulator on a free port of this machine and ends it afterwards."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "simulator", "--port", "0"),
            *("--base-url", "https://api.ebay.com", *options),
        ],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    try:
        line = process.stdout.readline()
        assert "listening on" in line, f"the simulator did not start: {line!r}"
        running = Simulation(line.split()[-1])
        running.control("runame", acceptUrl=ACCEPT_URL)
        yield running
    finally:
        process.terminate()
        process.wait(15)


def documented(api: Api, operation: Route) -> Operation | None:
    """What eBay documents for a route of the simulator."""
    path = re.sub(r"\{[^}]+\}", "1", api.prefix + operation.path)
    for host in ("api", "apiz", "apim"):
        found = documents().match(operation.method, f"https://{host}.ebay.com{path}")
        if found is not None:
            return found
    return None
