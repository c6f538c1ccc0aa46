"""The reverse proxies of docs/deployment.md, run as they stand there.

Each needs its own program (Debian's packages nginx and caddy); where one is missing its
tests are skipped and say so. Only addresses, ports and certificates are replaced.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from scripts.stage import pushing
from scripts.stage.shop import PATIENCE, Shop, wait_for
from scripts.tooling.ports import free_port

DOC = Path(__file__).parents[2] / "docs" / "deployment.md"
JSON = {"Content-Type": "application/json"}
SHUT = {400, 403, 404, 405}
NAME = "odoo.example.com"


def blocks(language: str) -> list[str]:
    """The examples of that language in the page, in their order."""
    fenced = rf"^```{language}\n(.*?)^```"
    return re.findall(fenced, DOC.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def nginx_command(folder: Path, odoo: int, port: int) -> list[str]:
    """Both files of the page, in a frame that needs no root."""
    main, webhook = blocks("nginx")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
        + ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
        + ["-subj", f"/CN={NAME}"],
        check=True,
        capture_output=True,
    )
    for wanted, given in (
        (r"192\.168\.0\.200:80\d\d", f"127.0.0.1:{odoo}"),
        (r"listen 80;", f"listen 127.0.0.1:{free_port()};"),
        (r"listen 443 ssl;", f"listen 127.0.0.1:{port};"),
        (r" *http2 on;.*\n", ""),
        (r"ssl_certificate .*;", f"ssl_certificate {folder}/cert.pem;"),
        (r"ssl_certificate_key .*;", f"ssl_certificate_key {folder}/key.pem;"),
        (r"/etc/nginx/ebay_webhook.conf", f"{folder}/ebay_webhook.conf"),
    ):
        main, replaced = re.subn(wanted, given, main)
        assert replaced, wanted
    (folder / "ebay_webhook.conf").write_text(webhook, "utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"pid {folder}/pid; error_log {folder}/error.log; daemon off;\n"
        + ("user root;\n" if os.geteuid() == 0 else "")
        + f"events {{}}\nhttp {{\naccess_log off;\n{temporary}{main}\n}}\n",
        "utf-8",
    )
    return ["nginx", "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]


def caddy_command(folder: Path, odoo: int, port: int) -> list[str]:
    """The page's file, without the certificate that only a public name gets."""
    [site] = blocks("caddy")
    site = site.replace(f"{NAME} {{", f"http://{NAME}:{port} {{\n\tbind 127.0.0.1", 1)
    site = re.sub(r"192\.168\.0\.200:80\d\d", f"127.0.0.1:{odoo}", site)
    if caddy_version() < (2, 7):  # Debian 12's; the page tells
        site = site.replace(
            "request_buffers 256KB", "buffer_requests\n\t\t\tmax_buffer_size 256KB"
        )
    (folder / "Caddyfile").write_text(
        f"{{\n\tadmin off\n\tauto_https off\n}}\n{site}", "utf-8"
    )
    config = str(folder / "Caddyfile")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", config]


def caddy_version() -> tuple[int, ...]:
    """The first two numbers of what ``caddy version`` says."""
    said = subprocess.run(
        ["caddy", "version"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return tuple(int(part) for part in re.findall(r"\d+", said)[:2])


COMMANDS = {"nginx": nginx_command, "caddy": caddy_command}

pytestmark = pytest.mark.skipif(
    not any(shutil.which(name) for name in COMMANDS),
    reason="there is neither nginx nor caddy here",
)


class Proxy:
    """A proxy on a port of this machine, called from outside the house."""

    def __init__(self, name: str, port: int) -> None:
        self.name = name
        self.port = port

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> int:
        """The status of one request, its path sent as it is."""
        call = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            call.request(
                method,
                path,
                body,
                {"Host": NAME, **headers},
                encode_chunked="Transfer-Encoding" in headers,
            )
            return call.getresponse().status
        finally:
            call.close()

    def answers(self) -> bool:
        """Whether it has started."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    options = {"workers": 2, "max_cron_threads": 0, "proxy_mode": True}
    with Shop.open(**options) as shop:
        shop.create_account(mode="mirror")
        shop.person.call(
            "ebay.account", "action_new_verification_token", [shop.account_id]
        )
        yield shop


@pytest.fixture(scope="module", params=sorted(COMMANDS))
def proxy(request, shop, tmp_path_factory) -> Iterator[Proxy]:
    name = request.param
    if not shutil.which(name):
        pytest.skip(f"there is no {name} here")
    folder = tmp_path_factory.mktemp(name)
    port = free_port()
    command = COMMANDS[name](folder, shop.odoo.port, port)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env={**os.environ, "HOME": str(folder)}
        )
    try:
        made = Proxy(name, port)
        wait_for(lambda: made.answers() or process.poll(), f"{name} to start")
        assert process.poll() is None, (folder / "log").read_text("utf-8")
        yield made
    finally:
        process.kill()
        process.wait()


def webhook(shop: Shop) -> str:
    return urlsplit(pushing.address(shop)).path


def test_the_two_paths_are_open_and_a_push_keeps_its_size(shop, proxy):
    path = webhook(shop)
    assert proxy.ask("GET", f"{path}?challenge_code=abc") == 200
    assert proxy.ask("POST", path, b"{}", **JSON) == 412
    assert proxy.ask("POST", path, b"a=b") == 415
    assert proxy.ask("POST", path, b" " * 200_000, **JSON) == 412
    # Caddy says 502 for what it may not buffer; either way Odoo never sees it
    refused = {413} if proxy.name == "nginx" else {413, 502}
    assert proxy.ask("POST", path, b" " * 300_000, **JSON) in refused
    chunked = {**JSON, "Transfer-Encoding": "chunked"}
    told = 411 if proxy.name == "caddy" and caddy_version() < (2, 7) else 412
    assert proxy.ask("POST", path, iter([b"{", b"}"]), **chunked) == told
    assert proxy.ask("GET", "/api/ebay/webhook/wrong") == 404
    # to the page that asks who is there
    assert proxy.ask("GET", "/ebay/oauth/callback?state=x&code=y") == 303
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        assert proxy.ask(method, path) in SHUT, method


PRIVATE = (
    "/",
    "/web",
    "/web/login",
    "/web/database/manager",
    "/web/health",
    "/xmlrpc/2/common",
    "/jsonrpc",
    "/json/2/res.partner/search",
    "/websocket",
    "/longpolling/poll",
    "/odoo",
    "/my",
    "/api/ebay",
    "/api/ebay/webhookish",
    "/API/EBAY/WEBHOOK",
    "/ebay",
    "/api/ebay/webhook/../../../web/login",
    "/api/ebay/webhook/%2e%2e/%2e%2e/%2e%2e/web/login",
    "/api/ebay/webhook/..%2f..%2f..%2fweb/login",
    "/ebay/oauth/../../web/login",
    "/ebay/oauth/%2e%2e/%2e%2e/web/login",
    "/ebay/oauth/..;/..;/web/login",
    "//web/login",
    "/ebay/oauth//../../web/login",
)


def test_nothing_else_is(proxy):
    for path in PRIVATE:
        for method in ("GET", "POST"):
            assert proxy.ask(method, path) in SHUT, (method, path)


def test_who_calls_too_often_waits(proxy):
    if proxy.name == "caddy":
        pytest.skip("plain Caddy has no rate limit")
    with ThreadPoolExecutor(40) as pool:  # at once: how fast Odoo is plays no part
        calls = [
            pool.submit(proxy.ask, "GET", "/ebay/oauth/callback?state=x")
            for _ in range(120)
        ]
        answers = {call.result() for call in calls}
    assert answers == {303, 503}
