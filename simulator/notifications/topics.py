"""The topics a seller's application can subscribe to.

Source: eBay's topic catalogue of autumn 2026. ``scope`` APPLICATION takes an
application token, USER the seller's token with the topic's scopes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..scopes import full_scope

SUBSCRIPTION = "commerce.notification.subscription"
ACCOUNT_DELETION = "MARKETPLACE_ACCOUNT_DELETION"
REVOCATION = "AUTHORIZATION_REVOCATION"
ORDER_CONFIRMATION = "ORDER_CONFIRMATION"
CANCELLATION = "ORDER_CANCELLATION_ACTIVITY"
RETURN = "ORDER_RETURN_ACTIVITY"


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic; ``scopes`` are suffixes beside the subscription scope."""

    topic_id: str
    description: str
    context: str
    scope: str = "USER"
    scopes: tuple[str, ...] = ()
    versions: tuple[str, ...] = ("1.0",)

    def needed(self) -> tuple[str, ...]:
        """Suffixes a token must all have."""
        return ("",) if self.scope == "APPLICATION" else (SUBSCRIPTION, *self.scopes)

    def document(self) -> dict[str, Any]:
        """eBay's Topic."""
        return {
            "topicId": self.topic_id,
            "description": self.description,
            "authorizationScopes": [full_scope(one) for one in self.needed()],
            "status": "ENABLED",
            "context": self.context,
            "scope": self.scope,
            "filterable": False,
            "supportedPayloads": [
                {
                    "format": ["JSON"],
                    "schemaVersion": version,
                    "deliveryProtocol": "HTTPS",
                    "deprecated": False,
                }
                for version in self.versions
            ],
        }


TOPICS = {
    topic.topic_id: topic
    for topic in (
        Topic(
            ACCOUNT_DELETION, "A user closed the account.", "COMMERCE", "APPLICATION"
        ),
        Topic(REVOCATION, "A consent was revoked.", "COMMERCE", "APPLICATION"),
        Topic(
            ORDER_CONFIRMATION,
            "An order was placed.",
            "SELL",
            scopes=("sell.fulfillment",),
            versions=("1.0", "1.1"),
        ),
        Topic(
            CANCELLATION,
            "An order's cancellation moved on.",
            "SELL",
            scopes=("sell.cancellation.read",),
        ),
        Topic(RETURN, "A return moved on.", "SELL", scopes=("sell.return.read",)),
        Topic(
            "ORDER_INQUIRY_ACTIVITY",
            "An item-not-received inquiry moved on.",
            "SELL",
            scopes=("sell.inquiry.read",),
        ),
        Topic(
            "LISTING",
            "A listing was created, updated or ended.",
            "SELL",
            scopes=("sell.listing.read",),
        ),
        Topic(
            "ITEM_MARKED_SHIPPED",
            "An item was marked as shipped.",
            "COMMERCE",
            scopes=("commerce.shipping",),
        ),
        Topic(
            "FEEDBACK_RECEIVED",
            "Feedback was received.",
            "COMMERCE",
            scopes=("commerce.feedback.readonly",),
        ),
        Topic(
            "NEW_MESSAGE", "A message came.", "COMMERCE", scopes=("commerce.message",)
        ),
    )
}
