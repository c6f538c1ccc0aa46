"""OAuth scopes, written by their suffix: ``sell.inventory``; the base scope is ``""``.

Source: the securitySchemes of eBay's OpenAPI documents and its topic catalogue.
"""

from __future__ import annotations

BASE = "https://api.ebay.com/oauth/api_scope"

_BOTH = (
    "sell.inventory",
    "sell.fulfillment",
    "sell.account",
    "sell.marketing",
    "sell.reputation",
    "sell.stores",
    "commerce.notification.subscription",
    "commerce.catalog",
    "commerce.feedback",
)
_SINGLE = (
    "sell.finances",
    "sell.payment.dispute",
    "sell.analytics.readonly",
    "sell.marketplace.insights.readonly",
    "sell.item",
    "sell.item.draft",
    "sell.logistics",
    "commerce.identity.readonly",
    "commerce.identity.name.readonly",
    "commerce.identity.address.readonly",
    "commerce.identity.email.readonly",
    "commerce.identity.phone.readonly",
    "commerce.identity.status.readonly",
    "commerce.message",
    "commerce.shipping",
    "commerce.vero",
)
BY_REQUEST_ONLY = (
    "sell.cancellation",
    "sell.cancellation.read",
    "sell.return",
    "sell.return.read",
    "sell.inquiry",
    "sell.inquiry.read",
    "sell.listing.read",
)
"""Real scopes that eBay grants a keyset only after asking; refused at the start."""

KNOWN = frozenset(
    {
        "",
        *_BOTH,
        *(f"{name}.readonly" for name in _BOTH),
        *_SINGLE,
        *BY_REQUEST_ONLY,
    }
)


def full_scope(suffix: str) -> str:
    """``sell.inventory`` -> its full name; the empty suffix is the base scope."""
    return f"{BASE}/{suffix}" if suffix else BASE


def suffix_of(scope: str) -> str | None:
    """The suffix of a full scope name; None when it is no known scope."""
    if scope == BASE:
        return ""
    prefix, found, suffix = scope.partition(f"{BASE}/")
    return suffix if found and not prefix and suffix in KNOWN else None


def grantable(scopes: list[str], refused: list[str]) -> bool:
    """Whether a keyset that is refused some suffixes can be granted all of these."""
    suffixes = [suffix_of(scope) for scope in scopes]
    return None not in suffixes and not set(suffixes) & set(refused)
