"""Which consent each feature needs. Source: the `security` entries of eBay's OpenAPI
documents; notification topics from the topic documents.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

APP_SCOPE = "https://api.ebay.com/oauth/api_scope"
_PREFIX = f"{APP_SCOPE}/"


def scope(name: str) -> str:
    """The full scope for its short name: ``sell.inventory`` -> https://..."""
    return f"{_PREFIX}{name}" if name else APP_SCOPE


# Feature -> scopes of the seller's consent. Scope names are the same in the sandbox.
FEATURE_SCOPES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "identity": (scope("commerce.identity.readonly"),),
        "orders": (scope("sell.fulfillment"),),
        "orders_read": (scope("sell.fulfillment.readonly"),),
        "listings": (scope("sell.inventory"),),
        "listings_read": (scope("sell.inventory.readonly"),),
        "account": (scope("sell.account"),),
        "account_read": (scope("sell.account.readonly"),),
        "refunds": (scope("sell.finances"),),
        "payment_disputes": (scope("sell.payment.dispute"),),
        "notifications": (scope("commerce.notification.subscription"),),
        # Granted to selected keysets only: consent fails with invalid_scope otherwise.
        "cancellation_topics": (scope("sell.cancellation.read"),),
        "return_topics": (scope("sell.return.read"),),
        "inquiry_topics": (scope("sell.inquiry.read"),),
    }
)

# What a connected account asks for unless specified otherwise.
DEFAULT_FEATURES = (
    "identity",
    "orders",
    "listings",
    "account",
    "refunds",
    "notifications",
)


def scopes_for(features: Iterable[str] = DEFAULT_FEATURES) -> tuple[str, ...]:
    """The scopes for these features, the base scope first, each once.

    Raises KeyError for a feature that is not in `FEATURE_SCOPES`.
    """
    wanted = [APP_SCOPE]
    for feature in features:
        wanted.extend(FEATURE_SCOPES[feature])
    return tuple(dict.fromkeys(wanted))
