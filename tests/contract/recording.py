"""HTTP adapters for the client's session: one records, one makes answers up.

Both keep eBay's real addresses in what the client sees and sends, so that the host of
every request is judged as well.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse

from .judge import Exchange

EBAY_HOSTS = {"api.ebay.com", "apiz.ebay.com", "apim.ebay.com", "auth.ebay.com"}


class RecordingAdapter(HTTPAdapter):
    """Sends what is meant for eBay to a simulator, and remembers both directions."""

    def __init__(self, simulator: str) -> None:
        super().__init__(max_retries=0)
        self._simulator = urlsplit(simulator)
        self.exchanges: list[Exchange] = []

    def send(self, request, **options):
        url = _checked(request)
        request.headers["Host"] = urlsplit(url).netloc
        request.url = urlunsplit(
            (self._simulator.scheme, self._simulator.netloc, *urlsplit(url)[2:])
        )
        response = super().send(request, **{**options, "stream": True})
        raw = response.raw.read(decode_content=False)
        plain = _response(request, response.status_code, response.headers, raw)
        self.exchanges.append(
            Exchange(
                method=request.method,
                url=url,
                request_headers=dict(request.headers),
                request_body=_body(request),
                status=response.status_code,
                headers=dict(response.headers),
                body=plain.content,
            )
        )
        again = _response(request, response.status_code, response.headers, raw)
        request.url = again.url = url
        return again


Answerer = Callable[[requests.PreparedRequest], tuple[int, Mapping[str, str], bytes]]


class InventedAdapter(BaseAdapter):
    """Answers every request with what `answerer(request)` makes up.

    Raises AssertionError when the client turns to a foreign host, or asks without end.
    """

    LIMIT = 120

    def __init__(self, answerer: Answerer) -> None:
        super().__init__()
        self._answerer = answerer
        self.count = 0

    def send(self, request, **options):
        url = _checked(request)
        self.count += 1
        if self.count > self.LIMIT:
            raise AssertionError(f"more than {self.LIMIT} requests, the last: {url}")
        status, headers, body = self._answerer(request)
        return _response(request, status, headers, body)

    def close(self) -> None:
        """Nothing is open."""


def mount(session: requests.Session, adapter: BaseAdapter) -> requests.Session:
    """Make all requests of a session go through `adapter`."""
    for prefix in list(session.adapters):
        session.adapters.pop(prefix)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.trust_env = False
    return session


def _checked(request: requests.PreparedRequest) -> str:
    url = request.url or ""
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.netloc not in EBAY_HOSTS:
        raise AssertionError(f"a request to a foreign address: {url}")
    return url


def _body(request: requests.PreparedRequest) -> bytes:
    body = request.body or b""
    if hasattr(body, "read"):
        raise AssertionError("a streamed request body: sign and record exact bytes")
    return body.encode() if isinstance(body, str) else bytes(body)


def _response(
    request: requests.PreparedRequest,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
) -> requests.Response:
    raw = HTTPResponse(
        body=io.BytesIO(body),
        headers=dict(headers),
        status=status,
        preload_content=False,
        decode_content=False,
    )
    return HTTPAdapter().build_response(request, raw)
