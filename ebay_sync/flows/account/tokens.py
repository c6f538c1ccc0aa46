"""Keeps the account's tokens fresh, and warns long before the consent ends."""

from datetime import timedelta

from odoo import api, fields, models

# Days before the end of the consent on which the managers are notified.
WARNING_DAYS = (30, 14, 3)


class EbayFlowTokens(models.AbstractModel):
    """Access token before it ends; refresh token: a warning before it ends."""

    _name = "ebay.flow.tokens"
    _description = "eBay flow: tokens"
    _inherit = "ebay.flow"

    _flow_name = "tokens"
    _flow_sequence = 900
    _flow_interval = (30, "minutes")
    _flow_modes = ("paused", "mirror", "live")

    @api.model
    def _flow_label(self):
        return self.env._("Connection")

    @api.model
    def _work(self, run):
        """Have a valid token and eBay's keys; say when the consent nears its end."""
        run.client.tokens.user_token()
        run.counts["seen"] += 1
        run.account._renew_public_keys(run.client)
        self._announce_end(run.account)

    def _announce_end(self, account):
        ends_at = account.refresh_expires_at
        if not ends_at:
            return
        left = ends_at - fields.Datetime.now()
        due = [days for days in WARNING_DAYS if left <= timedelta(days=days)]
        if not due or account.consent_warned_days in due[-1:]:
            return
        account.consent_warned_days = due[-1]
        account._tell_managers(
            self.env._(
                "eBay: the consent of %(account)s ends soon", account=account.name
            ),
            self.env._(
                "eBay's consent for %(account)s ends on %(date)s. Renew it on "
                "the account before that day, otherwise the synchronisation "
                "stops.",
                account=account.name,
                date=fields.Date.to_string(ends_at),
            ),
        )
