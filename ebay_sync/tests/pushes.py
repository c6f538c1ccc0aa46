"""Pushes for tests: signed as eBay signs them, with a key of the test's own."""

import base64
import json
import uuid
from contextlib import contextmanager
from datetime import datetime, timezone
from unittest.mock import patch

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from odoo.tests import HttpCase

from odoo.addons.ebay_sync.ebay_api.errors import Rejected
from odoo.addons.ebay_sync.models.account import public_keys

KID = "9936261a-7d7b-4621-a0f1-96ccb428af49"
KEY = ec.generate_private_key(ec.SECP256R1())
PEM = (
    KEY.public_key()
    .public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    .decode()
    .replace("\n", "")
)


def ebay_time(moment=None):
    """A time as eBay writes it."""
    moment = moment or datetime.now(timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def push(topic, data, ref=None, happened_at=None, **changes):
    """The body of a push, in bytes."""
    document = {
        "metadata": {"topic": topic, "schemaVersion": "1.0", "deprecated": False},
        "notification": {
            "notificationId": ref or str(uuid.uuid4()),
            "eventDate": ebay_time(happened_at),
            "publishDate": ebay_time(happened_at),
            "publishAttemptCount": 1,
            "data": data,
        },
        **changes,
    }
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def order_push(order_ref, user_ref="SIMUSER1", **options):
    """eBay tells that an order was made."""
    data = {
        "user": {"userId": user_ref, "username": "seller"},
        "order": {"orderId": order_ref, "orderLineItems": []},
    }
    return push("ORDER_CONFIRMATION", data, **options)


def closing_push(username, user_ref="u-1", **options):
    """eBay tells that somebody closed the eBay account."""
    data = {"username": username, "userId": user_ref, "eiasToken": "nY+sHZ2PrBmd=="}
    return push("MARKETPLACE_ACCOUNT_DELETION", data, **options)


def signature(body, key=KEY, **changes):
    """The value of x-ebay-signature for a body."""
    fields = {
        "alg": "ecdsa",
        "kid": KID,
        "signature": base64.b64encode(key.sign(body, ec.ECDSA(hashes.SHA1()))).decode(),
        "digest": "SHA1",
        **changes,
    }
    return base64.b64encode(json.dumps(fields).encode()).decode()


class PushMixin:
    """An eBay that hands out the test's key; ``fetched`` are the ids asked for."""

    def setUp(self):
        super().setUp()
        self.fetched = []
        self.key_error = None
        public_keys._keys.clear()
        self.addCleanup(public_keys._keys.clear)

        def fetch(account, kid):
            self.fetched.append(kid)
            if self.key_error:
                raise self.key_error
            if kid != KID:
                raise Rejected("There is no such key", status=404)
            return {"key": PEM, "algorithm": "ECDSA", "digest": "SHA1"}

        self.startPatcher(
            patch.object(type(self.env["ebay.account"]), "_fetch_public_key", fetch)
        )
        if not isinstance(self, HttpCase):  # which has its transaction everywhere
            self.startPatcher(patch.object(public_keys, "_account", self._account_here))

    @contextmanager
    def _account_here(self, _database, account_id):
        yield self.env["ebay.account"].sudo().browse(account_id)

    def take(self, body, account=None):
        """Have a push verified and stored, as the controller does."""
        account = account or self.account
        flow = self.env["ebay.flow.notifications.in"]
        flow._receive(account.sudo(), body, signature(body))

    def pushes(self):
        """What is stored, oldest first."""
        return self.env["ebay.notification"].search(
            [("account_id", "=", self.account.id)], order="id"
        )
