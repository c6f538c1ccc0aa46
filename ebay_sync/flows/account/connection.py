"""How an account is connected: consent page -> code -> token -> who is it -> stored."""

import logging

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...ebay_api.errors import EbayError
from ...ebay_api.scopes import scopes_for
from ...mapping.reference.seller import map_seller
from ...mapping.values.dates import naive_utc
from ...vault import VaultError
from .fixed_tokens import FixedTokens

_logger = logging.getLogger(__name__)


class EbayConnection(models.AbstractModel):
    """Consent, exchange, identity; and the way back."""

    _name = "ebay.connection"
    _description = "eBay connection"

    @api.model
    def _wanted_scopes(self, account):
        """The scopes of the features that are on."""
        return scopes_for(account._features())

    @api.model
    def _consent_url(self, account):
        """eBay's consent page for this account and this user."""
        scopes = self._wanted_scopes(account)
        state = self.env["ebay.oauth.state"]._issue(account, scopes)
        language = (self.env.user.lang or "en_US").replace("_", "-")
        return account._oauth().consent_url(scopes, state, locale=language)

    @api.model
    def _finish(self, account, code, scopes, kept):
        """Exchange the code, ask eBay who the seller is, then store both.

        ``kept`` outlives a repetition of the same request: what a code was exchanged
        for is kept there. Raises ``ebay_api`` errors as they come, and UserError for
        another seller. Nothing is written before eBay has answered.
        """
        if code not in kept:
            kept[code] = account._oauth().exchange_code(code, scopes)
        token = kept[code]
        client = account._client(tokens=FixedTokens(token.access_token))
        seller = map_seller(client.identity.get_user())
        self._refuse_another(account, seller)
        self._bind(account, seller)
        self.env["ebay.token"]._store(account, "user", token)
        account.sudo().write(  # sudo: the caller has checked; this is eBay's answer
            {
                "state": "connected",
                "username": seller.username,
                "registration_marketplace": seller.marketplace,
                "granted_scopes": " ".join(token.scopes),
                "connected_at": account.connected_at or fields.Datetime.now(),
                "refresh_expires_at": naive_utc(token.refresh_expires_at),
                "consent_warned_days": 0,
                "connection_message": False,
            }
        )
        account._arm()
        self.env["ebay.issue"]._wake_troubled(account)
        account.activity_unlink(["mail.mail_activity_data_warning"])
        _logger.info("eBay account %s was connected", account.id)

    def _refuse_another(self, account, seller):
        if account.user_ref and account.user_ref != seller.user_ref:
            raise UserError(
                self.env._(
                    "This account belongs to the eBay seller %(expected)s, but the "
                    "consent came from %(actual)s. Sign in as %(expected)s, or create "
                    "a new account for the other seller.",
                    expected=account.username or account.user_ref,
                    actual=seller.username or seller.user_ref,
                )
            )
        twin = (
            self.env["ebay.account"]
            .sudo()  # another company's account counts as well
            .with_context(active_test=False)
            .search(
                [
                    ("id", "!=", account.id),
                    ("environment", "=", account.environment),
                    ("user_ref", "=", seller.user_ref),
                ],
                limit=1,
            )
        )
        if twin:
            raise self._twin_error(seller)

    def _bind(self, account, seller):
        """Assign the seller to the account; the last barrier against two at once."""
        account.sudo().user_ref = seller.user_ref  # sudo: eBay's answer
        try:
            account.flush_recordset(["user_ref"])
        except UniqueViolation:
            raise self._twin_error(seller) from None

    def _twin_error(self, seller):
        return UserError(
            self.env._(
                "The eBay seller %(seller)s is already connected to another "
                "account. A seller can have only one account here, otherwise "
                "orders would be imported twice.",
                seller=seller.username or seller.user_ref,
            )
        )

    @api.model
    def _try_again(self, account):
        """Ask eBay for a token once more; connected again if there is one.

        For what was fixed elsewhere: a restored key, a corrected client secret.
        """
        try:
            token = account._oauth().refresh(
                self.env["ebay.secret"]._get(account, "refresh_token") or "",
                scopes=account._granted_scopes(),
            )
        except (EbayError, VaultError) as error:
            raise UserError(str(error)) from error
        self.env["ebay.token"]._store(account, "user", token)
        # sudo: the caller has checked; this is eBay's answer
        account.sudo().write({"state": "connected", "connection_message": False})
        self.env["ebay.issue"]._wake_troubled(account)

    @api.model
    def _disconnect(self, account):
        """Give the consent back at eBay, best effort, and forget the tokens here."""
        refresh_token = None
        try:
            refresh_token = self.env["ebay.secret"]._get(account, "refresh_token")
            if refresh_token:
                account._oauth().revoke(refresh_token)
        except (EbayError, VaultError) as error:
            _logger.info("eBay account %s: revoking failed: %s", account.id, error)
        self.env["ebay.secret"]._set(account, "refresh_token", None)
        self.env["ebay.token"].sudo().search([("account_id", "=", account.id)]).unlink()
        account.sudo().write(  # sudo: the caller has checked
            {
                "state": "draft",
                "granted_scopes": False,
                "refresh_expires_at": False,
                "connection_message": False,
            }
        )
