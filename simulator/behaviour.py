"""Choices where eBay's behaviour is slow or not known for sure; tests set them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .world import World

DEFAULTS: dict[str, Any] = {
    # Refunds are processed asynchronously: PENDING for that long, by the clock.
    "refundSeconds": 5.0,
    # What becomes of a pending refund: REFUNDED or FAILED.
    "refundOutcome": "REFUNDED",
    # Whether a shipping fulfilment moves lastModifiedDate is not documented.
    "shippingTouchesOrder": True,
    # Whether the order is readable the moment its notification arrives.
    "orderVisibleAfterSeconds": 0.0,
    # eBay takes public HTTPS endpoints only; here loopback ones are taken too.
    "localEndpoints": True,
    # EU and UK sellers must sign refunds.
    "requireSignatures": True,
    # How long a feed task takes, by the clock, and how its result file is packed:
    # zip, gzip or none.
    "feedSeconds": 1.0,
    "feedCompression": "zip",
    "feedConcurrentTasks": 20,
    # How long opting in to a program takes, by the clock; at eBay up to a day.
    "programSeconds": 0.0,
    # How many SKUs one bulkUpdatePriceQuantity takes; eBay's texts say 25 and 1.
    "bulkUpdateSkus": 25,
    # Seconds between the attempts to deliver a notification.
    "deliveryRetrySeconds": [1.0, 5.0],
}


def behaviour(world: World, name: str) -> Any:
    """The value in force."""
    changed = world.collection("setting").get("behaviour") or {}
    return changed.get(name, DEFAULTS[name])


def all_behaviour(world: World) -> dict[str, Any]:
    """Every choice with its value."""
    return DEFAULTS | (world.collection("setting").get("behaviour") or {})


def change(world: World, given: dict[str, Any]) -> None:
    """Set some choices.

    :raises KeyError: no such choice.
    """
    unknown = set(given) - set(DEFAULTS)
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    settings = world.collection("setting")
    settings.put("behaviour", (settings.get("behaviour") or {}) | given)
