import secrets
import time

from odoo import api, fields, models
from odoo.tools.misc import hash_sign, verify_hash_signed

from ...compat import try_lock

SCOPE = "ebay_sync-oauth"
VALID_SECONDS = 3600


class EbayOauthState(models.TransientModel):
    """One consent that is under way: who asked, for which account, until when.

    eBay hands the state back with the code. It is signed, expires, is used up by the
    first callback, and is good for the user who pressed Connect and for no other.
    """

    _name = "ebay.oauth.state"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay consent under way"
    _transient_max_hours = 2
    _people_set = {}

    account_id = fields.Many2one("ebay.account", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    nonce = fields.Char(required=True)
    scopes = fields.Char(help="The scopes asked for, separated by spaces.")

    @api.model
    def _issue(self, account, scopes):
        """Start a consent; returns the text for the ``state`` parameter."""
        row = self.sudo().create(
            {
                "account_id": account.id,
                "user_id": self.env.uid,
                "nonce": secrets.token_urlsafe(24),
                "scopes": " ".join(scopes),
            }
        )
        # The expiry is part of what is signed, so that an old state can be told
        # from a forged one.
        expiry = int(time.time()) + VALID_SECONDS
        return hash_sign(
            self.sudo().env, SCOPE, [row.id, row.nonce, self.env.uid, expiry]
        )

    @api.model
    def _redeem(self, state):
        """The row that belongs to ``state``, locked, or why there is none.

        Returns ``(row, None)`` or ``(None, reason)``; reason is one of ``forged``,
        ``foreign``, ``used`` and ``expired``. The caller removes the row.
        """
        try:
            values = verify_hash_signed(self.sudo().env, SCOPE, state or "")
        except Exception:  # malformed in any way: base64, utf-8, json, version
            values = None
        if values is None:
            return None, "forged"
        row_id, nonce, uid, expiry = values
        if uid != self.env.uid:
            return None, "foreign"
        if expiry < time.time():
            return None, "expired"
        row = try_lock(self.sudo().browse(row_id).exists())
        if not row or row.nonce != nonce:
            return None, "used"
        return row, None
