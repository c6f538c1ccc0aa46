"""Buyers are known by what outlives a new user name: ask -> map -> write.

The Fulfillment API gives a buyer's user name only, and that may change between the
last order and the end of the eBay account. Trading's GetOrders tells the token as well
by which eBay names the user when the account is closed.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...mapping.orders.privacy import BUYER_FIELDS, map_buyer_tokens
from ..engine.run import aware_utc

# eBay shows the orders of the last ninety days there.
AS_FAR_AS = timedelta(days=89)
AT_ONCE = timedelta(days=1)
MARGIN = timedelta(minutes=2)


class EbayBuyerTokens(models.AbstractModel):
    """A part of reference_in: a few requests a day, one for a hundred orders."""

    _name = "ebay.buyer.tokens"
    _description = "eBay: tokens of buyers"

    @api.model
    def _read(self, run):
        """Ask for the tokens of those who bought since the last time."""
        account, until = run.account, fields.Datetime.now() - MARGIN
        earliest = until - AS_FAR_AS
        since = max(account.buyers_read_until_at or earliest, earliest)
        notes = []
        while (begin := self._first_unknown(account, since)) and begin < until:
            since = min(begin + AT_ONCE, until)
            for reply in run.client.trading.order_pages(
                (aware_utc(begin), aware_utc(since)), output=BUYER_FIELDS
            ):
                tokens, unusable = map_buyer_tokens(reply)
                self._write(account, tokens)
                notes += unusable
                run.save()
            account.buyers_read_until_at = self._before_unbuilt(account, since)
            run.save()
            if not run.checkpoint.has_time():
                run.more = True
                break
        return notes

    def _first_unknown(self, account, since):
        """When the first order was placed whose buyer is known by name only."""
        self.env.flush_all()
        [(begin,)] = self.env.execute_query(
            SQL(
                """
                SELECT MIN(eo.ebay_created_at)
                  FROM ebay_order eo
                  JOIN sale_order so ON so.id = eo.sale_order_id
                  JOIN res_partner p ON p.id = so.partner_id
                   AND p.ebay_username = eo.buyer_username
                   AND p.ebay_user_ref IS NULL
                 WHERE eo.account_id = %s
                   AND eo.ebay_created_at >= %s
                   AND eo.erased_at IS NULL
                """,
                account.id,
                since,
            )
        )
        return begin

    def _before_unbuilt(self, account, moment):
        """Not past an order that waits in the inbox: its buyer is unknown as yet."""
        waiting = self.env["ebay.order"].search(
            [
                ("account_id", "=", account.id),
                ("state", "in", ("pending", "blocked")),
                ("ebay_created_at", "<", moment),
            ],
            order="ebay_created_at",
            limit=1,
        )
        return waiting.ebay_created_at or moment

    def _write(self, account, tokens):
        for order in self.env["ebay.order"].search(
            [
                ("account_id", "=", account.id),
                ("order_ref", "in", list(tokens)),
                ("erased_at", "=", False),
            ]
        ):
            partner = order.sale_order_id.partner_id
            is_theirs = partner.ebay_username == order.buyer_username
            if partner and is_theirs and not partner.ebay_user_ref:
                partner.ebay_user_ref = tokens[order.order_ref]
