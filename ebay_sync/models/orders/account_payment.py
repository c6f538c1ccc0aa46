from odoo import models


class AccountPayment(models.Model):
    """Payments by eBay are booked on the clearing account itself."""

    _inherit = "account.payment"

    def _compute_outstanding_account_id(self):
        """Not on an outstanding account: there is no bank statement to wait for."""
        result = super()._compute_outstanding_account_id()
        if account := self.env.context.get("ebay_clearing_account"):
            self.outstanding_account_id = account
        return result
