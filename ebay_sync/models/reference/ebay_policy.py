from odoo import api, fields, models

from ...compat import sql_constraints

POLICY_KINDS = [
    ("payment", "Payment"),
    ("return", "Return"),
    ("fulfillment", "Fulfillment"),
]


class EbayPolicy(models.Model):
    """A business policy of the seller on one marketplace, as eBay has it.

    One that is gone at eBay is archived, so that what refers to it stays readable.
    """

    _name = "ebay.policy"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay business policy"
    _order = "account_id, marketplace_id, kind, name, id"
    _rec_names_search = ["name", "policy_ref"]
    _check_company_auto = True
    _people_set = {}

    locals().update(
        sql_constraints(
            account_policy_uniq=(
                "UNIQUE(account_id, marketplace_id, kind, policy_ref)",
                "This policy is already stored.",
            )
        )
    )

    account_id = fields.Many2one(
        "ebay.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    marketplace_id = fields.Many2one(
        "ebay.marketplace", required=True, readonly=True, ondelete="restrict"
    )
    kind = fields.Selection(POLICY_KINDS, required=True, readonly=True)
    policy_ref = fields.Char(
        "eBay policy id",
        required=True,
        readonly=True,
        help="eBay's paymentPolicyId, returnPolicyId or fulfillmentPolicyId.",
    )
    name = fields.Char(required=True, readonly=True)
    description = fields.Text(readonly=True)
    active = fields.Boolean(
        default=True, readonly=True, help="Off when eBay no longer has it."
    )
    category_types = fields.Char(
        "For which categories",
        readonly=True,
        help="eBay's categoryTypes: with or without motor vehicles.",
    )
    handling_days = fields.Integer(
        "Handling time (days)",
        readonly=True,
        help="Business days until dispatch (eBay's handlingTime).",
    )
    services = fields.Text(
        "Shipping services",
        readonly=True,
        help="One per line: eBay's optionType and shippingServiceCode, and the cost.",
    )
    immediate_payment = fields.Boolean(readonly=True, help="eBay's immediatePay.")
    returns_accepted = fields.Boolean(readonly=True)
    return_days = fields.Integer(
        "Return period (days)", readonly=True, help="eBay's returnPeriod."
    )
    return_payer = fields.Char(
        "Return shipping paid by",
        readonly=True,
        help="eBay's returnShippingCostPayer: BUYER or SELLER.",
    )
    checked_at = fields.Datetime(
        related="account_id.reference_checked_at", related_sudo=False
    )

    @api.model
    def _kinds(self):
        """The kinds with their names in the user's language."""
        return self._fields["kind"]._description_selection(self.env)

    def action_refresh(self):
        """Button: ask eBay again, in the background."""
        return self.account_id.action_refresh_reference()
