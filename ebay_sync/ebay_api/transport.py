"""Sends calls to eBay: the only file that knows `requests`.

One `Transport` per account and process. It keeps the time-outs, the cap on answers, the
quick retries, the rate budget, the circuit breaker and the listener; it follows no
redirects, keeps no cookies, and logs neither tokens nor bodies.
"""

import logging
import random
import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any, BinaryIO

import requests
from requests.adapters import HTTPAdapter
from requests.cookies import RequestsCookieJar

from .breaker import Breaker
from .budget import Budget
from .calls import MEBIBYTE, Answer, Call, CallRecord, is_whole_number
from .errors import (
    ContractError,
    EbayError,
    InvalidArgument,
    RateLimited,
    Transient,
)
from .redaction import RedactingFilter
from .retry import TRIES, wait_before_retry
from .verdict import check_answer

_logger = logging.getLogger(__name__)
_logger.addFilter(RedactingFilter())

USER_AGENT = "ebay_sync/1.0 (Odoo)"
TIMEOUT = (5.0, 30.0)
LONGEST_BODY = 120.0
CONNECTIONS = 8  # kept open to each host; so many threads may send at once
CHUNK = 8 * 1024
MAX_ERROR_BODY = MEBIBYTE

Check = Callable[[Call, Answer, datetime], None]
Listener = Callable[[CallRecord], None]


def utc_now() -> datetime:
    """The present, aware and in UTC."""
    return datetime.now(timezone.utc)


class _NoCookies(RequestsCookieJar):
    """Keeps nothing: accounts that share a process must not share a session."""

    def set_cookie(self, cookie, *args, **kwargs):
        return None


class Transport:
    """Sends calls, one at a time per call of `send`.

    `timeout` is (connect, read) in seconds; a body may take `longest_body` seconds in
    all. `listener` gets a `CallRecord` per attempt. `clock` returns aware UTC times,
    `timer` seconds for durations, `chance` a number in [0, 1).
    """

    def __init__(
        self,
        session: requests.Session | None = None,
        timeout: tuple[float, float] = TIMEOUT,
        listener: Listener | None = None,
        budget: Budget | None = None,
        breaker: Breaker | None = None,
        *,
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
        timer: Callable[[], float] = time.monotonic,
        longest_body: float = LONGEST_BODY,
    ) -> None:
        self.session = session or new_session()
        self.timeout = timeout
        self.listener = listener
        self.budget = budget
        self.breaker = breaker
        self.clock = clock
        self.longest_body = longest_body
        self._sleep = sleep
        self._chance = chance
        self._timer = timer

    def send(
        self, call: Call, check: Check = check_answer, sink: BinaryIO | None = None
    ) -> Answer:
        """Sends `call` and returns a successful answer, or raises an `EbayError`.

        `check` decides what a success is. With a `sink` (seekable, opened for writing)
        a successful body is written there and `Answer.body` stays empty. Repeatable
        calls get up to three tries, with growing, random pauses.
        """
        for attempt in range(1, TRIES + 1):
            self._wait_for_admission(call)
            try:
                return self._attempt(call, check, sink, attempt)
            except EbayError as error:
                wait = self._wait_after(call, error, attempt)
                if wait is None:
                    raise
                _logger.warning(
                    "%s failed (%s), try %d of %d in %.1f s [request %s]",
                    call.name,
                    type(error).__name__,
                    attempt + 1,
                    TRIES,
                    wait,
                    error.request_id or "-",
                )
                self._sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _wait_for_admission(self, call: Call) -> None:
        if self.breaker:
            self.breaker.check(call.api, self.clock())
        if self.budget:
            delay = self.budget.admit(call.api, call.kind, self.clock())
            if delay:
                self._sleep(delay)

    def _wait_after(self, call: Call, error: EbayError, attempt: int) -> float | None:
        now = self.clock()
        wait = wait_before_retry(call, error, attempt, now, self._chance())
        if wait is None and isinstance(error, RateLimited) and self.budget:
            # A refused feed task closes nothing but itself; a 429 closes the API.
            if error.status == 429 or call.api == "trading":
                self.budget.block(call.api, error.until)
        return wait

    def _attempt(
        self, call: Call, check: Check, sink: BinaryIO | None, attempt: int
    ) -> Answer:
        began_at, began = self.clock(), self._timer()
        answer: Answer | None = None
        received = [0]
        outcome = "ok"
        error_ids: tuple[str, ...] = ()
        try:
            answer = self._exchange(call, sink, received)
            check(call, answer, self.clock())
        except EbayError as error:
            outcome, error_ids = type(error).__name__, error.error_ids
            self._tell_breaker(call, error)
            raise
        else:
            if self.breaker:
                self.breaker.success(call.api)
            return answer
        finally:
            self._record(
                CallRecord(
                    api=call.api,
                    call=call.name,
                    method=call.method,
                    at=began_at,
                    duration=self._timer() - began,
                    attempt=attempt,
                    outcome=outcome,
                    status=answer.status if answer else None,
                    request_id=answer.request_id if answer else "",
                    error_ids=error_ids,
                    bytes_sent=len(call.body or b""),
                    bytes_received=received[0],
                    kind=call.kind,
                )
            )

    def _tell_breaker(self, call: Call, error: EbayError) -> None:
        if not self.breaker:
            return
        if isinstance(error, Transient) and error.server_down:
            self.breaker.failure(call.api, self.clock())
        else:
            self.breaker.success(call.api)

    def _record(self, record: CallRecord) -> None:
        _logger.debug(
            "%s %s %s: %s in %.0f ms [request %s]",
            record.api,
            record.method,
            record.call,
            record.status or record.outcome,
            record.duration * 1000,
            record.request_id or "-",
        )
        if self.listener is None:
            return
        try:
            self.listener(record)
        except Exception:
            # Metrics are no reason to lose an answer that eBay has already given.
            _logger.exception("The listener failed on %s", record.call)

    def _exchange(
        self, call: Call, sink: BinaryIO | None, received: list[int]
    ) -> Answer:
        try:
            response = self.session.request(
                call.method,
                call.url,
                headers={
                    "User-Agent": USER_AGENT,
                    "Accept-Encoding": "gzip",
                    **call.headers,
                },
                data=call.body,
                timeout=self.timeout,
                allow_redirects=False,
                stream=True,
                auth=_as_it_is,
            )
        except requests.RequestException as error:
            raise _network_error(call, error) from None
        with response:
            into = (
                sink if sink is not None and 200 <= response.status_code < 300 else None
            )
            body = self._read(call, response, into, received)
            return Answer(
                status=response.status_code,
                headers=response.headers,
                body=body,
                request_id=_request_id(response),
            )

    def _read(
        self,
        call: Call,
        response: requests.Response,
        sink: BinaryIO | None,
        received: list[int],
    ) -> bytes:
        limit = call.max_bytes if response.ok else min(call.max_bytes, MAX_ERROR_BODY)
        deadline = self._timer() + self.longest_body
        kept = bytearray()
        if sink is not None:
            sink.seek(0)
            sink.truncate()
        try:
            for chunk in response.iter_content(CHUNK):
                received[0] += len(chunk)
                if received[0] > limit:
                    raise ContractError(
                        f"eBay's answer exceeds {limit // 1024} KiB ({call.name})",
                        body=bytes(kept),
                        **_facts(call, response),
                    )
                if self._timer() > deadline:
                    raise _unfinished(call, response, "eBay's answer came too slowly")
                if sink is None:
                    kept += chunk
                else:
                    sink.write(chunk)
        except requests.RequestException as error:
            raise _network_error(call, error, response) from None
        if _is_cut_off(response):
            raise _unfinished(call, response, "eBay's answer was cut off")
        return bytes(kept)


def new_session() -> requests.Session:
    """A session that verifies TLS, keeps connections and keeps no cookies."""
    session = requests.Session()
    session.cookies = _NoCookies()
    adapter = HTTPAdapter(CONNECTIONS, CONNECTIONS, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def encode_form(
    field: str, filename: str, content: bytes, content_type: str
) -> tuple[bytes, str]:
    """Body and Content-Type of a multipart form with one file."""
    files = {field: (filename, content, content_type)}
    prepared = requests.Request("POST", "https://localhost", files=files).prepare()
    if not isinstance(prepared.body, bytes):
        raise InvalidArgument("The file to upload cannot be put into a form")
    return prepared.body, prepared.headers["Content-Type"]


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """An `auth` that changes nothing: without one, a `.netrc` entry of the server's
    user would replace our Authorization header."""
    return request


def _request_id(response: requests.Response) -> str:
    headers = response.headers
    value = headers.get("X-EBAY-C-REQUEST-ID") or headers.get("rlogid") or ""
    return value[:200]


def _is_cut_off(response: requests.Response) -> bool:
    """Older urllib3 versions end quietly when fewer bytes come than announced."""
    announced = response.headers.get("Content-Length", "")
    if not is_whole_number(announced) or response.status_code in (204, 304):
        return False
    return response.raw.tell() < int(announced)


def _network_error(
    call: Call,
    error: requests.RequestException,
    response: requests.Response | None = None,
) -> EbayError:
    facts = _facts(call, response)
    unknown = call.writes or not call.repeatable
    if isinstance(error, ValueError):
        return InvalidArgument(f"The request could not be built ({call.name})", **facts)
    if isinstance(error, requests.exceptions.ContentDecodingError):
        return ContractError(
            f"eBay's answer could not be unpacked ({call.name})", **facts
        )
    if isinstance(error, requests.exceptions.SSLError):
        return Transient(
            f"No secure line to eBay: its certificate is not valid ({call.name})",
            **facts,
        )
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return Transient(f"eBay could not be reached in time ({call.name})", **facts)
    if isinstance(error, requests.exceptions.Timeout):
        text = f"eBay did not answer in time ({call.name})"
    elif _never_sent(error):
        return Transient(f"eBay could not be reached ({call.name})", **facts)
    else:
        text = f"The connection to eBay broke off ({call.name})"
    return Transient(text, outcome_unknown=unknown, **facts)


def _never_sent(error: requests.RequestException) -> bool:
    """Whether no connection came about: name not found, refused, no route."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return type(reason).__name__ in ("NewConnectionError", "NameResolutionError")


def _unfinished(call: Call, response: requests.Response, text: str) -> Transient:
    return Transient(
        f"{text} ({call.name})",
        outcome_unknown=call.writes or not call.repeatable,
        **_facts(call, response),
    )


def _facts(call: Call, response: requests.Response | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"api": call.api, "call": call.name}
    if response is not None:
        facts["status"] = response.status_code
        facts["request_id"] = _request_id(response)
    return facts
