"""What eBay answered to what was sent for a listing: stock and prices alike."""

from odoo import fields, models
from odoo.exceptions import UserError

ISSUES = ("push_refused", "push_failing", "push_too_often", "push_without_sku")


class EbayListing(models.Model):
    _inherit = "ebay.listing"

    revisions = fields.Integer(
        readonly=True, help="How often it was revised on that day (UTC)."
    )
    revisions_on = fields.Date(readonly=True)
    push_attempts = fields.Integer("Tries", readonly=True)
    push_next_try_at = fields.Datetime("Next try", readonly=True)
    push_error = fields.Char("eBay's words", readonly=True)
    push_request_ref = fields.Char(
        "Request id", readonly=True, help="What eBay's support will ask for."
    )

    push_feed_id = fields.Many2one(
        "ebay.push.feed",
        "In an upload",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="It is not changed in any other way until eBay has answered.",
    )

    end_wanted_at = fields.Datetime(
        "To be ended since",
        readonly=True,
        help="It will be ended on eBay in the next run.",
    )
    end_wanted_uid = fields.Many2one(
        "res.users",
        "To be ended for",
        readonly=True,
        copy=False,
        help="It is ended only if this person may still ask for it then.",
    )

    def action_end_on_ebay(self):
        """Button for managers: end these listings at eBay, in the next run.

        eBay ends a listing as a whole: of several variations all have to be named.
        """
        self._check_may_decide()
        if not all(account._may_write() for account in self.account_id):
            raise UserError(
                self.env._("Nothing is changed on eBay until the account is live.")
            )
        for listing in self.filtered("active"):
            parts = self.search(
                [
                    ("account_id", "=", listing.account_id.id),
                    ("listing_ref", "=", listing.listing_ref),
                ]
            )
            if parts - self:
                raise UserError(
                    self.env._(
                        '"%(title)s" is one of several variations, and eBay can '
                        "only end a listing as a whole. Let this one show zero "
                        "instead.",
                        title=listing.display_name,
                    )
                )
            # sudo: checked above
            listing.sudo().write(
                {
                    "end_wanted_at": fields.Datetime.now(),
                    "end_wanted_uid": self.env.uid,
                }
            )
            listing.account_id._note(
                self.env._("To be ended on eBay: %(title)s", title=listing.display_name)
            )
        for account in self.account_id:
            account._wake("stock_out")

    def action_keep_on_ebay(self):
        """Button for managers: do not end them after all, if it is not too late."""
        self._check_may_decide()
        self._forget_end()

    def _forget_end(self):
        """Nobody wants these listings to be ended any more."""
        # sudo: by a button that has checked, or the flow
        self.sudo().write({"end_wanted_at": False, "end_wanted_uid": False})

    def action_push_again(self):
        """Button: send again in the next run what eBay refused."""
        self.check_access("write")
        self.sudo().write(  # sudo: checked above
            {
                "push_attempts": 0,
                "push_next_try_at": False,
                "push_error": False,
                "quantity_refused": -1,
                "price_refused": 0.0,
            }
        )
        for account in self.account_id:
            account._wake("stock_out")
            account._wake("prices_out")

    def _close_push_issues(self, codes=ISSUES):
        """The inbox entries about these listings are done."""
        # sudo: the inbox is closed by flows, whoever started them
        self.env["ebay.issue"].sudo().search(
            [
                ("code", "in", codes),
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "=", "open"),
            ]
        )._close()
