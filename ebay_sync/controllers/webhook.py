"""What eBay calls: the challenge that proves the address is ours, and its pushes."""

import json
import logging
import re

from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..ebay_api.errors import EbayError
from ..ebay_api.signature import SignatureInvalid, challenge_document
from ..models.account.webhook import PATH, PLAIN_PATH
from ..private_log import private
from ..vault import VaultError

_logger = logging.getLogger(__name__)

CHALLENGE_FORM = re.compile(r"[!-~]{1,256}")
LARGEST_BODY = 256 * 1024  # eBay's notifications are a few kilobytes

# No user: not even the public one is looked up. A push writes.
_ROUTE = {"type": "http", "auth": "none", "csrf": False, "save_session": False}
_GET = {**_ROUTE, "methods": ["GET"]}
_POST = {
    **_ROUTE,
    "methods": ["POST"],
    "max_content_length": LARGEST_BODY,
    "readonly": False,
}


class EbayWebhookController(http.Controller):
    """One address per account; the one without a key serves an only account.

    Whatever is wrong with an address, the answer is the same empty 404. Nothing is
    kept of a push before eBay's signature over it is proven. Odoo repeats a request
    when two of them collide in the database: every step bears that.
    """

    @http.route(PLAIN_PATH, **_GET)
    def challenge_plain(self, challenge_code="", **_kwargs):
        """Answer eBay's challenge of the address without a key."""
        return self._challenge(self._only_account(), PLAIN_PATH, challenge_code)

    @http.route(f"{PATH}<string:key>", **_GET)
    def challenge(self, key, challenge_code="", **_kwargs):
        """Answer eBay's challenge of an account's address."""
        return self._challenge(self._account(key), f"{PATH}{key}", challenge_code)

    @http.route(PLAIN_PATH, **_POST)
    def receive_plain(self, **_kwargs):
        """Take a push to the address without a key."""
        return self._receive(self._only_account())

    @http.route(f"{PATH}<string:key>", **_POST)
    def receive(self, key, **_kwargs):
        """Take a push to an account's address."""
        return self._receive(self._account(key))

    # -- whose address ---------------------------------------------------------

    def _accounts(self):
        # eBay signs in as nobody: the key in the address lets it in, and what it may
        # have done is decided by its signature
        request.update_env(user=SUPERUSER_ID)
        return request.env["ebay.account"]

    def _account(self, key):
        return self._accounts()._by_webhook_key(key)

    def _only_account(self):
        return self._accounts()._of_plain_address()

    def _empty(self, status):
        return request.make_response("", status=status)

    # -- challenge -------------------------------------------------------------

    def _challenge(self, account, path, code):
        token = account and self._verification_token(account)
        if not token or not CHALLENGE_FORM.fullmatch(code):
            return self._empty(404)
        endpoint = account.get_base_url().rstrip("/") + path
        return request.make_response(
            json.dumps(challenge_document(code, token, endpoint)),
            headers=[
                ("Content-Type", "application/json"),
                ("Cache-Control", "no-store"),
            ],
        )

    def _verification_token(self, account):
        try:
            return request.env["ebay.secret"]._get(account, "verification_token")
        except VaultError as error:
            _logger.warning("eBay account %s, webhook: %s", account.id, error)
            return None

    # -- push ------------------------------------------------------------------

    def _receive(self, account):
        """Verify, store, acknowledge; the work is done later, in the background."""
        if not account:
            return self._empty(404)
        refused = self._refused_unread()
        if refused:
            return self._empty(refused)
        try:
            body = request.httprequest.get_data()  # kept for a repeated request
        except OSError:  # the sender stopped, or was slower than the server waits
            return self._empty(408)
        header = request.httprequest.headers.get("x-ebay-signature", "")
        try:
            with private():
                flow = request.env["ebay.flow.notifications.in"]
                flow._receive(account, body, header)
        except SignatureInvalid as error:
            _logger.info("eBay account %s, push refused: %s", account.id, error)
            return self._empty(412)
        except EbayError as error:  # the key cannot be had now: eBay sends it again
            _logger.warning("eBay account %s, push not checked: %s", account.id, error)
            return self._empty(500)
        return self._empty(204)

    def _refused_unread(self):
        """The status for what its headers say is no push of eBay's, else None."""
        length = request.httprequest.content_length
        headers = request.httprequest.headers
        packed = headers.get("Content-Encoding", "identity").lower() != "identity"
        if packed or request.httprequest.mimetype != "application/json":
            return 415  # nothing is unpacked here, so nothing grows
        if length is None:
            return 411  # of unknown length: a proxy that buffers tells it
        return 413 if length > LARGEST_BODY else None
