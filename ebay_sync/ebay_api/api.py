"""What the API classes share: one way to make a call, one way to read the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO

from .calls import DEFAULT_MAX_BYTES, Answer, Call
from .documents import (
    Json,
    Reply,
    read_document,
    require_list,
    require_text,
    write_document,
)
from .error_shapes import rest_details
from .paging import pages, token_pages
from .paths import query
from .verdict import error_for

if TYPE_CHECKING:
    from .client import EbayClient


class Api:
    """Base of the API classes. Every public method names its eBay operation."""

    api = ""
    acts_as = "user"  # or "app": whose token eBay wants for most calls of this API
    headers: Mapping[str, str] = {}

    def __init__(self, client: EbayClient) -> None:
        self._client = client

    def _extra_headers(self) -> Mapping[str, str]:
        """Headers that every call of this API carries."""
        return {}

    def _get(
        self,
        name: str,
        path: str,
        params: Mapping[str, object] | None = None,
        **options,
    ) -> Reply:
        """A reading GET; `options` as for `_json`."""
        return self._json(name, "GET", path, params=params, **options)

    def _write(
        self, name: str, method: str, path: str, body: Json | None = None, **options
    ) -> Reply:
        """A call that changes something; refused by a read-only client.

        Its answer may be empty (201 and 200 with a Location and no body occur).
        """
        options.setdefault("repeatable", method == "PUT")
        return self._json(
            name, method, path, body=body, writes=True, empty_ok=True, **options
        )

    def _json(
        self,
        name: str,
        method: str,
        path: str,
        *,
        params: Mapping[str, object] | None = None,
        body: Json | None = None,
        needs: str = "",
        needs_text: str = "",
        empty_ok: bool = False,
        acts_as: str = "",
        writes: bool = False,
        repeatable: bool = True,
        signed: bool = False,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = DEFAULT_MAX_BYTES,
    ) -> Reply:
        """Sends JSON, reads JSON. `needs` names a list and `needs_text` a text that a
        sound answer holds."""
        all_headers = {"Accept": "application/json", **self._extra_headers()}
        content = None
        if body is not None:
            content = write_document(body)
            all_headers["Content-Type"] = "application/json"
        all_headers.update(headers or {})
        call = self._call(
            name,
            method,
            path,
            params,
            all_headers,
            content,
            writes,
            repeatable,
            max_bytes,
        )
        answer = self._client.send(call, acts_as or self.acts_as, signed=signed)
        must = needs or needs_text
        document = read_document(call, answer, empty_ok=empty_ok and not must)
        refusals = rest_details(document.get("errors"))
        if refusals:
            # No sound answer of eBay has `errors` at its top; a 2xx around a refusal
            # is a refusal.
            raise error_for(call, answer, refusals, self._client.transport.clock())
        if needs:
            require_list(call, answer, document, needs)
        if needs_text:
            require_text(call, answer, document, needs_text)
        return Reply(document, answer)

    def _call(
        self,
        name: str,
        method: str,
        path: str,
        params: Mapping[str, object] | None,
        headers: Mapping[str, str],
        body: bytes | None = None,
        writes: bool = False,
        repeatable: bool = True,
        max_bytes: int = DEFAULT_MAX_BYTES,
    ) -> Call:
        return Call(
            api=self.api,
            name=name,
            method=method,
            url=self._client.hosts.url(self.api, path) + query(params or {}),
            headers=dict(headers),
            body=body,
            writes=writes,
            repeatable=repeatable,
            max_bytes=max_bytes,
        )

    def _download(self, name: str, path: str, sink: BinaryIO, max_bytes: int) -> Answer:
        headers = {"Accept": "*/*", **self._extra_headers()}
        call = self._call(name, "GET", path, None, headers, max_bytes=max_bytes)
        return self._client.send(call, self.acts_as, sink=sink)

    def _pages(
        self,
        name: str,
        path: str,
        params: Mapping[str, object],
        list_key: str,
        limit: int,
        *,
        offset_counts_pages: bool = False,
        first: int = 0,
        **options,
    ) -> Iterator[Reply]:
        def fetch(position: dict[str, str]) -> Reply:
            return self._get(
                name, path, {**params, **position}, needs=list_key, **options
            )

        unit = 1 if offset_counts_pages else limit
        return pages(fetch, list_key, limit, unit, first)

    def _token_pages(
        self, name: str, path: str, list_key: str, limit: int, **options
    ) -> Iterator[Reply]:
        def fetch(position: dict[str, str]) -> Reply:
            return self._get(name, path, position, needs=list_key, **options)

        return token_pages(fetch, list_key, limit)
