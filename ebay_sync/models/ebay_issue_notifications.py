"""What the inbox says about notifications."""

from odoo import api, models


class EbayIssue(models.Model):
    _inherit = "ebay.issue"

    @api.model
    @api.private
    def _words(self):
        """The codes of notifications: ``{code: (summary, advice, button, method)}``."""
        _ = self.env._
        return {
            **super()._words(),
            "notification_unreadable": (
                _("eBay sent a notification that cannot be read"),
                _("{reason}. It is kept under Notifications as eBay sent it."),
                _("Open notifications"),
                "action_open_notifications",
            ),
        }

    def action_open_notifications(self):
        """Button: the pushes of the account that failed."""
        self.ensure_one()
        self.check_access("read")
        action = self.account_id._filtered_action("ebay_sync.ebay_notification_action")
        action["context"] = {"search_default_failed": 1}
        return action
