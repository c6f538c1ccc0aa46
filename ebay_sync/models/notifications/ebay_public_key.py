from odoo import api, fields, models
from odoo.tools import SQL

from ...compat import sql_constraints

# Stands for all ids that nobody knows: how often eBay was asked for such lately.
UNKNOWN = "?"
MOST_A_MINUTE = 5


class EbayPublicKey(models.Model):
    """A key with which eBay signs pushes, as eBay handed it out.

    Kept over restarts, for all workers and accounts: whoever comes first needs not ask
    eBay while it waits for the answer to its push.
    """

    _name = "ebay.public.key"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay's public key for pushes"
    _people_set = {}
    _rec_name = "key_ref"
    _log_access = False

    locals().update(
        sql_constraints(
            host_key_uniq=(
                "UNIQUE(host, key_ref)",
                "A key is kept once.",
            )
        )
    )

    host = fields.Char(required=True, help="Whose key it is: eBay's, or its sandbox's.")
    key_ref = fields.Char(required=True, help="eBay's id of it.")
    key_text = fields.Char()
    confirmed_at = fields.Datetime(help="When eBay handed it out last.")
    asked_minute = fields.Integer()
    asked_count = fields.Integer()

    @api.model
    def _of(self, host):
        """The keys of a host, the newest first."""
        # sudo: nobody reads these but the program
        domain = [("host", "=", host), ("key_ref", "!=", UNKNOWN)]
        return self.sudo().search(domain, order="confirmed_at desc, id desc")

    @api.model
    def _keep(self, host, key_ref, key_text):
        """Store a key that eBay handed out just now, or say that it still does."""
        self.env.cr.execute(
            SQL(
                "INSERT INTO ebay_public_key (host, key_ref, key_text, confirmed_at) "
                "VALUES (%s, %s, %s, now() at time zone 'UTC') "
                "ON CONFLICT (host, key_ref) DO UPDATE SET "
                "key_text = EXCLUDED.key_text, confirmed_at = EXCLUDED.confirmed_at",
                host,
                key_ref,
                key_text,
            ),
            log_exceptions=False,  # another worker storing it is no error
        )
        self.invalidate_model(["key_text", "confirmed_at"])

    @api.model
    def _drop(self, host, key_ref):
        """eBay does not know that key any more."""
        self._of(host).filtered(lambda one: one.key_ref == key_ref).unlink()

    @api.model
    def _may_ask(self, host, minute):
        """Count one question for an id that nobody knows; false when it is too many.

        All workers share the count, and whoever forges ids uses up this one alone.
        """
        self.env.cr.execute(
            SQL(
                "INSERT INTO ebay_public_key AS kept "
                "(host, key_ref, asked_minute, asked_count) VALUES (%s, %s, %s, 1) "
                "ON CONFLICT (host, key_ref) DO UPDATE SET "
                "asked_minute = EXCLUDED.asked_minute, asked_count = CASE "
                "WHEN kept.asked_minute = EXCLUDED.asked_minute "
                "THEN kept.asked_count + 1 ELSE 1 END "
                "WHERE kept.asked_minute <> EXCLUDED.asked_minute "
                "OR kept.asked_count < %s RETURNING id",
                host,
                UNKNOWN,
                minute,
                MOST_A_MINUTE,
            ),
            log_exceptions=False,  # another worker asking meanwhile is no error
        )
        return self.env.cr.fetchone() is not None
