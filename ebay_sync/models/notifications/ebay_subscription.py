from odoo import api, fields, models

from ...compat import sql_constraints

STATES = [
    ("on", "On"),
    ("refused", "Refused"),
    ("not_offered", "Not offered to this keyset"),
    ("portal", "Set on eBay's portal"),
    ("off", "Off"),
]


class EbaySubscription(models.Model):
    """One topic that eBay is to report to an account, as last seen at eBay."""

    _name = "ebay.subscription"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay subscription"
    _order = "account_id, topic"
    _rec_name = "topic"
    _check_company_auto = True
    _people_set = {}

    locals().update(
        sql_constraints(
            account_topic_uniq=(
                "UNIQUE(account_id, topic)",
                "An account can subscribe to a topic only once.",
            )
        )
    )

    account_id = fields.Many2one(
        "ebay.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    topic = fields.Char(required=True)
    state = fields.Selection(STATES, required=True, default="off")
    message = fields.Char("In words")
    subscription_ref = fields.Char(help="eBay's subscriptionId.")
    by_user = fields.Boolean(help="Subscribed to by the seller, not by the keyset.")
    checked_at = fields.Datetime("Checked")
    last_at = fields.Datetime("Last push", compute="_compute_last_at")

    @api.depends("topic", "account_id.notification_ids")
    def _compute_last_at(self):
        last = {
            (account.id, topic): received_at
            for account, topic, received_at in self.env[
                "ebay.notification"
            ]._read_group(
                [
                    ("account_id", "in", self.account_id.ids),
                    ("topic", "in", self.mapped("topic")),
                ],
                ["account_id", "topic"],
                ["received_at:max"],
            )
        }
        for one in self:
            one.last_at = last.get((one.account_id.id, one.topic), False)

    @api.model
    def _note(self, account, topic, **values):
        """Record the state of a topic; false when it is unchanged."""
        row = self.search([("account_id", "=", account.id), ("topic", "=", topic)])
        values = {"message": False, **values}
        stale = not row or any(row[name] != value for name, value in values.items())
        values["checked_at"] = fields.Datetime.now()
        if row:
            row.write(values)
        else:
            self.create({"account_id": account.id, "topic": topic, **values})
        return stale
