"""Where eBay sends the browser back to after the consent page."""

import logging

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from ..ebay_api.errors import EbayError
from ..mapping.errors import MappingError

_logger = logging.getLogger(__name__)

MAX_STATE = 2048
MAX_CODE = 4096


class EbayOauthController(http.Controller):
    """The accept and decline address behind the RuName."""

    _callback_url = "/ebay/oauth/callback"

    @http.route(_callback_url, type="http", auth="user", methods=["GET"])
    def callback(self, state="", code="", error="", **_kwargs):
        """Finish a consent, or say in plain words why not."""
        account, outcome, detail = self._outcome(state[:MAX_STATE], code, error)
        return request.render(
            "ebay_sync.oauth_result",
            {"account": account, "outcome": outcome, "detail": detail},
            headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
            status=200 if outcome == "connected" else 400,
        )

    def _outcome(self, state, code, error):
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
        if error or not code:
            return account, "declined", None
        if len(code) > MAX_CODE:
            return account, "failed", request.env._("The code is too long.")
        try:
            with request.env.cr.savepoint():
                request.env["ebay.connection"]._finish(account, code, scopes)
        except (EbayError, MappingError, UserError) as problem:
            _logger.info("eBay account %s was not connected: %s", account.id, problem)
            return account, "failed", str(problem)
        return account, "connected", None
