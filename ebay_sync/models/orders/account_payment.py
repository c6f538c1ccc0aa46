from odoo import models
from odoo.fields import Command


class AccountPaymentRegister(models.TransientModel):
    """A payment knows which of eBay's orders it pays before it is booked."""

    _inherit = "account.payment.register"

    def _init_payments(self, to_process, edit_mode=False):
        for one in to_process:
            invoices = one["to_reconcile"].move_id
            if invoices._ebay_payers():
                one["create_vals"]["invoice_ids"] = [Command.set(invoices.ids)]
        return super()._init_payments(to_process, edit_mode=edit_mode)


class AccountPayment(models.Model):
    """Payments by eBay are booked on the clearing account itself."""

    _inherit = "account.payment"

    def _generate_journal_entry(self, *args, **kwargs):
        """Not on an outstanding account: there is no bank statement to wait for."""
        for payment in self.filtered(lambda one: not one.move_id):
            payers, journal = payment.invoice_ids._ebay_payers(), payment.journal_id
            if payers and payers.payment_journal_id == journal:
                payment.outstanding_account_id = journal.default_account_id
        return super()._generate_journal_entry(*args, **kwargs)


class AccountMove(models.Model):
    _inherit = "account.move"

    def _ebay_payers(self):
        """The eBay accounts whose orders these invoices and credit notes are of."""
        # sudo: whoever books payments need see neither sale orders nor eBay's accounts
        moves = self.sudo()
        moves |= moves.reversed_entry_id
        return moves.line_ids.sale_line_ids.order_id.ebay_account_id
