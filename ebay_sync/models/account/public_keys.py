"""eBay's public keys: in this process, and behind it in the database."""

import logging
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

from odoo import SUPERUSER_ID, api, fields, models
from odoo.modules.registry import Registry

from ...compat import CONCURRENCY
from ...ebay_api.errors import RateLimited, Rejected, Transient
from ...ebay_api.signature import KeyCache
from ...ebay_api.transport import Transport
from .tokens import AccountTokens

_logger = logging.getLogger(__name__)

# eBay waits for the answer to its push meanwhile.
KEY_TIMEOUT = (2.0, 3.0)
# Renewed in the background when they are older: below the hour that eBay advises.
RENEW_AFTER = timedelta(minutes=20)

# eBay's public keys in this process, per database and account.
_keys = {}


class EbayAccount(models.Model):
    _inherit = "ebay.account"

    def _public_keys(self):
        """eBay's public keys, as this process has them."""
        database, account_id = self.env.cr.dbname, self.id
        name = (database, account_id)
        if name not in _keys:
            _keys[name] = KeyCache(
                lambda kid: _fetch_key(database, account_id, kid),
                clock=lambda: datetime.now(timezone.utc),
                shelf=KeyShelf(database, account_id),
            )
        return _keys[name]

    def _fetch_public_key(self, kid):
        """Ask eBay for a key, in a few seconds or not at all."""
        _budget, breaker = self._gate()
        transport = Transport(timeout=KEY_TIMEOUT, breaker=breaker)
        client = self._client(
            tokens=AccountTokens(self, transport), transport=transport
        )
        return client.notification.get_public_key(kid)

    def _stored_public_keys(self):
        return self.env["ebay.public.key"]._of(self._hosts().api)

    def _renew_public_keys(self, client):
        """Have eBay confirm the stored keys, so that no push has to wait for that.

        What eBay does not know any more goes; while it does not answer, all stay.
        """
        Key, host = self.env["ebay.public.key"], self._hosts().api
        limit = fields.Datetime.now() - RENEW_AFTER
        for row in self._stored_public_keys():
            if row.confirmed_at > limit:
                continue
            try:
                reply = client.notification.get_public_key(row.key_ref)
            except Rejected:
                Key._drop(host, row.key_ref)
            except (RateLimited, Transient) as error:
                _logger.info("eBay's public key was not renewed: %s", error)
                return
            else:
                Key._keep(host, row.key_ref, reply["key"])


class KeyShelf:
    """The database behind a process's ``KeyCache``, on cursors of their own: what is
    learned outlives the request, and whoever forges pushes holds up no other."""

    def __init__(self, database, account_id):
        self.database = database
        self.account_id = account_id
        self.used_up = None  # the minute in which no more may be asked

    def load(self):
        """``{id: (text, when eBay confirmed it)}`` of all keys that are stored."""
        with self._account() as account:
            return {
                row.key_ref: (
                    row.key_text,
                    row.confirmed_at.replace(tzinfo=timezone.utc),
                )
                for row in account._stored_public_keys()
            }

    def keep(self, kid, text):
        """Store a key that eBay handed out just now."""
        self._quietly("_keep", kid, text)

    def drop(self, kid):
        """Forget a key that eBay does not know any more."""
        self._quietly("_drop", kid)

    def may_ask(self, now):
        """Whether eBay may be asked for an id that nobody knows.

        Costs a statement while there is room in this minute, and nothing after that.
        """
        minute = int(now.timestamp() // 60)
        if self.used_up == minute:
            return False
        allowed = self._quietly("_may_ask", minute)
        if not allowed:
            self.used_up = minute
        return allowed

    def _quietly(self, method, *values):
        """What another worker does at the same time need not be done."""
        try:
            with self._account() as account:
                Key = account.env["ebay.public.key"]
                return getattr(Key, method)(account._hosts().api, *values)
        except CONCURRENCY:
            return False

    def _account(self):
        return _account(self.database, self.account_id)


@contextmanager
def _account(database, account_id):
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        yield env["ebay.account"].browse(account_id)


def _fetch_key(database, account_id, kid):
    """Fetch on a cursor of its own: the cache outlives every request."""
    with _account(database, account_id) as account:
        return account._fetch_public_key(kid)
