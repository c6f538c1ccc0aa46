"""What eBay calls: the challenge that proves the webhook address is ours."""

import json
import logging
import re

from odoo import http
from odoo.http import request

from ..ebay_api.signature import challenge_document
from ..models.ebay_account_webhook import PATH
from ..vault import VaultError

_logger = logging.getLogger(__name__)

CHALLENGE_FORM = re.compile(r"[!-~]{1,256}")


class EbayWebhookController(http.Controller):
    """One address per account. Whatever is wrong, the answer is the same empty 404."""

    @http.route(
        f"{PATH}<string:key>",
        type="http",
        auth="public",
        methods=["GET"],
        csrf=False,
        save_session=False,
    )
    def challenge(self, key, challenge_code="", **_kwargs):
        """Answer eBay's challenge."""
        account = self._account(key)
        token = account and self._verification_token(account)
        if not token or not CHALLENGE_FORM.fullmatch(challenge_code):
            return self._nothing_here()
        document = challenge_document(challenge_code, token, account.webhook_url)
        return request.make_response(
            json.dumps(document),
            headers=[
                ("Content-Type", "application/json"),
                ("Cache-Control", "no-store"),
            ],
        )

    def _account(self, key):
        # sudo: eBay signs in as nobody; the key in the address is what lets it in
        return request.env["ebay.account"].sudo()._by_webhook_key(key)

    def _verification_token(self, account):
        try:
            return request.env["ebay.secret"]._get(account, "verification_token")
        except VaultError as error:
            _logger.warning("eBay account %s, webhook: %s", account.id, error)
            return None

    def _nothing_here(self):
        return request.make_response("", status=404)
