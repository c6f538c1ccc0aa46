"""An eBay that takes destinations and subscriptions, for tests."""

from odoo.addons.ebay_sync.ebay_api.errors import ErrorDetail, Rejected


class _Created(dict):
    def __init__(self, created_id):
        super().__init__()
        self.created_id = created_id


def refusal(error_id, status=409):
    """eBay's refusal with one of its error ids."""
    detail = ErrorDetail(error_id, f"eBay's words for {error_id}")
    return Rejected(f"eBay's words for {error_id}", status=status, errors=[detail])


class FakeNotification:
    """What ``client.notification`` does, on dictionaries; ``calls`` are the writes."""

    def __init__(self):
        self.email = None
        self.destinations = {}
        self.subscriptions = {True: {}, False: {}}
        self.topics = {
            "ORDER_CONFIRMATION": ("USER", ["1.0", "1.10", "1.9"]),
            "AUTHORIZATION_REVOCATION": ("APPLICATION", ["1.0"]),
            "ORDER_RETURN_ACTIVITY": ("USER", ["1.0"]),
        }
        self.refused = {}
        self.calls = []
        self.keys = {}
        self.count = 0

    def _write(self, name, *facts):
        self.calls.append((name, *facts))
        if name in self.refused:
            raise self.refused[name]

    def _new(self, kind):
        self.count += 1
        return f"{kind}-{self.count}"

    def get_config(self):
        """The alert e-mail; 195026 while there is none."""
        if not self.email:
            raise refusal("195026", 404)
        return {"alertEmail": self.email}

    def update_config(self, config):
        """Set the alert e-mail."""
        self._write("updateConfig", config["alertEmail"])
        self.email = config["alertEmail"]

    def destination_pages(self):
        """One page."""
        yield {"destinations": list(self.destinations.values())}

    def get_destination(self, ref):
        """One of them; 195022 for an unknown one."""
        if ref not in self.destinations:
            raise refusal("195022", 404)
        return self.destinations[ref]

    def create_destination(self, document):
        """A new one."""
        self._write("createDestination", document["deliveryConfig"]["endpoint"])
        ref = self._new("destination")
        self.destinations[ref] = {"destinationId": ref, **document}
        return _Created(ref)

    def update_destination(self, ref, document):
        """Another address, token or status."""
        self._write("updateDestination", ref, document["status"])
        self.destinations[ref] = {"destinationId": ref, **document}

    def topic_pages(self):
        """What the keyset may see."""
        yield {
            "topics": [
                {
                    "topicId": name,
                    "scope": scope,
                    "supportedPayloads": [
                        {"schemaVersion": version, "deprecated": False}
                        for version in versions
                    ],
                }
                for name, (scope, versions) in self.topics.items()
            ]
        }

    def subscription_pages(self, *, as_user=False):
        """Those of the seller, or of the application."""
        yield {"subscriptions": list(self.subscriptions[as_user].values())}

    def create_subscription(self, document, *, as_user=False):
        """A new one; 195012 when there is one of the topic."""
        topic = document["topicId"]
        self._write("createSubscription", topic, document["payload"]["schemaVersion"])
        there = {one["topicId"] for one in self.subscriptions[as_user].values()}
        if topic in there:
            raise refusal("195012")
        ref = self._new("subscription")
        self.subscriptions[as_user][ref] = {"subscriptionId": ref, **document}
        return _Created(ref)

    def update_subscription(self, ref, document, *, as_user=False):
        """Another destination or status."""
        self._write("updateSubscription", ref)
        self.subscriptions[as_user][ref] = {"subscriptionId": ref, **document}

    def delete_subscription(self, ref, *, as_user=False):
        """Gone."""
        self._write("deleteSubscription", ref)
        del self.subscriptions[as_user][ref]

    def test_subscription(self, ref, *, as_user=False):
        """A sample is on its way."""
        self._write("testSubscription", ref)

    def get_public_key(self, kid):
        """A key that eBay signs with; 404 for another one."""
        if "getPublicKey" in self.refused:
            raise self.refused["getPublicKey"]
        if kid not in self.keys:
            raise Rejected("There is no such key", status=404)
        return {"key": self.keys[kid]}
