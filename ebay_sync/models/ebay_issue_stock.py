"""What the inbox says of quantities and prices."""

from odoo import api, models


class EbayIssue(models.Model):
    _inherit = "ebay.issue"

    @api.model
    @api.private
    def _words(self):
        _ = self.env._
        again = (_("Send again"), "action_push_again")
        return {
            **super()._words(),
            "push_refused": (
                _("eBay refuses to change “{title}”"),
                _("{words}. It is not sent again until it changes or you say so."),
                *again,
            ),
            "push_failing": (
                _("“{title}” could not be changed on eBay {tries} times"),
                _("{words}. It is tried again by itself."),
                *again,
            ),
            "push_too_often": (
                _("“{title}” has used up its changes on eBay for today"),
                _("eBay allows 250 a day. The rest follows tomorrow by itself."),
                False,
                False,
            ),
            "push_without_sku": (
                _("“{title}” is a variation without SKU"),
                _("Give it a SKU on eBay, then its quantity can follow Odoo's."),
                False,
                False,
            ),
        }

    def action_push_again(self):
        """Button: send the listing again in the next run."""
        self.ensure_one()
        listing = self.env["ebay.listing"].browse(self.res_id).exists()
        listing.action_push_again()
        self._close()
