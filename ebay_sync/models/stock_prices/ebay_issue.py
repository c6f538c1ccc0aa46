"""What the inbox says of quantities and prices."""

from odoo import api, models


class EbayIssue(models.Model):
    _inherit = "ebay.issue"

    @api.model
    def _words(self):
        _ = self.env._
        look = (_("See the list"), "action_open_record")
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
            "price_none": (
                _("There is no price above zero for “{title}”"),
                _("Correct the product, the price list or the rule; eBay's stays."),
                _("Open the listing"),
                "action_open_record",
            ),
            "price_no_rate": (
                _("There is no exchange rate for {currency}: its prices stay"),
                _("Enter a rate in Odoo. No price in {currency} is sent before."),
                _("Open currency"),
                "action_open_currency",
            ),
            "quantity_conflict": (
                _("“{title}”: eBay shows {ebay}, Odoo had sent {odoo}"),
                _("Somebody changed it on eBay. Send Odoo's, or correct the stock."),
                _("Send Odoo's"),
                "action_send_ours",
            ),
            "price_conflict": (
                _("“{title}”: eBay asks {ebay}, Odoo had sent {odoo}"),
                _("Somebody changed it on eBay. Send Odoo's, or correct the price."),
                _("Send Odoo's"),
                "action_send_ours",
            ),
            "zero_ends_listings": (
                _("On eBay a listing ends when its last piece is sold"),
                _(
                    "Switch on “out-of-stock control” in eBay's selling preferences; "
                    "then a listing waits at zero and keeps its place in the search."
                ),
                False,
                False,
            ),
            "zero_waits": (
                _("{count} listings show their last piece, and the shelf is empty"),
                _(
                    "At zero eBay ends them. Switch on “out-of-stock control” at eBay, "
                    "or let them end; until then that piece can be sold."
                ),
                _("Let them end"),
                "action_let_listings_end",
            ),
            "product_archived": (
                _("{title} is archived and still on eBay ({count} listings)"),
                _(
                    "Show zero there, end the listings, or ignore this to go on "
                    "selling what is left."
                ),
                _("Show zero on eBay"),
                "action_sell_no_more",
            ),
            "end_refused": (
                _("eBay does not end “{title}”"),
                _("{words}"),
                _("Open the listing"),
                "action_open_record",
            ),
            "held_stock_out": (
                _("{count} listings would go to zero on eBay: nothing was sent"),
                _("Look at the list. Approve it, or correct the stock in Odoo."),
                *look,
            ),
            "held_prices_out": (
                _("{count} prices would move by more than {limit} %: nothing was sent"),
                _("Look at the list. Approve it, or correct the prices in Odoo."),
                *look,
            ),
        }

    def action_push_again(self):
        """Button: send the listing again in the next run."""
        self.ensure_one()
        listing = self.env["ebay.listing"].browse(self.res_id).exists()
        listing.action_push_again()
        self._close()

    def action_send_ours(self):
        """Button: what Odoo says is sent again, whatever eBay shows."""
        self.ensure_one()
        self.check_access("write")
        listing = self.env["ebay.listing"].browse(self.res_id).exists()
        price = self.code == "price_conflict"
        listing.action_push_again()
        listing["price_unsettled" if price else "quantity_unsettled"] = True
        self.account_id._wake("prices_out" if price else "stock_out")
        self._close()

    def action_let_listings_end(self):
        """Button for managers: zero is sent, although eBay ends a listing then."""
        self.ensure_one()
        self.account_id.zero_rule = "end"
        self.account_id._stock_schedule().sudo().compared_at = False
        self.account_id._wake("stock_out")
        self._close()

    def action_sell_no_more(self):
        """Button: the listings of an archived product show zero from now on."""
        self.ensure_one()
        self.check_access("write")
        product = self.env["product.product"].browse(self.res_id)
        # sudo: exceptions are for managers; whoever works the inbox may make this one
        self.env["ebay.override"].sudo()._show_zero(self.account_id, product)
        self.account_id._stock_schedule().sudo().compared_at = False
        self.account_id._wake("stock_out")
        self._close()

    def action_end_listings(self):
        """Button for managers: end the archived product's listings at eBay.

        Of a listing with variations all have to be archived.
        """
        self.ensure_one()
        self.check_access("write")
        Listing = self.env["ebay.listing"]
        own = Listing.search(
            [
                ("account_id", "=", self.account_id.id),
                ("product_id", "=", self.res_id),
            ]
        )
        siblings = Listing.search(
            [
                ("account_id", "=", self.account_id.id),
                ("listing_ref", "in", own.mapped("listing_ref")),
                ("product_id.active", "=", False),
            ]
        )
        (own | siblings).action_end_on_ebay()
        self._close()
