"""The client under test: its parts by introspection, and arguments for its methods."""

from __future__ import annotations

import inspect
import io
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from itertools import islice
from typing import Any

from requests.adapters import BaseAdapter

from ebay_api.api import Api
from ebay_api.client import EbayClient
from ebay_api.errors import EbayError
from ebay_api.hosts import Hosts
from ebay_api.trading_xml import InventoryStatus
from ebay_api.transport import Transport, new_session

from .recording import mount

__all__ = ["EbayError", "call_with_samples", "methods", "new_client", "new_transport"]

#: Pages and rows that a test takes from an iterator before it leaves.
MOST_ROWS = 200


class FixedTokens:
    """Tokens that never change; `renew` hands the same kind out again."""

    def __init__(self, user: str = "user-token", app: str = "app-token") -> None:
        self.user, self.app = user, app

    def user_token(self) -> str:
        return self.user

    def app_token(self) -> str:
        return self.app

    def renew(self, kind: str, rejected: str) -> str:
        return self.user if kind == "user" else self.app


def new_transport(adapter: BaseAdapter) -> Transport:
    """A transport over `adapter` that never waits."""
    return Transport(
        mount(new_session(), adapter), sleep=lambda seconds: None, chance=lambda: 0.5
    )


def new_client(adapter: BaseAdapter, tokens: Any = None, **options: Any) -> EbayClient:
    """A client of production eBay whose requests go through `adapter`."""
    return EbayClient(
        Hosts.production(), tokens or FixedTokens(), new_transport(adapter), **options
    )


def methods(client: EbayClient) -> dict[str, Callable[..., Any]]:
    """Every public method of every API of the client: `fulfillment.get_order`."""
    return {
        f"{name}.{method}": getattr(api, method)
        for name, api in vars(client).items()
        if isinstance(api, Api)
        for method, _ in inspect.getmembers(type(api), inspect.isfunction)
        if not method.startswith("_")
    }


def exhaust(result: Any) -> Any:
    """Reads an iterator to its end (or to MOST_ROWS); other results as they are."""
    return list(islice(result, MOST_ROWS)) if isinstance(result, Iterator) else result


#: Optional windows without which a method refuses to ask.
_WINDOWS = ("modified_from", "start")
_NOW = datetime(2026, 11, 1, 12, tzinfo=timezone.utc)
#: Arguments by name, where the annotation does not say enough.
_BY_NAME: dict[str, Any] = {
    "marketplace": "EBAY_DE",
    "marketplace_id": "EBAY_DE",
    "offset": 0,
    "limit": 10,
}


def call_with_samples(method: Callable[..., Any]) -> Any:
    """Calls a method with plausible values for what has no default; all its pages."""
    positional, named = [], {}
    for name, parameter in inspect.signature(method).parameters.items():
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            positional.append(_sample(name, str(parameter.annotation)))
        elif parameter.default is inspect.Parameter.empty or name in _WINDOWS:
            named[name] = _sample(name, str(parameter.annotation))
    return exhaust(method(*positional, **named))


def _sample(name: str, annotation: str) -> Any:
    if name in _BY_NAME:
        return _BY_NAME[name]
    if "BinaryIO" in annotation:
        return io.BytesIO()
    if "tuple[datetime" in annotation:
        return _NOW - timedelta(days=1), _NOW
    if "datetime" in annotation:
        later = name.endswith(("_to", "end", "until"))
        return _NOW if later else _NOW - timedelta(days=1)
    for words, value in (
        (("InventoryStatus",), [InventoryStatus("110001", "A1", 3)]),
        (("Sequence[tuple[str, str]",), [("DHL", "110001")]),
        (("Iterable[Json", "Sequence[Json", "list[Json"), [{"sku": "A1"}]),
        (("Iterable[str", "Sequence[str", "list[str"), ["110001"]),
        (("Json", "dict", "Mapping"), {"sku": "A1"}),
        (("Decimal",), Decimal("12.50")),
        (("bytes",), b"content"),
        (("bool",), True),
        (("int",), 10),
    ):
        if any(word in annotation for word in words):
            return value
    return "110001"
