"""The account's rules for shipping."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.ebay_access_mixin import MANAGER

UNTRACKED_RULES = [
    ("wait", "Wait for the tracking number"),
    ("hours", "Wait some hours, then mark as shipped"),
    ("at_once", "Mark as shipped at once"),
]
SHIPPED_ON_EBAY_RULES = [
    ("note", "Write the tracking number on the delivery"),
    ("validate", "Write it and validate the delivery"),
]
SERVICES_RULES = [
    ("button", "Somebody confirms that the buyer has them"),
    ("at_once", "Mark as shipped as soon as they are paid"),
]


class EbayAccount(models.Model):
    _inherit = "ebay.account"
    _people_set = {
        MANAGER: (
            "untracked_rule untracked_hours shipped_on_ebay_rule "
            "services_rule ship_by_warning_hours ship_by_user_id"
        ),
    }

    untracked_rule = fields.Selection(
        UNTRACKED_RULES, "Without tracking", required=True, default="wait"
    )
    untracked_hours = fields.Integer("Hours to wait", default=24)
    shipped_on_ebay_rule = fields.Selection(
        SHIPPED_ON_EBAY_RULES, "Shipped on eBay", required=True, default="note"
    )
    services_rule = fields.Selection(
        SERVICES_RULES,
        "Only services or downloads",
        required=True,
        default="button",
        help="Sold together with goods, they are reported with the first parcel.",
    )
    ship_by_warning_hours = fields.Integer(
        "Warn before the deadline (hours)",
        default=24,
        help="The inbox warns this many hours before an order has to be shipped.",
    )
    ship_by_user_id = fields.Many2one(
        "res.users",
        "Who is reminded",
        check_company=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Gets an activity when deliveries have to be shipped soon. Empty: inbox "
        "only.",
    )
    service_ids = fields.One2many("ebay.shipping.service", "account_id")
    unsent_count = fields.Integer("To report to eBay", compute="_compute_unsent_count")

    def _compute_unsent_count(self):
        counts = dict(
            self.env["ebay.shipment"]._read_group(
                [
                    ("account_id", "in", self.ids),
                    ("state", "in", ("waiting", "ready", "sending", "asking")),
                ],
                ["account_id"],
                ["__count"],
            )
        )
        for account in self:
            account.unsent_count = counts.get(account, 0)

    @api.constrains("untracked_hours", "ship_by_warning_hours")
    def _check_shipping_hours(self):
        for account in self:
            if not (
                0 <= account.untracked_hours <= 720
                and 0 <= account.ship_by_warning_hours <= 720
            ):
                raise ValidationError(self.env._("Enter 0 to 720 hours."))

    def action_view_shipments(self):
        """Open the account's parcels."""
        return self._filtered_action("ebay_sync.ebay_shipment_action")
