"""The account's side of eBay's pushes: their set-up, the test."""

from datetime import timedelta

from odoo import fields, models
from odoo.tools import email_normalize

from ..engine.ebay_access_mixin import MANAGER

TEST_HOLDS = timedelta(minutes=15)

TEST_STATES = [
    ("asked", "Is being asked for"),
    ("sent", "On its way"),
    ("came", "Arrived"),
    ("refused", "Refused by eBay"),
]


class EbayAccount(models.Model):
    _inherit = "ebay.account"
    _people_set = {MANAGER: "use_notifications notification_email"}

    notification_ids = fields.One2many("ebay.notification", "account_id")
    use_notifications = fields.Boolean(
        "eBay reports at once",
        copy=False,
        tracking=True,
        help="eBay pushes what happened to the webhook address. Without it, everything "
        "is still read by the regular runs, only later.",
    )
    notification_email = fields.Char(
        "Alert e-mail",
        help="eBay sends an e-mail there when the webhook address does not answer. "
        "Empty: the address already set at eBay, otherwise the company's.",
    )
    destination_ref = fields.Char(readonly=True, copy=False)
    destination_status = fields.Char(
        "Address at eBay", readonly=True, copy=False, help="eBay's word for its state."
    )
    destination_mark = fields.Char(
        readonly=True,
        copy=False,
        help="Shows whether the address or the token has changed.",
    )
    destination_checked_at = fields.Datetime("Checked", readonly=True, copy=False)
    notification_message = fields.Char("eBay says", readonly=True, copy=False)
    subscription_ids = fields.One2many("ebay.subscription", "account_id", copy=False)
    notification_test_state = fields.Selection(
        TEST_STATES, "Test", readonly=True, copy=False
    )
    notification_test_at = fields.Datetime("Test asked for", readonly=True, copy=False)
    notification_test_came_at = fields.Datetime(
        "Test arrived", readonly=True, copy=False
    )

    def _flow_may_run(self, flow):
        """Duties towards eBay's users do not end with the connection."""
        return flow._flow_always or super()._flow_may_run(flow)

    # -- set-up ------------------------------------------------------------------

    def _subscriber_client(self, listener):
        """A client that may subscribe, in every mode, but never from a copy.

        It changes what eBay reports, and nothing of what the shop sells.
        """
        client = self._client(listener=listener)
        client.read_only = not (self.is_armed and self.state == "connected")
        return client

    def _destination_name(self):
        """The name under which eBay lists our address, whatever the address is."""
        parameters = self.env["ir.config_parameter"].sudo()  # a harmless value
        database = parameters.get_param("database.uuid", "")
        return f"Odoo {database[:8]} {self.id}"

    def _usual_alert_email(self):
        """The company's address, else that of one of the managers, or None."""
        known = [self.company_id.email, *self._managers().mapped("email")]
        return next(filter(None, (email_normalize(one or "") for one in known)), None)

    def action_set_up_notifications(self):
        """Button: have eBay push what happens, in the background."""
        self.ensure_one()
        self.check_access("write")
        self.use_notifications = True
        self._wake("subscriptions_out")

    def action_stop_notifications(self):
        """Button: have eBay stop; the regular runs still read everything."""
        self.ensure_one()
        self.check_access("write")
        self.use_notifications = False
        self._wake("subscriptions_out")

    def action_new_webhook_key(self):
        """Button: another address; eBay is informed in the background."""
        result = super().action_new_webhook_key()
        self._wake("subscriptions_out")
        return result

    def action_new_verification_token(self):
        """Button: another token; eBay is informed in the background."""
        result = super().action_new_verification_token()
        self._wake("subscriptions_out")
        return result

    def action_view_notifications(self):
        """Open the pushes of the account."""
        return self._filtered_action("ebay_sync.ebay_notification_action")

    # -- test --------------------------------------------------------------------

    def action_test_notifications(self):
        """Button: have eBay send a sample."""
        self.ensure_one()
        self.check_access("write")
        self._ask_for_test()
        self._wake("subscriptions_out")

    def _ask_for_test(self):
        self.sudo().write(  # sudo: the buttons have checked
            {
                "notification_test_state": "asked",
                "notification_test_at": fields.Datetime.now(),
                "notification_test_came_at": False,
                "notification_message": False,
            }
        )

    def _takes_test(self, notification):
        """Whether a push is the answer to the test button; if so it is recorded."""
        if self.notification_test_state != "sent":
            return False
        asked = self.notification_test_at
        if not asked <= notification.received_at <= asked + TEST_HOLDS:
            return False
        self.sudo().write(  # sudo: what came is the flow's to say
            {
                "notification_test_state": "came",
                "notification_test_came_at": notification.received_at,
            }
        )
        return True
