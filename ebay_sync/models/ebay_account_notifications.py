"""The account's side of eBay's pushes: their keys, their set-up, the test."""

from datetime import datetime, timezone

from odoo import SUPERUSER_ID, api, fields, models
from odoo.modules.registry import Registry

from ..ebay_api.signature import KeyCache
from ..ebay_api.transport import Transport
from .ebay_account_tokens import AccountTokens

# eBay waits for the answer to its push meanwhile.
KEY_TIMEOUT = (2.0, 3.0)

# eBay's public keys in this process, per database, account and eBay.
_keys = {}


class EbayAccount(models.Model):
    _inherit = "ebay.account"

    notification_ids = fields.One2many("ebay.notification", "account_id")
    notification_test_at = fields.Datetime("Test asked for", readonly=True, copy=False)
    notification_test_came_at = fields.Datetime(
        "Test arrived", readonly=True, copy=False
    )

    @api.private
    def _flow_may_run(self, flow):
        """Duties towards eBay's users do not end with the connection."""
        return flow._flow_always or super()._flow_may_run(flow)

    # -- eBay's public keys ------------------------------------------------------

    @api.private
    def _public_keys(self):
        """eBay's public keys, as this process has them."""
        database, account_id = self.env.cr.dbname, self.id
        name = (database, account_id, self._hosts().api)
        if name not in _keys:
            _keys[name] = KeyCache(
                lambda kid: _fetch_key(database, account_id, kid),
                clock=lambda: datetime.now(timezone.utc),
            )
        return _keys[name]

    @api.private
    def _fetch_public_key(self, kid):
        """Ask eBay for a key, in a few seconds or not at all."""
        _budget, breaker = self._gate()
        transport = Transport(timeout=KEY_TIMEOUT, breaker=breaker)
        client = self._client(
            tokens=AccountTokens(self, transport), transport=transport
        )
        return client.notification.get_public_key(kid)

    # -- test --------------------------------------------------------------------

    @api.private
    def _takes_test(self, notification):
        """Whether a push is the answer to the test button; it is then put down."""
        asked, came = self.notification_test_at, self.notification_test_came_at
        if not asked or came or notification.received_at < asked:
            return False
        self.notification_test_came_at = notification.received_at
        return True


def _fetch_key(database, account_id, kid):
    """Fetch on a cursor of its own: the cache outlives every request."""
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        return env["ebay.account"].browse(account_id)._fetch_public_key(kid)
