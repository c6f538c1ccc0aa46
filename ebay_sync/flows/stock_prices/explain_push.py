"""Why this quantity, why this price: the steps of the rule, in the reader's words."""

from markupsafe import Markup

from odoo import api, fields, models

from ...mapping.stock_prices.price import NO_RATE, NO_RULE, TOO_LARGE, PriceProblem
from ...mapping.stock_prices.stock import quantity_steps
from ...models.account.filters import FilterError
from .price_calculator import PriceCalculator
from .stock_levels import StockLevels
from .stock_rules import StockRules

TABLE = Markup('<table class="table table-sm o_ebay_why"><tbody>{}</tbody></table>')
ROW = Markup("<tr><td>{}</td><td class='text-end'>{}</td></tr>")
LAST = Markup("<tr class='fw-bold'><td>{}</td><td class='text-end'>{}</td></tr>")


class EbayPushExplain(models.AbstractModel):
    """Puts the steps into words; computes again, and writes nothing."""

    _name = "ebay.push.explain"
    _description = "eBay: why this quantity, why this price"

    # -- quantity ------------------------------------------------------------------

    @api.model
    def _quantity(self, listing):
        """The steps to the quantity that eBay should show, as a table."""
        account = listing.account_id.with_company(listing.company_id)
        rows = []
        if listing.stock_master != "odoo":
            rows.append((self.env._("Odoo does not manage its stock"), ""))
        elif not listing.product_id:
            rows.append((self.env._("No product is linked"), ""))
        elif not listing.active:
            rows.append((self.env._("The listing has ended"), ""))
        else:
            rows += self._quantity_steps(account, listing)
        return _table(rows)

    def _broken(self, error):
        return (self.env._("The account's filter cannot be used: %s", error), "")

    def _quantity_steps(self, account, listing):
        product_id = listing.product_id.id
        levels = StockLevels(account, [product_id])
        available, waiting = levels.available(product_id)
        try:
            rules = StockRules(account)
        except FilterError as error:
            return [self._broken(error)]
        rule = rules.find(listing.id, product_id)
        steps = quantity_steps(rule, available, waiting, listing.quantity)
        own = int(steps[-1].value) if steps else None
        told = self.env["ebay.hook.stock.prices"]._quantities(
            {listing.id: own}, {listing.id: product_id}, account
        )[listing.id]
        words = self._quantity_words(account, rule, levels, waiting)
        rows = [(words.get(one.code, one.code), _number(one.value)) for one in steps]
        rows = self._kit(levels, product_id) + rows if steps else []
        if rules.is_filtered(product_id):
            rows = [(self._filtered(), "")]
        rows = rows or [(self._nothing(rule), "")]
        return rows if told == own else rows + self._by_addons(told)

    def _by_addons(self, told):
        """What another addon makes of a quantity or a price."""
        if told is None:
            return [(self.env._("Another addon says: leave eBay's value alone"), "")]
        return [(self.env._("Another addon says: eBay should show"), _number(told))]

    def _filtered(self):
        return self.env._("The account's filter says: never send this product")

    def _nothing(self, rule):
        if rule.never:
            return self.env._("By exception: leave eBay's quantity alone")
        return self.env._("Odoo does not track stock of this product")

    def _kit(self, levels, product_id):
        product = self.env["product.product"]
        return [
            (
                self.env._(
                    "Part of the kit: %(part)s (%(needed)s each)",
                    part=product.browse(part).display_name,
                    needed=_number(needed),
                ),
                _number(levels.net(part)),
            )
            for part, needed in levels.kits.get(product_id, ())
        ]

    def _quantity_words(self, account, rule, levels, waiting):
        _ = self.env._
        sources = dict(account._fields["stock_source"]._description_selection(self.env))
        places = ", ".join(levels.places.mapped("display_name"))
        return {
            "available": f"{sources[account.stock_source]} ({places})",
            "waiting": _(
                "less %(count)s for eBay orders not reserved yet",
                count=_number(waiting),
            ),
            "share": _("%(share)s %% of it for eBay", share=_number(rule.share)),
            "buffer": _("less %(count)s held back", count=rule.buffer),
            "whole": _("whole pieces only"),
            "zero": _("never below zero"),
            "cap": _("at most %(count)s shown", count=rule.cap),
            "largest": _("the most that is ever sent"),
            "least": _("the last piece stays on show: at zero eBay ends the listing"),
            "fixed": _("By exception: always this quantity"),
            "result": _("eBay should show"),
        }

    # -- price ---------------------------------------------------------------------

    @api.model
    def _price(self, listing):
        """The steps to the price that eBay should show, as a table."""
        account = listing.account_id.with_company(listing.company_id)
        if listing.price_master != "odoo":
            return _table([(self.env._("Odoo does not manage its price"), "")])
        if not listing.product_id:
            return _table([(self.env._("No product is linked"), "")])
        try:
            calculator = PriceCalculator(account)
        except FilterError as error:
            return _table([self._broken(error)])
        if calculator.is_filtered(listing.product_id.id):
            return _table([(self._filtered(), "")])
        try:
            steps = calculator.steps(listing)
        except PriceProblem as problem:
            return _table([(self._problem(problem.code), "")])
        words = self._price_words()
        rows = [
            (words.get(one.code, one.code), _number(one.value)) for one in steps
        ] or [(self.env._("By exception: leave eBay's price alone"), "")]
        own = steps[-1].value if steps else None
        told = self.env["ebay.hook.stock.prices"]._prices(
            {listing.id: own}, listing, account
        )[listing.id]
        return _table(rows if told == own else rows + self._by_addons(told))

    def _problem(self, code):
        return {
            NO_RULE: self.env._("The account has no price rule for this marketplace"),
            NO_RATE: self.env._("There is no exchange rate for this currency"),
            TOO_LARGE: self.env._("The price is above eBay's maximum: not sent"),
        }.get(code, self.env._("There is no price above zero: not sent"))

    def _price_words(self):
        _ = self.env._
        return {
            "pricelist": _("From the pricelist"),
            "currency": _("in the listing's currency"),
            "tax": _("with or without tax, as the marketplace shows it"),
            "markup": _("with the markup"),
            "extra": _("with the amount added"),
            "fee": _("so that this remains after eBay's fee"),
            "rounded": _("rounded"),
            "floor": _("raised to cost and margin"),
            "smallest": _("raised to eBay's minimum"),
            "fixed": _("By exception: always this price"),
            "result": _("eBay should show"),
        }

    # -- what was sent ---------------------------------------------------------------

    @api.model
    def _history(self, listing):
        """What was sent last and what eBay said, as a table."""
        _ = self.env._
        rows = [(_("eBay shows (as last read)"), listing.quantity)]
        if listing.quantity_sent_at:
            at = _time(self.env, listing.quantity_sent_at)
            rows.append((_("Sent on %(at)s", at=at), listing.quantity_sent))
        if listing.quantity_acked_at:
            at = _time(self.env, listing.quantity_acked_at)
            rows.append(
                (_("Accepted by eBay on %(at)s", at=at), listing.quantity_acked)
            )
        if listing.push_feed_id:
            rows.append(
                (_("In an upload that eBay is processing"), listing.push_feed_id.id)
            )
        elif listing.quantity_unsettled:
            rows.append((_("No answer yet: it will be sent again"), ""))
        if listing.push_error:
            rows.append((listing.push_error, ""))
        if listing.push_request_ref:
            rows.append((_("eBay's request id"), listing.push_request_ref))
        return TABLE.format(Markup("").join(ROW.format(*row) for row in rows))


def _table(rows):
    head, last = rows[:-1], rows[-1]
    return TABLE.format(
        Markup("").join([*(ROW.format(*row) for row in head), LAST.format(*last)])
    )


def _time(env, moment):
    return fields.Datetime.to_string(
        fields.Datetime.context_timestamp(env.user, moment)
    )


def _number(value):
    """A number without trailing zeros."""
    return f"{float(value):.2f}".rstrip("0").rstrip(".")
