"""Which parts of eBay an account uses; they decide what the seller consents to."""

from odoo import api, fields, models

from ...ebay_api.scopes import scopes_for
from ..engine.ebay_access_mixin import MANAGER

# What every account needs (features of ``ebay_api.scopes``).
CORE = ("identity", "orders", "listings", "account", "notifications")
# The field that switches a feature on -> the feature. eBay grants some of these to
# selected keysets only.
OPTIONAL = {
    "use_refunds": "refunds",
    "use_payment_disputes": "payment_disputes",
    "use_cancellation_topics": "cancellation_topics",
    "use_return_topics": "return_topics",
    "use_inquiry_topics": "inquiry_topics",
}


class EbayAccount(models.Model):
    _inherit = "ebay.account"
    _people_set = {
        MANAGER: (
            "use_refunds use_payment_disputes use_cancellation_topics "
            "use_return_topics use_inquiry_topics"
        ),
    }

    use_refunds = fields.Boolean(
        "Refunds and finances",
        tracking=True,
        help="Also request this permission. Refunds cannot be made from Odoo yet.",
    )
    use_payment_disputes = fields.Boolean(
        "Payment disputes",
        tracking=True,
        help="Also request this permission. Disputes cannot be answered from Odoo yet.",
    )
    use_cancellation_topics = fields.Boolean(
        "Cancellations at once",
        tracking=True,
        help="eBay reports cancellations within seconds. eBay grants this to "
        "selected keysets only.",
    )
    use_return_topics = fields.Boolean(
        "Returns at once",
        tracking=True,
        help="eBay reports returns within seconds. eBay grants this to selected "
        "keysets only.",
    )
    use_inquiry_topics = fields.Boolean(
        "Inquiries at once",
        tracking=True,
        help="eBay reports inquiries about missing items within seconds. eBay grants "
        "this to selected keysets only.",
    )
    missing_scopes = fields.Char(
        compute="_compute_missing_scopes",
        help="What the features need and the seller has not granted yet.",
    )
    needs_consent = fields.Boolean(compute="_compute_missing_scopes")
    can_drop_options = fields.Boolean(compute="_compute_missing_scopes")

    @api.depends(*OPTIONAL, "granted_scopes", "state")
    def _compute_missing_scopes(self):
        for account in self:
            granted = account._granted_scopes() or ()
            missing = [
                scope.rpartition("/")[2]
                for scope in scopes_for(account._features())
                if scope not in granted
            ]
            connected = account.state == "connected"
            account.missing_scopes = ", ".join(missing) if connected else False
            account.needs_consent = connected and bool(missing)
            account.can_drop_options = bool(account._refusable_options()) and (
                account.needs_consent or not connected
            )

    def _features(self):
        """The features that are on (``ebay_api.scopes``); they decide the consent."""
        return [*CORE, *(OPTIONAL[field] for field in OPTIONAL if self[field])]

    def _has_granted(self, feature):
        """Whether the seller has consented to everything that the feature needs."""
        return set(scopes_for([feature])) <= set(self._granted_scopes() or ())

    def _idle_options(self):
        """The optional features that are off, or not granted: eBay is not asked."""
        on = self._features()
        return [
            feature
            for feature in OPTIONAL.values()
            if feature not in on or not self._has_granted(feature)
        ]

    def _refusable_options(self):
        """The optional features that eBay may be refusing: fields that are on.

        Those that it has not granted before; all of them when there are no such.
        """
        switched_on = [field for field in OPTIONAL if self[field]]
        new = [field for field in switched_on if not self._has_granted(OPTIONAL[field])]
        return new or switched_on

    def _option_names(self):
        """The names of the optional features that ``_drop_options`` switches off."""
        return [
            self._fields[field].get_description(self.env, ["string"])["string"]
            for field in self._refusable_options()
        ]

    def _drop_options(self):
        """Switch off what eBay may be refusing."""
        self.write(dict.fromkeys(self._refusable_options(), False))

    def action_connect_without_options(self):
        """Button: eBay refused the optional features, so connect without them."""
        self.ensure_one()
        self.check_access("write")
        self._drop_options()
        return self.action_connect()
