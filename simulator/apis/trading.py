"""Trading API: one path, the call's name in a header. Handlers: ``simulator/trading/``.

A refusal has HTTP 200 and ``Ack`` Failure. Quotas count per call name, as eBay's
Developer Analytics shows them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.datastructures import Headers

from ..calls import Api, Call, Operation, Quota, Reply
from ..errors import EbayError
from ..trading import account, orders, revising, selling
from ..trading.frame import (
    Request,
    TradingError,
    ack_of,
    answer,
    open_request,
    render_error,
    reply,
    select,
)
from ..world import World

_CALLS: dict[str, Callable[[Request], dict[str, Any]]] = {
    "GetMyeBaySelling": selling.get_my_ebay_selling,
    "GetSellerList": selling.get_seller_list,
    "GetSellerEvents": selling.get_seller_events,
    "GetItem": selling.get_item,
    "ReviseInventoryStatus": revising.revise_inventory_status,
    "ReviseFixedPriceItem": revising.revise_fixed_price_item,
    "EndFixedPriceItem": revising.end_fixed_price_item,
    "GetUserPreferences": account.get_user_preferences,
    "SetUserPreferences": account.set_user_preferences,
    "GeteBayDetails": account.get_ebay_details,
    "CompleteSale": account.complete_sale,
    "GetOrders": orders.get_orders,
}
_QUOTAS = {name: Quota("tradingapi", "TradingAPI", name, 5_000) for name in _CALLS}


def _name(headers: Headers) -> str:
    return headers.get("X-EBAY-API-CALL-NAME", "Trading")


def serve(call: Call) -> Reply:
    """One Trading call, from its headers to its XML."""
    name = call.operation if call.operation in _CALLS else "Unknown"
    try:
        request = open_request(call)
        handler = _CALLS.get(request.name)
        if handler is None:
            raise TradingError(2, f"Unsupported API call. {request.name} is unknown.")
        _spend(call, request.name)
        content = handler(request)
    except TradingError as error:
        return reply(answer(call.world, name, "Failure", [error], {}))
    root = answer(
        call.world,
        name,
        ack_of(request.errors, content.get("InventoryStatus")),
        request.errors,
        {**content, "CorrelationID": request.text("MessageID")},
    )
    chosen = [(one.text or "").strip() for one in request.find_all("OutputSelector")]
    if chosen:
        select(root, [one for text in chosen for one in text.replace(",", " ").split()])
    return reply(root)


def _spend(call: Call, name: str) -> None:
    try:
        call.world.quotas.spend(call.client_id, _QUOTAS[name])
    except EbayError as error:
        raise TradingError(
            518, "Call usage limit has been reached. Try again tomorrow."
        ) from error


def _setup(world: World) -> None:
    for quota in _QUOTAS.values():
        world.quotas.register(quota)


API = Api(
    name="trading",
    prefix="/ws",
    operations=[Operation("POST", "/api.dll", "Trading", serve, token=None)],
    operation_name=_name,
    render_error=render_error,
    setup=_setup,
)
