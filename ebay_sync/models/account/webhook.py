"""The address to which eBay sends notifications, and what proves it is ours."""

import hmac
import re
import secrets

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, ormcache

from ...compat import sql_constraints

PLAIN_PATH = "/api/ebay/webhook"  # good for the only account of a database
PATH = f"{PLAIN_PATH}/"
KEY_BYTES = 24
KEY_FORM = re.compile(r"[A-Za-z0-9_-]{32}")
TOKEN_BYTES = 32  # 43 characters; eBay takes 32 to 80 of this alphabet

# Those who configure the address, and the scheduled actions that register it.
_MAY_SEE = "ebay_sync.group_ebay_manager,ebay_sync.group_ebay_robot"


class EbayAccount(models.Model):
    _inherit = "ebay.account"

    locals().update(
        sql_constraints(
            webhook_key_uniq=(
                "UNIQUE(webhook_key)",
                "Another account has this webhook address already.",
            )
        )
    )

    webhook_key = fields.Char(
        default=lambda self: secrets.token_urlsafe(KEY_BYTES),
        required=True,
        readonly=True,
        copy=False,
        groups=_MAY_SEE,
        help="The last part of the webhook address. Nobody can guess it.",
    )
    webhook_url = fields.Char(
        "Webhook address",
        compute="_compute_webhook_url",
        groups=_MAY_SEE,
        help="eBay sends its notifications there.",
    )
    has_verification_token = fields.Boolean(
        "Verification token stored", compute="_compute_has_verification_token"
    )

    @api.depends("webhook_key")
    def _compute_webhook_url(self):
        for account in self:
            base = account.get_base_url().rstrip("/")
            account.webhook_url = f"{base}{PATH}{account.webhook_key}"

    @api.depends("environment")
    def _compute_has_verification_token(self):
        for account in self:
            account.has_verification_token = bool(account._origin) and self.env[
                "ebay.secret"
            ]._has(account._origin, "verification_token")

    @api.constrains("webhook_key")
    def _check_webhook_key(self):
        for account in self:
            if not KEY_FORM.fullmatch(account.webhook_key or ""):
                raise ValidationError(
                    self.env._("A webhook key is made by Odoo, not by hand.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        self.env.registry.clear_cache()  # see _webhook_keys
        return accounts

    def write(self, vals):
        result = super().write(vals)
        if "webhook_key" in vals:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    @ormcache()
    def _webhook_keys(self):
        """``((id, key), …)`` of every account, archived or not, kept in memory."""
        return tuple(self._read_webhook_keys())

    @api.model
    def _read_webhook_keys(self):
        self.flush_model(["webhook_key"])
        return self.env.execute_query(SQL("SELECT id, webhook_key FROM ebay_account"))

    @api.model
    def _by_webhook_key(self, key):
        """The account of an address, archived or not; empty for an unknown one.

        A key that nobody remembers is looked up, for it may be brand new.
        """
        if not KEY_FORM.fullmatch(key):
            return self.browse()
        found = _account_of(key, self._webhook_keys())
        return self.browse(found or _account_of(key, self._read_webhook_keys()))

    @api.model
    def _of_plain_address(self):
        """The account of the address without a key: the only one there is."""
        keys = self._webhook_keys()
        return self.browse(keys[0][0] if len(keys) == 1 else ())

    def _make_verification_token(self):
        """Store a new token for eBay's challenge and return it."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self.env["ebay.secret"]._set(self, "verification_token", token)
        return token

    def action_new_webhook_key(self):
        """Button: another address; the old one ends at once."""
        self.ensure_one()
        self.check_access("write")
        self.webhook_key = secrets.token_urlsafe(KEY_BYTES)
        self.message_post(body=self.env._("The webhook address was replaced."))

    def action_new_verification_token(self):
        """Button: store another token and show it this once, for eBay's portal."""
        self.ensure_one()
        self.check_access("write")
        # secrets are for those who may write system parameters
        self.env["ir.config_parameter"].check_access("write")
        token = self._make_verification_token()
        self.message_post(body=self.env._("The verification token was replaced."))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Copy the verification token now"),
                "message": self.env._(
                    "%(token)s — it is not shown again. Enter it on eBay's developer "
                    "portal, next to the webhook address.",
                    token=token,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


def _account_of(key, known_keys):
    """The id of the account with that key, as a tuple of one or none.

    Every key is compared in full, so that the time taken tells nothing.
    """
    return tuple(
        account_id
        for account_id, known in known_keys
        if hmac.compare_digest(known, key)
    )
