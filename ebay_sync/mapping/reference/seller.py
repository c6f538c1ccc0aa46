"""Who an eBay account belongs to."""

from dataclasses import dataclass
from typing import Any

from ..values.errors import MappingError


@dataclass(frozen=True)
class Seller:
    """The user behind a token (Identity API, getUser).

    ``user_ref`` never changes and is the account's key; ``username`` may change.
    """

    user_ref: str
    username: str
    account_type: str
    marketplace: str
    status: str


def map_seller(document: dict[str, Any]) -> Seller:
    """Read the answer of getUser. Raises MappingError without a user id."""
    user_ref = document.get("userId")
    if not isinstance(user_ref, str) or not user_ref.strip():
        raise MappingError("$.userId", user_ref, "the seller's id is missing")
    return Seller(
        user_ref=user_ref.strip(),
        username=_text(document.get("username")),
        account_type=_text(document.get("accountType")),
        marketplace=_text(document.get("registrationMarketplaceId")),
        status=_text(document.get("status")),
    )


def _text(value: object) -> str:
    return value.strip()[:255] if isinstance(value, str) else ""
