"""eBay's buyers get no mail from Odoo, unless the account says so."""

from odoo import api, models

QUIET = "ebay_no_followers"
MADE = "ebay_transfer_is_made"


class SaleOrder(models.Model):
    """Confirming an order writes to nobody and has nobody follow it."""

    _inherit = "sale.order"

    def _without_mail(self):
        """Those of the orders whose buyers Odoo does not write to."""
        # sudo: whoever confirms an order need not see the account
        return self.filtered("ebay_account_id").filtered(
            lambda order: not order.ebay_account_id.sudo().mail_buyers
        )

    def action_confirm(self):
        """The buyer does not become a follower, who would get what is written here."""
        quiet = self._without_mail()
        if not quiet:
            return super().action_confirm()
        return super(
            SaleOrder, self.with_context(**{QUIET: quiet.ids})
        ).action_confirm()

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """While orders of eBay's are confirmed, their buyers are left out."""
        quiet = self.browse(self.env.context.get(QUIET, ())) & self
        if quiet and not set(partner_ids or ()) - set(quiet.partner_id.ids):
            return True
        return super().message_subscribe(partner_ids, subtype_ids)

    def _send_order_notification_mail(self, mail_template, *args, **options):
        """The mail of a quotation template is not meant for buyers on eBay."""
        if self._without_mail():
            return None
        return super()._send_order_notification_mail(mail_template, *args, **options)


class StockPicking(models.Model):
    """A delivery is announced by eBay."""

    _inherit = "stock.picking"

    @api.model_create_multi
    def create(self, vals_list):
        made = super(StockPicking, self.with_context(**{MADE: True})).create(vals_list)
        return made.with_env(self.env)

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Odoo has the customer follow what it makes; a person may add anybody."""
        if self.env.context.get(MADE):
            quiet = self.env["sale.order"].browse(self.env.context.get(QUIET, ()))
            quiet = quiet or self.sale_id._without_mail()
            buyers = quiet.partner_shipping_id | quiet.partner_id
            if buyers and not set(partner_ids or ()) - set(buyers.ids):
                return True
        return super().message_subscribe(partner_ids, subtype_ids)

    def _send_confirmation_email(self):
        quiet = self.filtered(lambda one: one.sale_id._without_mail())
        return super(StockPicking, self - quiet)._send_confirmation_email()
