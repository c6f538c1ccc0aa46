"""Where eBay sends the browser back to after the consent page."""

import logging
import re

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from ..ebay_api.errors import AuthError, EbayError
from ..mapping.values.errors import MappingError

_logger = logging.getLogger(__name__)

MAX_STATE = 2048
MAX_CODE = 4096
ACCOUNT_ID = re.compile(r"[0-9]{1,9}")
MAX_WORDS = 300
INVALID_SCOPE = "invalid_scope"  # eBay's word for a permission it does not give
# Who declines comes back without a code; eBay does not document what else it sends
# then, OAuth has this word for it (RFC 6749, 4.1.2.1).
DECLINED = ("", "access_denied")


class EbayOauthController(http.Controller):
    """The accept and decline address behind the RuName."""

    _callback_url = "/ebay/oauth/callback"
    _without_options_url = "/ebay/oauth/without_options"

    @http.route(_callback_url, type="http", auth="user", methods=["GET"])
    def callback(self, state="", code="", error="", error_description="", **_kwargs):
        """Finish a consent, or say in plain words why not."""
        words = f"{error}: {error_description}" if error_description else error
        return self._page(*self._outcome(state[:MAX_STATE], code, error, words))

    @http.route(_without_options_url, type="http", auth="user", methods=["POST"])
    def without_options(self, account_id="", **_kwargs):
        """Switch the optional features off and go to a fresh consent page."""
        known = ACCOUNT_ID.fullmatch(account_id)
        account = request.env["ebay.account"].browse(int(account_id) if known else 0)
        try:
            account = account.exists()
            account.ensure_one()
            action = account.action_connect_without_options()
        except (AccessError, ValueError):
            return self._page(None, "foreign", None)
        except UserError as problem:
            return self._page(account, "failed", str(problem))
        return request.redirect(action["url"], local=False)

    def _page(self, account, outcome, detail):
        return request.render(
            "ebay_sync.oauth_result",
            {
                "account": account,
                "outcome": outcome,
                "detail": detail,
                "without_options_url": self._without_options_url,
            },
            headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
            status=200 if outcome == "connected" else 400,
        )

    def _outcome(self, state, code, error, words):
        if not state and not code and error in DECLINED:
            return None, "declined", None
        row, reason = request.env["ebay.oauth.state"]._redeem(state)
        if reason:
            return None, reason, None
        account = row.account_id.with_user(request.env.user)
        scopes = (row.scopes or "").split()
        row.unlink()
        try:
            account.check_access("write")
        except AccessError:
            return None, "foreign", None
        if error == INVALID_SCOPE:
            return account, "scope", None
        if error not in DECLINED:
            return account, "failed", request.env._("eBay: %s", words[:MAX_WORDS])
        if error or not code:
            return account, "declined", None
        if len(code) > MAX_CODE:
            return account, "failed", request.env._("The code is too long.")
        return self._finish(account, code, scopes)

    def _finish(self, account, code, scopes):
        # Odoo repeats a request that collides with another; eBay's code works once
        kept = request.httprequest.environ.setdefault("ebay_sync.tokens", {})
        try:
            with request.env.cr.savepoint():
                request.env["ebay.connection"]._finish(account, code, scopes, kept)
        except (EbayError, MappingError, UserError) as problem:
            _logger.info("eBay account %s was not connected: %s", account.id, problem)
            if isinstance(problem, AuthError) and problem.has(INVALID_SCOPE):
                return account, "scope", str(problem)
            return account, "failed", str(problem)
        return account, "connected", None
