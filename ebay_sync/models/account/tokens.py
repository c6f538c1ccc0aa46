"""Who hands an account's access tokens to its client."""

import logging
from datetime import datetime, timedelta, timezone

from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

from ...ebay_api.errors import AuthError, Transient
from ...mapping.values.dates import naive_utc
from ...vault import VaultError, decrypt

_logger = logging.getLogger(__name__)

# A token is renewed this long before it ends: more than any request may take.
MARGIN = timedelta(minutes=5)
LOCK_TIMEOUT = "3s"  # for callers in a hurry
# How often a caller that waited for the lock looks again before it is an error.
LOOKS = 5


class AccountTokens:
    """Hands out valid tokens; renews them under a row lock on a cursor of its own.

    Its own cursor, committed at once: the new token must outlive a rollback of the
    caller, and two workers must end up with one refresh. The row is read again after
    the lock is held. With a ``transport`` of its own (short time-outs) it does not wait
    long for another worker either.
    """

    def __init__(self, account, transport=None):
        self.account = account
        self.transport = transport
        self.held = {}

    def user_token(self):
        """A seller token that holds for at least a few minutes. Raises AuthError."""
        return self._token("user")

    def app_token(self):
        """An application token. Raises AuthError."""
        return self._token("app")

    def renew(self, kind, rejected):
        """A token other than ``rejected``, which eBay just refused."""
        return self._token(kind, rejected)

    def _token(self, kind, rejected=None):
        token, expires_at = self.held.get(kind, (None, None))
        if token and token != rejected and _holds(expires_at):
            return token
        token, expires_at, refusal = self._looked_up(kind, rejected)
        if refusal:
            raise refusal  # after the commit, so that the refusal is remembered
        self.held[kind] = (token, expires_at)
        return token

    def _looked_up(self, kind, rejected):
        """The row's token, or a fresh one.

        A transaction that waited for the lock still sees the row as it was before, and
        PostgreSQL refuses to lock that: a new transaction sees what the other worker
        has stored.
        """
        for _look in range(LOOKS):
            try:
                with self.account.env.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    return self._locked(env, kind, rejected)
            except LockNotAvailable:
                break
            except SerializationFailure:
                _logger.debug("Another worker renewed the token; looking again")
        raise Transient("Another worker is renewing the token")

    def _locked(self, env, kind, rejected):
        """Hold the row of the token, so that only one worker renews it."""
        account = env["ebay.account"].browse(self.account.id)
        if self.transport:
            env.cr.execute(SQL("SET LOCAL lock_timeout = %s", LOCK_TIMEOUT))
        row = env["ebay.token"]._locked(account, kind)
        if row is None:
            env["ebay.token"]._ensure(account)
            row = env["ebay.token"]._locked(account, kind)
        stored, expires_at, refused = row
        if refused:
            return None, None, AuthError(refused, refreshable=False)
        token = _readable(stored)
        if token and token != rejected and _holds(expires_at):
            return token, expires_at, None
        try:
            fresh = self._fetch(account, kind)
        except AuthError as error:
            if kind == "user" and not error.refreshable:
                env["ebay.token"]._refuse(account, str(error))
            return None, None, error
        env["ebay.token"]._store(account, kind, fresh)
        return fresh.access_token, naive_utc(fresh.expires_at), None

    def _fetch(self, account, kind):
        oauth = account._oauth(transport=self.transport)
        if kind == "app":
            return oauth.app_token()
        try:
            refresh_token = account.env["ebay.secret"]._get(account, "refresh_token")
        except VaultError as error:
            raise AuthError(str(error), refreshable=False) from error
        if not refresh_token:
            raise AuthError("The account is not connected to eBay.", refreshable=False)
        _logger.info("eBay account %s: the access token is refreshed", account.id)
        return oauth.refresh(refresh_token, scopes=account._granted_scopes())


def _readable(stored):
    """The stored access token, or None: one that cannot be read is fetched again."""
    try:
        return decrypt(stored) if stored else None
    except VaultError:
        return None


def _holds(expires_at):
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    return bool(expires_at) and expires_at - MARGIN > now
