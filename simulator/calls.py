"""What an API file is made of: Api, Operation, Call (in) and Reply (out)."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode

from starlette.datastructures import Headers, QueryParams

from .errors import EbayError, bad_request

if TYPE_CHECKING:
    from .world import World


@dataclass(slots=True)
class Reply:
    """An answer, before the pipeline adds eBay's headers and compression."""

    status: int = 200
    body: bytes = b""
    content_type: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


def reply_json(
    document: Any, status: int = 200, headers: dict[str, str] | None = None
) -> Reply:
    """A JSON answer."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return Reply(status, body, "application/json", headers or {})


def reply_created(location: str, document: Any = None) -> Reply:
    """201 with a Location header; no body unless a document is given."""
    headers = {"Location": location}
    if document is None:
        return Reply(201, b"", None, headers)
    return reply_json(document, 201, headers)


def no_content() -> Reply:
    """204."""
    return Reply(204)


def reply_text(text: str, content_type: str, status: int = 200) -> Reply:
    """HTML, XML or plain text."""
    return Reply(status, text.encode(), f"{content_type};charset=utf-8")


def rest_error(error: EbayError) -> Reply:
    """The standard REST error body."""
    return reply_json({"errors": [error.error]}, error.status, dict(error.headers))


@dataclass(slots=True)
class Call:
    """One request on its way through the pipeline.

    ``token`` is the stored token document (``seller`` is its user, None for an
    application token); both are set before a handler with a token kind runs.
    """

    world: World
    api: Api
    operation: str
    method: str
    path: str
    params: dict[str, str]
    query: QueryParams
    headers: Headers
    body: bytes
    scheme: str
    token: dict[str, Any] | None = None
    request_id: str = ""

    @property
    def seller(self) -> str:
        """User name of the seller whose token this is."""
        return (self.token or {}).get("seller") or ""

    @property
    def client_id(self) -> str:
        """The keyset that calls."""
        return self.token["clientId"] if self.token else ""

    @property
    def base_url(self) -> str:
        """What every href begins with, without a trailing slash."""
        fixed = self.world.settings.base_url
        if fixed:
            return fixed.rstrip("/")
        return f"{self.scheme}://{self.headers.get('host', 'localhost')}"

    def href(self, path: str, **query: object) -> str:
        """A full URL under this API's prefix; parameters that are None are left out."""
        given = {name: str(value) for name, value in query.items() if value is not None}
        tail = "?" + urlencode(given) if given else ""
        return f"{self.base_url}{self.api.prefix}{path}{tail}"

    def json(self) -> Any:
        """The JSON body, whatever its type.

        :raises EbayError: 400/2004 when it is not JSON.
        """
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise bad_request("The request body is not valid JSON.") from error

    def json_object(self) -> dict[str, Any]:
        """The JSON body, which must be an object; an empty body is an empty one."""
        document = self.json() if self.body.strip() else {}
        if not isinstance(document, dict):
            raise bad_request("The request body must be a JSON object.")
        return document

    def form(self) -> dict[str, str]:
        """A urlencoded body; of a repeated name the first value."""
        given = parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        return {name: values[0] for name, values in given.items()}


Handler = Callable[[Call], Reply | Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One call of an API.

    ``path`` follows the API's prefix, in Starlette's form (``/order/{orderId}``);
    ``name`` is eBay's operationId, by which faults and the journal know it.
    ``token`` is ``"user"``, ``"app"``, ``"any"`` or None (the handler checks itself).
    ``scopes`` are suffixes (``"sell.fulfillment"``, ``""`` for the base scope); the
    token needs one of them. ``quota`` overrides the API's quota.
    """

    method: str
    path: str
    name: str
    handler: Handler
    token: str | None = "user"
    scopes: tuple[str, ...] = ()
    quota: Quota | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """A daily limit as Developer Analytics shows it, if ``shown``."""

    context: str
    api: str
    resource: str
    limit: int
    version: str = "v1"
    shown: bool = True

    @property
    def key(self) -> str:
        """How the counter is stored."""
        return f"{self.context}/{self.api}/{self.version}/{self.resource}"


@dataclass(frozen=True, slots=True)
class Api:
    """One eBay API: its prefix, its calls and its manners.

    ``scheme`` is the Authorization scheme it takes. ``render_error`` writes refusals
    in its own shape. ``operation_name`` finds the name for faults and the journal when
    one path serves many calls (Trading). ``setup(world)`` runs at every start: register
    listeners there; ``seed(world)`` runs once on a fresh state.
    """

    name: str
    prefix: str
    operations: Sequence[Operation]
    quota: Quota | None = None
    scheme: str = "Bearer"
    render_error: Callable[[EbayError], Reply] = rest_error
    operation_name: Callable[[Headers], str] | None = None
    setup: Callable[[World], None] | None = None
    seed: Callable[[World], None] | None = None
    control: bool = False
    """Part of ``/_sim``: no faults, no quota, no journal."""
