"""Access tokens in a table of their own.

They are rewritten every two hours. A system parameter would clear that cache in every
worker each time, and a reader would see the cache and not the row that the lock
protects.
"""

from odoo import api, fields, models
from odoo.tools import SQL

from ...compat import sql_constraints
from ...mapping.values.dates import naive_utc
from ...vault import encrypt

KINDS = [("user", "Seller"), ("app", "Application")]


class EbayToken(models.Model):
    """One row per account and kind; locked while it is refreshed."""

    _name = "ebay.token"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay access token"
    _log_access = False
    _people_set = {}

    locals().update(
        sql_constraints(
            account_kind_uniq=(
                "UNIQUE(account_id, kind)",
                "An account can have only one token of each kind.",
            )
        )
    )

    account_id = fields.Many2one("ebay.account", required=True, ondelete="cascade")
    kind = fields.Selection(KINDS, required=True)
    access_token = fields.Char(copy=False, groups="base.group_system")
    expires_at = fields.Datetime(copy=False)
    refused_at = fields.Datetime(
        copy=False, help="Since when eBay has been refusing the refresh token."
    )
    refused_reason = fields.Char(copy=False)

    @api.model
    def _ensure(self, account):
        """Create the account's missing rows."""
        self.env.cr.execute(
            SQL(
                "INSERT INTO ebay_token (account_id, kind) VALUES (%s, 'user'), "
                "(%s, 'app') ON CONFLICT DO NOTHING",
                account.id,
                account.id,
            ),
            log_exceptions=False,  # another worker making them is no error
        )

    @api.model
    def _locked(self, account, kind):
        """Token, end and refusal of a row, locked; None where there is no row yet."""
        self.env.cr.execute(
            SQL(
                "SELECT access_token, expires_at, refused_reason FROM ebay_token "
                "WHERE account_id = %s AND kind = %s FOR UPDATE",
                account.id,
                kind,
            ),
            log_exceptions=False,  # the caller looks again if another worker was faster
        )
        return self.env.cr.fetchone()

    @api.model
    def _of(self, account, kind):
        """The account's row of a kind, empty where there is none."""
        # sudo: nobody has rights on tokens but the system
        return self.sudo().search(
            [("account_id", "=", account.id), ("kind", "=", kind)]
        )

    @api.model
    def _refuse(self, account, reason):
        """Remember that eBay refuses the refresh token, so that eBay is asked once."""
        self._of(account, "user").write(
            {"refused_at": fields.Datetime.now(), "refused_reason": reason[:500]}
        )

    @api.model
    def _store(self, account, kind, token):
        """Write a fresh ``ebay_api.oauth.Token`` to the row, and its refresh token."""
        self._ensure(account)
        self._of(account, kind).write(
            {
                "access_token": encrypt(token.access_token),
                "expires_at": naive_utc(token.expires_at),
                "refused_at": False,
                "refused_reason": False,
            }
        )
        if kind == "user" and token.refresh_token:
            self.env["ebay.secret"]._set(account, "refresh_token", token.refresh_token)
