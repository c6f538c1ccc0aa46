"""What the inbox says of quantities and prices."""

from odoo import api, models

from ..engine.ebay_access_mixin import MANAGER


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
                _('eBay refused to change "{title}"'),
                _("{words}. It is not sent again until it changes or you send it."),
                *again,
            ),
            "push_failing": (
                _('"{title}" could not be changed on eBay after {tries} attempts'),
                _("{words}. It is tried again automatically."),
                *again,
            ),
            "push_too_often": (
                _('"{title}" has used up its changes on eBay for today'),
                _("eBay allows 250 a day. The rest follows tomorrow automatically."),
                False,
                False,
            ),
            "push_without_sku": (
                _('"{title}" is a variation without a SKU'),
                _("Give it a SKU on eBay. Then its quantity can follow Odoo's."),
                False,
                False,
            ),
            "push_filter_failed": (
                _("The filter of products never sent cannot be used"),
                _("{reason}. No quantity and no price is sent until it is corrected."),
                _("Open account"),
                "action_open_record",
            ),
            "price_none": (
                _('There is no price above zero for "{title}"'),
                _(
                    "Correct the product, the pricelist or the rule. eBay's price "
                    "stays unchanged."
                ),
                _("Open the listing"),
                "action_open_record",
            ),
            "price_no_rate": (
                _(
                    "There is no exchange rate for {currency}: its prices stay "
                    "unchanged"
                ),
                _("Enter a rate in Odoo. Until then no price in {currency} is sent."),
                _("Open currency"),
                "action_open_currency",
            ),
            "quantity_conflict": (
                _('"{title}": eBay shows {ebay}, Odoo had sent {odoo}'),
                _("Somebody changed it on eBay. Send Odoo's, or correct the stock."),
                _("Send Odoo's"),
                "action_send_ours",
            ),
            "price_conflict": (
                _('"{title}": the price on eBay is {ebay}, Odoo had sent {odoo}'),
                _("Somebody changed it on eBay. Send Odoo's, or correct the price."),
                _("Send Odoo's"),
                "action_send_ours",
            ),
            "zero_ends_listings": (
                _("eBay ends a listing when its last piece is sold"),
                _(
                    'Switch on "out-of-stock control" in eBay\'s selling '
                    "preferences. Then a listing stays at zero and keeps its "
                    "rank in the search results."
                ),
                False,
                False,
            ),
            "zero_waits": (
                _("{count} listings show their last piece although the shelf is empty"),
                _(
                    'At zero eBay ends them. Switch on "out-of-stock control" '
                    "on eBay, or let them end. Until then the last piece can "
                    "still be bought."
                ),
                _("Let them end"),
                "action_let_listings_end",
            ),
            "product_archived": (
                _("{title} is archived but still on eBay ({count} listings)"),
                _(
                    "Show zero on eBay, end the listings, or ignore this to "
                    "sell what remains."
                ),
                _("Show zero on eBay"),
                "action_sell_no_more",
            ),
            "end_refused": (
                _('eBay refused to end "{title}"'),
                _("{words}"),
                _("Open the listing"),
                "action_open_record",
            ),
            "held_stock_out": (
                _("{count} listings would go to zero on eBay: they wait"),
                _("Look at the list. Approve it, or correct the stock in Odoo."),
                *look,
            ),
            "held_prices_out": (
                _("{count} prices would change by more than {limit} %: they wait"),
                _("Look at the list. Approve it, or correct the prices in Odoo."),
                *look,
            ),
        }

    def _holds(self):
        """What managers are asked: who may not decide it may not wave it aside."""
        if self.res_model == "ebay.held.push":
            held = self.env["ebay.held.push"].sudo().browse(self.res_id).exists()
            return held.state == "waiting"
        if self.code == "zero_waits":
            return not (self._is_flow() or self.env.user.has_group(MANAGER))
        return super()._holds()

    @api.model
    def _other_fixes(self):
        return {**super()._other_fixes(), "action_end_listings": ("product_archived",)}

    def action_push_again(self):
        """Button: send the listing again in the next run."""
        self.ensure_one()
        self._must_ask_for("action_push_again")
        listing = self.env["ebay.listing"].browse(self.res_id).exists()
        listing.action_push_again()
        self._close()

    def action_send_ours(self):
        """Button: Odoo's value is sent again, whatever eBay shows."""
        self.ensure_one()
        self._must_ask_for("action_send_ours")
        listing = self.env["ebay.listing"].browse(self.res_id).exists()
        price = self.code == "price_conflict"
        listing.action_push_again()
        unsettled = "price_unsettled" if price else "quantity_unsettled"
        listing.sudo()[unsettled] = True  # sudo: checked by the button before
        self.account_id._wake("prices_out" if price else "stock_out")
        self._close()

    def action_let_listings_end(self):
        """Button for managers: zero is sent, although eBay ends a listing then."""
        self.ensure_one()
        self.env["ebay.listing"]._check_may_decide()
        self._must_ask_for("action_let_listings_end")
        self.account_id.zero_rule = "end"
        self.account_id._stock_schedule().sudo().compared_at = False
        self.account_id._wake("stock_out")
        self._close()

    def action_sell_no_more(self):
        """Button: the listings of an archived product show zero from now on."""
        self.ensure_one()
        self._must_ask_for("action_sell_no_more")
        product = self.env["product.product"].browse(self.res_id)
        # sudo: exceptions are for managers; whoever handles the inbox may make this one
        self.env["ebay.override"].sudo()._show_zero(self.account_id, product)
        self.account_id._stock_schedule().sudo().compared_at = False
        self.account_id._wake("stock_out")
        self._close()

    def action_end_listings(self):
        """Button for managers: end the archived product's listings at eBay.

        Of a listing with variations all have to be archived.
        """
        self.ensure_one()
        self.env["ebay.listing"]._check_may_decide()
        self._must_ask_for("action_end_listings")
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
