"""What the inbox says about notifications."""

from odoo import api, models


class EbayIssue(models.Model):
    _inherit = "ebay.issue"

    @api.model
    def _words(self):
        """The codes of notifications: ``{code: (summary, advice, button, method)}``."""
        _ = self.env._
        return {
            **super()._words(),
            "webhook_unreachable": (
                _("eBay cannot reach our webhook address"),
                _(
                    "{reason}. {address} must be reachable from the internet. "
                    "The doctor tests it."
                ),
                _("Examine"),
                "action_examine",
            ),
            "notifications_refused": (
                _("eBay did not set up notifications"),
                _("{reason}. Orders still arrive with the regular runs, only later."),
                _("Try again"),
                "action_set_up_notifications",
            ),
            "topic_refused": (
                _("eBay did not subscribe us to {topic}"),
                _("{reason}. Check that the seller's consent covers it."),
                _("Try again"),
                "action_set_up_notifications",
            ),
            "erasure_of_staff": (
                _("A buyer who is to be erased is a user of this Odoo"),
                _(
                    "Erase or keep the contact by hand. eBay's notice has been "
                    "acknowledged."
                ),
                _("Open contact"),
                "action_open_record",
            ),
            "notification_unreadable": (
                _("eBay sent a notification that cannot be read"),
                _("{reason}. It is kept under Notifications as eBay sent it."),
                _("Open notifications"),
                "action_open_notifications",
            ),
        }

    def action_examine(self):
        """Button: the doctor, which calls the address as eBay does."""
        self.ensure_one()
        return self.account_id.action_doctor()

    def action_set_up_notifications(self):
        """Button: set notifications up again, in the background."""
        self.ensure_one()
        self.account_id.action_set_up_notifications()

    def action_open_notifications(self):
        """Button: the pushes of the account that failed."""
        self.ensure_one()
        self.check_access("read")
        action = self.account_id._filtered_action("ebay_sync.ebay_notification_action")
        action["context"] = {"search_default_failed": 1}
        return action
