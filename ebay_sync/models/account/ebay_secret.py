"""Long-lived secrets of an account, encrypted, one system parameter each."""

from odoo import api, models

from ...vault import VaultError, decrypt, encrypt, is_newest, rotate

PREFIX = "ebay_sync.secret"

# What may be stored, and nothing else.
NAMES = ("client_secret", "refresh_token", "verification_token")


class EbaySecret(models.AbstractModel):
    """Reads and writes secrets; never reachable by RPC, never shown."""

    _name = "ebay.secret"
    _description = "eBay secrets"

    @api.model
    def _key(self, account, name):
        assert name in NAMES, name
        return f"{PREFIX}.{account.id}.{account.environment}.{name}"

    @api.model
    def _get(self, account, name):
        """The secret in plain text, or None. Raises VaultError."""
        # sudo: parameters are for system administrators; flows need this one value
        stored = (
            self.env["ir.config_parameter"].sudo().get_param(self._key(account, name))
        )
        return decrypt(stored) if stored else None

    @api.model
    def _has(self, account, name):
        """Whether the secret is stored, readable or not."""
        parameters = self.env["ir.config_parameter"].sudo()
        return bool(parameters.get_param(self._key(account, name)))

    @api.model
    def _set(self, account, name, value):
        """Store the secret encrypted; an empty value removes it."""
        self.env["ir.config_parameter"].sudo().set_param(
            self._key(account, name), encrypt(value) if value else False
        )

    @api.model
    def _forget(self, account):
        """Remove every secret of the account, in both environments."""
        self.env["ir.config_parameter"].sudo().search(
            [("key", "=like", f"{PREFIX}.{account.id}.%")]
        ).unlink()

    @api.model
    def _rotate(self):
        """Encrypt everything again with the first key; returns how many secrets.

        Raises VaultError when one of them cannot be read: then nothing is changed.
        """
        parameters = (
            self.env["ir.config_parameter"]
            .sudo()
            .search([("key", "=like", f"{PREFIX}.%")])
        )
        tokens = self.env["ebay.token"].sudo().search([("access_token", "!=", False)])
        values = [rotate(parameter.value) for parameter in parameters]
        access_tokens = [rotate(token.access_token) for token in tokens]
        for parameter, value in zip(parameters, values, strict=True):
            parameter.value = value
        for token, access_token in zip(tokens, access_tokens, strict=True):
            token.access_token = access_token
        return len(parameters) + len(tokens)

    @api.model
    def _older(self, account):
        """The names of the account's secrets that an older key encrypted.

        Raises VaultError when one of them cannot be read.
        """
        parameters = self.env["ir.config_parameter"].sudo()
        stored = {
            name: parameters.get_param(self._key(account, name)) for name in NAMES
        }
        return [name for name in NAMES if stored[name] and not is_newest(stored[name])]


__all__ = ["EbaySecret", "VaultError"]
