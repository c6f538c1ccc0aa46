"""Notification API: alert address, destinations, topics, subscriptions, keys."""

from collections.abc import Iterator

from .api import Api
from .documents import Json, Reply
from .paths import path

LARGEST_PAGE = 100


class Notification(Api):
    """commerce/notification/v1.

    Config, destinations, topics and keys want the application's token. Subscriptions to
    topics of scope APPLICATION want it too; topics of scope USER want the
    seller's token (`as_user=True`) with commerce.notification.subscription.
    """

    api = "notification"
    acts_as = "app"

    def get_config(self) -> Reply:
        """`alertEmail`; `Rejected` with 195026 when none is set.

        eBay: getConfig
        """
        return self._get("getConfig", "/config")

    def update_config(self, config: Json) -> Reply:
        """Sets `alertEmail`; needed before destinations and subscriptions.

        eBay: updateConfig
        """
        return self._write("updateConfig", "PUT", "/config", config)

    def destination_pages(self, limit: int = LARGEST_PAGE) -> Iterator[Reply]:
        """All pages of webhook destinations.

        eBay: getDestinations
        """
        return self._token_pages(
            "getDestinations", "/destination", "destinations", limit
        )

    def get_destination(self, destination_id: str) -> Reply:
        """One destination, with its `status` (eBay may set MARKED_DOWN).

        eBay: getDestination
        """
        where = path("/destination/{destination_id}", destination_id=destination_id)
        return self._get("getDestination", where)

    def create_destination(self, destination: Json) -> Reply:
        """Registers a webhook address; eBay challenges it during this very call.

        `destination`: `name`, `status`, `deliveryConfig` with `endpoint` and
        `verificationToken`. `created_id` is the destination's id.

        eBay: createDestination
        """
        return self._write("createDestination", "POST", "/destination", destination)

    def update_destination(self, destination_id: str, destination: Json) -> Reply:
        """Replaces a destination (and challenges it again).

        eBay: updateDestination
        """
        where = path("/destination/{destination_id}", destination_id=destination_id)
        return self._write("updateDestination", "PUT", where, destination)

    def delete_destination(self, destination_id: str) -> Reply:
        """Removes a disabled destination.

        eBay: deleteDestination
        """
        where = path("/destination/{destination_id}", destination_id=destination_id)
        return self._write("deleteDestination", "DELETE", where)

    def topic_pages(self, limit: int = LARGEST_PAGE) -> Iterator[Reply]:
        """All pages of topics this keyset may see.

        eBay: getTopics
        """
        return self._token_pages("getTopics", "/topic", "topics", limit)

    def get_topic(self, topic_id: str) -> Reply:
        """One topic: `scope`, `authorizationScopes`, `supportedPayloads`.

        eBay: getTopic
        """
        return self._get("getTopic", path("/topic/{topic_id}", topic_id=topic_id))

    def subscription_pages(
        self, limit: int = LARGEST_PAGE, *, as_user: bool = False
    ) -> Iterator[Reply]:
        """All pages of subscriptions that belong to this token.

        eBay: getSubscriptions
        """
        return self._token_pages(
            "getSubscriptions",
            "/subscription",
            "subscriptions",
            limit,
            acts_as=_role(as_user),
        )

    def get_subscription(self, subscription_id: str, *, as_user: bool = False) -> Reply:
        """One subscription.

        eBay: getSubscription
        """
        return self._get(
            "getSubscription", _subscription(subscription_id), acts_as=_role(as_user)
        )

    def create_subscription(
        self, subscription: Json, *, as_user: bool = False
    ) -> Reply:
        """Subscribes to a topic; `created_id` is the subscription's id.

        eBay: createSubscription
        """
        return self._write(
            "createSubscription",
            "POST",
            "/subscription",
            subscription,
            acts_as=_role(as_user),
        )

    def update_subscription(
        self, subscription_id: str, subscription: Json, *, as_user: bool = False
    ) -> Reply:
        """Changes status, payload or destination of a subscription.

        eBay: updateSubscription
        """
        where = _subscription(subscription_id)
        return self._write(
            "updateSubscription", "PUT", where, subscription, acts_as=_role(as_user)
        )

    def enable_subscription(
        self, subscription_id: str, *, as_user: bool = False
    ) -> Reply:
        """Switches a subscription on.

        eBay: enableSubscription
        """
        where = f"{_subscription(subscription_id)}/enable"
        return self._write(
            "enableSubscription",
            "POST",
            where,
            {},
            acts_as=_role(as_user),
            repeatable=True,
        )

    def disable_subscription(
        self, subscription_id: str, *, as_user: bool = False
    ) -> Reply:
        """Switches a subscription off.

        eBay: disableSubscription
        """
        where = f"{_subscription(subscription_id)}/disable"
        return self._write(
            "disableSubscription",
            "POST",
            where,
            {},
            acts_as=_role(as_user),
            repeatable=True,
        )

    def delete_subscription(
        self, subscription_id: str, *, as_user: bool = False
    ) -> Reply:
        """Ends a subscription.

        eBay: deleteSubscription
        """
        return self._write(
            "deleteSubscription",
            "DELETE",
            _subscription(subscription_id),
            acts_as=_role(as_user),
        )

    def test_subscription(
        self, subscription_id: str, *, as_user: bool = False
    ) -> Reply:
        """Makes eBay send a sample notification to the destination.

        eBay: testSubscription
        """
        where = f"{_subscription(subscription_id)}/test"
        return self._write(
            "testSubscription", "POST", where, {}, acts_as=_role(as_user)
        )

    def get_public_key(self, public_key_id: str) -> Reply:
        """The key that signed a notification: `key`, `algorithm`, `digest`.

        Keep it for about an hour; never ask per message.

        eBay: getPublicKey
        """
        where = path("/public_key/{public_key_id}", public_key_id=public_key_id)
        return self._get("getPublicKey", where, needs_text="key")


def _subscription(subscription_id: str) -> str:
    return path("/subscription/{subscription_id}", subscription_id=subscription_id)


def _role(as_user: bool) -> str:
    return "user" if as_user else "app"
